using System.Text;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>Where students are kept.</summary>
public sealed class StudentStore(Db db)
{
    /// <summary>The longest page.</summary>
    public const int MostPerPage = 200;

    private const string Columns = """
        id AS Id, external_id AS ExternalId, given_name AS GivenName, family_name AS FamilyName, email AS Email, groups AS Groups,
        settings AS Settings, created_at AS CreatedAt
        """;

    /// <summary>A page of the organisation's students by external ID. It costs the same however far into the list it is.</summary>
    /// <param name="search">Part of the external ID or a name; empty for all.</param>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before; null for the first, and so is what is no cursor.</param>
    /// <param name="limit">1–<see cref="MostPerPage"/>; what is outside is brought inside.</param>
    public Task<Page<Student>> List(string organisationId, string search, string? cursor, int limit)
    {
        var most = Math.Clamp(limit, 1, MostPerPage);
        var after = Cursor(cursor);
        var pattern = $"%{search.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        var matches = pattern == "%%"
            ? ""
            : $"AND ({db.Dialect.Contains("external_id", "@pattern")} OR {db.Dialect.Contains("given_name || ' ' || family_name", "@pattern")})";
        var sql = $"SELECT {Columns} FROM students WHERE organisation_id = @organisationId AND external_key > @after {matches} ORDER BY external_key LIMIT @take";
        return db.Read(async connection =>
        {
            var rows = (await connection.QueryAsync<Row>(sql, new { organisationId, after, pattern, take = most + 1 })).Select(row => row.Student).ToList();
            return rows.Count <= most
                ? new Page<Student>(rows)
                : new Page<Student>(rows[..most], Convert.ToBase64String(Encoding.UTF8.GetBytes(Student.Key(rows[most - 1].ExternalId))));
        });
    }

    /// <summary>Adds a student; false when the external ID is taken.</summary>
    internal static async Task<bool> Insert(Change change, string organisationId, Student student)
    {
        const string sql = """
            INSERT INTO students (id, organisation_id, external_id, external_key, given_name, family_name, email, groups, settings, created_at)
            VALUES (@Id, @organisationId, @ExternalId, @key, @GivenName, @FamilyName, @Email, @groups, @settings, @CreatedAt)
            ON CONFLICT (organisation_id, external_key) DO NOTHING
            """;
        var parameters = new
        {
            student.Id, organisationId, student.ExternalId, key = Student.Key(student.ExternalId), student.GivenName, student.FamilyName, student.Email,
            groups = Json.Write(student.Groups), settings = Json.Write(student.Settings), student.CreatedAt,
        };
        return await change.Execute(sql, parameters) == 1;
    }

    private static string Cursor(string? cursor)
    {
        var bytes = new byte[cursor?.Length ?? 0];
        return cursor is not null && Convert.TryFromBase64String(cursor, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length) is var key && !key.Contains('\0', StringComparison.Ordinal)
            ? key
            : "";
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string ExternalId { get; init; } = "";

        public string GivenName { get; init; } = "";

        public string FamilyName { get; init; } = "";

        public string? Email { get; init; }

        public string Groups { get; init; } = "";

        public string Settings { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public Student Student => new()
        {
            Id = Id, ExternalId = ExternalId, GivenName = GivenName, FamilyName = FamilyName, Email = Email,
            Groups = Json.Read<List<string>>(Groups), Settings = Json.Read<Dictionary<string, string>>(Settings), CreatedAt = CreatedAt,
        };
    }
}
