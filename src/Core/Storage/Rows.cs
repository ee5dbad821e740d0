using System.Text.Json;
using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Many rows as the source of one statement, on both databases: <c>INSERT INTO t (a, b) SELECT a, b FROM {rows.From(dialect)}</c>.
/// PostgreSQL gets an array a column, SQLite one JSON document; a statement a row would wait for the network once a row.
/// Where <c>ON CONFLICT</c> follows such a SELECT, SQLite needs a <c>WHERE true</c> in between.
/// </summary>
/// <typeparam name="T">What a row is made of.</typeparam>
/// <param name="items">What the rows are made of.</param>
/// <param name="name">Begins the names of the parameters: those of one command differ in it.</param>
public sealed class Rows<T>(IReadOnlyCollection<T> items, string name = "")
{
    // What holds JSON itself would be half as long again with every quotation mark written as six characters.
    private static readonly JsonSerializerOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly List<(string Name, string Type, Func<T, object?> Value)> columns = [];

    /// <summary>How many there are.</summary>
    public int Count => items.Count;

    /// <summary>Adds a column of texts.</summary>
    public Rows<T> Text(string column, Func<T, string?> value) => Add(column, "text", value);

    /// <summary>Adds a column of whole numbers.</summary>
    public Rows<T> Number(string column, Func<T, long?> value) => Add(column, "bigint", item => value(item));

    /// <summary>Adds a column of instants.</summary>
    public Rows<T> Instant(string column, Func<T, DateTimeOffset?> value) => Number(column, item => value(item)?.ToUnixTimeMilliseconds());

    /// <summary>Adds a column of true and false.</summary>
    public Rows<T> Flag(string column, Func<T, bool> value) => Add(column, "boolean", item => value(item));

    /// <summary>What stands after FROM: a table called <c>rows</c> with the columns, in the order of the items, and their <c>position</c> from 1.</summary>
    public string From(Dialect dialect) => dialect == Dialect.Postgres
        ? Unnested(column => $"CAST(@{name}{column.Name}Rows AS {column.Type}[])")
        : $"(SELECT {string.Join(", ", columns.Select((column, index) => $"json_extract(value, '$[{index}]') AS {column.Name}"))}, key + 1 AS position FROM json_each(@{name}AllRows)) AS rows";

    /// <summary>
    /// The same where each row finds what it needs by key. A row that is alone is no list of rows: PostgreSQL then makes one plan a connection and keeps it, and
    /// does not count first how many there are.
    /// </summary>
    public string Keyed(Dialect dialect) => dialect == Dialect.Postgres && Count == 1
        ? $"(SELECT {string.Join(", ", columns.Select(column => $"(CAST(@{name}{column.Name}Rows AS {column.Type}[]))[1] AS {column.Name}"))}, CAST(1 AS bigint) AS position) AS rows"
        : From(dialect);

    /// <summary>The same in a statement whose plan is the right one for any number of rows: PostgreSQL, which cannot see how many there are, makes it once a connection.</summary>
    public string Unseen(Dialect dialect) => dialect == Dialect.Postgres
        ? Unnested(column => $"(SELECT CAST(@{name}{column.Name}Rows AS {column.Type}[]))")
        : From(dialect);

    /// <summary>The statement's parameters.</summary>
    /// <param name="dialect">The database's.</param>
    /// <param name="others">Those that are not of a row.</param>
    public DynamicParameters Parameters(Dialect dialect, object? others = null)
    {
        var parameters = new DynamicParameters(others);
        if (dialect == Dialect.Sqlite)
        {
            parameters.Add($"{name}AllRows", JsonSerializer.Serialize(items.Select(item => columns.Select(column => column.Value(item))), Plain));
            return parameters;
        }

        foreach (var (column, type, value) in columns)
        {
            parameters.Add($"{name}{column}Rows", type switch
            {
                "text" => items.Select(item => (string?)value(item)).ToArray(),
                "bigint" => items.Select(item => (long?)value(item)).ToArray(),
                _ => (object)items.Select(item => (bool)value(item)!).ToArray(),
            });
        }

        return parameters;
    }

    private string Unnested(Func<(string Name, string Type, Func<T, object?> Value), string> array) =>
        $"unnest({string.Join(", ", columns.Select(array))}) WITH ORDINALITY AS rows ({string.Join(", ", columns.Select(column => column.Name))}, position)";

    private Rows<T> Add(string column, string type, Func<T, object?> value)
    {
        columns.Add((column, type, value));
        return this;
    }
}
