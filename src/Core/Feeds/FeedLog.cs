using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Feeds;

/// <summary>The events of a feed after a position, as far as they are kept, with the head that was true at the same moment.</summary>
/// <param name="Head">The feed's position.</param>
/// <param name="OldestKept">The number of the oldest event that is kept; one above the head when none is.</param>
/// <param name="Events">Consecutive, at most as many as were asked for.</param>
public sealed record FeedPage(FeedPosition Head, long OldestKept, IReadOnlyList<FeedEvent> Events);

/// <summary>The stored events of all feeds: the truth that relays only hint at. <see cref="Change.Announce"/> writes it.</summary>
public sealed class FeedLog
{
    private readonly Db db;
    private readonly TimeProvider time;
    private readonly Batched<Stand> heads;

    public FeedLog(Db db, TimeProvider time)
    {
        (this.db, this.time) = (db, time);
        heads = new(async feeds => (await Heads(feeds)).ToDictionary(head => head.Key, head => new Stand(head.Value), StringComparer.Ordinal));
    }

    /// <summary>The feed's position; null when nothing was ever announced to it.</summary>
    public async Task<FeedPosition?> Head(string feed) => (await heads.Find(feed))?.Position;

    /// <summary>The positions of many feeds in one query; those that do not exist are left out.</summary>
    public Task<IReadOnlyDictionary<string, FeedPosition>> Heads(IReadOnlyCollection<string> feeds) =>
        db.Read<IReadOnlyDictionary<string, FeedPosition>>(async connection =>
        {
            var sql = $"SELECT feed, epoch, seq FROM feeds WHERE {db.Dialect.In("feed", "@feeds")}";
            var rows = await connection.QueryAsync<(string Feed, string Epoch, long Seq)>(sql, new { feeds = feeds.ToArray() });
            return rows.ToDictionary(row => row.Feed, row => new FeedPosition(row.Epoch, row.Seq), StringComparer.Ordinal);
        });

    /// <summary>The position of a feed that may have no event yet: it gets its epoch now, so that its first event joins on to this position.</summary>
    public Task<FeedPosition> Begin(string feed) => db.Write(async (connection, transaction) =>
    {
        const string sql = """
            INSERT INTO feeds (feed, epoch, seq) VALUES (@feed, @epoch, 0)
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING epoch AS Epoch, seq AS Seq
            """;
        var position = await connection.QuerySingleAsync<FeedPosition>(sql, new { feed, epoch = Change.NewEpoch(time.Now()) }, transaction);
        return (position, Commit: true);
    });

    /// <summary>The events after <paramref name="afterSeq"/>, oldest first; null when the feed does not exist.</summary>
    public Task<FeedPage?> Read(string feed, long afterSeq, int limit) => db.Read(async connection =>
    {
        // One statement: head, oldest and events are of the same moment.
        const string sql = """
            SELECT f.epoch, f.seq AS head, o.seq AS oldest, e.seq, e.kind, e.at, e.data
            FROM feeds f
            LEFT JOIN (SELECT min(seq) AS seq FROM feed_events WHERE feed = @feed) o ON true
            LEFT JOIN feed_events e ON e.feed = f.feed AND e.epoch = f.epoch AND e.seq > @afterSeq
            WHERE f.feed = @feed
            ORDER BY e.seq
            LIMIT @limit
            """;
        var rows = (await connection.QueryAsync<Row>(sql, new { feed, afterSeq, limit })).AsList();
        if (rows.Count == 0)
        {
            return null;
        }

        var head = new FeedPosition(rows[0].Epoch, rows[0].Head);
        var events = rows.Where(row => row.Seq is not null).Select(row => new FeedEvent(row.Seq!.Value, row.Kind!, row.At!.Value, row.Data!)).ToList();
        return new FeedPage(head, rows[0].Oldest ?? head.Seq + 1, events);
    });

    /// <summary>Forgets events older than an instant, up to <paramref name="feeds"/> feeds at a time; answers how many events are gone. Heads stay.</summary>
    public Task<int> Trim(DateTimeOffset before, int feeds) => db.Write(async (connection, transaction) =>
    {
        // By number, not by time: within a feed a later event may carry a slightly earlier time, and what is kept has no holes.
        const string old = "SELECT feed, max(seq) AS seq FROM feed_events WHERE at < @before GROUP BY feed LIMIT @feeds";
        const string delete = "DELETE FROM feed_events WHERE feed = @feed AND seq <= @seq";
        var ends = (await connection.QueryAsync<(string Feed, long Seq)>(old, new { before, feeds }, transaction)).AsList();
        var gone = 0;
        foreach (var (feed, seq) in ends)
        {
            gone += await connection.ExecuteAsync(delete, new { feed, seq }, transaction);
        }

        return (gone, Commit: true);
    });

    private sealed record Stand(FeedPosition Position);

    private sealed record Row
    {
        public required string Epoch { get; init; }

        public long Head { get; init; }

        public long? Oldest { get; init; }

        public long? Seq { get; init; }

        public string? Kind { get; init; }

        public DateTimeOffset? At { get; init; }

        public string? Data { get; init; }
    }
}
