using System.Data.Common;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Which parts of names, codes and join IDs many sessions have inside, from the statistics that the database keeps of the index of parts. They are as old as
/// its last look at the table and ours at them; what is wrong in them costs time only.
/// </summary>
internal sealed class PartStatistics(Dialect dialect, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    private Known? known;

    /// <summary>About how many sessions have each of the parts: fewer than any that is known where nothing is known of one.</summary>
    public async Task<long[]> Sessions(DbConnection connection, IReadOnlyCollection<string> parts)
    {
        if (!dialect.IndexesParts)
        {
            return new long[parts.Count];
        }

        var now = time.Now();
        if (known is not { } current || now - current.At >= Fresh)
        {
            known = current = await Load(connection, now);
        }

        return [.. parts.Select(part => current.Sessions.GetValueOrDefault(part))];
    }

    private static async Task<Known> Load(DbConnection connection, DateTimeOffset now)
    {
        const string sql = """
            SELECT part, CAST(share * reltuples AS bigint) AS sessions
            FROM pg_class JOIN pg_stats ON schemaname = current_schema() AND tablename = 'session_search_by_part'
            CROSS JOIN unnest(most_common_elems::text::text[], most_common_elem_freqs) AS common(part, share)
            WHERE pg_class.oid = 'session_search'::regclass AND part IS NOT NULL
            """;
        var sessions = await connection.QueryAsync<(string Part, long Sessions)>(sql);
        return new Known(now, sessions.ToDictionary(row => row.Part, row => row.Sessions, StringComparer.Ordinal));
    }

    private sealed record Known(DateTimeOffset At, IReadOnlyDictionary<string, long> Sessions);
}
