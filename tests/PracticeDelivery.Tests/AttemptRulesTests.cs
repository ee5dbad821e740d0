using LiveProctor.PracticeDelivery.Attempts;
using LiveProctor.PracticeDelivery.Hub;
using Xunit;

namespace LiveProctor.PracticeDelivery.Tests;

public sealed class AttemptRulesTests
{
    static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    static Redeemed Redeemed(double seconds = 600) => new()
    {
        EntryId = "e1",
        Attempt = 1,
        SessionId = "s1",
        SessionName = "Morning",
        Test = new RedeemedTest { Code = "P", Title = "Practice" },
        Student = new RedeemedStudent { Name = "Ada" },
        SecondsLeft = seconds,
        LastSequence = 41,
    };

    static Attempt Running() => Told(AttemptRules.Open(null, Redeemed(), "hash", null, Nine));

    static Attempt Told(Attempt attempt) => attempt with { Outbox = [] };

    static Command Command(string id, string kind, double? seconds = null) =>
        new() { Id = id, EntryId = "e1", Attempt = 1, Kind = kind, Seconds = seconds };

    static string[] Kinds(Attempt attempt) => [.. attempt.Outbox.Select(report => report.Kind)];

    [Fact]
    public void The_clock_stands_while_paused_away_and_over()
    {
        var paused = AttemptRules.Obey(Running(), Command("c1", "pause"), Nine.AddSeconds(100));
        Assert.Equal(500, paused.SecondsLeft(Nine.AddSeconds(1000)));

        var resumed = AttemptRules.Obey(Told(paused), Command("c2", "resume"), Nine.AddSeconds(1000));
        Assert.Equal(490, resumed.SecondsLeft(Nine.AddSeconds(1010)));

        var away = AttemptRules.Leave(Told(resumed), Nine.AddSeconds(1010));
        Assert.Equal(490, away.SecondsLeft(Nine.AddSeconds(9999)));
        Assert.Equal(0, Running().SecondsLeft(Nine.AddDays(1)));
    }

    [Fact]
    public void A_pause_that_is_repeated_after_it_was_resumed_does_nothing()
    {
        var attempt = Told(AttemptRules.Obey(Running(), Command("c1", "pause"), Nine));
        attempt = Told(AttemptRules.Obey(attempt, Command("c2", "resume"), Nine));

        Assert.Same(attempt, AttemptRules.Obey(attempt, Command("c1", "pause"), Nine));
    }

    [Fact]
    public void A_command_whose_confirmation_still_waits_is_not_confirmed_twice()
    {
        var attempt = AttemptRules.Obey(Running(), Command("c1", "extend", 60), Nine);

        Assert.Same(attempt, AttemptRules.Obey(attempt, Command("c1", "extend", 60), Nine));
        Assert.Equal(660, attempt.AllowedSeconds);
    }

    [Fact]
    public void What_is_over_stays_over()
    {
        var submitted = Told(AttemptRules.Submit(Running(), null, Nine));

        foreach (var kind in new[] { "pause", "resume", "extend", "terminate", "unheard-of" })
        {
            Assert.Same(submitted, AttemptRules.Obey(submitted, Command("c1", kind, 60), Nine));
        }

        Assert.Same(submitted, AttemptRules.Learn(submitted, "submitted", "terminated", Nine));
        Assert.Same(submitted, AttemptRules.Leave(submitted, Nine));
        Assert.Same(submitted, AttemptRules.Return(submitted));
        Assert.Same(submitted, AttemptRules.Submit(submitted, null, Nine));
        Assert.Same(submitted, AttemptRules.Answer(submitted, 1, "A"));
    }

    [Theory]
    [InlineData("testing", Phase.Running)]
    [InlineData("paused", Phase.Paused)]
    [InlineData("waiting", Phase.Lobby)]
    [InlineData("interrupted", Phase.Lobby)]
    [InlineData("terminated", Phase.Terminated)]
    [InlineData("expired", Phase.Ended)]
    [InlineData("somethingNew", Phase.Returning)]
    public void Who_returns_goes_on_as_the_hub_says(string state, Phase expected)
    {
        var returning = Told(AttemptRules.Return(Told(AttemptRules.Leave(Running(), Nine))));

        Assert.Equal(expected, AttemptRules.Learn(returning, "resumed", state, Nine).Phase);
    }

    [Fact]
    public void A_state_that_was_answered_before_the_last_report_is_not_believed()
    {
        var paused = AttemptRules.Obey(Running(), Command("c1", "pause"), Nine);

        Assert.Same(paused, AttemptRules.Learn(paused, "position", "testing", Nine));
    }

    [Fact]
    public void A_refused_way_back_asks_where_it_stands_and_ends_in_the_lobby_when_that_is_refused_too()
    {
        var refused = AttemptRules.Refused(Running(), "started", Nine);
        Assert.Equal((Phase.Returning, "position"), (refused.Phase, Assert.Single(Kinds(refused))));

        Assert.Equal(Phase.Paused, AttemptRules.Learn(Told(refused), "position", "paused", Nine).Phase);
        Assert.Equal(Phase.Lobby, AttemptRules.Refused(Told(refused), "position", Nine).Phase);
    }

