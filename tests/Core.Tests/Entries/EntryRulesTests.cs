using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.Sessions.Given;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>From the way in to the test: decisions, devices, entry tokens.</summary>
public sealed partial class EntryRulesTests
{
    [Fact]
    public void The_limits_are_those_of_the_product()
    {
        Assert.Equal((255, 5, 14_400), (EntryRules.LongestText, EntryRules.MayAskAgain, EntryRules.LongestExtension));
        Assert.Equal([10, 15, 60, 120], new[] { EntryRules.CoolDown, EntryRules.ConfirmWithin, EntryRules.LostFor, EntryRules.TokenLife }.Select(time => time.TotalSeconds));
    }

    [Fact]
    public void An_approval_says_who_let_the_student_in_settles_what_was_odd_and_sets_the_settings_it_came_with()
    {
        var odd = Entry() with { Flags = [new EntryFlag("nameDiffers", "Typed Mya")], Settings = new Dictionary<string, string> { ["colour"] = "high contrast" } };
        var approved = Next(EntryRules.Approve(odd, Proctor, "Seen", settings: null, Nine));
        Assert.Equal(new EntryDecision("approved", Proctor, Nine, "Seen"), approved.Decision);
        Assert.Empty(approved.Flags);
        Assert.Equal("high contrast", approved.Settings["colour"]);

        var set = Next(EntryRules.Approve(odd, Proctor, null, new Dictionary<string, string> { ["extraTime"] = "25 %" }, Nine));
        Assert.Equal("extraTime", Assert.Single(set.Settings).Key);
    }

    [Fact]
    public void The_screen_keeps_the_last_twenty_messages()
    {
        var entry = Entry();
        for (var number = 1; number <= 25; number++)
        {
            entry = Next(EntryRules.Say(entry, new EntryMessage(Nine, "student", "Mia Berg", $"{number}")));
        }

        Assert.Equal(Enumerable.Range(6, 20).Select(number => $"{number}"), entry.Messages.Select(message => message.Text));
    }

    [Fact]
    public void A_denied_student_asks_again_after_ten_seconds()
    {
        var denied = Next(EntryRules.Deny(Entry(), Proctor, "Show your ID", Nine));
        Assert.Equal(("denied", "Show your ID", Proctor), (denied.Decision!.Outcome, denied.Decision.Reason, denied.Decision.By));
        var problem = Refused(ProblemKind.CoolDown, EntryRules.AskAgain(denied, Nine.AddSeconds(9)));
        Assert.Equal(TimeSpan.FromSeconds(1), problem.RetryAfter);

        var again = Next(EntryRules.AskAgain(denied, Nine.AddSeconds(10)));
        Assert.Equal(EntryState.Waiting, again.State);
        Assert.Contains(again.Flags, flag => flag is { Code: "askedAgain", Text: "Was denied once" });
    }

    [Fact]
    public void A_denied_student_asks_again_five_times_and_no_more()
    {
        var (entry, now) = (Entry(EntryState.Denied), Nine);
        for (var time = 1; time <= 5; time++)
        {
            now += EntryRules.CoolDown;
            entry = Next(EntryRules.Deny(Next(EntryRules.AskAgain(entry, now)), Proctor, "No", now));
        }

        Assert.Null(EntryRules.AskAgainAt(entry));
        Refused(ProblemKind.AskedTooOften, EntryRules.AskAgain(entry, now.AddDays(1)));
    }

    [Fact]
    public void Another_device_gets_nobody_round_a_denial()
    {
        var denied = Entry(EntryState.Denied);
        var taken = Next(EntryRules.TakeOver(denied, "other", WayIn.Link, Nine.AddSeconds(5)));
        Assert.Equal((EntryState.Denied, 2, "other"), (taken.State, taken.Device, taken.TokenHash));
        Refused(ProblemKind.CoolDown, EntryRules.AskAgain(taken, Nine.AddSeconds(9)));
    }

    [Fact]
    public void Another_device_gets_nobody_round_a_termination()
    {
        var ending = Next(EntryRules.Terminate(Entry(EntryState.Testing), CommandSource.Proctor, "Cheating", "end-1", Nine));
        Refused(ProblemKind.CommandPending, EntryRules.TakeOver(ending, "other", WayIn.Link, Nine));
    }

    [Theory]
    [InlineData(EntryState.Approved)]
    [InlineData(EntryState.Entering)]
    [InlineData(EntryState.Testing)]
    [InlineData(EntryState.Paused)]
    [InlineData(EntryState.AtSeal)]
    [InlineData(EntryState.Interrupted)]
    [InlineData(EntryState.Withdrawn)]
    public void Whoever_opens_the_entry_on_another_device_waits_for_the_proctor(EntryState state)
    {
        var before = Entry(state);
        var taken = Next(EntryRules.TakeOver(before, "other", WayIn.JoinId, Nine));
        Assert.Equal(EntryState.Waiting, taken.State);
        Assert.Contains(taken.Flags, flag => flag.Code == "secondDevice");
        Assert.True(EntryRules.Stale(taken, before.Version));
        Refused(ProblemKind.NotApproved, EntryRules.FetchToken(taken, Given.Open, "jti-2", Nine));
    }

