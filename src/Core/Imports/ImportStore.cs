using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports;

/// <summary>Where imports and their rows are kept.</summary>
public sealed class ImportStore(Db db)
{
    /// <summary>The longest page.</summary>
    public const int MostPerPage = 200;

    private const string Columns = """
        id AS Id, organisation_id AS OrganisationId, kind AS Kind, file_name AS FileName, options AS Options, state AS State, total AS Total, done AS Done,
        counts AS Counts, problem AS Problem, notice AS Notice, notify AS Notify, remarks AS Remarks, actor AS Actor, lease_owner AS LeaseOwner, created_at AS CreatedAt, finished_at AS FinishedAt
        """;

    // How far the import was written says of each row whether it was.
    private const string RowColumns = """
        position AS Position, line AS Line, part AS Part, subject AS Subject, outcome AS Outcome, cells AS Cells, findings AS Findings,
        subject_id AS SubjectId, (SELECT written FROM imports WHERE id = @importId) AS Written
        """;

    /// <summary>The organisation's imports, the newest first.</summary>
    /// <param name="cursor"><see cref="Page{T}.Next"/> of the page before; empty for the first.</param>
    public async Task<Page<Import>> List(string organisationId, string cursor, int limit)
    {
        var sql = $"SELECT {Columns} FROM imports WHERE organisation_id = @organisationId AND (@cursor = '' OR id < @cursor) ORDER BY id DESC LIMIT @take";
        var rows = (await db.Read(connection => connection.QueryAsync<Stored>(sql, new { organisationId, cursor, take = limit + 1 }))).Select(row => row.Import).ToList();
        return rows.Count <= limit ? new Page<Import>(rows) : new Page<Import>(rows[..limit], rows[limit - 1].Id);
    }

    /// <summary>The organisation's import; notFound.</summary>
    public async Task<Result<Import>> Find(string organisationId, string id)
    {
        var sql = $"SELECT {Columns} FROM imports WHERE id = @id AND organisation_id = @organisationId";
        var row = Id.Plausible(id) ? await db.Read(connection => connection.QuerySingleOrDefaultAsync<Stored>(sql, new { id, organisationId })) : null;
        return row is null ? Problem.NotFound("import") : row.Import;
    }

