using Dapper;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Catalogue;

/// <summary>Where the catalogue of tests is kept.</summary>
public sealed class TestStore(Db db)
{
    private const string Columns = """
        id AS Id, code AS Code, title AS Title, kind AS Kind, sections AS Sections, minutes AS Minutes, proctored AS Proctored,
        launch_url AS LaunchUrl, delivery AS Delivery, version AS Version, created_at AS CreatedAt
        """;

    // An id before a code that looks like it.
    private const string One = $"""
        SELECT {Columns} FROM tests WHERE organisation_id = @organisationId AND NOT simulated AND (id = @id OR code_key = @key)
        ORDER BY CASE WHEN id = @id THEN 0 ELSE 1 END
        """;

    /// <summary>The organisation's tests by code. Those of rehearsals are left out.</summary>
    public Task<IReadOnlyList<Test>> Of(string organisationId) => db.Read<IReadOnlyList<Test>>(async connection =>
        [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM tests WHERE organisation_id = @organisationId AND NOT simulated ORDER BY code_key", new { organisationId })).Select(row => row.Test)]);

    /// <summary>The test of this id or code; null when the organisation has none.</summary>
    public Task<Test?> Find(string organisationId, string idOrCode) => db.Read(async connection =>
        (await connection.QueryAsync<Row>(One, new { organisationId, id = idOrCode, key = Test.Key(idOrCode) })).FirstOrDefault()?.Test);

    /// <summary>The same inside a change, locked.</summary>
    internal static async Task<Test?> Load(Change change, string organisationId, string idOrCode) =>
        await change.All<Row>(One + change.Dialect.ForUpdate, new { organisationId, id = idOrCode, key = Test.Key(idOrCode) }) is [var row, ..] ? row.Test : null;

    /// <summary>Writes a test that the change has locked over what it was.</summary>
    internal static Task Save(Change change, Test test)
    {
        const string sql = """
            UPDATE tests SET title = @Title, kind = @kind, sections = @sections, minutes = @Minutes, proctored = @Proctored, launch_url = @LaunchUrl,
                             delivery = @Delivery, version = @Version
            WHERE id = @Id
            """;
        return change.Execute(sql, new
        {
            test.Id, test.Title, kind = test.Kind.ToString(), sections = Json.Write(test.Sections), test.Minutes, test.Proctored, test.LaunchUrl, test.Delivery, test.Version,
        });
    }

    /// <summary>Adds a test; false when the code is taken.</summary>
    internal static async Task<bool> Insert(Change change, string organisationId, Test test, bool simulated = false)
    {
        const string sql = """
            INSERT INTO tests (id, organisation_id, code, code_key, title, kind, sections, minutes, proctored, launch_url, delivery, simulated, created_at)
            VALUES (@Id, @organisationId, @Code, @key, @Title, @kind, @sections, @Minutes, @Proctored, @LaunchUrl, @Delivery, @simulated, @CreatedAt)
            ON CONFLICT (organisation_id, code_key) DO NOTHING
            """;
        var parameters = new
        {
            test.Id, organisationId, test.Code, key = Test.Key(test.Code), test.Title, kind = test.Kind.ToString(), sections = Json.Write(test.Sections),
            test.Minutes, test.Proctored, test.LaunchUrl, test.Delivery, simulated, test.CreatedAt,
        };
        return await change.Execute(sql, parameters) == 1;
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Code { get; init; } = "";

        public string Title { get; init; } = "";

        public string Kind { get; init; } = "";

        public string Sections { get; init; } = "";

        public int Minutes { get; init; }

        public bool Proctored { get; init; }

        public string LaunchUrl { get; init; } = "";

        public string Delivery { get; init; } = "";

        public long Version { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public Test Test => new()
        {
            Id = Id, Code = Code, Title = Title, Kind = Enum.Parse<TestKind>(Kind, ignoreCase: true), Sections = Json.Read<List<SessionSection>>(Sections),
            Minutes = Minutes, Proctored = Proctored, LaunchUrl = LaunchUrl, Delivery = Delivery, Version = Version, CreatedAt = CreatedAt,
        };
    }
}