    [Fact]
    public void Coming_in_again_keeps_the_answers_and_takes_the_time_from_the_hub()
    {
        var before = AttemptRules.Answer(Running(), 4, "D") with { SequenceReserved = 700 };
        var again = AttemptRules.Open(before, Redeemed(300), "other", null, Nine.AddHours(1));

        Assert.Equal("D", again.Answers[4]);
        Assert.Equal(300, again.SecondsLeft(Nine.AddHours(1)));
        Assert.Equal(700, again.SequenceReserved);
        Assert.Equal(["started"], Kinds(again));
    }

    static Attempt WithSeal(int looking = 1) => Told(AttemptRules.Open(null, Redeemed() with { Test = new RedeemedTest { Code = "P", Title = "Practice", Sections = Sealed } }, "hash", null, Nine)) with { Looking = looking };

    static readonly Section[] Sealed = [new() { Title = "Numbers" }, new() { Title = "Reading", Sealed = true }];

    [Fact]
    public void A_sealed_section_stops_the_clock_and_opens_by_its_release_alone()
    {
        var sealedOff = AttemptRules.Look(WithSeal(), 6, Nine.AddSeconds(60));
        Assert.Equal((Phase.Sealed, "Reading", "atSeal"), (sealedOff.Phase, sealedOff.Seal!.Title, Assert.Single(Kinds(sealedOff))));
        Assert.Equal(540, sealedOff.SecondsLeft(Nine.AddHours(2)));
        sealedOff = Told(sealedOff);
        foreach (var state in new[] { "atSeal", "testing", "interrupted" })
        {
            Assert.Same(sealedOff, AttemptRules.Learn(sealedOff, "position", state, Nine));
        }

        Assert.Same(sealedOff, AttemptRules.Leave(sealedOff, Nine));
        Assert.Same(sealedOff, AttemptRules.Look(sealedOff, 1, Nine));
        Assert.Same(sealedOff, AttemptRules.Answer(sealedOff, 6, "A"));
        Assert.Same(sealedOff, AttemptRules.Obey(sealedOff, Command("c0", "resume"), Nine));

        var open = AttemptRules.Obey(sealedOff, Command("c1", "releaseSeal"), Nine.AddHours(2));
        Assert.Equal((Phase.Running, "confirmed", 540), (open.Phase, Assert.Single(Kinds(open)), (int)open.SecondsLeft(Nine.AddHours(2))));
        Assert.Equal("A", AttemptRules.Answer(Told(open), 6, "A").Answers[6]);
        Assert.Same(Told(open).Opened, AttemptRules.Obey(Told(open), Command("c1", "releaseSeal"), Nine).Opened);
    }

    [Fact]
    public void Nobody_answers_in_a_section_that_is_still_sealed()
    {
        var running = WithSeal();
        Assert.Same(running, AttemptRules.Answer(running, 6, "A"));
        Assert.Equal(Phase.Running, AttemptRules.Look(running, 5, Nine).Phase);
    }

    [Fact]
    public void Whoever_comes_in_again_stands_at_the_seal_again_and_in_an_opened_section_again()
    {
        var redeemed = Redeemed(300) with { Test = new RedeemedTest { Code = "P", Title = "Practice", Sections = Sealed } };
        var sealedOff = Told(AttemptRules.Look(WithSeal(), 6, Nine));
        var back = AttemptRules.Open(sealedOff, redeemed, "other", null, Nine);
        Assert.Equal((Phase.Sealed, "started atSeal"), (back.Phase, string.Join(' ', Kinds(back))));

        var open = Told(AttemptRules.Obey(Told(back), Command("c1", "releaseSeal"), Nine));
        Assert.Equal(Phase.Running, AttemptRules.Open(open, redeemed, "third", null, Nine).Phase);
        Assert.Equal(Phase.Sealed, AttemptRules.Open(null, redeemed with { Test = redeemed.Test with { Sections = [Sealed[1]] } }, "first", null, Nine).Phase);
    }

    [Fact]
    public void A_pause_that_comes_at_a_seal_is_done_there_and_changes_nothing()
    {
        var paused = AttemptRules.Obey(Told(AttemptRules.Look(WithSeal(), 6, Nine)), Command("c1", "pause"), Nine);
        Assert.Equal((Phase.Sealed, "paused"), (paused.Phase, Assert.Single(Kinds(paused))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(14)]
    public void Questions_are_dealt_to_the_sections_in_order(int count)
    {
        Section[] sections = [.. Enumerable.Range(1, count).Select(number => new Section { Title = $"{number}" })];
        var dealt = PracticeTest.Questions.Select(question => PracticeTest.SectionOf(question.Number, sections)).ToArray();

        Assert.Equal(count == 0, dealt.All(section => section is null));
        Assert.Equal(dealt.OfType<Section>().Select(section => Array.IndexOf(sections, section)).Order(), dealt.OfType<Section>().Select(section => Array.IndexOf(sections, section)));
        Assert.Equal(Math.Min(count, 10), dealt.OfType<Section>().Distinct().Count());
    }
}
