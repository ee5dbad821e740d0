using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class DecidingTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Many_entries_are_decided_at_once_and_each_has_its_own_outcome_in_the_order_asked(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Capacity = 3 });
        var elsewhere = await world.Join(await world.Open(form => form with { Name = "Room 5" }), 9);
        var done = await world.Approved(session, 1);
        var gone = await world.Join(session, 2);
        var seen = await world.Join(session, 3);
        var raised = await world.Join(session, 4);
        var last = await world.Join(session, 5);
        var request = await world.Rows(last, elsewhere, raised, seen, gone, done);
        request = request with { Entries = [new EntryRef("no-such", 1), .. request.Entries!], Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["extraTime"] = "25" } };
        Good(await world.Student.Withdraw(gone.Caller));
        Good(await world.Student.RaiseHand(raised.Caller, true));
        await world.Join(session, 3);
        world.Clock.Advance(TimeSpan.FromSeconds(2));

        var answer = Good(await world.Decide.Approve(world.Ben, session.Id, request));
        Assert.Equal(["gone", "approved", "gone", "approved", "stale", "gone", "alreadyDecided"], answer.Results.Select(outcome => outcome.Outcome));
        Assert.Equal(request.Entries.Select(entry => entry.Id), answer.Results.Select(outcome => outcome.Id));
        Assert.Equal((world.Ada.Id, "Ada Proctor"), (answer.Results[6].By!.Id, answer.Results[6].By!.Name));
        Assert.Equal(world.Now.AddSeconds(-2), answer.Results[6].At);
        Assert.Equal((await world.Entry(seen)).Version, answer.Results[4].Version);
        var approved = await world.Entry(last);
        Assert.Equal((answer.Results[1].Version, "25", "approved", world.Ben.Id), (approved.Version, approved.Settings["extraTime"], approved.Decision!.Outcome, approved.Decision.By!.Id));

        // Three of three are in.
        Assert.Equal(["full"], Outcomes(await world.Decide.Approve(world.Ben, session.Id, await world.Rows(seen))));
        Good(await world.Decide.Revoke(world.Ben, session.Id, await world.Rows(last)));
        Assert.Equal(["approved", "full"], Outcomes(await world.Decide.Approve(world.Ben, session.Id, await world.Rows(seen, last))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_command_names_one_to_five_hundred_entries_once_and_says_why_where_it_must(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var rows = await world.Rows(await world.Join(session));
        async Task Wrong(string field, EntriesRequest request) =>
            Assert.Equal(field, Assert.Single(Refused(ProblemKind.Invalid, await world.Decide.Deny(world.Ada, session.Id, request)).Fields).Key);

        await Wrong("entries", new EntriesRequest { Reason = "No" });
        await Wrong("entries", new EntriesRequest { Entries = [], Reason = "No" });
        await Wrong("entries", new EntriesRequest { Entries = [.. rows.Entries!, .. rows.Entries!], Reason = "No" });
        await Wrong("entries", new EntriesRequest { Entries = [.. Enumerable.Range(0, 501).Select(index => new EntryRef($"{index}", 1))], Reason = "No" });
        await Wrong("entries", new EntriesRequest { Entries = [new EntryRef("\u0000", 1)], Reason = "No" });
        await Wrong("reason", rows);
        await Wrong("reason", rows with { Reason = new string('r', 256) });
        Assert.Equal(["denied"], Outcomes(await world.Decide.Deny(world.Ada, session.Id, rows with { Reason = new string('r', 255) })));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_two_proctors_at_the_same_instant_exactly_one_decides_and_the_other_learns_who_and_when(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        for (var round = 1; round <= 5; round++)
        {
            var place = await world.Join(session, round);
            var rows = await world.Rows(place);
            var answers = await Task.WhenAll(
                Task.Run(() => world.Decide.Approve(world.Ada, session.Id, rows)),
                Task.Run(() => world.Decide.Deny(world.Ben, session.Id, rows with { Reason = "Not on the list" })),
                Task.Run(() => world.Decide.Approve(world.Manager, session.Id, rows)));
            var outcomes = answers.Select(answer => Good(answer).Results.Single()).ToList();
            var winner = Assert.Single(outcomes, outcome => outcome.Outcome is "approved" or "denied");
            var by = new[] { world.Ada, world.Ben, world.Manager }[outcomes.IndexOf(winner)];
            Assert.All(outcomes.Where(outcome => outcome != winner), loser =>
                Assert.Equal(("alreadyDecided", by.Id, by.Name, (DateTimeOffset?)world.Now), (loser.Outcome, loser.By?.Id, loser.By?.Name, loser.At)));
            Assert.Equal((winner.Outcome, by.Id, winner.Version), ((await world.Entry(place)).Decision!.Outcome, (await world.Entry(place)).Decision!.By!.Id, (await world.Entry(place)).Version));
            Assert.Single((await world.Events(FeedNames.Entry(place.Id))).Skip(1));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_is_denied_sees_why_and_asks_again_after_the_cool_down_five_times_at_most(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Join(session);
        for (var times = 1; times <= 6; times++)
        {
            Assert.Equal(["denied"], Outcomes(await world.Decide.Deny(world.Ada, session.Id, await world.Rows(place) with { Reason = " <b>No ID</b> " })));
            var me = (await world.See.Student(place.Id))!.Me;
            Assert.Equal((EntryState.Denied, "<b>No ID</b>", times, times <= 5), (me.State, me.Reason, me.DeniedTimes, me.MayAskAgain));
            if (times <= 5)
            {
                var early = Refused(ProblemKind.CoolDown, await world.Student.AskAgain(place.Caller));
                Assert.Equal(EntryRules.CoolDown, early.RetryAfter);
                world.Clock.Advance(EntryRules.CoolDown);
                Assert.Equal(EntryState.Waiting, Good(await world.Student.AskAgain(place.Caller)).State);
                Assert.Contains((await world.Entry(place)).Flags, flag => flag.Code == "askedAgain");
            }
        }

        world.Clock.Advance(EntryRules.CoolDown);
        Refused(ProblemKind.AskedTooOften, await world.Student.AskAgain(place.Caller));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_leaves_and_comes_back_and_an_approval_is_taken_back(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Approved(session);
        Assert.Equal(EntryState.Withdrawn, Good(await world.Student.Withdraw(place.Caller)).State);
        Assert.Equal(["gone"], Outcomes(await world.Decide.Approve(world.Ada, session.Id, await world.Rows(place))));
        Assert.Equal(EntryState.Waiting, Good(await world.Student.Return(place.Caller)).State);
        Refused(ProblemKind.NotApproved, await world.FetchToken.Run(place.Caller));
        await world.Approve(place);
        var token = (await world.Token(place)).Token;
        Assert.Equal(["revoked"], Outcomes(await world.Decide.Revoke(world.Ben, session.Id, await world.Rows(place) with { Reason = "Wrong room" })));
        var entry = await world.Entry(place);
        Assert.Equal((EntryState.Waiting, "revoked", "Wrong room"), (entry.State, entry.Decision!.Outcome, entry.Decision.Reason));
        Refused(ProblemKind.TokenRevoked, await world.Redeem.Run(world.Delivery, token));
        Assert.Equal(["refused"], Outcomes(await world.Decide.Revoke(world.Ben, session.Id, await world.Rows(place))));

        await world.Approve(place);
        Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token));
        Assert.Equal(["refused"], Outcomes(await world.Decide.Revoke(world.Ben, session.Id, await world.Rows(place))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Messages_reach_one_or_everyone_and_students_answer(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var (place, other) = (await world.Join(session, 1), await world.Join(session, 2));
        Assert.Equal(["sent"], Outcomes(await world.Command.Message(world.Ada, session.Id, await world.Rows(place) with { Text = " Show your ID " })));
        Good(await world.Student.Say(place.Caller, "Here <3"));
        var problem = Refused(ProblemKind.Invalid, await world.Student.Say(place.Caller, new string('x', 256)));
        Assert.Equal("text", Assert.Single(problem.Fields).Key);
        var messages = (await world.See.Student(place.Id))!.Me.Messages;
        Assert.Equal([("proctor", "Ada Proctor", "Show your ID"), ("student", "José Berg1", "Here <3")], messages.Select(message => (message.From, message.Name, message.Text)));
        Assert.Empty((await world.See.Student(other.Id))!.Me.Messages);

        Assert.Empty(Good(await world.Command.Message(world.Ben, session.Id, new EntriesRequest { Entries = [], Text = "Ten minutes left" })).Results);
        Assert.Equal(("Ben Proctor", "Ten minutes left"), ((await world.See.Student(other.Id))!.Lobby.Broadcasts[0].Name, (await world.See.Student(place.Id))!.Lobby.Broadcasts[0].Text));
        Refused(ProblemKind.Invalid, await world.Command.Message(world.Ben, session.Id, new EntriesRequest { Entries = [], Text = " " }));
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal(["gone"], Outcomes(await world.Command.Message(world.Ada, session.Id, await world.Rows(place) with { Text = "Bye" })));
        await world.Pass(TimeSpan.Zero);
        Refused(ProblemKind.WrongPhase, await world.Command.Message(world.Ben, session.Id, new EntriesRequest { Entries = [], Text = "Bye" }));
        Refused(ProblemKind.SessionEnded, await world.Student.Say(place.Caller, "Bye"));
    }
}
