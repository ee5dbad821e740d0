using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>
/// Registrations inside a change: one or a whole import in a few statements, however many they are.
/// Changes lock in this order: sessions, students, groups, registrations, the organisation's credits.
/// </summary>
public static class RegistrationStore
{
    private const string Columns = """
        id AS Id, organisation_id AS OrganisationId, student_id AS StudentId, test_code AS TestCode, session_id AS SessionId, status AS Status,
        settings AS Settings, entry_id AS EntryId, invited_at AS InvitedAt, created_at AS CreatedAt, version AS Version
        """;

    /// <summary>Those of the ids that the organisation has, locked in the order of their ids.</summary>
    /// <param name="locked">False to look without waiting for anybody.</param>
    public static async Task<IReadOnlyList<Registration>> Load(Change change, string organisationId, IReadOnlyCollection<string> ids, bool locked = true) => ids.Count == 0
        ? []
        : Read(await change.All<Row>(
            $"SELECT {Columns} FROM registrations WHERE organisation_id = @organisationId AND {change.Dialect.Among("id", "@ids")} ORDER BY id{(locked ? change.Dialect.ForUpdate : "")}",
            new { organisationId, ids = new Many(ids) }));

    /// <summary>The student's registration to the test that is pending or started, locked; null when there is none.</summary>
    /// <param name="testKey"><see cref="Catalogue.Test.Key"/>.</param>
    public static async Task<Registration?> Live(Change change, string studentId, string testKey) => (await change.Find<Row>(
        $"SELECT {Columns} FROM registrations WHERE student_id = @studentId AND test_key = @testKey AND status IN ('Pending', 'Started'){change.Dialect.ForUpdate}",
        new { studentId, testKey }))?.Registration;

    /// <summary>Every registration of the students to one of the tests that was not cancelled, locked, the oldest first.</summary>
    /// <param name="testKeys"><see cref="Catalogue.Test.Key"/>.</param>
    public static async Task<IReadOnlyList<Registration>> ToTests(Change change, IReadOnlyCollection<string> studentIds, IReadOnlyCollection<string> testKeys) => Read(await change.All<Row>(
        LockedToTests(change.Dialect, change.Dialect.Among("student_id", "@studentIds"), "@testKeys"), new { studentIds = new Many(studentIds), testKeys = new Many(testKeys) }));

    /// <summary>Adds the same question for the students of the ids that a SELECT finds.</summary>
    internal static void AskToTests(Statements ask, Dialect dialect, string students, IReadOnlyCollection<string> testKeys)
    {
        var tests = $"tests{ask.Count}";
        var parameters = new DynamicParameters();
        parameters.Add(tests, new Many(testKeys));
        ask.Add(LockedToTests(dialect, dialect.AmongFound("student_id", students), $"@{tests}"), parameters);
    }

    private static string LockedToTests(Dialect dialect, string students, string tests) =>
        $"SELECT {Columns} FROM registrations WHERE {students} AND {dialect.Among("test_key", tests)} AND status <> 'Cancelled' ORDER BY id{dialect.ForUpdate}";

    /// <summary>Reads its answer.</summary>
    internal static async Task<IReadOnlyList<Registration>> ReadToTests(SqlMapper.GridReader answers) => Read(await answers.ReadAsync<Row>());

    /// <summary>Every registration of the students to one of the tests that is pending or started, at most one a student and test.</summary>
    /// <param name="locked">False to look without waiting for anybody.</param>
    public static async Task<IReadOnlyList<Registration>> Live(
        Change change, string organisationId, IReadOnlyCollection<string> studentIds, IReadOnlyCollection<string> testKeys, bool locked = true) => studentIds.Count == 0
        ? []
        : Read(await change.All<Row>(
            $"""
            SELECT {Columns} FROM registrations WHERE organisation_id || '' = @organisationId AND status IN ('Pending', 'Started')
            AND {change.Dialect.Among("student_id", "@studentIds")} AND {change.Dialect.Among("test_key", "@testKeys")} ORDER BY id{(locked ? change.Dialect.ForUpdate : "")}
            """,
            new { organisationId, studentIds = new Many(studentIds), testKeys = new Many(testKeys) }));

    /// <summary>Every registration to the session.</summary>
    public static async Task<IReadOnlyList<Registration>> OfSession(Change change, string sessionId) =>
        Read(await change.All<Row>($"SELECT {Columns} FROM registrations WHERE session_id = @sessionId ORDER BY id", new { sessionId }));

    /// <summary>Every registration of the student, the oldest first.</summary>
    public static async Task<IReadOnlyList<Registration>> OfStudent(Change change, string organisationId, string studentId) =>
        Read(await change.All<Row>(
            $"SELECT {Columns} FROM registrations WHERE student_id = @studentId AND organisation_id = @organisationId ORDER BY id", new { studentId, organisationId }));

    /// <summary>Every registration of the students to one of the tests, whatever became of it, without waiting for anybody.</summary>
    public static async Task<IReadOnlyList<Registration>> OfStudents(Change change, string organisationId, IReadOnlyCollection<string> studentIds, IReadOnlyCollection<string> testKeys) =>
        studentIds.Count == 0
            ? []
            : Read(await change.All<Row>(
                $"""
                SELECT {Columns} FROM registrations WHERE organisation_id || '' = @organisationId
                AND {change.Dialect.Among("student_id", "@studentIds")} AND {change.Dialect.Among("test_key || ''", "@testKeys")}
                """,
                new { organisationId, studentIds = new Many(studentIds), testKeys = new Many(testKeys) }));

