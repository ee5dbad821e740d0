namespace LiveProctor.Core.Storage;

/// <summary>The named differences between the two databases. Everything else is written once, in the subset that both speak.</summary>
public abstract record Dialect
{
    public static readonly Dialect Postgres = new PostgresDialect();
    public static readonly Dialect Sqlite = new SqliteDialect();

    /// <summary>True where the last command of a transaction can commit it, so that a commit is not waited for by itself.</summary>
    public abstract bool CommitsInCommand { get; }

    /// <summary>
    /// A statement that writes exactly so many rows, and answers how many it wrote. PostgreSQL refuses the whole transaction otherwise, also where its commit
    /// follows in the same command; with SQLite whoever reads the answer does.
    /// </summary>
    /// <param name="write">Without RETURNING.</param>
    /// <param name="wanted">The parameter that says how many.</param>
    public abstract string Exactly(string write, string wanted);

    /// <summary>The folder of the migrations.</summary>
    public abstract string Name { get; }

    /// <summary>Ends a SELECT whose rows the transaction will change. SQLite has one writer, so every row is already its own.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Ends a SELECT of due work: rows that another node works on are left to it.</summary>
    public abstract string ForUpdateSkipLocked { get; }

    /// <summary>The same where other tables are joined, whose rows are nobody's.</summary>
    public abstract string ForUpdateSkipLockedOf(string table);

    /// <summary>A condition that the column is one of the list parameter's values.</summary>
    public abstract string In(string column, string parameter);

    /// <summary>A condition that the column is one of the values of a <see cref="Many"/>, however many they are.</summary>
    public abstract string Among(string column, string parameter);

    /// <summary>
    /// The same where the column is a key: a single value is compared with, so that its plan is the same whatever it is and is made once a connection. The plan
    /// for an array depends on how long that is, and PostgreSQL makes it again each time.
    /// </summary>
    /// <param name="count">How many values there are.</param>
    public string Keyed(string column, string parameter, int count) => count == 1 ? Only(column, parameter) : Among(column, parameter);

    /// <summary>A condition that the column is the only one of the values of a <see cref="Many"/>.</summary>
    protected abstract string Only(string column, string parameter);

    /// <summary>A condition that the column, which has an index, is one of the values of a SELECT: they are found first, then one look-up each.</summary>
    public abstract string AmongFound(string column, string select);

    /// <summary>
    /// A statement of many rows that is planned each time: while a table is small all of its indexes are as good, and the plan of then, which takes the
    /// wrong one, would be kept while the table grows by thousands a second. Nothing else may share its command.
    /// </summary>
    public abstract string PlannedAnew(string select);

    /// <summary>
    /// Joins to each row before it what one look-up by an index finds, in this order whatever the statistics say. Together with <see cref="PlannedAnew"/>:
    /// otherwise PostgreSQL may read a whole organisation once for all rows, or once for each.
    /// </summary>
    /// <param name="condition">On the table and what stands before it.</param>
    /// <param name="alias">What the table is called in the condition and behind it; null for its own name.</param>
    public abstract string EachFinds(string table, string condition, string? alias = null);

    /// <summary>The pattern of a text for <see cref="Contains"/>: the text itself, wherever it stands.</summary>
    public static string Anywhere(string text) =>
        $"%{text.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    /// <summary>Ends a SELECT whose rows the transaction will change without touching what others refer to them by: new references to them do not wait.</summary>
    public abstract string ForNoKeyUpdate { get; }

    /// <summary>An expression that is a new id in every row: for statements that write many rows at once.</summary>
    public abstract string NewId { get; }

    /// <summary>
    /// A statement whose plan does not depend on its parameters, planned once a connection instead of each time. Nothing else may share its command.
    /// </summary>
    public abstract string PlannedOnce(string select);

    /// <summary>Whether an index knows the parts of what is searched (<c>session_parts</c>); else it is read from end to end.</summary>
    public abstract bool IndexesParts { get; }

    /// <summary>A text up to its first line end, which it has.</summary>
    public abstract string FirstLine(string text);

    /// <summary>Case-insensitive containment of an escaped pattern (escape character <c>\</c>).</summary>
    public abstract string Contains(string column, string parameter);

    private sealed record PostgresDialect : Dialect
    {
        public override bool CommitsInCommand => true;

        public override string Exactly(string write, string wanted) => $"WITH written AS ({write} RETURNING 1) SELECT exactly({wanted}, count(*)) FROM written";

        public override string Name => "postgres";

        public override string ForUpdate => " FOR UPDATE";

        public override string ForUpdateSkipLocked => " FOR UPDATE SKIP LOCKED";

        public override string ForUpdateSkipLockedOf(string table) => $" FOR UPDATE OF {table} SKIP LOCKED";

        public override string ForNoKeyUpdate => " FOR NO KEY UPDATE";

        public override string NewId => "replace(gen_random_uuid()::text, '-', '')";

        public override string In(string column, string parameter) => $"{column} = ANY({parameter})";

        public override string PlannedOnce(string select) => $"SET plan_cache_mode = force_generic_plan;\n{select};\nRESET plan_cache_mode";

        public override bool IndexesParts => true;

        public override string PlannedAnew(string select) => $"SET plan_cache_mode = force_custom_plan;\n{select};\nRESET plan_cache_mode";

        public override string Among(string column, string parameter) => $"{column} = ANY({parameter})";

        protected override string Only(string column, string parameter) => $"{column} = ({parameter})[1]";

        public override string AmongFound(string column, string select) => $"{column} = ANY(ARRAY({select}))";

        // What is behind OFFSET cannot be taken apart and joined in another order.
        public override string EachFinds(string table, string condition, string? alias = null) =>
            $"CROSS JOIN LATERAL (SELECT * FROM {table} {alias} WHERE {condition} OFFSET 0) AS {alias ?? table}";

        public override string FirstLine(string text) => $"split_part({text}, chr(10), 1)";

        public override string Contains(string column, string parameter) => $"{column} ILIKE {parameter} ESCAPE '\\'";
    }

    private sealed record SqliteDialect : Dialect
    {
        public override bool CommitsInCommand => false;

        public override string Exactly(string write, string wanted) => $"{write};\nSELECT changes()";

        public override string Name => "sqlite";

        public override string ForUpdate => "";

        public override string ForUpdateSkipLocked => "";

        public override string ForUpdateSkipLockedOf(string table) => "";

        public override string ForNoKeyUpdate => "";

        public override string NewId => "lower(hex(randomblob(16)))";

        // Dapper expands the list itself.
        public override string In(string column, string parameter) => $"{column} IN {parameter}";

        public override string PlannedOnce(string select) => select;

        public override bool IndexesParts => false;

        public override string PlannedAnew(string select) => select;

        public override string Among(string column, string parameter) => $"{column} IN (SELECT value FROM json_each({parameter}))";

        protected override string Only(string column, string parameter) => Among(column, parameter);

        public override string AmongFound(string column, string select) => $"{column} IN ({select})";

        // The left side of a CROSS JOIN comes first.
        public override string EachFinds(string table, string condition, string? alias = null) => $"CROSS JOIN {table} {alias} ON {condition}";

        public override string FirstLine(string text) => $"substr({text}, 1, instr({text}, char(10)) - 1)";

        public override string Contains(string column, string parameter) => $"{column} LIKE {parameter} ESCAPE '\\'";
    }
}
