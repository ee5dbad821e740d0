using Dapper;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>How a test stands on the student's own page (product.md section 4).</summary>
public enum OwnTestState
{
    /// <summary>Its session's lobby opens later.</summary>
    Locked,
    Startable,
    InProgress,
    Done,

    /// <summary>Its session is over or was cancelled, and the test was not handed in.</summary>
    Closed,
}

/// <summary>A test that the student is registered to.</summary>
/// <param name="OpensAt">With the times after it only where it belongs to a session.</param>
/// <param name="AsksCode">Whether the session code is asked at the start.</param>
public sealed record OwnTest(
    string Id, string TestCode, string Title, TestKind? Kind, int? Minutes, OwnTestState State, string? SessionName, DateTimeOffset? OpensAt, DateTimeOffset? ClosesAt,
    DateTimeOffset? LobbyOpensAt, string? TimeZone, bool AsksCode);

/// <summary>A practice test that anybody with an own page may try.</summary>
public sealed record OwnPractice(string TestCode, string Title, int Minutes);

/// <summary>Whose page it is.</summary>
/// <param name="Language">en, es, fr, or empty.</param>
public sealed record OwnStudent(string GivenName, string FamilyName, string Language);

/// <summary>The student's own page: <c>GET /api/v1/my/{secret}</c>.</summary>
/// <param name="Now">The server's clock, for the countdowns.</param>
public sealed record OwnPageView(OwnStudent Student, DateTimeOffset Now, IReadOnlyList<OwnTest> Registrations, IReadOnlyList<OwnPractice> Practice);

/// <summary>What the student's own page shows. Its secret is the student's whole credential. Problems: notFound, throttled.</summary>
public sealed class OwnPage(Db db, JoinThrottle throttle, TimeProvider time)
{
    public Task<Result<OwnPageView>> Run(string secret, string address) => throttle.Guard<OwnPageView>(address, async () =>
        await Find(secret) is { } owner
            ? new OwnPageView(new OwnStudent(owner.GivenName, owner.FamilyName, owner.Language), time.Now(), await Tests(owner.Id), await Practice(owner.OrganisationId))
            : Missing);

    /// <summary>How a registration stands. Pure.</summary>
    /// <param name="session">The session that it belongs to or was started in; null when there is none.</param>
    /// <param name="underWay">True while the student waits or is tested. Who left, or was turned away, may come again.</param>
    public static OwnTestState StateOf(Registration registration, Session? session, bool underWay) => (registration.Status, session?.Phase) switch
    {
        (RegistrationStatus.Completed, _) => OwnTestState.Done,
        (_, SessionPhase.Closed or SessionPhase.Cancelled) when registration.SessionId is not null => OwnTestState.Closed,
        (_, SessionPhase.Draining) when registration.SessionId is not null && !underWay => OwnTestState.Closed,
        _ when underWay => OwnTestState.InProgress,
        (_, SessionPhase.Scheduled) when registration.SessionId is not null => OwnTestState.Locked,
        _ => OwnTestState.Startable,
    };

    /// <summary>That there is no such page, in the student's words.</summary>
    internal static Problem Missing => new(ProblemKind.NotFound, "This link does not lead to a page any more. Ask who invited you for a new one.");

    /// <summary>Whose page the secret opens; null when it opens none.</summary>
    internal async Task<Owner?> Find(string secret)
    {
        const string sql = """
            SELECT id AS Id, organisation_id AS OrganisationId, given_name AS GivenName, family_name AS FamilyName, language AS Language
            FROM students WHERE page_secret = @secret AND NOT deleted
            """;
        return Id.Plausible(secret) ? await db.Read(connection => connection.QuerySingleOrDefaultAsync<Owner>(sql, new { secret })) : null;
    }

    /// <summary>The tests that the student is registered to.</summary>
    /// <param name="sessionId">Only those of this session; null for all.</param>
    internal async Task<IReadOnlyList<OwnTest>> Tests(string studentId, string? sessionId = null)
    {
        var sql = $"""
            SELECT registrations.id AS Id, registrations.test_code AS TestCode, registrations.session_id AS SessionId, registrations.status AS Status,
                   sessions.document AS Session, entries.id AS EntryId, tests.title AS Title, tests.kind AS Kind, tests.minutes AS Minutes
            FROM registrations
            LEFT JOIN entries ON entries.organisation_id = registrations.organisation_id AND entries.student_key = registrations.student_id
                             AND entries.test_code = registrations.test_code AND entries.active
            LEFT JOIN sessions ON sessions.id = COALESCE(registrations.session_id, entries.session_id) AND NOT sessions.deleted
            LEFT JOIN tests ON tests.organisation_id = registrations.organisation_id AND tests.code_key = registrations.test_key
            WHERE registrations.student_id = @studentId AND registrations.status <> 'Cancelled' {(sessionId is null ? "" : "AND registrations.session_id = @sessionId")}
            ORDER BY registrations.id
            """;
        var rows = await db.Read(connection => connection.QueryAsync<Row>(sql, new { studentId, sessionId }));
        return [.. rows.Select(row => Shown(row)).OrderBy(test => test.State).ThenBy(test => test.OpensAt)];
    }

