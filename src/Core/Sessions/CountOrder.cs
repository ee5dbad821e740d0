using System.Collections.Concurrent;
using System.Data.Common;
using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Lets the order of the lists by who waits, who is tested and who is done follow the numbers themselves, about a second behind them, or half a minute in a
/// rush of thousands: a class that comes changes its session's numbers with every student, and would change the place in each index with each of them
/// (docs/decisions/0130). The numbers that are shown are never behind.
/// </summary>
public sealed class CountOrder
{
    // So that no statement takes long.
    private const int AtATime = 500;

    // A twentieth of the time is its at most: while thousands come, it is they who need the database.
    private const int RestsFor = 20;

    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private static readonly string OfSession = FeedNames.Session("");

    private readonly Db db;
    private readonly ConcurrentDictionary<string, bool> changed = new(StringComparer.Ordinal);

    /// <param name="changes">The commits of this process.</param>
    public CountOrder(Db db, Changes changes)
    {
        this.db = db;
        changes.WhenCommitted(Note);
    }

    /// <summary>How long to wait after a <see cref="Follow"/> that took so long.</summary>
    public static TimeSpan Rest(TimeSpan took) => TimeSpan.FromTicks(Math.Clamp(RestsFor * took.Ticks, ShortestRest.Ticks, LongestRest.Ticks));

    /// <summary>Writes the order of what was counted anew since the last call.</summary>
    /// <returns>How many places in lists.</returns>
    public async Task<int> Follow()
    {
        var places = 0;
        foreach (var ids in changed.Keys.Order(StringComparer.Ordinal).Chunk(AtATime))
        {
            // Taken away before they are read: what is counted while this runs is for the next call.
            foreach (var id in ids)
            {
                changed.TryRemove(id, out _);
            }

            try
            {
                places += await Write(ids);
            }
            catch (DbException)
            {
                foreach (var id in ids)
                {
                    changed[id] = true;
                }

                throw;
            }
        }

        return places;
    }

    /// <summary>Makes good what a process that was killed did not write any more.</summary>
    /// <returns>How many places in lists.</returns>
    public async Task<int> MakeGood()
    {
        const string sql = """
            SELECT session_counts.session_id FROM session_counts JOIN session_now ON session_now.session_id = session_counts.session_id
            WHERE session_counts.counted < session_now.counted
            """;
        var places = 0;
        foreach (var ids in (await db.Read(connection => connection.QueryAsync<string>(sql))).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Chunk(AtATime))
        {
            places += await Write(ids);
        }

        return places;
    }

    // "counted" only grows: of two nodes that write one session's place the one that read later wins, whichever of them is the last.
    private Task<int> Write(string[] ids)
    {
        var sql = $"""
            UPDATE session_counts SET waiting = now.waiting, testing = now.testing, done = now.done, counted = now.counted
            FROM session_now AS now
            WHERE now.session_id = session_counts.session_id AND {db.Dialect.Among("session_counts.session_id", "@ids")} AND session_counts.counted < now.counted
            """;
        return db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, new { ids = new Many(ids) }, transaction), Commit: true));
    }

    private void Note(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var batch in batches.Where(batch => batch.Feed.StartsWith(OfSession, StringComparison.Ordinal) && batch.TellsOfEntries))
        {
            changed[batch.Feed[OfSession.Length..]] = true;
        }
    }
}
