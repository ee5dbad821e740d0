using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;

namespace LiveProctor.Scheduler.Tests;

/// <summary>An organisation with an administrator and a test, whose sessions the nodes of a test open and close.</summary>
internal sealed class School : IAsyncDisposable
{
    private School(TestDatabase database, TimeProvider time)
    {
        Database = database;
        Time = time;
        Changes = new Changes(database.Db, Relay, new LocalBoard(), time);
        Sessions = new SessionStore(database.Db);
    }

    public TestDatabase Database { get; }

    public TestRelay Relay { get; } = new();

    public TimeProvider Time { get; }

    public Changes Changes { get; }

    public SessionStore Sessions { get; }

    public Actor Admin { get; private set; } = Actor.System;

    public static async Task<School> New(string database, TimeProvider? time = null)
    {
        var school = new School(await TestDatabase.New(database), time ?? TimeProvider.System);
        await new FirstStart(school.Changes).Run("School", "admin@school.example", () => "no password");
        school.Admin = (await school.Changes.Run<Actor>(Actor.System, async change =>
        {
            var staff = await change.One<(string Id, string Organisation)>("SELECT id, organisation_id FROM staff");
            await change.Execute(
                """
                INSERT INTO tests (id, organisation_id, code, code_key, title, kind, sections, minutes, proctored, launch_url, delivery, simulated, created_at)
                VALUES ('t', @organisation, 'T1', 'T1', 'Test', 'practice', '[]', 30, @no, 'https://delivery.example/', 'none', @no, 0),
                       ('p', @organisation, 'P1', 'P1', 'Proctored', 'practice', '[]', 30, @yes, 'https://delivery.example/', 'none', @no, 0)
                """,
                new { organisation = staff.Organisation, no = false, yes = true });
            return new Actor(ActorKind.Staff, staff.Id, "Administrator", staff.Organisation) { Role = Role.Administrator };
        })).Value;
        return school;
    }

    public Task<Node> StartNode(string? postgres = null) => Node.Start(this, postgres ?? Database.Postgres);

    public DateTimeOffset In(double seconds) => Time.Now() + TimeSpan.FromSeconds(seconds);

    /// <summary>Creates a session, as staff do.</summary>
    public async Task<SessionView> Create(DateTimeOffset opensAt, DateTimeOffset? closesAt = null) =>
        (await new CreateSession(Changes).Run(Admin, Request(opensAt, closesAt))).Value;

    public async Task<SessionView> Move(SessionView session, DateTimeOffset opensAt, DateTimeOffset? closesAt = null)
    {
        var now = (await Sessions.Find(session.Id))!;
        return (await new EditSession(Changes).Run(Admin, session.Id, Request(opensAt, closesAt), now.Version)).Value;
    }

    /// <summary>Writes sessions whose lobby is open and whose window opens at an instant, all at once and without a word to anybody.</summary>
    public Task<Result<Done>> Write(int count, DateTimeOffset opensAt) => Changes.Run<Done>(Actor.System, async change =>
    {
        await SessionStore.InsertMany(change, [.. Enumerable.Range(0, count).Select(number => new Session
        {
            Id = Id.New(change.Now),
            OrganisationId = Admin.OrganisationId,
            Name = $"Session {number}",
            Mode = SessionMode.InPerson,
            TimeZone = "UTC",
            OpensAt = opensAt,
            ClosesAt = opensAt.AddHours(1),
            Tests = [],
            Password = "secret",
            JoinId = JoinId.New(),
            Phase = SessionPhase.LobbyOpen,
            PhaseSince = change.Now,
            CreatedAt = change.Now,
        })]);
        return new Done();
    });

    public async Task<SessionPhase> Phase(string sessionId) => (await Sessions.Find(sessionId))!.Phase;

    public Task HasPhase(string sessionId, SessionPhase phase) =>
        Eventually.True(async () => await Phase(sessionId) == phase, $"the session is {phase}", TimeSpan.FromSeconds(40));

    /// <summary>What was announced of the session, in order.</summary>
    public async Task<IReadOnlyList<FeedEvent>> Events(string sessionId) =>
        (await new FeedLog(Database.Db, Time).Read(FeedNames.Session(sessionId), 0, 1000))!.Events;

    public async Task<string> Kinds(string sessionId) => string.Join(' ', (await Events(sessionId)).Select(item => item.Kind));

    public async Task<DateTimeOffset> OpenedAt(string sessionId) =>
        (await Events(sessionId)).Single(item => item.Kind == "windowOpened").At;

    public ValueTask DisposeAsync() => Database.DisposeAsync();

    private static SessionRequest Request(DateTimeOffset opensAt, DateTimeOffset? closesAt) => new()
    {
        Name = "Session",
        Mode = SessionMode.InPerson,
        OpensAt = Iso(opensAt),
        ClosesAt = Iso(closesAt ?? opensAt.AddHours(1)),
        Tests = ["T1"],
    };

    private static string Iso(DateTimeOffset instant) =>
        instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
