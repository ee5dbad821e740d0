using System.Data.Common;
using System.Text;
using Dapper;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>What the list of registrations is asked for.</summary>
/// <param name="Search">Part of a student's ID, user ID or name; empty for all.</param>
public sealed record RegistrationQuery(
    string Search = "", string? SessionId = null, string? StudentId = null, string? GroupId = null, string? TestCode = null, RegistrationStatus? Status = null,
    bool WithoutSession = false, string? Cursor = null, int Limit = 50);

/// <summary>The registrations that the caller may see, by page: those of a session by the students' IDs, all others with the newest first. Problems: invalid.</summary>
public sealed class ListRegistrations(Db db)
{
    /// <summary>The longest page.</summary>
    public const int MostPerPage = 200;

    private const string Columns = """
        registrations.id AS Id, registrations.status AS Status, registrations.test_code AS TestCode, tests.title AS TestTitle, registrations.session_id AS SessionId,
        registrations.settings AS Settings, registrations.entry_id AS EntryId, registrations.invited_at AS InvitedAt, registrations.created_at AS CreatedAt,
        registrations.version AS Version, registrations.student_id AS StudentId, students.external_id AS ExternalId, students.external_key AS ExternalKey,
        students.user_id AS UserId, students.given_name AS GivenName, students.family_name AS FamilyName, students.email AS Email
        """;

    private const string Tables = """
        registrations JOIN students ON students.id = registrations.student_id
        LEFT JOIN tests ON tests.organisation_id = registrations.organisation_id AND tests.code_key = registrations.test_key
        """;

    public async Task<Result<Page<RegistrationView>>> Run(Actor actor, RegistrationQuery query)
    {
        var ofSession = query.SessionId is not null;
        var list = ofSession ? "registrationsOfSession" : "registrations";
        if (Cursor.Read(list, query.Cursor) is not { } after || (after.Length > 0 && ofSession && !after.Contains('|', StringComparison.Ordinal)))
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        var where = new StringBuilder("registrations.organisation_id = @organisationId");
        var parameters = new DynamicParameters(new
        {
            organisationId = actor.OrganisationId, staffId = actor.Id, query.SessionId, query.StudentId, query.GroupId, testKey = query.TestCode is null ? null : Test.Key(query.TestCode),
            status = query.Status?.ToString(), pattern = Dialect.Anywhere(query.Search), take = query.Limit + 1,
        });
        void And(bool wanted, string condition)
        {
            if (wanted)
            {
                where.Append(" AND ").Append(condition);
            }
        }

        And(actor.Role == Role.Proctor, "registrations.session_id IN (SELECT session_id FROM session_proctors WHERE staff_id = @staffId)");
        And(ofSession, "registrations.session_id = @SessionId");
        And(query.StudentId is not null, "registrations.student_id = @StudentId");
        And(query.GroupId is not null, "registrations.student_id IN (SELECT student_id FROM group_members WHERE group_id = @GroupId)");
        And(query.TestCode is not null, "registrations.test_key = @testKey");
        And(query.Status is not null, "registrations.status = @status");
        And(query.WithoutSession, "registrations.session_id IS NULL");
        And(query.Search.Length > 0, $"({db.Dialect.Contains("students.external_id", "@pattern")} OR {db.Dialect.Contains("students.user_id", "@pattern")} OR {db.Dialect.Contains("students.given_name || ' ' || students.family_name", "@pattern")})");
        if (after.Length > 0)
        {
            var bar = after.LastIndexOf('|');
            parameters.Add("afterId", after[(bar + 1)..]);
            parameters.Add("afterKey", bar < 0 ? "" : after[..bar]);
            And(true, ofSession ? "(students.external_key, registrations.id) > (@afterKey, @afterId)" : "registrations.id < @afterId");
        }

        var sql = $"SELECT {Columns} FROM {Tables} WHERE {where} ORDER BY {(ofSession ? "students.external_key, registrations.id" : "registrations.id DESC")} LIMIT @take";
        return await db.ReadConsistently(async (connection, transaction) =>
        {
            var rows = (await connection.QueryAsync<Row>(sql, parameters, transaction)).AsList();
            var page = Page.Of(rows, query.Limit, last => Cursor.Write(list, ofSession ? $"{last.ExternalKey}|{last.Id}" : last.Id));
            var sessions = await Sessions(connection, transaction, page.Items);
            return new Page<RegistrationView>([.. page.Items.Select(row => row.View(sessions))], page.Next);
        });
    }

