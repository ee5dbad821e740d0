using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>What the rows of a file of registrations speak of, looked up for some hundred rows at once.</summary>
internal sealed class RegistrationRoster
{
    private readonly IReadOnlyDictionary<string, string> students;
    private readonly Dictionary<string, string> tests;
    private readonly Dictionary<(string Student, string TestKey), Registration> latest;
    private readonly Dictionary<string, string> sessionNames;
    private readonly ILookup<string, Session> byJoinId;
    private readonly SessionNames byName;

    private RegistrationRoster(
        IReadOnlyDictionary<string, string> students, Dictionary<string, string> tests, IEnumerable<Registration> registrations, Dictionary<string, string> sessionNames,
        IEnumerable<Session> joined, SessionNames byName, long credits)
    {
        this.students = students;
        this.tests = tests;
        this.sessionNames = sessionNames;
        this.byName = byName;
        byJoinId = joined.ToLookup(session => session.JoinId, StringComparer.Ordinal);
        latest = registrations.GroupBy(registration => (registration.StudentId, Catalogue.Test.Key(registration.TestCode)))
            .ToDictionary(group => group.Key, group => group.OrderBy(Rank).ThenByDescending(registration => registration.Id, StringComparer.Ordinal).First());
        Credits = credits;
    }

    /// <summary>How many registrations can still be made.</summary>
    public long Credits { get; }

    public static async Task<RegistrationRoster> Load(Change change, string organisationId, IEnumerable<string> externalIds, IEnumerable<string> testCodes, IEnumerable<string> sessions)
    {
        var dialect = change.Dialect;
        var testKeys = testCodes.Select(Catalogue.Test.Key).Distinct(StringComparer.Ordinal).ToArray();
        var sessionCells = sessions.Where(cell => cell.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var studentIds = await StudentStore.Ids(change, organisationId, externalIds.Select(Students.Student.Key).ToHashSet(StringComparer.Ordinal));
        var codes = (await change.All<(string Key, string Code)>(
            $"SELECT code_key, code FROM tests WHERE organisation_id = @organisationId AND NOT simulated AND {dialect.In("code_key", "@testKeys")}",
            new { organisationId, testKeys })).ToDictionary(row => row.Key, row => row.Code, StringComparer.Ordinal);
        var registrations = await RegistrationStore.OfStudents(change, organisationId, [.. studentIds.Values], testKeys);

        var names = await SessionNames.Load(change, organisationId, sessionCells.Select(SessionStore.NameKey), forChange: false);
        var joinIds = sessionCells.Select(JoinId.Parse).OfType<string>().ToArray();
        var joined = await change.All<string>(
            $"SELECT document FROM sessions WHERE organisation_id = @organisationId AND NOT deleted AND NOT simulated AND NOT individual AND {dialect.In("join_id", "@joinIds")}", new { organisationId, joinIds });
        var linked = registrations.Select(registration => registration.SessionId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var sessionNamesById = (await change.All<(string Id, string Name)>($"SELECT id, name FROM sessions WHERE organisation_id = @organisationId AND {dialect.In("id", "@linked")}", new { organisationId, linked }))
            .ToDictionary(row => row.Id, row => row.Name, StringComparer.Ordinal);
        var credits = await change.One<long>("SELECT credits FROM organisations WHERE id = @organisationId", new { organisationId });
        return new RegistrationRoster(studentIds, codes, registrations, sessionNamesById, joined.Select(Json.Read<Session>), names, credits);
    }

    /// <summary>The student's id; null when there is none.</summary>
    public string? Student(string externalId) => students.GetValueOrDefault(Students.Student.Key(externalId));

    /// <summary>The test's code as the catalogue has it; null when there is none.</summary>
    public string? Test(string code) => tests.GetValueOrDefault(Catalogue.Test.Key(code));

    /// <summary>The registration that counts: the one that is pending or started, else the latest that was completed, else the latest.</summary>
    public Registration? Latest(string studentId, string testCode) => latest.GetValueOrDefault((studentId, Catalogue.Test.Key(testCode)));

    public string SessionName(string? id) => id is null ? "" : sessionNames.GetValueOrDefault(id, "");

    /// <summary>The session of a name or join ID, or why it cannot be told; neither for an empty cell.</summary>
    public (Session? Session, string? Wrong) Session(string cell)
    {
        if (cell.Length == 0)
        {
            return (null, null);
        }

        if (JoinId.Parse(cell) is { } joinId && byJoinId[joinId].OrderBy(session => session.Ended).FirstOrDefault() is { } joined)
        {
            return (joined, null);
        }

        return byName.Live(cell) switch
        {
            [var session] => (session, null),
            [] => (null, byName.Over(cell).Any() ? $"The session “{cell}” is over." : $"There is no session called “{cell}”, nor one with this join ID."),
            var several => (null, $"{several.Count} sessions are called “{cell}”. Write the join ID of the one that is meant."),
        };
    }

    private static int Rank(Registration registration) => registration.Status switch
    {
        RegistrationStatus.Pending or RegistrationStatus.Started => 0,
        RegistrationStatus.Completed => 1,
        _ => 2,
    };
}
