using System.Data.Common;
using Dapper;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>Where students are kept. Who was removed is found no more; the row stays for what refers to it.</summary>
public sealed partial class StudentStore(Db db)
{
    /// <summary>The longest page.</summary>
    public const int MostPerPage = 200;

    private const string ListName = "students";

    private const string Columns = """
        id AS Id, external_id AS ExternalId, user_id AS UserId, given_name AS GivenName, family_name AS FamilyName, email AS Email,
        language AS Language, settings AS Settings, version AS Version, created_at AS CreatedAt
        """;

    /// <summary>A page of the organisation's students by external ID. It costs the same however far into the list it is.</summary>
    /// <param name="search">Part of the external ID, the user ID or a name; empty for all.</param>
    /// <param name="group">The id or the name of a group; empty for all students.</param>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before; empty for the first. <c>invalid</c> when it is none of this list.</param>
    /// <param name="limit">1–<see cref="MostPerPage"/>; the caller has looked.</param>
    public async Task<Result<Page<Student>>> List(string organisationId, string search, string group, string? cursor, int limit)
    {
        if (Cursor.Read(ListName, cursor) is not { } after)
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        var matches = search.Length == 0
            ? ""
            : $"AND ({db.Dialect.Contains("external_id", "@pattern")} OR {db.Dialect.Contains("user_id", "@pattern")} OR {db.Dialect.Contains("given_name || ' ' || family_name", "@pattern")})";
        var members = group.Length == 0
            ? ""
            : """
              AND id IN (SELECT student_id FROM group_members JOIN groups ON groups.id = group_members.group_id
                         WHERE groups.organisation_id = @organisationId AND (groups.id = @group OR groups.name_key = @groupKey))
              """;
        var sql = $"""
            SELECT {Columns} FROM students WHERE organisation_id = @organisationId AND NOT deleted AND external_key > @after {matches} {members}
            ORDER BY external_key LIMIT @take
            """;
        var parameters = new { organisationId, after, pattern = Dialect.Anywhere(search), group, groupKey = Group.Key(group), take = limit + 1 };
        return await db.ReadConsistently(async (connection, transaction) =>
        {
            var rows = (await connection.QueryAsync<Row>(sql, parameters, transaction)).AsList();
            return Page.Of(await WithGroups(connection, transaction, rows), limit, last => Cursor.Write(ListName, Student.Key(last.ExternalId)));
        });
    }

    /// <summary>
    /// A SELECT of the ids of those of the organisation's students who are known by one of the IDs, for several questions of one command: each looks them up
    /// itself, so that none waits for the answer of the one before it. Once a command and organisation.
    /// </summary>
    /// <param name="externalKeys"><see cref="Student.Key"/>.</param>
    internal static string AtTheDoor(
        Statements ask, Dialect dialect, string organisationId, IEnumerable<string?> externalKeys, IEnumerable<string?> userIds, IEnumerable<string?> ids)
    {
        // A look-up for each way in: an OR over three columns would read the whole organisation.
        var name = $"door{ask.Count}";
        ask.Parameters.Add(name, organisationId);
        var looks = new List<string>();
        Look("external_key", "organisation_id", externalKeys);
        // No index begins with what is made of the organisation: only the one of the ID fits, so that its plan may be kept.
        Look("user_id", "organisation_id || ''", userIds);
        Look("id", "organisation_id || ''", ids);
        return string.Join(" UNION ", looks);

        void Look(string column, string organisation, IEnumerable<string?> given)
        {
            if (given.OfType<string>().Distinct(StringComparer.Ordinal).ToArray() is { Length: > 0 } some)
            {
                ask.Parameters.Add($"{name}_{column}", new Many(some));
                looks.Add($"SELECT id FROM students WHERE {organisation} = @{name} AND {dialect.Keyed(column, $"@{name}_{column}", some.Length)}");
            }
        }
    }