    /// <summary>Rows of an import that the caller may see, in the order of the file.</summary>
    /// <param name="outcome">Only those with this outcome; null for all.</param>
    /// <param name="remarked">Only those about which something is to be said.</param>
    /// <param name="after">The position after which the page begins.</param>
    public async Task<Page<ImportRow>> Rows(string importId, RowOutcome? outcome, bool remarked, long after, int limit)
    {
        var sql = $"""
            SELECT {RowColumns} FROM import_rows
            WHERE import_id = @importId AND position > @after AND (@outcome = '' OR outcome = @outcome) AND (NOT @remarked OR findings LIKE '%"remarks":["%' OR findings LIKE '%"wrong":["%')
            ORDER BY position LIMIT @take
            """;
        var parameters = new { importId, after, outcome = outcome?.ToString() ?? "", remarked, take = limit + 1 };
        var rows = (await db.Read(connection => connection.QueryAsync<StoredRow>(sql, parameters))).Select(row => row.Row).ToList();
        return rows.Count <= limit
            ? new Page<ImportRow>(rows)
            : new Page<ImportRow>(rows[..limit], rows[limit - 1].Position.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Every row, in the order of the file.</summary>
    public Task<IReadOnlyList<ImportRow>> AllRows(string importId) => db.Read(async connection =>
        (IReadOnlyList<ImportRow>)[.. (await connection.QueryAsync<StoredRow>($"SELECT {RowColumns} FROM import_rows WHERE import_id = @importId ORDER BY position", new { importId })).Select(row => row.Row)]);

    /// <summary>Imports that are to be worked on and that nobody works on, the oldest first.</summary>
    internal Task<IReadOnlyList<string>> Waiting(DateTimeOffset now) => db.Read(async connection =>
        (IReadOnlyList<string>)(await connection.QueryAsync<string>(
            "SELECT id FROM imports WHERE state IN ('Reading', 'Applying') AND lease_until <= @now ORDER BY id LIMIT 20", new { now })).AsList());

    /// <summary>The file as it was sent.</summary>
    internal Task<byte[]?> File(string importId) => db.Read(connection =>
        connection.QuerySingleOrDefaultAsync<byte[]?>("SELECT data FROM import_files WHERE import_id = @importId", new { importId }));

    internal static async Task Insert(Change change, Import import, byte[] file)
    {
        const string sql = """
            INSERT INTO imports (id, organisation_id, kind, file_name, options, state, total, done, written, counts, problem, remarks, actor, lease_owner, lease_until, attempts, created_at)
            VALUES (@Id, @OrganisationId, @kind, @FileName, @options, @state, 0, 0, 0, @counts, NULL, '[]', @actor, '', 0, 0, @CreatedAt)
            """;
        await change.Execute(sql, new
        {
            import.Id, import.OrganisationId, kind = import.Kind.ToString(), import.FileName, options = Json.Write(import.Options), state = import.State.ToString(),
            counts = Json.Write(import.Counts), actor = Json.Write(change.Actor), import.CreatedAt,
        });
        await change.Execute("INSERT INTO import_files (import_id, data) VALUES (@Id, @file)", new { import.Id, file });
    }

    /// <summary>The import inside a change, locked; null when there is none.</summary>
    internal static async Task<(Import Import, Actor Actor, string LeaseOwner)?> Load(Change change, string id) =>
        await change.Find<Stored>($"SELECT {Columns} FROM imports WHERE id = @id{change.Dialect.ForUpdate}", new { id }) is { } row
            ? (row.Import, Json.Read<Actor>(row.Actor), row.LeaseOwner)
            : null;

    /// <summary>Lets the organisation's imports that are applied write one after the other; called before an import is locked.</summary>
    internal static Task Queue(Change change, string organisationId) => change.All<string>(
        $"SELECT id FROM imports WHERE organisation_id = @organisationId AND state = 'Applying' ORDER BY id{change.Dialect.ForUpdate}", new { organisationId });

    /// <summary>Writes how far a locked import has come. What ends is worked on no more.</summary>
    internal static async Task Save(Change change, Import import)
    {
        const string sql = """
            UPDATE imports SET state = @state, total = @Rows, done = @Done, written = CASE WHEN @writes THEN @Done ELSE written END, counts = @counts, problem = @problem,
                               notice = @notice, notify = @Notify, remarks = @remarks, finished_at = @FinishedAt
            WHERE id = @Id
            """;
        await change.Execute(sql, new
        {
            import.Id, import.Rows, import.Done, import.FinishedAt, import.Notify, writes = import.State is ImportState.Applying or ImportState.Applied, state = import.State.ToString(), counts = Json.Write(import.Counts),
            problem = import.Problem is null ? null : Json.Write(import.Problem), notice = import.Notice is null ? null : Json.Write(import.Notice), remarks = Json.Write(import.Remarks),
        });
        if (import.State != ImportState.Reading)
        {
            await change.Execute("DELETE FROM import_files WHERE import_id = @Id", new { import.Id });
        }
    }

    internal static Task Lease(Change change, string id, string owner, DateTimeOffset until) =>
        change.Execute("UPDATE imports SET lease_owner = @owner, lease_until = @until WHERE id = @id", new { id, owner, until });

    /// <summary>Counts one more start of the work; answers how many there were.</summary>
    internal static Task<long> Attempt(Change change, string id) =>
        change.One<long>("UPDATE imports SET attempts = attempts + 1 WHERE id = @id RETURNING attempts", new { id });

    /// <summary>Who applies it is who it is done by from now on, from the first row and the first attempt.</summary>
    internal static Task HandTo(Change change, string id, Actor actor) =>
        change.Execute("UPDATE imports SET actor = @actor, attempts = 0, lease_owner = '', lease_until = 0 WHERE id = @id", new { id, actor = Json.Write(actor) });

    internal static Task<long> CountAtWork(Change change, string organisationId) =>
        change.One<long>("SELECT count(*) FROM imports WHERE organisation_id = @organisationId AND state IN ('Reading', 'Applying')", new { organisationId });

    /// <summary>The rows after a position inside a change that has locked the import.</summary>
    internal static async Task<IReadOnlyList<ImportRow>> Next(Change change, string importId, long after, int count) =>
        [.. (await change.All<StoredRow>(
            $"SELECT {RowColumns} FROM import_rows WHERE import_id = @importId AND position > @after ORDER BY position LIMIT @count", new { importId, after, count })).Select(row => row.Row)];

    internal static Task InsertRows(Change change, string importId, IReadOnlyCollection<ImportRow> rows)
    {
        var values = Texts(rows).Number("line", row => row.Line).Text("part", row => row.Part).Text("subject", row => row.Subject).Text("cells", row => Json.Write(row.Cells));
        const string columns = "import_id, position, line, part, subject, outcome, cells, findings, subject_id";
        return change.Execute(
            $"INSERT INTO import_rows ({columns}) SELECT @importId, number, line, part, subject, outcome, cells, findings, subject_id FROM {values.From(change.Dialect)}",
            values.Parameters(change.Dialect, new { importId }));
    }

    /// <summary>
    /// Writes what has become of rows of which something else has become than the preview said. All of them are there: a statement that could only update
    /// them would be joined the wrong way round by SQLite.
    /// </summary>
    internal static async Task SaveApplied(Change change, string importId, IReadOnlyCollection<ImportRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var values = Texts(rows);
        var sql = $"""
            INSERT INTO import_rows (import_id, position, line, part, subject, outcome, cells, findings, subject_id)
            SELECT @importId, number, 0, '', '', outcome, '', findings, subject_id FROM {values.From(change.Dialect)} WHERE true
            ON CONFLICT (import_id, position) DO UPDATE SET outcome = excluded.outcome, findings = excluded.findings, subject_id = excluded.subject_id
            """;
        await change.Execute(sql, values.Parameters(change.Dialect, new { importId }));
    }

    internal static Task<int> ForgetBefore(Change change, DateTimeOffset before) => change.Execute(
        """
        DELETE FROM import_rows WHERE import_id IN (SELECT id FROM imports WHERE created_at < @before);
        DELETE FROM import_files WHERE import_id IN (SELECT id FROM imports WHERE created_at < @before);
        DELETE FROM imports WHERE created_at < @before
        """,
        new { before });

    private static Rows<ImportRow> Texts(IReadOnlyCollection<ImportRow> rows) => new Rows<ImportRow>(rows)
        .Number("number", row => row.Position).Text("outcome", row => row.Outcome.ToString()).Text("subject_id", row => row.SubjectId)
        .Text("findings", row => Json.Write(new Findings(row.Wrong, row.Remarks, row.Changes, row.Seen)));

    private sealed record Findings(IReadOnlyList<string> Wrong, IReadOnlyList<string> Remarks, IReadOnlyList<FieldChange> Changes, string Seen);

    private sealed class Stored
    {
        public string Id { get; init; } = "";

        public string OrganisationId { get; init; } = "";

        public string Kind { get; init; } = "";

        public string FileName { get; init; } = "";

        public string Options { get; init; } = "";

        public string State { get; init; } = "";

        public long Total { get; init; }

        public long Done { get; init; }

        public string Counts { get; init; } = "";

        public string? Problem { get; init; }

        public string? Notice { get; init; }

        public bool? Notify { get; init; }

        public string Remarks { get; init; } = "";

        public string Actor { get; init; } = "";

        public string LeaseOwner { get; init; } = "";

        public DateTimeOffset CreatedAt { get; init; }

        public long? FinishedAt { get; init; }

        public Import Import
        {
            get
            {
                var actor = Json.Read<Actor>(Actor);
                return new()
                {
                    Id = Id, OrganisationId = OrganisationId, Kind = Enum.Parse<ImportKind>(Kind), FileName = FileName, Options = Json.Read<ImportOptions>(Options),
                    State = Enum.Parse<ImportState>(State), Rows = Total, Done = Done, Counts = Json.Read<ImportCounts>(Counts),
                    Problem = Problem is null ? null : Json.Read<ImportProblem>(Problem),
                    Notice = Notice is null ? null : Json.Read<ImportNotice>(Notice), Notify = Notify, Remarks = Json.Read<List<string>>(Remarks), By = new Person(actor.Id, actor.Name),
                    CreatedAt = CreatedAt, FinishedAt = FinishedAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null,
                };
            }
        }
    }

    private sealed class StoredRow
    {
        public long Position { get; init; }

        public long Line { get; init; }

        public string Part { get; init; } = "";

        public string Subject { get; init; } = "";

        public string Outcome { get; init; } = "";

        public string Cells { get; init; } = "";

        public string Findings { get; init; } = "";

        public string? SubjectId { get; init; }

        public long Written { get; init; }

        public ImportRow Row
        {
            get
            {
                var findings = Json.Read<Findings>(Findings);
                var outcome = Enum.Parse<RowOutcome>(Outcome);
                var applied = Position <= Written;
                return new()
                {
                    Position = Position, Line = Line, Part = Part, Subject = Subject, Cells = Json.Read<Dictionary<string, string>>(Cells),
                    Outcome = outcome, Wrong = findings.Wrong, Remarks = findings.Remarks, Changes = findings.Changes, Seen = findings.Seen,
                    SubjectId = applied || outcome != RowOutcome.Create ? SubjectId : null, Foreseen = SubjectId, Applied = applied,
                };
            }
        }
    }
}