    [Theory]
    [InlineData(EntryState.Submitted)]
    [InlineData(EntryState.Terminated)]
    [InlineData(EntryState.Expired)]
    [InlineData(EntryState.NoShow)]
    public void Nobody_takes_over_what_has_ended(EntryState state) =>
        Refused(ProblemKind.WrongState, EntryRules.TakeOver(Entry(state), "other", WayIn.Link, Nine));

    [Fact]
    public void A_raised_hand_or_a_message_does_not_make_a_decision_stale_and_a_withdrawal_does()
    {
        var seen = Entry();
        var later = Next(EntryRules.RaiseHand(seen, raised: true));
        later = Next(EntryRules.Say(later, new EntryMessage(Nine, "student", "Mia Berg", "Hello")));
        Assert.False(EntryRules.Stale(later, seen.Version));

        var back = Next(EntryRules.Return(Next(EntryRules.Withdraw(later, Nine)), Nine));
        Assert.True(EntryRules.Stale(back, seen.Version));
        Assert.True(EntryRules.Stale(back, back.Version + 1));
        Assert.False(EntryRules.Stale(back, back.Version));
    }

    [Theory]
    [InlineData(SessionPhase.Scheduled, "windowNotOpen")]
    [InlineData(SessionPhase.LobbyOpen, "windowNotOpen")]
    [InlineData(SessionPhase.Held, "sessionHeld")]
    [InlineData(SessionPhase.Draining, "windowClosed")]
    [InlineData(SessionPhase.Closed, "windowClosed")]
    [InlineData(SessionPhase.Cancelled, "windowClosed")]
    public void An_approved_student_enters_only_an_open_session_and_is_told_why_not(SessionPhase phase, string code)
    {
        Assert.Equal(code, EntryRules.FetchToken(Entry(EntryState.Approved), Session(phase), "jti", Nine).Problem?.Code);
        Assert.Equal(code, EntryRules.Redeem(Entry(EntryState.Entering), Session(phase), "jti-1", Nine).Problem?.Code);
    }

    [Fact]
    public void Who_has_not_reached_the_test_gets_another_token_only_while_the_session_is_open()
    {
        var entering = Entry(EntryState.Entering);
        Assert.Null(EntryRules.WhyNoToken(entering, Given.Open, Nine));
        Assert.Equal(ProblemKind.SessionHeld, EntryRules.WhyNoToken(entering, Session(SessionPhase.Held), Nine)?.Kind);
        Assert.Equal(ProblemKind.WindowClosed, EntryRules.WhyNoToken(entering, Session(SessionPhase.Draining), Nine)?.Kind);
    }

    [Fact]
    public void Who_is_in_the_test_finds_back_into_it_until_the_session_is_closed()
    {
        Entry[] inside = [Redeemed(), Entry(EntryState.Testing), Entry(EntryState.Paused), Entry(EntryState.AtSeal), Entry(EntryState.Interrupted)];
        Assert.All(inside, entry =>
        {
            Assert.Null(EntryRules.WhyNoToken(entry, Given.Open, Nine));
            Assert.Null(EntryRules.WhyNoToken(entry, Session(SessionPhase.Held), Nine));
            Assert.Null(EntryRules.WhyNoToken(entry, Session(SessionPhase.Draining), Nine));
            Assert.Equal(ProblemKind.WindowClosed, EntryRules.WhyNoToken(entry, Session(SessionPhase.Closed), Nine)?.Kind);
        });
    }

    [Fact]
    public void A_token_is_redeemed_once()
    {
        Refused(ProblemKind.TokenUsed, EntryRules.Redeem(Redeemed(), Given.Open, "jti-1", Nine));
        Refused(ProblemKind.TokenRevoked, EntryRules.Redeem(Entry(EntryState.Entering), Given.Open, "jti-2", Nine));
    }

    [Fact]
    public void A_token_is_redeemed_up_to_its_last_instant()
    {
        var entering = Entry(EntryState.Entering);
        Next(EntryRules.Redeem(entering, Given.Open, "jti-1", Nine.AddSeconds(120).AddTicks(-1)));
        Refused(ProblemKind.TokenExpired, EntryRules.Redeem(entering, Given.Open, "jti-1", Nine.AddSeconds(120)));
    }

    [Fact]
    public void A_token_of_another_window_is_void_and_the_student_stays_approved()
    {
        var moved = Given.Open with { ScheduleVersion = 2 };
        var entering = Entry(EntryState.Entering);
        Refused(ProblemKind.TokenRevoked, EntryRules.Redeem(entering, moved, "jti-1", Nine));

        var approved = Next(EntryRules.VoidToken(entering, Nine));
        Assert.Equal(EntryState.Approved, approved.State);
        var again = Next(EntryRules.FetchToken(approved, moved, "jti-2", Nine));
        Next(EntryRules.Redeem(again, moved, "jti-2", Nine));
    }

