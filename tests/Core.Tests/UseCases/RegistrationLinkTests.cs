using Dapper;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>How registrations and entries follow each other.</summary>
public sealed class RegistrationLinkTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task The_registrations_settings_stand_over_the_students_own(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var registered = await world.Registered(1, session, settings: new() { ["fontSize"] = "huge", ["time"] = "+25%" });
        var entry = await world.Entry(await world.Join(session));
        Assert.Equal([("fontSize", "huge"), ("time", "+25%")], entry.Settings.Select(pair => (pair.Key, pair.Value)).Order());
        Assert.Equal((registered.Id, 0), (entry.RegistrationId, entry.Flags.Count));
        Assert.Equal((entry.Id, RegistrationStatus.Pending), ((await world.Registration(registered.Id)).EntryId, (await world.Registration(registered.Id)).Status));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_registration_is_started_when_the_test_begins_and_completed_when_it_ends(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        var (first, second) = (await world.Registered(1, session), await world.Registered(2, session, Undelivered));
        async Task<RegistrationStatus> Status(RegistrationView registration) => (await world.Registration(registration.Id)).Status;
        var place = await world.Redeemed(session);
        Assert.Equal(RegistrationStatus.Pending, await Status(first));
        await world.Report(place, ReportKind.Started);
        Assert.Equal(RegistrationStatus.Started, await Status(first));
        await world.Report(place, ReportKind.Submitted);
        Assert.Equal(RegistrationStatus.Completed, await Status(first));

        var other = await world.Testing(session, 2, Undelivered);
        Assert.Equal(RegistrationStatus.Started, await Status(second));
        Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(other) with { Reason = "Enough" }));
        Assert.Equal((EntryState.Terminated, RegistrationStatus.Completed), (await world.State(other), await Status(second)));
        Assert.Equal(CreditLedger.Opening - 2, await world.Balance());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_never_began_keeps_the_registration_whatever_became_of_the_entry(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var (noShow, terminated) = (await world.Registered(1, session), await world.Registered(2, session));
        await world.Join(session);
        var place = await world.Approved(session, 2);
        Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(place) with { Reason = "Wrong room" }));
        await world.PassTo(Nine.AddHours(2));
        Assert.Equal(EntryState.Terminated, await world.State(place));
        Assert.Equal([RegistrationStatus.Pending, RegistrationStatus.Pending], [(await world.Registration(noShow.Id)).Status, (await world.Registration(terminated.Id)).Status]);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_is_not_on_the_list_is_flagged_only_where_there_is_one_and_waits_for_the_proctor(string kind)
    {
        await using var world = await World.New(kind);
        var loose = await world.Open(profile: new ProfileSettings { AutoAdmit = true });
        Assert.Equal(EntryState.Approved, await world.State(await world.Join(loose, 9)));

        var session = await world.Open(form => form with { Name = "Listed" }, new ProfileSettings { AutoAdmit = true });
        var elsewhere = await world.Session(form => form with { Name = "Room 5" });
        await world.Registered(1, session);
        await world.Registered(2, elsewhere);
        await world.Registered(3);
        Assert.Equal(EntryState.Approved, await world.State(await world.Join(session, 1)));
        foreach (var (student, text) in new[] { (2, "Is registered for “Room 5”"), (3, "Is registered without a session"), (4, "Is not on this session's list") })
        {
            var entry = await world.Entry(await world.Join(session, student));
            Assert.Equal((EntryState.Waiting, EntryRules.NotRegistered, text), (entry.State, Assert.Single(entry.Flags).Code, entry.Flags[0].Text));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_walked_in_and_is_registered_then_is_on_the_list(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.Registered(1, session);
        var place = await world.Join(session, 2);
        Assert.Single((await world.Entry(place)).Flags);
        var registered = await world.Registered(2, session, settings: new() { ["time"] = "+25%" });
        var entry = await world.Entry(place);
        Assert.Equal((0, registered.Id, "+25%", "large"), (entry.Flags.Count, entry.RegistrationId, entry.Settings["time"], entry.Settings["fontSize"]));
        Assert.Equal(place.Id, (await world.Registration(registered.Id)).EntryId);
        Assert.Equal("registered", (await world.Kinds(session.Id)).Last());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_is_registered_to_one_of_several_tests_need_not_choose(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        await world.Registered(1, session, Undelivered);
        Assert.Equal(Undelivered, (await world.Entry(await world.Join(session))).Test.Code);
        Refused(ProblemKind.TestChoiceRequired, await world.JoinLobby.Run(await world.Ticket(session, 2), "192.0.2.1"));
        Refused(ProblemKind.TestChoiceRequired, await world.JoinLobby.Run(await world.Ticket(session) with { FirstName = "Nobody" }, "192.0.2.1"));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_registration_to_a_test_that_comes_to_the_session_while_its_student_is_at_the_door_is_known(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        var registered = await world.Registered(1, session, Undelivered);
        var both = (await world.Sessions.Find(session.Id))!;
        await Has(both with { Tests = [.. both.Tests.Where(test => test.Code == Delivered)] });
        var door = new JoinLobby(world.Find, world.Changes, new JoinThrottle(new FarThrottle(world.Throttle, limit => limit == ThrottleLimits.JoinByStudent ? Has(both) : Task.CompletedTask)));
        var joined = Good(await door.Run(await world.Ticket(session), "192.0.2.1"));
        var entry = (await world.Entries.Find(joined.EntryId))!;
        Assert.Equal((Undelivered, registered.Id), (entry.Test.Code, entry.RegistrationId));

        Task<bool> Has(Session now) => world.Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("UPDATE sessions SET document = @document WHERE id = @id", new { id = now.Id, document = Json.Write(now) }, transaction) == 1, Commit: true));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_begun_in_another_session_than_planned_belongs_to_that_one(string kind)
    {
        await using var world = await World.New(kind);
        var (planned, taken) = (await world.Session(form => form with { Name = "Planned" }), await world.Open());
        await world.Registered(1, taken);
        var registered = await world.Registered(2, planned);
        await world.Testing(taken, 2);
        var now = await world.Registration(registered.Id);
        Assert.Equal((RegistrationStatus.Started, taken.Id), (now.Status, now.SessionId));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_practice_test_tried_alone_uses_no_registration_that_a_session_is_planned_for(string kind)
    {
        await using var world = await World.New(kind);
        var planned = await world.Session(form => form with { Tests = [Practice] });
        var registered = await world.Registered(1, planned, Practice);
        var start = new StartOwnTest(new OwnPage(world.Db, new JoinThrottle(world.Throttle), world.Clock), world.Sessions, world.Changes, new JoinThrottle(world.Throttle));
        var alone = Good(await start.Practice(await world.PageSecret(1), new OwnPracticeRequest(Practice), "192.0.2.1"));
        var entry = (await world.Entries.Find(alone.EntryId))!;
        Assert.Null(entry.RegistrationId);
        Assert.Equal(1, (await world.Registration(registered.Id)).Version);
        var student = (await world.Known(2)).Id;
        Refused(ProblemKind.Invalid, await world.Register.One(world.Manager, new NewRegistration { StudentId = student, TestCode = Practice, SessionId = entry.SessionId }, null));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_is_moved_while_the_test_has_not_begun_and_leaves_the_old_lobby(string kind)
    {
        await using var world = await World.New(kind);
        var (from, to) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var registered = await world.Registered(1, from);
        var place = await world.Approved(from);
        var moved = Good(await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = to.Id }, null));
        Assert.Equal((to.Id, (string?)null, EntryState.Moved), (moved.SessionId, moved.EntryId, await world.State(place)));
        Refused(ProblemKind.Stale, await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit(), registered.Version));
        var there = await world.Testing(to);
        Assert.Empty((await world.Entry(there)).Flags);
        Refused(ProblemKind.RegistrationStarted, await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = from.Id }, null));
        Refused(ProblemKind.RegistrationStarted, await world.Registrations.CancelOne(world.Manager, registered.Id, null));
        Assert.Equal(EntryState.Testing, await world.State(there));
        Assert.Equal(CreditLedger.Opening - 1, await world.Balance());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_can_be_moved_back_to_a_lobby_that_was_left(string kind)
    {
        await using var world = await World.New(kind);
        var (from, to) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var registered = await world.Registered(1, from);
        await world.Join(from);
        foreach (var session in new[] { to, from })
        {
            Good(await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = session.Id }, null));
        }

        Assert.Empty((await world.Entry(await world.Testing(from))).Flags);
        Assert.Equal(RegistrationStatus.Started, (await world.Registration(registered.Id)).Status);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_registration_that_is_taken_back_takes_its_student_off_the_lobby(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var registered = await world.Registered(1, session);
        var place = await world.Join(session);
        Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null));
        Assert.Equal(EntryState.Removed, await world.State(place));
        Assert.Equal(CreditLedger.Opening, await world.Balance());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Starting_and_moving_at_the_same_moment_leave_one_truth(string kind)
    {
        await using var world = await World.New(kind);
        var (from, to) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        for (var student = 1; student <= 6; student++)
        {
            var registered = await world.Registered(student, from);
            var place = await world.Redeemed(from, student);
            var report = await world.NextReport(place, ReportKind.Started, null, null);
            var move = Task.Run(() => world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = to.Id }, null));
            var start = Task.Run(() => world.Progress.Run(world.Delivery, report));
            await Task.WhenAll(move, start);
            var (now, entry) = (await world.Registration(registered.Id), await world.Entry(place));
            Assert.True((await move).Failed(out _), "A test that the delivery system has is not moved.");
            Assert.Equal((EntryState.Testing, RegistrationStatus.Started, from.Id), (entry.State, now.Status, now.SessionId));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_that_the_delivery_system_is_opening_is_neither_moved_nor_taken_back(string kind)
    {
        await using var world = await World.New(kind);
        var (from, to) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var registered = await world.Registered(1, from);
        var place = await world.Redeemed(from);
        Refused(ProblemKind.RegistrationStarted, await world.Registrations.CancelOne(world.Manager, registered.Id, null));
        Refused(ProblemKind.RegistrationStarted, await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = to.Id }, null));
        Assert.Equal((EntryState.Entering, RegistrationStatus.Pending, 1), (await world.State(place), (await world.Registration(registered.Id)).Status, CreditLedger.Opening - await world.Balance()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Deleting_sessions_leaves_a_line_in_the_audit_for_each_registration_and_costs_none(string kind)
    {
        await using var world = await World.New(kind);
        var students = await world.Class(30);
        var sessions = new[] { await world.Session(), await world.Session(form => form with { Name = "Room 5" }), await world.Session(form => form with { Name = "Room 6" }) };
        var wanted = students.Select((student, number) => new WantedRegistration(student.Id, Delivered, sessions[number % 3].Id)).ToList();
        var results = Good(await world.Changes.Run<IReadOnlyList<RegistrationResult>>(world.Manager, change => RegistrationChange.Register(change, world.Manager.OrganisationId, wanted)));
        Assert.All(results, result => Assert.Equal(RegistrationOutcome.Registered, result.Outcome));
        var answer = Good(await new DeleteSessions(world.Changes).Run(world.Manager, new DeleteSessionsRequest
        {
            Sessions = [.. sessions.Take(2).Select(session => new SessionRef(session.Id, session.Version))], Confirm = 2,
        }));
        Assert.Equal(20, answer.Registrations);
        Assert.Equal(CreditLedger.Opening - 30, await world.Balance());
        var free = Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(WithoutSession: true, Limit: 200))).Items;
        Assert.Equal(20, free.Count);
        Assert.All(free, item => Assert.Equal(RegistrationStatus.Pending, item.Status));
        var audited = await world.Db.Read(connection => Dapper.SqlMapper.QueryAsync<string>(connection, "SELECT subject FROM audit WHERE action = 'registrationDetached'"));
        Assert.Equal(free.Select(item => item.Id).Order(), audited.Order());
        Assert.Null(await world.Audit.FirstBroken(Audit.AuditLog.Organisation(world.Manager.OrganisationId)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Cleaning_up_takes_back_what_never_started_in_sessions_that_have_ended_and_nothing_else(string kind)
    {
        await using var world = await World.New(kind);
        var (past, coming) = (await world.Open(), await world.Session(form => form with { Name = "Tomorrow", OpensAt = "2026-11-22T09:00:00Z", ClosesAt = "2026-11-22T11:00:00Z" }));
        var never = new[] { await world.Registered(1, past), await world.Registered(2, past) };
        var completed = await world.Registered(3, past);
        var cancelled = await world.Registered(4, past);
        Good(await world.Registrations.CancelOne(world.Manager, cancelled.Id, null));
        var (later, free) = (await world.Registered(5, coming), await world.Registered(6));
        await world.Join(past, 2);
        var tested = await world.Testing(past, 3);
        await world.Report(tested, ReportKind.Submitted);
        var cleanUp = new CleanUp(world.Db, world.Changes, world.Clock);
        Assert.Equal(new PastRegistrations(0, 0), await cleanUp.Preview(world.Manager));
        await world.PassTo(Nine.AddHours(2));
        await world.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(SessionPhase.Closed, (await world.SessionNow(past.Id)).Phase);
        Assert.Equal(new PastRegistrations(2, 1), await cleanUp.Preview(world.Manager));
        Assert.Equal(new PastRegistrations(0, 0), await cleanUp.Preview(world.Stranger));
        Refused(ProblemKind.Stale, await cleanUp.Run(world.Manager, new CleanUpRequest { Expected = 3 }, null));
        Refused(ProblemKind.Invalid, await cleanUp.Run(world.Manager, new CleanUpRequest(), null));
        var balance = await world.Balance();
        Assert.Equal(new CleanUpAnswer(2, 2, 5, 3), Good(await cleanUp.Run(world.Manager, new CleanUpRequest { Expected = 2 }, null)));
        Assert.Equal(balance + 2, await world.Balance());
        foreach (var (registration, status) in new[]
        {
            (never[0], RegistrationStatus.Cancelled), (never[1], RegistrationStatus.Cancelled), (completed, RegistrationStatus.Completed),
            (cancelled, RegistrationStatus.Cancelled), (later, RegistrationStatus.Pending), (free, RegistrationStatus.Pending),
        })
        {
            Assert.Equal(status, (await world.Registration(registration.Id)).Status);
        }

        Assert.Equal(new CleanUpAnswer(0, 0, 3, 3), Good(await cleanUp.Run(world.Manager, new CleanUpRequest { Expected = 0 }, null)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_change_of_entries_by_the_manager_is_told_to_the_feeds(string kind)
    {
        await using var world = await World.New(kind);
        var (from, to) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var registered = await world.Registered(1, from);
        var place = await world.Join(from);
        Good(await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = to.Id }, null));
        Assert.Equal("moved", (await world.Kinds(from.Id)).Last());
        Assert.Equal("moved", (await world.Events(FeedNames.Entry(place.Id)))[^1].Kind);
    }
}
