using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class CommandsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_command_is_pending_until_the_delivery_system_fetched_and_confirmed_it(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        Assert.Equal(["requested"], Outcomes(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place) with { Reason = "Fire alarm" })));
        Assert.Equal(["refused"], Outcomes(await world.Command.Extend(world.Ada, session.Id, await world.Rows(place) with { Seconds = 60 })));
        Assert.Equal((EntryState.Testing, false), ((await world.Entry(place)).State, (await world.Entry(place)).Pending!.DeliveredAt is not null));

        var fetched = Good(await world.Commands.Run(world.Delivery, null, 0, default));
        var command = Assert.Single(fetched.Commands);
        Assert.Equal((place.Id, 1, CommandKind.Pause, "Fire alarm"), (command.EntryId, command.Attempt, command.Kind, command.Reason));
        Assert.Equal(world.Now, (await world.Entry(place)).Pending!.DeliveredAt);
        Assert.Empty(Good(await world.Commands.Run(world.Delivery, fetched.Next, 0, default)).Commands);
        Assert.Single(Good(await world.Commands.Run(world.Delivery, null, 0, default)).Commands);
        Assert.Empty(Good(await world.Commands.Run(world.StrangeDelivery, null, 0, default)).Commands);

        Assert.Equal((EntryState.Paused, null), ((await world.Report(place, ReportKind.Paused)).State, (await world.Entry(place)).Pending));
        Assert.Empty(Good(await world.Commands.Run(world.Delivery, null, 0, default)).Commands);
        await world.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(["requested"], Outcomes(await world.Command.Resume(world.Ben, session.Id, await world.Rows(place))));
        Assert.Equal(EntryState.Testing, (await world.Report(place, ReportKind.Resumed)).State);
        Assert.Equal(60, (await world.Entry(place)).PausedSeconds);

        Assert.Equal(["requested"], Outcomes(await world.Command.Extend(world.Ben, session.Id, await world.Rows(place) with { Seconds = 300 })));
        await world.Confirm(place);
        Assert.Equal(3900, (await world.Entry(place)).AllowedSeconds);
        Assert.Equal(["requested"], Outcomes(await world.Command.Terminate(world.Ben, session.Id, await world.Rows(place) with { Reason = "Phone" })));
        Assert.Equal(EntryState.Terminated, (await world.Confirm(place)).State);
        Assert.Equal("Phone", (await world.See.Student(place.Id))!.Me.Reason);
        Assert.Equal(["gone"], Outcomes(await world.Command.Pause(world.Ben, session.Id, await world.Rows(place))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_without_a_confirming_delivery_system_obeys_at_once(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Undelivered] });
        var place = await world.Testing(session, 1, Undelivered);
        Assert.Equal(["paused"], Outcomes(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place))));
        Assert.Equal(["resumed"], Outcomes(await world.Command.Resume(world.Ada, session.Id, await world.Rows(place))));
        Assert.Equal(["extended"], Outcomes(await world.Command.Extend(world.Ada, session.Id, await world.Rows(place) with { Seconds = 60 })));
        Assert.Equal(3660, (await world.Entry(place)).AllowedSeconds);
        Assert.Equal(["terminated"], Outcomes(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(place) with { Reason = "Phone" })));
        foreach (var seconds in new int?[] { null, 0, 14_401 })
        {
            Refused(ProblemKind.Invalid, await world.Command.Extend(world.Ada, session.Id, await world.Rows(place) with { Seconds = seconds }));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_long_poll_whose_hint_was_lost_looks_again_by_itself(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        var deaf = new FetchCommands(world.Log, new LocalRelay(NullLogger<LocalRelay>.Instance), world.Entries, world.Changes, world.Clock);
        var poll = deaf.Run(world.Delivery, null, 30, default);
        await Eventually.True(() => world.Clock.Armed > 0);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place)));
        Assert.False(poll.IsCompleted);
        world.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Single(Good(await poll.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)).Commands);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_long_poll_is_woken_by_the_relay(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        var poll = world.Commands.Run(world.Delivery, null, 30, default);
        await Eventually.True(() => world.Clock.Armed > 0);
        await world.Report(place, ReportKind.Position, answered: 1);
        Assert.False(poll.IsCompleted);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place)));
        var first = Good(await poll.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System));
        Assert.Equal(CommandKind.Pause, Assert.Single(first.Commands).Kind);
        await world.Report(place, ReportKind.Paused);

        var next = world.Commands.Run(world.Delivery, first.Next, 30, default);
        await Eventually.True(() => world.Clock.Armed > 0);
        Good(await world.Command.Resume(world.Ada, session.Id, await world.Rows(place)));
        var second = Good(await next.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System));
        Assert.Equal(CommandKind.Resume, Assert.Single(second.Commands).Kind);
        Assert.NotEqual(first.Next, second.Next);

        await world.Report(place, ReportKind.Resumed);
        var idle = world.Commands.Run(world.Delivery, second.Next, 1, default);
        await Eventually.True(() => world.Clock.Armed > 0);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Good(await idle.WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System)).Commands);
        Refused(ProblemKind.Invalid, await world.Commands.Run(world.Delivery, "nonsense", 0, default));
        Refused(ProblemKind.Invalid, await world.Commands.Run(world.Delivery, null, 31, default));
        Assert.Empty(Good(await world.Commands.Run(world.Delivery, "another-epoch.999", 0, default)).Commands);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_command_that_nobody_confirms_for_fifteen_seconds_is_overdue(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place)));
        await world.Pass(TimeSpan.FromSeconds(14.9));
        Assert.False((await world.Entry(place)).Pending!.Overdue);
        await world.Pass(TimeSpan.FromSeconds(0.1));
        Assert.True((await world.Entry(place)).Pending!.Overdue);
        Assert.Equal("commandUnconfirmed", (await world.Kinds(session.Id)).Last());
        Assert.Equal(0, await world.Watch.RunDue());
        Assert.Equal(["requested"], Outcomes(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(place) with { Reason = "Phone" })));
        Assert.Equal(CommandKind.Terminate, Assert.Single(Good(await world.Commands.Run(world.Delivery, null, 0, default)).Commands).Kind);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_pauses_where_the_profile_lets_them_and_resumes_only_an_own_pause(string kind)
    {
        await using var world = await World.New(kind);
        var strict = await world.Testing(await world.Open(), 1);
        Refused(ProblemKind.NotPermitted, await world.Student.Pause(strict.Caller));
        var session = await world.Open(form => form with { Name = "Room 5", Tests = [Undelivered] }, new ProfileSettings { StudentMayPause = true, PauseLimitMinutes = 1 });
        var place = await world.Testing(session, 2, Undelivered);
        Assert.True((await world.See.Student(place.Id))!.Me.MayPause);
        Assert.Equal(EntryState.Paused, Good(await world.Student.Pause(place.Caller)).State);
        Assert.Equal(EntryState.Testing, Good(await world.Student.Resume(place.Caller)).State);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(place)));
        Refused(ProblemKind.NotPermitted, await world.Student.Resume(place.Caller));
        Good(await world.Command.Resume(world.Ada, session.Id, await world.Rows(place)));
        Good(await world.Student.Pause(place.Caller));
        await world.Pass(TimeSpan.FromSeconds(61));
        Assert.Equal(EntryState.Waiting, Good(await world.Student.Resume(place.Caller)).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_whose_student_is_out_of_sight_for_a_minute_is_interrupted(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        var (lost, seen, unseen) = (await world.Testing(session, 1), await world.Testing(session, 2), await world.Testing(session, 3, Undelivered));
        await world.Pass(TimeSpan.FromSeconds(60));
        Assert.Equal(0, await world.Watch.InterruptLost());
        await world.Report(seen, ReportKind.Position, answered: 1);
        await world.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(1, await world.Watch.InterruptLost());
        Assert.Equal([EntryState.Interrupted, EntryState.Testing, EntryState.Testing], [await world.State(lost), await world.State(seen), await world.State(unseen)]);
        Assert.Equal(EntryState.Testing, (await world.Report(lost, ReportKind.Position, answered: 2)).State);
        Assert.Equal(0, await world.Watch.InterruptLost());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_ad_hoc_session_that_nobody_attends_warns_and_then_drains(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { StartNow = true, OpensAt = null, ClosesAt = null });
        var person = new Person(world.Ada.Id, world.Ada.Name);
        async Task<IEnumerable<string>> After(TimeSpan time, bool attended = false)
        {
            world.Clock.Advance(time);
            if (attended)
            {
                await world.Presence.StaffSeen(session.Id, person);
            }

            await world.DrainIdle.Run();
            return (await world.Kinds(session.Id)).Skip(3);
        }

        Assert.Equal([], await After(TimeSpan.FromMinutes(1), attended: true));
        Assert.Equal(["idle"], await After(TimeSpan.FromMinutes(1)));
        Assert.Equal(["idle"], await After(TimeSpan.FromMinutes(14)));
        Assert.Equal(["idle", "idleWarning"], await After(TimeSpan.FromMinutes(1)));
        Assert.Equal(["idle", "idleWarning", "attended"], await After(TimeSpan.FromMinutes(1), attended: true));
        var place = await world.Testing(session);
        Assert.Equal(3, (await After(TimeSpan.FromHours(1))).Count(item => item is "idle" or "idleWarning" or "attended"));
        await world.Report(place, ReportKind.Submitted);
        await After(TimeSpan.FromMinutes(1));
        await After(TimeSpan.FromMinutes(20));
        Assert.Equal(SessionPhase.Draining, (await world.SessionNow(session.Id)).Phase);
        await world.RunDue.Run();
        Assert.Equal(["draining", "closed"], (await world.Kinds(session.Id)).TakeLast(2));
        Assert.Equal(0, await world.DrainIdle.Run());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_with_a_window_and_one_whose_profile_says_never_do_not_drain_for_want_of_a_proctor(string kind)
    {
        await using var world = await World.New(kind);
        await world.Open();
        await world.Session(form => form with { StartNow = true, OpensAt = null, ClosesAt = null }, new ProfileSettings { IdleMinutes = 0 });
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await world.DrainIdle.Run());
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(0, await world.DrainIdle.Run());
    }
}
