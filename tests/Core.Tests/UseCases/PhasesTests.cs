using System.Text.Json.Nodes;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class PhasesTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Time_opens_the_lobby_then_the_window_and_ends_the_session(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        Refused(ProblemKind.LobbyNotOpen, await world.JoinLobby.Run(await world.Ticket(session), "192.0.2.1"));
        await world.PassTo(Nine.AddMinutes(-30));
        var early = await world.Approved(session);
        Refused(ProblemKind.WindowNotOpen, await world.FetchToken.Run(early.Caller));
        await world.PassTo(Nine);
        Assert.Equal(SessionPhase.Open, (await world.SessionNow(session.Id)).Phase);
        await world.Token(early);
        Good(await world.Decide.Revoke(world.Ada, session.Id, await world.Rows(early)));
        await world.PassTo(Nine.AddHours(2));
        Assert.Equal(EntryState.NoShow, await world.State(early));
        Assert.Equal(SessionPhase.Closed, (await world.SessionNow(session.Id)).Phase);
        Assert.Equal(
            ["sessionCreated", "lobbyOpened", "joined", "approved", "windowOpened", "entering", "revoked", "draining", "noShow", "closed"],
            await world.Kinds(session.Id));
        Refused(ProblemKind.SessionEnded, await world.JoinLobby.Run(await world.Ticket(session, 2), "192.0.2.1"));
        Assert.Equal(0, await world.RunDue.Run());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_window_that_passed_while_everything_was_off_is_caught_up_in_order_and_the_events_say_how_late(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        await world.PassTo(Nine.AddHours(3));
        var events = await world.Events(FeedNames.Session(session.Id), after: 1);
        Assert.Equal(
            [("lobbyOpened", 12_600), ("windowOpened", 10_800), ("draining", 3_600), ("closed", null)],
            events.Select(item => (item.Kind, (int?)JsonNode.Parse(item.Data)!["lateSeconds"])));
        var late = await world.Db.Read(async connection => (await Dapper.SqlMapper.QueryAsync<string>(
            connection, "SELECT details FROM audit WHERE action = 'windowOpened'")).Single());
        Assert.Contains("\"lateSeconds\":10800", late, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_manual_window_waits_for_its_proctor_and_may_be_opened_early(string kind)
    {
        await using var world = await World.New(kind);
        var manual = await world.Session(form => form with { StartMode = StartMode.Manual });
        await world.PassTo(Nine.AddMinutes(10));
        Assert.Equal(SessionPhase.LobbyOpen, (await world.SessionNow(manual.Id)).Phase);
        Assert.Equal(SessionPhase.Open, Good(await world.Steer.Open(world.Ben, manual.Id, new PhaseRequest())).Phase);
        Refused(ProblemKind.WrongPhase, await world.Steer.Open(world.Ada, manual.Id, new PhaseRequest()));

        var early = await world.Session(form => form with { OpensAt = "2026-11-21T12:00:00Z", ClosesAt = "2026-11-21T13:00:00Z" });
        Good(await world.Steer.Open(world.Ada, early.Id, new PhaseRequest()));
        Assert.Equal(["sessionCreated", "lobbyOpened", "windowOpened"], await world.Kinds(early.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_hold_pauses_every_running_test_and_admits_nobody_and_its_release_resumes_those_it_paused(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        var far = await world.Testing(session, 1, Delivered);
        var here = await world.Testing(session, 2, Undelivered);
        var own = await world.Testing(session, 3, Undelivered);
        var approved = await world.Approved(session, 4, Undelivered);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(own)));
        Refused(ProblemKind.Invalid, await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest(" ")));
        var held = Good(await world.Steer.Hold(world.Ben, session.Id, new PhaseRequest("Fire alarm")));
        Assert.Equal((SessionPhase.Held, "Fire alarm"), (held.Phase, held.HoldReason));
        Assert.Equal((EntryState.Testing, CommandKind.Pause), ((await world.Entry(far)).State, (await world.Entry(far)).Pending!.Kind));
        Assert.Equal((EntryState.Paused, CommandSource.Hold), ((await world.Entry(here)).State, (await world.Entry(here)).PausedBy!.Value));
        Refused(ProblemKind.SessionHeld, await world.FetchToken.Run(approved.Caller));
        Assert.Equal(["refused", "refused"], Outcomes(await world.Command.Resume(world.Ada, session.Id, await world.Rows(here, own))));
        await world.Report(far, ReportKind.Paused);

        Good(await world.Steer.Release(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal(CommandKind.Resume, (await world.Entry(far)).Pending!.Kind);
        Assert.Equal(EntryState.Testing, await world.State(here));
        Assert.Equal(EntryState.Paused, await world.State(own));
        await world.Report(far, ReportKind.Resumed);
        Assert.Equal(EntryState.Testing, await world.State(far));
        await world.Token(approved);
        Assert.Equal(["refused"], Outcomes(await world.Command.Resume(world.Ada, session.Id, await world.Rows(far))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_hold_takes_unused_tokens_back_and_catches_whoever_starts_into_it(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var entering = await world.Approved(session, 1);
        var token = (await world.Token(entering)).Token;
        var redeemed = await world.Redeemed(session, 2);
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Fire alarm")));
        Assert.Equal(EntryState.Approved, await world.State(entering));
        Refused(ProblemKind.TokenRevoked, await world.Redeem.Run(world.Delivery, token));
        var answer = await world.Report(redeemed, ReportKind.Started);
        Assert.Equal((EntryState.Testing, CommandKind.Pause), (answer.State, answer.PendingCommand?.Kind));
        Good(await world.Steer.Release(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal(CommandKind.Resume, (await world.Report(redeemed, ReportKind.Paused)).PendingCommand?.Kind);
    }

    [Theory]
    [InlineData("sqlite", CloseRule.Finish, EntryState.Testing, null, EntryState.Testing)]
    [InlineData("sqlite", CloseRule.Pause, EntryState.Testing, CommandKind.Pause, EntryState.Paused)]
    [InlineData("sqlite", CloseRule.End, EntryState.Testing, CommandKind.Terminate, EntryState.Expired)]
    [InlineData("postgres", CloseRule.Finish, EntryState.Testing, null, EntryState.Testing)]
    [InlineData("postgres", CloseRule.Pause, EntryState.Testing, CommandKind.Pause, EntryState.Paused)]
    [InlineData("postgres", CloseRule.End, EntryState.Testing, CommandKind.Terminate, EntryState.Expired)]
    public async Task At_the_close_running_tests_follow_the_rule_and_the_others_have_not_come(
        string kind, CloseRule rule, EntryState delivered, CommandKind? command, EntryState undelivered)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] }, new ProfileSettings { CloseRule = rule, GraceMinutes = 30 });
        var far = await world.Testing(session, 1, Delivered);
        var here = await world.Testing(session, 2, Undelivered);
        var waiting = await world.Join(session, 3, Undelivered);
        var approved = await world.Approved(session, 4, Undelivered);
        var entering = await world.Approved(session, 5, Delivered);
        await world.Token(entering);
        var denied = await world.Join(session, 6, Undelivered);
        Good(await world.Decide.Deny(world.Ada, session.Id, await world.Rows(denied) with { Reason = "No ID" }));

        var stopped = Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal((SessionPhase.Draining, world.Now.AddMinutes(30)), (stopped.Phase, stopped.DrainsUntil));
        Assert.Equal((delivered, command), (await world.State(far), (await world.Entry(far)).Pending?.Kind));
        Assert.Equal(undelivered, await world.State(here));
        Assert.Equal([EntryState.NoShow, EntryState.NoShow], [await world.State(waiting), await world.State(approved)]);
        Assert.Equal([EntryState.Expired, EntryState.Denied], [await world.State(entering), await world.State(denied)]);
        Refused(ProblemKind.WrongPhase, await world.Decide.Approve(world.Ada, session.Id, await world.Rows(waiting)));
        Refused(ProblemKind.SessionEnded, await world.Student.AskAgain(denied.Caller));

        // Whoever still runs at the end of the grace has expired.
        await world.Pass(TimeSpan.FromMinutes(30));
        Assert.Equal([EntryState.Expired, EntryState.Expired], [await world.State(far), await world.State(here)]);
        Assert.Contains("closed", await world.Kinds(session.Id));
        Assert.Equal(SessionPhase.Closed, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_drained_session_closes_as_soon_as_its_last_test_is_handed_in(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var (first, last) = (await world.Testing(session, 1), await world.Testing(session, 2));
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal(0, await world.RunDue.Run());
        await world.Report(first, ReportKind.Submitted);
        Assert.Equal(0, await world.RunDue.Run());
        await world.Report(last, ReportKind.Submitted);
        Assert.Equal(1, await world.RunDue.Run());
        Assert.Equal(SessionPhase.Closed, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_administrator_reopens_a_closed_session_with_a_reason_and_an_end(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        await world.PassTo(Nine.AddHours(2));
        Refused(ProblemKind.Forbidden, await world.Steer.Reopen(world.Manager, session.Id, new PhaseRequest("Power cut", Nine.AddHours(4))));
        Refused(ProblemKind.Invalid, await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest(null, Nine.AddHours(4))));
        Refused(ProblemKind.Invalid, await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest("Power cut")));
        Refused(ProblemKind.Invalid, await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest("Power cut", Nine.AddHours(2))));
        var open = Good(await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest("Power cut", Nine.AddHours(4))));
        Assert.Equal((SessionPhase.Open, 2, Nine.AddHours(4)), (open.Phase, open.ScheduleVersion, open.ClosesAt));
        await world.Testing(open);
        await world.PassTo(Nine.AddHours(4));
        Assert.Equal(SessionPhase.Draining, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_manager_cancels_a_session_that_has_not_opened_and_whoever_waits_is_told(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        await world.PassTo(Nine.AddMinutes(-10));
        var place = await world.Join(session);
        Refused(ProblemKind.Forbidden, await world.Steer.Cancel(world.Ada, session.Id, new PhaseRequest()));
        Good(await world.Steer.Cancel(world.Manager, session.Id, new PhaseRequest("Heating failed")));
        Assert.Equal(EntryState.NoShow, await world.State(place));
        Refused(ProblemKind.SessionCancelled, await world.JoinLobby.Run(await world.Ticket(session, 2), "192.0.2.1"));
        Assert.Equal("cancelled", (await world.Events(FeedNames.Lobby(session.Id)))[^1].Kind);
        Refused(ProblemKind.WrongPhase, await world.Steer.Cancel(world.Manager, session.Id, new PhaseRequest()));
        await world.PassTo(Nine.AddHours(9));
        Assert.Equal(SessionPhase.Cancelled, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_phase_command_on_a_version_that_is_gone_is_refused(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        Refused(ProblemKind.Stale, await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Noise", Version: session.Version - 1)));
        Refused(ProblemKind.Invalid, await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest(new string('r', 256))));
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Noise", Version: session.Version)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_changed_window_takes_back_the_tokens_that_nobody_redeemed(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var (entering, redeemed) = (await world.Approved(session, 1), await world.Redeemed(session, 2));
        var token = (await world.Token(entering)).Token;
        var now = await world.SessionNow(session.Id);
        Good(await world.Edit.Run(world.Ada, session.Id, world.Form with { ClosesAt = "2026-11-21T12:00:00Z" }, now.Version));
        Assert.Equal([EntryState.Approved, EntryState.Entering], [await world.State(entering), await world.State(redeemed)]);
        Refused(ProblemKind.TokenRevoked, await world.Redeem.Run(world.Delivery, token));
        Good(await world.Redeem.Run(world.Delivery, (await world.Token(entering)).Token));
        await world.Report(redeemed, ReportKind.Started);
    }
}
