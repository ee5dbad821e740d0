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

        if (recorded.Find(row => FeedNames.IsSession(row.Chain) && !chainEnds.ContainsKey(row.Chain)) is { } unknown)
        {
            throw new InvalidOperationException($"{unknown.Chain} was recorded to without LockSession.");
        }

        var audit = new AuditLinks(recorded, chainEnds);
        if (byFeed.Count == 0 && audit.Empty)
        {
            await WriteGathered();
            return [];
        }

        await WriteGathered(together: false);
        var gathered = later.Cast<IWriteTogether>().ToList();
        later = [];
        if (audit.Asks)
        {
            await Send(gathered, audit.AskEnds, audit.ReadEnds);
            gathered = [];
        }

        // One wait for the database, however much there is: what was gathered, the numbers of the events, whose feeds it locks until the commit, what is
        // numbered, and the commit.
        IReadOnlyList<FeedBatch> batches = [];
        Ending = commits ? Ending.Committed : Ending;
        await Send(
            gathered,
            (write, dialect) =>
            {
                TakeNumbers(write, byFeed);
                WriteEvents(write, byFeed);
                audit.Write(write, dialect);
                if (commits)
                {
                    write.Add("COMMIT", new DynamicParameters());
                }
            },
            async taken => batches = Number(byFeed, await taken.ReadAsync<End>()));
        return batches;
    }

    // Whatever follows the last answer has been done when it is read.
    private async Task Send(IReadOnlyCollection<IWriteTogether> gathered, Action<Statements, Dialect> add, Func<SqlMapper.GridReader, Task> read)
    {
        var write = new Statements();
        foreach (var rows in gathered)
        {
            rows.Add(write, Dialect);
        }

        add(write, Dialect);
        Wrote();
        await using var answers = await Connection.QueryMultipleAsync(write.Text, write.Parameters, transaction);
        foreach (var rows in gathered)
        {
            await rows.Check(answers);
        }

        await read(answers);
        if (!answers.IsConsumed)
        {
            throw new InvalidOperationException("The database answered more than it was asked.");
        }
    }

    // The rows of feeds are locked in the order in which they are given.
    private void TakeNumbers(Statements write, IReadOnlyCollection<IGrouping<string, Announced>> byFeed)
    {
        var wanted = new Rows<IGrouping<string, Announced>>(byFeed, "take").Text("feed", group => group.Key).Number("count", group => group.LongCount());
        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT feed, @epoch, count FROM {wanted.From(Dialect)} WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq + excluded.seq
            RETURNING feed AS Feed, epoch AS Epoch, seq AS Seq
            """;
        write.Add(sql, wanted.Parameters(Dialect, new { epoch = NewEpoch(Now) }));
    }

    // The last event of a feed has the number at which the feed stands now.
    private void WriteEvents(Statements write, IReadOnlyCollection<IGrouping<string, Announced>> byFeed)
    {
        if (byFeed.Count == 0)
        {
            return;
        }

        var events = new Rows<(Announced Item, long Behind)>([.. byFeed.SelectMany(group => group.Reverse().Select((item, behind) => (item, (long)behind)).Reverse())], "event")
            .Text("wanted", row => row.Item.Feed).Number("behind", row => row.Behind).Text("kind", row => row.Item.Kind).Instant("at", row => row.Item.At)
            .Text("data", row => row.Item.Data);
        var sql = $"""
            INSERT INTO feed_events (feed, epoch, seq, kind, at, data) SELECT feed, epoch, seq - behind, kind, at, data
            FROM {events.Unseen(Dialect)} {Dialect.EachFinds("feeds", "feeds.feed = rows.wanted")}
            """;
        write.Add(sql, events.Parameters(Dialect));
    }

    private static List<FeedBatch> Number(IReadOnlyCollection<IGrouping<string, Announced>> byFeed, IEnumerable<End> taken)
    {
        var ends = taken.ToDictionary(end => end.Feed, StringComparer.Ordinal);
        return [.. byFeed.Select(group =>
        {
            var end = ends[group.Key];
            var first = end.Seq - group.LongCount() + 1;
            return new FeedBatch(group.Key, end.Epoch, [.. group.Select((item, index) => new FeedEvent(first + index, item.Kind, item.At, item.Data))]);
        })];
    }

    private sealed record Announced(string Feed, string Kind, DateTimeOffset At, string Data);

    private sealed record End(string Feed, string Epoch, long Seq);

    // The random end of an id: two histories of one feed never share it.
    internal static string NewEpoch(DateTimeOffset now) => Id.New(now)[^12..];
}
