using System.Data.Common;
using System.Globalization;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>Everything that the database holds, except what is there to count failures. Two readings that are equal say that nothing happened between them.</summary>
internal sealed class Contents(Db db) : IAsyncDisposable
{
    // A failed sign-in is counted and audited, whatever else is wrong with it; a feed gets its epoch when somebody looks at it, and the
    // first key is made when somebody asks for a token.
    private static readonly Dictionary<string, string> Only = new(StringComparer.Ordinal)
    {
        ["sign_in_failures"] = "1 = 0",
        ["audit"] = "action <> 'signInFailed'",
        ["audit_chains"] = "1 = 0",
        ["feeds"] = "seq > 0",
        ["signing_keys"] = "1 = 0",
    };

    private DbConnection? watch;
    private long version = -1;
    private string? known;

    /// <summary>Every row of every table as text.</summary>
    public async Task<string> Read()
    {
        watch ??= await db.Open();
        if (db.Dialect == Dialect.Sqlite)
        {
            // Changes only when another connection has committed: a cheap answer to "did anything happen at all?"
            var now = await watch.ExecuteScalarAsync<long>("PRAGMA data_version");
            if (known is not null && now == version)
            {
                return known;
            }

            version = now;
        }

        var tables = await watch.QueryAsync<string>(db.Dialect == Dialect.Sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
            : "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");
        var lines = new List<string>();
        foreach (var table in tables)
        {
            var rows = (await watch.QueryAsync($"SELECT * FROM {table} WHERE {Only.GetValueOrDefault(table, "1 = 1")}"))
                .Select(row => string.Join(" | ", ((IDictionary<string, object?>)row).Select(cell => Convert.ToString(cell.Value, CultureInfo.InvariantCulture))));
            lines.AddRange(rows.Order(StringComparer.Ordinal).Select(row => $"{table}: {row}"));
        }

        return known = string.Join('\n', lines);
    }

    /// <summary>The rows that one reading has and the other has not.</summary>
    public static string Difference(string before, string after) => string.Join('\n', after.Split('\n').Except(before.Split('\n'), StringComparer.Ordinal)
        .Concat(before.Split('\n').Except(after.Split('\n'), StringComparer.Ordinal)).Select(row => row.Length > 300 ? row[..300] : row).Take(4));

    public async ValueTask DisposeAsync()
    {
        if (watch is not null)
        {
            await watch.DisposeAsync();
        }
    }
}