    /// <summary>Adds the question for the students of the ids that a SELECT finds, locked in the order of their ids.</summary>
    internal static void AskLocked(Statements ask, Dialect dialect, string students) => ask.Add(
        $"""
        SELECT id AS Id, external_id AS ExternalId, external_key AS ExternalKey, user_id AS UserId, given_name AS GivenName, family_name AS FamilyName, settings AS Settings
        FROM students WHERE {dialect.AmongFound("id", students)} AND NOT deleted ORDER BY id{dialect.ForNoKeyUpdate}
        """,
        new DynamicParameters());

    /// <summary>Reads its answer.</summary>
    internal static async Task<IReadOnlyList<DoorStudent>> ReadLocked(SqlMapper.GridReader answers) => (await answers.ReadAsync<DoorStudent>()).AsList();

    /// <summary>The student of the organisation; null when there is none.</summary>
    public Task<Student?> Find(string organisationId, string id) => db.ReadConsistently(async (connection, transaction) =>
    {
        var sql = $"SELECT {Columns} FROM students WHERE id = @id AND organisation_id = @organisationId AND NOT deleted";
        var rows = (await connection.QueryAsync<Row>(sql, new { id, organisationId }, transaction)).AsList();
        return (await WithGroups(connection, transaction, rows)) is [var student] ? student : null;
    });

    /// <summary>Whose own page the secret opens, with the organisation; null when it opens none.</summary>
    public Task<(string OrganisationId, Student Student)?> ByPage(string secret) => db.ReadConsistently(async (connection, transaction) =>
    {
        var owner = await connection.QuerySingleOrDefaultAsync<(string OrganisationId, string Id)?>(
            "SELECT organisation_id, id FROM students WHERE page_secret = @secret AND NOT deleted", new { secret }, transaction);
        if (owner is not { } found)
        {
            return ((string, Student)?)null;
        }

        var rows = (await connection.QueryAsync<Row>($"SELECT {Columns} FROM students WHERE id = @id", new { id = found.Id }, transaction)).AsList();
        return (found.OrganisationId, (await WithGroups(connection, transaction, rows))[0]);
    });

    /// <summary>The secrets of the students' own pages by student.</summary>
    public Task<IReadOnlyDictionary<string, string>> PageSecrets(string organisationId, IReadOnlyCollection<string> ids) => db.Read<IReadOnlyDictionary<string, string>>(async connection =>
        (await connection.QueryAsync<(string Id, string Secret)>(
            $"SELECT id, page_secret FROM students WHERE organisation_id = @organisationId AND NOT deleted AND {db.Dialect.Among("id", "@ids")}", new { organisationId, ids = new Many(ids) }))
        .ToDictionary(row => row.Id, row => row.Secret, StringComparer.Ordinal));

    private async Task<IReadOnlyList<Student>> WithGroups(DbConnection connection, DbTransaction transaction, IReadOnlyList<Row> rows)
    {
        var memberships = await connection.QueryAsync<(string, string)>(GroupStore.NamesSql(db.Dialect), new { ids = new Many(rows.Select(row => row.Id)) }, transaction);
        return WithGroups(rows, memberships);
    }

    private static IReadOnlyList<Student> WithGroups(IEnumerable<Row> rows, IEnumerable<(string StudentId, string Name)> memberships)
    {
        var names = memberships.ToLookup(membership => membership.StudentId, membership => membership.Name, StringComparer.Ordinal);
        return [.. rows.Select(row => row.Student with { Groups = [.. names[row.Id]] })];
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string ExternalId { get; init; } = "";

        public string UserId { get; init; } = "";

        public string GivenName { get; init; } = "";

        public string FamilyName { get; init; } = "";

        public string? Email { get; init; }

        public string Language { get; init; } = "";

        public string Settings { get; init; } = "";

        public long Version { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Student Student => new()
        {
            Id = Id, ExternalId = ExternalId, UserId = UserId, GivenName = GivenName, FamilyName = FamilyName, Email = Email, Language = Language,
            Version = Version, Settings = Json.Read<Dictionary<string, string>>(Settings), CreatedAt = CreatedAt,
        };
    }
}

/// <summary>What is known of a student who wants to come in.</summary>
internal sealed record DoorStudent(
    string Id, string ExternalId, string ExternalKey, string UserId, string GivenName, string FamilyName, string Settings);
