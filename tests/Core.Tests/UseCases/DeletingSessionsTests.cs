using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Tests.Notifications;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class DeletingSessionsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Two_hundred_sessions_with_three_thousand_registrations_are_deleted_in_one_operation_and_every_registration_is_kept(string kind)
    {
        await using var world = await World.New(kind);
        var sessions = new List<SessionView>();
        for (var index = 0; index < 200; index++)
        {
            var number = index;
            sessions.Add(await world.Session(form => form with { Name = $"Session {number:000}" }));
        }

        await Register(world, sessions, 15);
        var delete = new DeleteSessions(world.Changes);
        var preview = Good(await new PreviewDeletion(world.Db, new Pigeons()).Run(world.Manager, [.. sessions.Select(session => session.Id)]));
        Assert.Equal((200, 3000), (preview.Sessions, preview.Registrations));
        var once = new Once("staff", "key", "body");

        var answer = Good(await delete.Run(world.Manager, All(sessions), once));

        Assert.Equal(sessions.Select(session => (session.Id, "deleted")), answer.Results.Select(result => (result.Id, result.Outcome)));
        Assert.Equal(3000, answer.Registrations);
        Assert.Empty(Good(await world.List.Run(world.Manager, new SessionListQuery { ShowOld = true })).Items);
        Assert.Equal(3000, await Count(world, "status = 'Pending' AND session_id IS NULL"));
        foreach (var session in sessions)
        {
            Assert.Equal("deleted", (await world.Kinds(session.Id)).Last());
            var audit = await Audit(world, session.Id, "deleted");
            Assert.Contains("\"registrations\":15", audit, StringComparison.Ordinal);
        }

        Assert.Equivalent(answer, Good(await delete.Run(world.Manager, All(sessions), once)));
        var again = Good(await delete.Run(world.Manager, All(sessions)));
        Assert.All(again.Results, result => Assert.Equal("gone", result.Outcome));
        Assert.Equal(0, again.Registrations);
        Assert.Equal(1L, await CountAudit(world, sessions[0].Id, "deleted"));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_runs_was_changed_or_is_somebody_elses_stays_and_says_why(string kind)
    {
        await using var world = await World.New(kind);
        var running = await world.Open();
        var changed = await world.Session();
        Good(await world.Edit.Run(world.Manager, changed.Id, world.Form with { Name = "Changed" }, changed.Version));
        var theirs = await Foreign(world);
        var foreign = await world.Session(form => form with { Proctors = [], Tests = [theirs] }, by: world.Stranger);
        var free = await world.Session();
        await Register(world, [running, changed, free], 2);
        SessionView[] all = [running with { Version = 3 }, changed, foreign, free];

        var preview = Good(await new PreviewDeletion(world.Db, new Pigeons()).Run(world.Manager, [.. all.Select(session => session.Id)]));
        Assert.Equal((2, 4), (preview.Sessions, preview.Registrations));
        Assert.Equal(running.Id, Assert.Single(preview.Refused).Id);
        var answer = Good(await new DeleteSessions(world.Changes).Run(world.Manager, All(all)));

        Assert.Equal(["running", "stale", "gone", "deleted"], answer.Results.Select(result => result.Outcome));
        Assert.Equal(2, answer.Registrations);
        Assert.NotNull(await world.Sessions.Find(foreign.Id));
        Assert.NotNull(await world.Sessions.Find(running.Id));
        Assert.Equal(4, await Count(world, "session_id IS NOT NULL"));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Deleting_one_leaves_its_registrations_without_a_session_but_not_those_that_were_started(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        await Register(world, [session], 3);
        await world.Db.Write(async (connection, transaction) =>
            (await Dapper.SqlMapper.ExecuteAsync(connection, "UPDATE registrations SET status = 'Completed' WHERE id = @id", new { id = $"{session.Id[..20]}0" }, transaction), true));

        Good(await world.Delete.Run(world.Manager, session.Id, session.Version));

        Assert.Equal(2, await Count(world, "session_id IS NULL AND status = 'Pending'"));
        Assert.Equal(1, await Count(world, "session_id IS NOT NULL AND status = 'Completed'"));
    }

    [Fact]
    public async Task The_count_must_be_typed_each_session_named_once_and_a_manager_must_ask()
    {
        await using var world = await World.New("sqlite");
        var session = await world.Session();
        var delete = new DeleteSessions(world.Changes);

        Assert.Equal("confirm", Assert.Single(Refused(ProblemKind.Invalid, await delete.Run(world.Manager, All([session]) with { Confirm = 2 })).Fields).Key);
        Assert.Contains("confirm", Refused(ProblemKind.Invalid, await delete.Run(world.Manager, All([session]) with { Confirm = null })).Fields.Keys);
        Assert.Contains("sessions", Refused(ProblemKind.Invalid, await delete.Run(world.Manager, All([session, session]))).Fields.Keys);
        Assert.Contains("sessions", Refused(ProblemKind.Invalid, await delete.Run(world.Manager, All([]))).Fields.Keys);
        Refused(ProblemKind.Forbidden, await delete.Run(world.Ada, All([session])));
        Refused(ProblemKind.Forbidden, await new PreviewDeletion(world.Db, new Pigeons()).Run(world.Ada, [session.Id]));
        Assert.NotNull(await world.Sessions.Find(session.Id));
    }

    private static DeleteSessionsRequest All(IReadOnlyCollection<SessionView> sessions) =>
        new() { Sessions = [.. sessions.Select(session => new SessionRef(session.Id, session.Version))], Confirm = sessions.Count };

    private static async Task<string> Foreign(World world)
    {
        const string code = "THEIRS";
        Good(await new Catalogue.CreateTest(world.Changes).Run(world.Stranger, new Catalogue.NewTest
        {
            Code = code, Title = "Theirs", Kind = TestKind.Operational, Sections = [new Catalogue.NewSection("One", false)], Minutes = 60, LaunchUrl = "https://tests.example/",
        }, null));
        return code;
    }

    // By hand: what is tested is what becomes of them.
    private static Task Register(World world, IReadOnlyCollection<SessionView> sessions, int each) => world.Db.Write(async (connection, transaction) =>
    {
        var organisationId = world.Manager.OrganisationId;
        foreach (var (session, index) in sessions.SelectMany(session => Enumerable.Range(0, each).Select(index => (session, index))))
        {
            var id = $"{session.Id[..20]}{session.Id[^8..]}{index}";
            id = each == 3 ? $"{session.Id[..20]}{index}" : id;
            await Dapper.SqlMapper.ExecuteAsync(
                connection,
                """
                INSERT INTO students (id, organisation_id, external_id, external_key, given_name, family_name, settings, created_at, user_id, page_secret)
                VALUES (@id, @organisationId, @id, @id, 'Mia', 'Berg', '{}', 0, @id, @id)
                """,
                new { id, organisationId },
                transaction);
            await Dapper.SqlMapper.ExecuteAsync(
                connection,
                """
                INSERT INTO registrations (id, organisation_id, student_id, test_code, test_key, session_id, status, settings, created_at, version)
                VALUES (@id, @organisationId, @id, 'MATH-7', 'MATH-7', @sessionId, 'Pending', '{}', 0, 1)
                """,
                new { id, organisationId, sessionId = session.Id },
                transaction);
        }

        return (0, true);
    });

    private static Task<long> Count(World world, string condition) =>
        world.Db.Read(connection => Dapper.SqlMapper.ExecuteScalarAsync<long>(connection, $"SELECT count(*) FROM registrations WHERE {condition}"));

    private static Task<string> Audit(World world, string sessionId, string action) => world.Db.Read(async connection =>
        (await Dapper.SqlMapper.ExecuteScalarAsync<string>(
            connection, "SELECT details FROM audit WHERE chain = @chain AND action = @action", new { chain = FeedNames.Session(sessionId), action }))!);

    private static Task<long> CountAudit(World world, string sessionId, string action) => world.Db.Read(connection =>
        Dapper.SqlMapper.ExecuteScalarAsync<long>(
            connection, "SELECT count(*) FROM audit WHERE chain = @chain AND action = @action", new { chain = FeedNames.Session(sessionId), action }));
}
