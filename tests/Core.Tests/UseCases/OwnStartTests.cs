using Dapper;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Starts without a session: what happens beside them at the same moment, and what is left of them.</summary>
public sealed class OwnStartTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task Devices_that_start_at_the_same_instant_hold_one_test_after_each_other(string kind)
    {
        await using var world = await World.New(kind);
        var registered = await world.Registered(1);
        var secret = await world.PageSecret(1);
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => world.StartOwn.Run(secret, registered.Id, new OwnStartRequest(), Address))));
        Assert.Single(answers.Select(answer => Good(answer).EntryId).Distinct(StringComparer.Ordinal));
        Assert.Equal(Enumerable.Range(1, 6), answers.Select(answer => answer.Value.Device).Order());
        Assert.Single(await world.Individual());
        var tried = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => world.StartOwn.Practice(secret, new OwnPracticeRequest(Practice), Address))));
        Assert.Single(tried.Select(answer => Good(answer).EntryId).Distinct(StringComparer.Ordinal));
        Assert.Equal(2, (await world.Individual()).Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_start_beside_whatever_a_manager_does_leaves_one_truth_and_no_hidden_session(string kind)
    {
        await using var world = await World.New(kind);
        var (open, later) = (await world.Open(form => form with { Tests = [Undelivered] }), await world.Session(form => form with { Name = "Later", Tests = [Undelivered] }));
        for (var student = 1; student <= 16; student++)
        {
            var (registered, secret) = (await world.Registered(student, test: Undelivered), await world.PageSecret(student));
            var (row, beside) = (await world.Known(student), student % 4);
            var start = Task.Run(() => world.StartOwn.Run(secret, registered.Id, new OwnStartRequest(), Address));
            var act = Task.Run<Problem?>(async () => beside switch
            {
                0 => (await world.Registrations.CancelOne(world.Manager, registered.Id, null)).Problem,
                1 => (await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = open.Id }, null)).Problem,
                2 => (await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = later.Id }, null)).Problem,
                _ => (await new DeleteStudent(world.Changes).Run(world.Manager, row.Id, row.Version)).Problem,
            });
            await Task.WhenAll(start, act);
            var (started, problem) = (await start, await act);
            Assert.True(problem is null || problem.Kind == ProblemKind.Stale || problem.Kind == ProblemKind.StudentBusy, problem?.Detail);
            Assert.True(
                started.Problem is not { } refused || refused.Kind == ProblemKind.NotFound || refused.Kind == ProblemKind.LobbyNotOpen, started.Problem?.Detail);
            var now = await world.Registration(registered.Id);
            Assert.True(problem is not null || (now.Status, now.SessionId) == (beside is 0 or 3 ? RegistrationStatus.Cancelled : RegistrationStatus.Pending, beside switch { 1 => open.Id, 2 => later.Id, _ => null }));
            await OneTruth(world);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_of_its_own_ends_with_its_test(string kind)
    {
        await using var world = await World.New(kind);
        var registered = await world.Registered(1);
        var place = Good(await world.Start(1, registered.Id));
        Good(await world.Redeem.Run(world.Delivery, Good(await world.FetchToken.Run(await world.Caller(place))).Token));
        Task<Result<ProgressAnswer>> Report(long sequence, ReportKind report) =>
            world.Progress.Run(world.Delivery, new ProgressRequest { EntryId = place.EntryId, Attempt = 1, Sequence = sequence, Kind = report });
        Good(await Report(1, ReportKind.Started));
        Assert.Equal(SessionPhase.Open, Assert.Single(await world.Individual()).Phase);
        Good(await Report(2, ReportKind.Submitted));
        var session = Assert.Single(await world.Individual());
        Assert.Equal(SessionPhase.Closed, session.Phase);
        Assert.Equal(["submitted", "draining", "closed"], (await world.Kinds(session.Id)).TakeLast(3));
        Assert.Equal(RegistrationStatus.Completed, (await world.Registration(registered.Id)).Status);
        Refused(ProblemKind.AlreadyDone, await world.Start(1, registered.Id));
        Assert.False(Good(await Report(2, ReportKind.Submitted)).Accepted);
        Assert.Equal(0, await world.RunDue.Run());
        await world.Pass(TimeSpan.FromDays(3));
        Assert.Equal(session, (await world.Individual())[0] with { Tests = session.Tests, Proctors = session.Proctors, Broadcasts = session.Broadcasts, FormerPasswords = session.FormerPasswords });
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_left_a_test_of_their_own_goes_on_where_it_is(string kind)
    {
        await using var world = await World.New(kind);
        var registered = await world.Registered(1);
        var place = Good(await world.Start(1, registered.Id));
        Good(await world.Student.Withdraw(await world.Caller(place)));
        var again = Good(await world.Start(1, registered.Id));
        Assert.Equal((place.EntryId, EntryState.Approved), (again.EntryId, again.State));
        Assert.Equal(SessionPhase.Open, Assert.Single(await world.Individual()).Phase);
        Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null));
        Assert.Equal(SessionPhase.Closed, Assert.Single(await world.Individual()).Phase);
        Refused(ProblemKind.NotFound, await world.Start(1, registered.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_else_comes_into_a_session_of_ones_own(string kind)
    {
        await using var world = await World.New(kind);
        var place = Good(await world.Start(1, (await world.Registered(1)).Id));
        var session = Assert.Single(await world.Individual());
        foreach (var student in new[] { 1, 2 })
        {
            var (id, name) = await world.StudentOf(student);
            Refused(ProblemKind.NotFound, await world.JoinLobby.Run(new JoinRequest(JoinId: place.JoinId, StudentId: id, FirstName: name), Address));
        }

        var userId = (await world.Known(2)).UserId;
        Refused(ProblemKind.NotFound, await world.JoinLobby.Run(new JoinRequest(JoinId: place.JoinId, UserId: userId, Password: session.Password), Address));
        Assert.Single(await world.Entries.OfSession(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_whose_session_is_deleted_at_the_same_instant_is_started_without_one(string kind)
    {
        await using var world = await World.New(kind);
        for (var student = 1; student <= 6; student++)
        {
            var session = await world.Session(form => form with { Tests = [Undelivered] });
            var (registered, secret) = (await world.Registered(student, session, Undelivered), await world.PageSecret(student));
            var start = Task.Run(() => world.StartOwn.Run(secret, registered.Id, new OwnStartRequest(), Address));
            Good(await world.Delete.Run(world.Manager, session.Id, session.Version));
            Assert.True(!(await start).Failed(out var problem) || problem.Kind == ProblemKind.LobbyNotOpen, problem?.Detail);
            await OneTruth(world);
        }
    }

    /// <summary>Whatever happened at the same time: who is in a test is entitled to it, and every session of one's own has its one entry.</summary>
    private static async Task OneTruth(World world)
    {
        var entries = (await world.Db.Read(connection => connection.QueryAsync<string>("SELECT document FROM entries"))).Select(Json.Read<Entry>).ToList();
        foreach (var entry in entries.Where(entry => entry.Active))
        {
            var registration = await world.Registration(entry.RegistrationId!);
            Assert.True(registration.Status is RegistrationStatus.Pending or RegistrationStatus.Started, $"The registration of an entry that is {entry.State} is {registration.Status}.");
            Assert.Equal(entry.Id, registration.EntryId);
            Assert.NotNull(await world.Students.Find(world.Manager.OrganisationId, entry.Student.Id!));
        }

        Assert.Distinct(entries.Where(entry => entry.Active).Select(entry => entry.Student.Key));
        foreach (var session in await world.Individual())
        {
            var here = Assert.Single(entries, entry => entry.SessionId == session.Id);
            Assert.Equal(here.Ended, session.Phase == SessionPhase.Closed);
        }
    }
}
