using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Storage;

/// <summary>How a change ends: everything that is numbered gets its number and is written.</summary>
public sealed partial class Change
{
    /// <summary>What is left to do with the transaction.</summary>
    internal Ending Ending { get; private set; } = Ending.Commit;

    /// <summary>Writes what was gathered, the announced events and the audit rows; answers the batches to relay once they are committed.</summary>
    internal Task<IReadOnlyList<FeedBatch>> Flush() => Flush(commits: false);

    /// <summary>The same, and commits with the last command where the database does so: <see cref="Ending"/> says what is left.</summary>
    internal Task<IReadOnlyList<FeedBatch>> FlushAndCommit() => Flush(Dialect.CommitsInCommand);

    private async Task<IReadOnlyList<FeedBatch>> Flush(bool commits)
    {
        var byFeed = announced
            .GroupBy(item => item.Feed, StringComparer.Ordinal)
            .OrderBy(group => FeedNames.LockRank(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        if (byFeed.Find(group => FeedNames.LockRank(group.Key) == 0 && !locked.ContainsKey(group.Key)) is { } unlocked)
        {
            throw new InvalidOperationException($"{unlocked.Key} was announced to without LockSession.");
        }

        var audit = new AuditLinks(recorded);
        if (byFeed.Count == 0 && audit.Empty)
        {
            await WriteGathered();
            return [];
        }

        // Two waits for the database, however much there is: what was gathered and the next numbers, which lock feeds and chains; then everything that is
        // numbered, and the commit.
        await WriteGathered(together: false);
        var gathered = later.Cast<IWriteTogether>().ToList();
        later = [];
        var take = new Statements();
        gathered.ForEach(rows => rows.Add(take, Dialect));
        TakeNumbers(take, byFeed);
        audit.TakeHeads(take, Dialect);
        IReadOnlyList<FeedBatch> batches;
        await using (var taken = await Connection.QueryMultipleAsync(take.Text, take.Parameters, transaction))
        {
            foreach (var rows in gathered)
            {
                await rows.Check(taken);
            }

            batches = byFeed.Count == 0 ? [] : Number(byFeed, await taken.ReadAsync<End>());
            await audit.ReadHeads(taken);
        }

        var write = new Statements();
        WriteEvents(write, batches);
        audit.Write(write, Dialect);
        if (commits)
        {
            Ending = Ending.Committed;
            write.Add("COMMIT", new DynamicParameters());
        }

        await Execute(write.Text, write.Parameters);
        return batches;
    }

    // The rows of feeds are locked in the order in which they are given.
    private void TakeNumbers(Statements take, IReadOnlyCollection<IGrouping<string, Announced>> byFeed)
    {
        if (byFeed.Count == 0)
        {
            return;
        }

        var wanted = new Rows<IGrouping<string, Announced>>(byFeed, "take").Text("feed", group => group.Key).Number("count", group => group.LongCount());
        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT feed, @epoch, count FROM {wanted.From(Dialect)} WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq + excluded.seq
            RETURNING feed AS Feed, epoch AS Epoch, seq AS Seq
            """;
        take.Add(sql, wanted.Parameters(Dialect, new { epoch = NewEpoch(Now) }));
    }

    private static List<FeedBatch> Number(IEnumerable<IGrouping<string, Announced>> byFeed, IEnumerable<End> taken)
    {
        var ends = taken.ToDictionary(end => end.Feed, StringComparer.Ordinal);
        return [.. byFeed.Select(group =>
        {
            var end = ends[group.Key];
            var first = end.Seq - group.LongCount() + 1;
            return new FeedBatch(group.Key, end.Epoch, [.. group.Select((item, index) => new FeedEvent(first + index, item.Kind, item.At, item.Data))]);
        })];
    }

    private void WriteEvents(Statements write, IReadOnlyCollection<FeedBatch> batches)
    {
        if (batches.Count == 0)
        {
            return;
        }

        var events = new Rows<(FeedBatch Batch, FeedEvent Event)>([.. batches.SelectMany(batch => batch.Events.Select(item => (batch, item)))], "event")
            .Text("feed", row => row.Batch.Feed).Text("epoch", row => row.Batch.Epoch).Number("seq", row => row.Event.Seq)
            .Text("kind", row => row.Event.Kind).Instant("at", row => row.Event.At).Text("data", row => row.Event.Data);
        const string columns = "feed, epoch, seq, kind, at, data";
        write.Add($"INSERT INTO feed_events ({columns}) SELECT {columns} FROM {events.From(Dialect)}", events.Parameters(Dialect));
    }

    private sealed record Announced(string Feed, string Kind, DateTimeOffset At, string Data);

    private sealed record End(string Feed, string Epoch, long Seq);

    // The random end of an id: two histories of one feed never share it.
    internal static string NewEpoch(DateTimeOffset now) => Id.New(now)[^12..];
}
