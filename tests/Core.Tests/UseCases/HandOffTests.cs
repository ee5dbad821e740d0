using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class HandOffTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task The_entry_token_says_who_takes_which_test_and_is_signed_by_a_published_key(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Approved(session);
        var answer = await world.Token(place);
        Assert.StartsWith($"https://tests.example/start#entry={answer.Token}&return=https%3A%2F%2Fproctor.example%2Fjoin%2F{session.JoinId}", answer.LaunchUrl, StringComparison.Ordinal);
        Assert.Equal(world.Now.AddSeconds(120), answer.ExpiresAt);
        var claims = EntryTokens.Verify(answer.Token, await world.Keys.Known(), "https://proctor.example", world.Delivery.Id, world.Now).Claims!;
        var entry = await world.Entry(place);
        Assert.Equal(
            (entry.Student.Id, session.Id, place.Id, 1, 1, Delivered, world.Manager.OrganisationId),
            (claims.Subject, claims.Session, claims.Entry, claims.Attempt, claims.ScheduleVersion, claims.Test, claims.Organisation));
        Assert.Equal([("Numbers", false), ("Geometry", true)], claims.Sections.Select(section => (section.Title, section.Sealed)));
        Assert.Equal("large", claims.Settings["fontSize"]);
        Assert.True(claims.ExpiresAt - claims.IssuedAt <= TimeSpan.FromSeconds(120));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_token_is_redeemed_once_by_the_system_it_is_for(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Approved(session);
        var old = (await world.Token(place)).Token;
        var token = (await world.Token(place)).Token;
        Refused(ProblemKind.TokenInvalid, await world.Redeem.Run(world.StrangeDelivery, token));
        Refused(ProblemKind.TokenInvalid, await world.Redeem.Run(world.Delivery, token[..^2]));
        Refused(ProblemKind.Invalid, await world.Redeem.Run(world.Delivery, null));
        Refused(ProblemKind.TokenRevoked, await world.Redeem.Run(world.Delivery, old));
        var redeemed = Good(await world.Redeem.Run(world.Delivery, token));
        Assert.Equal((place.Id, 1, session.Id, 3600, false, 0L), (redeemed.EntryId, redeemed.Attempt, redeemed.SessionId, redeemed.SecondsLeft, redeemed.Resumed, redeemed.LastSequence));
        Assert.Equal(("José Berg1", "S-001", 60, 2), (redeemed.Student.Name, redeemed.Student.ExternalId, redeemed.Test.Minutes, redeemed.Test.Sections.Count));
        Refused(ProblemKind.TokenUsed, await world.Redeem.Run(world.Delivery, token));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_many_who_redeem_a_token_at_the_same_instant_one_gets_the_test(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var token = (await world.Token(await world.Approved(session))).Token;
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Redeem.Run(world.Delivery, token))));
        Assert.Single(answers, answer => answer.Problem is null);
        Assert.All(answers.Where(answer => answer.Problem is not null), answer => Refused(ProblemKind.TokenUsed, answer));
        Assert.Single(await world.Kinds(session.Id), item => item == "redeemed");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_token_that_nobody_redeemed_in_time_gives_the_place_back(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Approved(session);
        var token = (await world.Token(place)).Token;
        await world.Pass(TimeSpan.FromSeconds(119));
        Assert.Equal(EntryState.Entering, await world.State(place));
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(EntryState.Waiting, await world.State(place));
        Assert.Equal("tokenExpired", (await world.Kinds(session.Id)).Last());
        Refused(ProblemKind.TokenExpired, await world.Redeem.Run(world.Delivery, token));
        Assert.Equal(0, await world.Watch.RunDue());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Reports_are_taken_in_order_once_and_of_this_attempt_only(string kind)
    {
        await using var world = await World.New(kind);
        var place = await world.Redeemed(await world.Open());
        var report = new ProgressRequest { EntryId = place.Id, Attempt = 1, Sequence = 10, Kind = ReportKind.Started };
        Assert.Equal((EntryState.Testing, true), (Good(await world.Progress.Run(world.Delivery, report)).State, (await world.Entry(place)).RunningSince == world.Now));
        var version = (await world.Entry(place)).Version;
        Assert.False(Good(await world.Progress.Run(world.Delivery, report)).Accepted);
        Refused(ProblemKind.SequenceTooOld, await world.Progress.Run(world.Delivery, report with { Sequence = 9, Kind = ReportKind.Submitted }));
        Refused(ProblemKind.WrongAttempt, await world.Progress.Run(world.Delivery, report with { Sequence = 11, Attempt = 2 }));
        Refused(ProblemKind.NotFound, await world.Progress.Run(world.StrangeDelivery, report with { Sequence = 11 }));
        Refused(ProblemKind.NotFound, await world.Progress.Run(world.Delivery, report with { EntryId = "no-such" }));
        Refused(ProblemKind.Invalid, await world.Progress.Run(world.Delivery, report with { EntryId = "\u0000" }));
        Refused(ProblemKind.Invalid, await world.Progress.Run(world.Delivery, report with { Sequence = 11, Answered = 5 }));
        Assert.Equal(version, (await world.Entry(place)).Version);

        var position = report with { Sequence = 11, Kind = ReportKind.Position, Answered = 3, Total = 10, Section = "Numbers" };
        Assert.True(Good(await world.Progress.Run(world.Delivery, position)).Accepted);
        Assert.Equal(new EntryProgress(3, 10, "Numbers"), (await world.Entry(place)).Progress);
        Assert.True(Good(await world.Progress.Run(world.Delivery, position with { Sequence = 12 })).Accepted);
        Assert.Equal(version + 1, (await world.Entry(place)).Version);

        Assert.Equal(EntryState.AtSeal, (await world.Report(place, ReportKind.AtSeal)).State);
        Assert.Equal(EntryState.AtSeal, (await world.Report(place, ReportKind.Position, answered: 5)).State);
        Assert.Equal(EntryState.Submitted, (await world.Report(place, ReportKind.Submitted, answered: 10)).State);
        Refused(ProblemKind.WrongState, await world.Progress.Run(world.Delivery, await world.NextReport(place, ReportKind.Position)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_loses_the_test_goes_straight_back_within_the_pause_limit_and_by_approval_after_it(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        await world.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(EntryState.Interrupted, (await world.Report(place, ReportKind.Exited)).State);
        Refused(ProblemKind.WrongState, await world.Student.Return(place.Caller));
        await world.Pass(TimeSpan.FromMinutes(20));
        var back = Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token));
        Assert.Equal((3000, true, 2L), (back.SecondsLeft, back.Resumed, back.LastSequence));
        Assert.Equal(EntryState.Testing, (await world.Report(place, ReportKind.Started)).State);

        await world.Report(place, ReportKind.Exited);
        await world.Pass(TimeSpan.FromSeconds(20 * 60 + 1));
        Refused(ProblemKind.ApprovalNeeded, await world.FetchToken.Run(place.Caller));
        Refused(ProblemKind.ApprovalNeeded, await world.Progress.Run(world.Delivery, await world.NextReport(place, ReportKind.Resumed)));
        Assert.Equal(EntryState.Waiting, Good(await world.Student.Return(place.Caller)).State);
        Assert.Contains((await world.Entry(place)).Flags, flag => flag.Code == "returning");
        await world.Approve(place);
        Assert.Equal(3000, Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token)).SecondsLeft);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_without_a_delivery_system_starts_when_its_page_opens_it(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Undelivered] });
        var place = await world.Approved(session);
        await world.Token(place);
        var entry = await world.Entry(place);
        Assert.Equal((EntryState.Testing, world.Now, world.Now), (entry.State, entry.RunningSince, entry.LaunchedAt));
        Assert.Equal(["joined", "approved", "started"], (await world.Events(FeedNames.Entry(place.Id))).Select(item => item.Kind));
        Refused(ProblemKind.NotFound, await world.Progress.Run(world.Delivery, new ProgressRequest { EntryId = place.Id, Attempt = 1, Sequence = 1, Kind = ReportKind.Submitted }));
        await world.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(EntryState.Testing, await world.State(place));
    }
}