    [Fact]
    public void A_second_token_takes_the_place_of_the_first()
    {
        var again = Next(EntryRules.FetchToken(Entry(EntryState.Entering), Given.Open, "jti-2", Nine));
        Refused(ProblemKind.TokenRevoked, EntryRules.Redeem(again, Given.Open, "jti-1", Nine));
        Next(EntryRules.Redeem(again, Given.Open, "jti-2", Nine));
    }

    [Fact]
    public void A_token_that_nobody_used_gives_the_place_back_to_the_proctor()
    {
        var entering = Entry(EntryState.Entering);
        Assert.Equal(Nine.AddSeconds(120), EntryRules.NextDue(entering));
        Assert.Null(EntryRules.Due(entering, Nine.AddSeconds(119)));

        var step = EntryRules.Due(entering, Nine.AddSeconds(120))!;
        Assert.Equal(("tokenExpired", EntryState.Waiting), (step.Kind, step.Next.State));
        Assert.Contains(step.Next.Flags, flag => flag.Code == "returning");
    }

    [Fact]
    public void A_second_token_for_a_test_that_opens_already_does_not_give_the_place_away()
    {
        var again = Next(EntryRules.FetchToken(Redeemed(), Given.Open, "jti-2", Nine));
        Assert.Null(EntryRules.NextDue(again));
        Refused(ProblemKind.WrongState, EntryRules.LetTokenExpire(again, Nine.AddHours(1)));
        Assert.Equal(EntryState.Testing, Told(again, ReportKind.Started).State);
    }

    [Fact]
    public void An_approval_is_revoked_until_the_token_is_redeemed()
    {
        Assert.Equal(EntryState.Waiting, Next(EntryRules.Revoke(Entry(EntryState.Entering), Proctor, "Wrong room", Nine)).State);
        Refused(ProblemKind.WrongState, EntryRules.Revoke(Redeemed(), Proctor, null, Nine));
        Refused(ProblemKind.WrongState, EntryRules.Revoke(Entry(EntryState.Testing), Proctor, null, Nine));
    }

    [Fact]
    public void Who_waits_at_the_end_did_not_show_up_unless_they_were_tested_before()
    {
        Assert.Equal(EntryState.NoShow, EntryRules.AtDraining(Entry(), Nine)!.Next.State);
        Assert.Equal(EntryState.Expired, EntryRules.AtDraining(Entry(EntryState.Entering), Nine)!.Next.State);
        Assert.Null(EntryRules.AtDraining(Redeemed(), Nine));
        Assert.Null(EntryRules.AtDraining(Entry(EntryState.Testing), Nine));

        var back = Next(EntryRules.TakeOver(Entry(EntryState.Testing), "other", WayIn.Link, Nine.AddMinutes(30)));
        var expired = EntryRules.AtDraining(back, Nine.AddHours(2))!.Next;
        Assert.Equal(EntryState.Expired, expired.State);
        Assert.Equal(EntryState.Waiting, Next(EntryRules.Reinstate(expired, nextAttempt: false, "Device broke", Nine.AddHours(3))).State);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Nobody_is_left_waiting_or_running_in_a_closed_session(EntryState state)
    {
        var entry = Entry(state);
        var closed = EntryRules.AtClosing(entry, Nine)?.Next ?? entry;
        Assert.False(closed.Active, $"{state} became {closed.State}");
    }

    [Fact]
    public void A_reinstated_student_goes_on_with_the_time_left_or_begins_anew()
    {
        var halfway = Entry(EntryState.Testing) with { Progress = new EntryProgress(5, 10, "Numbers") };
        var expired = Next(EntryRules.Expire(halfway, Nine.AddMinutes(10)));
        Assert.Equal((1, 600, 5, Nine), Of(Next(EntryRules.Reinstate(expired, nextAttempt: false, "Fire alarm", Nine.AddHours(1)))));
        Assert.Equal((2, 0, null, null), Of(Next(EntryRules.Reinstate(expired, nextAttempt: true, "Fire alarm", Nine.AddHours(1)))));
        Refused(ProblemKind.WrongState, EntryRules.Reinstate(Entry(EntryState.Submitted), nextAttempt: true, "Again", Nine));

        static (int, int, int?, DateTimeOffset?) Of(Entry entry) => (entry.Attempt, entry.UsedSeconds, entry.Progress?.Answered, entry.LaunchedAt);
    }

    [Fact]
    public void A_clock_that_jumps_back_neither_shortens_nor_undoes_anything()
    {
        var testing = Entry(EntryState.Testing);
        var interrupted = Next(EntryRules.Interrupt(testing, Nine.AddHours(-5)));
        Assert.Equal((Nine, 0), (interrupted.StateSince, interrupted.UsedSeconds));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void A_proctor_can_end_whatever_has_not_ended(EntryState state)
    {
        var entry = Entry(state);
        var result = EntryRules.Terminate(entry, CommandSource.Proctor, "Cheating", "end-1", Nine);
        if (entry.Ended)
        {
            Refused(ProblemKind.WrongState, result);
        }
        else
        {
            Assert.True(Next(result) is { State: EntryState.Terminated, EndReason: "Cheating" } or { Pending: { Kind: CommandKind.Terminate } });
        }
    }

    public static TheoryData<EntryState> States => [.. Enum.GetValues<EntryState>()];
}