    /// <summary>True when somebody is registered to the session, so that who is not comes unexpected.</summary>
    public static async Task<bool> HasAny(Change change, string sessionId) => await change.One<bool>(
        "SELECT EXISTS (SELECT 1 FROM registrations WHERE session_id = @sessionId AND status <> 'Cancelled')", new { sessionId });

    /// <summary>Adds the question to which of the sessions somebody is registered; the answer is their ids.</summary>
    internal static void AskHavingAny(Statements ask, Dialect dialect, IReadOnlyCollection<string> sessionIds)
    {
        var rows = new Rows<string>(sessionIds, $"lists{ask.Count}").Text("asked", id => id);
        ask.Add(
            $"SELECT asked FROM {rows.From(dialect)} WHERE EXISTS (SELECT 1 FROM registrations WHERE session_id = asked AND status <> 'Cancelled')", rows.Parameters(dialect));
    }

    /// <summary>How many are registered to each of the sessions, the cancelled ones apart.</summary>
    public static async Task<IReadOnlyDictionary<string, int>> CountBySession(Change change, IReadOnlyCollection<string> sessionIds) => sessionIds.Count == 0
        ? new Dictionary<string, int>(StringComparer.Ordinal)
        : (await change.All<(string Id, long Count)>(
            $"SELECT session_id, count(*) FROM registrations WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND status <> 'Cancelled' GROUP BY session_id",
            new { sessionIds = new Many(sessionIds) }))
        .ToDictionary(row => row.Id, row => (int)row.Count, StringComparer.Ordinal);

    /// <summary>Adds registrations.</summary>
    /// <returns>How many were added: fewer than given when a student has a registration to the test that is pending or started.</returns>
    public static async Task<int> Insert(Change change, IReadOnlyCollection<Registration> registrations)
    {
        var rows = new Rows<Registration>([.. registrations.OrderBy(registration => registration.StudentId, StringComparer.Ordinal)])
            .Text("id", registration => registration.Id).Text("organisation_id", registration => registration.OrganisationId)
            .Text("student_id", registration => registration.StudentId).Text("test_code", registration => registration.TestCode)
            .Text("test_key", registration => Catalogue.Test.Key(registration.TestCode)).Text("session_id", registration => registration.SessionId)
            .Text("status", registration => registration.Status.ToString()).Text("settings", registration => Json.Write(registration.Settings))
            .Text("entry_id", registration => registration.EntryId).Instant("invited_at", registration => registration.InvitedAt)
            .Instant("created_at", registration => registration.CreatedAt).Number("version", registration => registration.Version);
        const string columns = "id, organisation_id, student_id, test_code, test_key, session_id, status, settings, entry_id, invited_at, created_at, version";
        return registrations.Count == 0
            ? 0
            : await change.Execute(
                $"INSERT INTO registrations ({columns}) SELECT {columns} FROM {rows.From(change.Dialect)} WHERE true ORDER BY position ON CONFLICT DO NOTHING",
                rows.Parameters(change.Dialect));
    }

    /// <summary>Writes registrations that the change has locked over what they were.</summary>
    public static async Task Save(Change change, IReadOnlyCollection<Registration> registrations)
    {
        if (registrations.Count == 0)
        {
            return;
        }

        var rows = new Rows<Registration>(registrations)
            .Text("saved", registration => registration.Id).Text("session_id", registration => registration.SessionId).Text("status", registration => registration.Status.ToString())
            .Text("settings", registration => Json.Write(registration.Settings)).Text("entry_id", registration => registration.EntryId)
            .Instant("invited_at", registration => registration.InvitedAt).Number("version", registration => registration.Version);
        var sql = $"""
            UPDATE registrations SET session_id = rows.session_id, status = rows.status, settings = rows.settings, entry_id = rows.entry_id,
                                     invited_at = rows.invited_at, version = rows.version
            FROM {rows.From(change.Dialect)} WHERE registrations.id = rows.saved
            """;
        await change.Execute(sql, rows.Parameters(change.Dialect));
    }

    /// <summary>Leaves the registrations of locked sessions that were never started without a session: they can be started at any time.</summary>
    /// <returns>As they were before.</returns>
    public static async Task<IReadOnlyList<Registration>> Detach(Change change, IReadOnlyCollection<string> sessionIds)
    {
        var where = $"status = 'Pending' AND {change.Dialect.Among("session_id", "@sessionIds")}";
        var parameters = new { sessionIds = new Many(sessionIds) };
        var detached = Read(await change.All<Row>($"SELECT {Columns} FROM registrations WHERE {where} ORDER BY id{change.Dialect.ForUpdate}", parameters));
        await change.Execute($"UPDATE registrations SET session_id = NULL, entry_id = NULL, version = version + 1 WHERE {where}", parameters);
        return detached;
    }

    private static IReadOnlyList<Registration> Read(IEnumerable<Row> rows) => [.. rows.Select(row => row.Registration)];

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string OrganisationId { get; init; } = "";

        public string StudentId { get; init; } = "";

        public string TestCode { get; init; } = "";

        public string? SessionId { get; init; }

        public string Status { get; init; } = "";

        public string Settings { get; init; } = "";

        public string? EntryId { get; init; }

        public DateTimeOffset? InvitedAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public long Version { get; init; }

        public Registration Registration => new()
        {
            Id = Id, OrganisationId = OrganisationId, StudentId = StudentId, TestCode = TestCode, SessionId = SessionId, Status = Enum.Parse<RegistrationStatus>(Status),
            Settings = Json.Read<Dictionary<string, string>>(Settings), EntryId = EntryId, InvitedAt = InvitedAt, CreatedAt = CreatedAt, Version = Version,
        };
    }
}