    /// <summary>Where the test of a registration is to be started; null when the student has no such registration.</summary>
    internal async Task<OwnPlace?> Place(Owner owner, string registrationId)
    {
        const string sql = """
            SELECT registrations.test_code AS TestCode, registrations.session_id AS SessionId, sessions.id AS AloneIn
            FROM registrations
            LEFT JOIN entries ON entries.id = registrations.entry_id AND entries.state = 'Withdrawn'
            LEFT JOIN sessions ON sessions.id = entries.session_id AND sessions.individual AND sessions.phase = 'Open'
            WHERE registrations.id = @registrationId AND registrations.student_id = @student AND registrations.status <> 'Cancelled'
            """;
        var place = await db.Read(connection => connection.QuerySingleOrDefaultAsync<OwnPlace>(sql, new { registrationId, student = owner.Id }));
        return place is { SessionId: null } ? place with { AloneIn = place.AloneIn ?? await AloneIn(owner, place.TestCode) } : place;
    }

    /// <summary>The student's individual session in which the test is under way; null when there is none.</summary>
    internal async Task<string?> AloneIn(Owner owner, string testCode)
    {
        const string sql = """
            SELECT sessions.id, entries.test_code FROM entries JOIN sessions ON sessions.id = entries.session_id
            WHERE entries.organisation_id = @organisation AND entries.student_key = @student AND entries.active AND sessions.individual
            """;
        var rows = await db.Read(connection => connection.QueryAsync<(string SessionId, string TestCode)>(sql, new { organisation = owner.OrganisationId, student = owner.Id }));
        return rows.FirstOrDefault(row => Test.Key(row.TestCode) == Test.Key(testCode)).SessionId;
    }

    private static OwnTest Shown(Row row)
    {
        var session = row.Session is null ? null : Json.Read<Session>(row.Session);
        var registration = new Registration
        {
            Id = row.Id, OrganisationId = "", StudentId = "", TestCode = row.TestCode, SessionId = row.SessionId, Status = Enum.Parse<RegistrationStatus>(row.Status), CreatedAt = default,
        };
        var test = session?.Tests.FirstOrDefault(test => Test.Key(test.Code) == Test.Key(row.TestCode));
        var planned = row.SessionId is null ? null : session;
        return new OwnTest(
            row.Id, row.TestCode, test?.Title ?? row.Title ?? row.TestCode, test?.Kind ?? (row.Kind is null ? null : Enum.Parse<TestKind>(row.Kind, ignoreCase: true)),
            test?.Minutes ?? (int?)row.Minutes, StateOf(registration, session, row.EntryId is not null), planned?.Name, planned?.OpensAt, planned?.ClosesAt, planned?.LobbyOpensAt, planned?.TimeZone,
            planned?.Code is not null);
    }

    private async Task<IReadOnlyList<OwnPractice>> Practice(string organisationId) => [.. (await db.Read(connection => connection.QueryAsync<(string Code, string Title, long Minutes)>(
        "SELECT code, title, minutes FROM tests WHERE organisation_id = @organisationId AND lower(kind) = 'practice' AND NOT simulated ORDER BY code_key LIMIT 50", new { organisationId })))
        .Select(row => new OwnPractice(row.Code, row.Title, (int)row.Minutes))];

    /// <summary>Whose page it is.</summary>
    internal sealed record Owner(string Id, string OrganisationId, string GivenName, string FamilyName, string Language);

    private sealed record Row
    {
        public string Id { get; init; } = "";

        public string TestCode { get; init; } = "";

        public string? SessionId { get; init; }

        public string Status { get; init; } = "";

        public string? Session { get; init; }

        /// <summary>The entry by which the student waits or is tested; null when there is none.</summary>
        public string? EntryId { get; init; }

        public string? Title { get; init; }

        public string? Kind { get; init; }

        public long? Minutes { get; init; }
    }
}

/// <summary>Where a test is started.</summary>
/// <param name="SessionId">The session that the registration belongs to; null for none.</param>
/// <param name="AloneIn">Without one: the individual session in which it is under way, or that the student left; null when there is none.</param>
internal sealed record OwnPlace(string TestCode, string? SessionId, string? AloneIn);