    /// <summary>The registration; null when the organisation has none of this id, or a proctor none in the own sessions.</summary>
    public Task<RegistrationView?> Find(Actor actor, string id) => db.ReadConsistently(async (connection, transaction) =>
    {
        var own = actor.Role == Role.Proctor ? " AND registrations.session_id IN (SELECT session_id FROM session_proctors WHERE staff_id = @staffId)" : "";
        var sql = $"SELECT {Columns} FROM {Tables} WHERE registrations.organisation_id = @organisationId AND registrations.id = @id{own}";
        var row = await connection.QuerySingleOrDefaultAsync<Row>(sql, new { organisationId = actor.OrganisationId, id, staffId = actor.Id }, transaction);
        return row?.View(await Sessions(connection, transaction, [row]));
    });

    /// <summary>The registrations inside the change that wrote them, by id.</summary>
    internal static async Task<IReadOnlyDictionary<string, RegistrationView>> View(Change change, string organisationId, IReadOnlyCollection<string> ids)
    {
        var sql = $"SELECT {Columns} FROM {Tables} WHERE registrations.organisation_id = @organisationId AND {change.Dialect.Among("registrations.id", "@ids")}";
        var rows = await change.All<Row>(sql, new { organisationId, ids = new Many(ids) });
        var sessions = (await SessionStore.LoadMany(change, [.. rows.Select(row => row.SessionId).OfType<string>().Distinct(StringComparer.Ordinal)])).ToDictionary(session => session.Id, StringComparer.Ordinal);
        return rows.Select(row => row.View(sessions)).ToDictionary(view => view.Id, StringComparer.Ordinal);
    }

    private async Task<IReadOnlyDictionary<string, Session>> Sessions(DbConnection connection, DbTransaction transaction, IEnumerable<Row> rows)
    {
        var ids = rows.Select(row => row.SessionId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        return ids.Length == 0
            ? new Dictionary<string, Session>(StringComparer.Ordinal)
            : (await connection.QueryAsync<string>($"SELECT document FROM sessions WHERE {db.Dialect.Among("id", "@ids")}", new { ids = new Many(ids) }, transaction))
                .Select(Json.Read<Session>).ToDictionary(session => session.Id, StringComparer.Ordinal);
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Status { get; init; } = "";

        public string TestCode { get; init; } = "";

        public string? TestTitle { get; init; }

        public string? SessionId { get; init; }

        public string Settings { get; init; } = "";

        public string? EntryId { get; init; }

        public DateTimeOffset? InvitedAt { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public long Version { get; init; }

        public string StudentId { get; init; } = "";

        public string ExternalId { get; init; } = "";

        public string ExternalKey { get; init; } = "";

        public string UserId { get; init; } = "";

        public string GivenName { get; init; } = "";

        public string FamilyName { get; init; } = "";

        public string? Email { get; init; }

        public RegistrationView View(IReadOnlyDictionary<string, Session> sessions)
        {
            var session = SessionId is null ? null : sessions.GetValueOrDefault(SessionId);
            return new RegistrationView(
                Id, UserId, Enum.Parse<RegistrationStatus>(Status), new RegisteredStudent(StudentId, ExternalId, UserId, GivenName, FamilyName, Email), TestCode, TestTitle ?? TestCode,
                SessionId, session?.Name, session?.OpensAt, session?.ClosesAt, session?.TimeZone, Json.Read<Dictionary<string, string>>(Settings), EntryId, InvitedAt, CreatedAt, Version);
        }
    }
}
