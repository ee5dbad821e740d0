using System.Buffers.Text;
using System.Text;
using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>Where students are kept.</summary>
public sealed class StudentStore(Db db)
{
    /// <summary>The longest page.</summary>
    public const int MostPerPage = 200;

    private const string CursorMark = "students|";

    private const string Columns = """
        id AS Id, external_id AS ExternalId, user_id AS UserId, given_name AS GivenName, family_name AS FamilyName, email AS Email,
        language AS Language, groups AS Groups, settings AS Settings, version AS Version, created_at AS CreatedAt
        """;

    /// <summary>A page of the organisation's students by external ID. It costs the same however far into the list it is.</summary>
    /// <param name="search">Part of the external ID or a name; empty for all.</param>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before; empty for the first. <c>invalid</c> when it is none of this list.</param>
    /// <param name="limit">1–<see cref="MostPerPage"/>; the caller has looked.</param>
    public async Task<Result<Page<Student>>> List(string organisationId, string search, string? cursor, int limit)
    {
        if (ReadCursor(cursor) is not { } after)
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        var pattern = $"%{search.Trim().Replace("\0", "", StringComparison.Ordinal).Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        var matches = pattern == "%%"
            ? ""
            : $"AND ({db.Dialect.Contains("external_id", "@pattern")} OR {db.Dialect.Contains("given_name || ' ' || family_name", "@pattern")})";
        var sql = $"SELECT {Columns} FROM students WHERE organisation_id = @organisationId AND external_key > @after {matches} ORDER BY external_key LIMIT @take";
        var rows = await db.Read(connection => connection.QueryAsync<Row>(sql, new { organisationId, after, pattern, take = limit + 1 }));
        var students = rows.Select(row => row.Student).ToList();
        return students.Count <= limit ? new Page<Student>(students) : new Page<Student>(students[..limit], WriteCursor(students[limit - 1]));
    }

    /// <summary>Adds a student; false when the external ID is taken.</summary>
    internal static async Task<bool> Insert(Change change, string organisationId, Student student)
    {
        const string sql = """
            INSERT INTO students (id, organisation_id, external_id, external_key, user_id, page_secret, given_name, family_name, email, language, groups, settings, created_at)
            VALUES (@Id, @organisationId, @ExternalId, @key, @UserId, @pageSecret, @GivenName, @FamilyName, @Email, @Language, @groups, @settings, @CreatedAt)
            ON CONFLICT (organisation_id, external_key) DO NOTHING
            """;
        var parameters = new
        {
            student.Id, organisationId, student.ExternalId, key = Student.Key(student.ExternalId), student.UserId, pageSecret = Secret.New(),
            student.GivenName, student.FamilyName, student.Email, student.Language, groups = Json.Write(student.Groups), settings = Json.Write(student.Settings), student.CreatedAt,
        };
        return await change.Execute(sql, parameters) == 1;
    }

    private static string WriteCursor(Student last) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(CursorMark + Student.Key(last.ExternalId)));

    private static string? ReadCursor(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return "";
        }

        if (cursor.Length > 1000 || !Base64Url.IsValid(cursor))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return text.StartsWith(CursorMark, StringComparison.Ordinal) && !text.Contains('\0', StringComparison.Ordinal) ? text[CursorMark.Length..] : null;
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

        public string Groups { get; init; } = "";

        public string Settings { get; init; } = "";

        public long Version { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Student Student => new()
        {
            Id = Id, ExternalId = ExternalId, UserId = UserId, GivenName = GivenName, FamilyName = FamilyName, Email = Email, Language = Language,
            Version = Version, Groups = Json.Read<List<string>>(Groups), Settings = Json.Read<Dictionary<string, string>>(Settings), CreatedAt = CreatedAt,
        };
    }
}
