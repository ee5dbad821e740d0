using System.Data.Common;
using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Storage;

/// <summary>
/// One transaction of a use case: what it writes, the events it announces and the audit rows it leaves commit together or not at all.
/// Made by <see cref="Changes"/>.
/// </summary>
public sealed class Change
{
    private readonly List<(string Feed, string Kind, string Data)> announced = [];
    private readonly List<AuditRow> recorded = [];
    private readonly HashSet<string> locked = new(StringComparer.Ordinal);
    private readonly DbTransaction transaction;

    internal Change(Actor actor, DateTimeOffset now, Dialect dialect, DbConnection connection, DbTransaction transaction)
    {
        Actor = actor;
        Now = now;
        Dialect = dialect;
        Connection = connection;
        this.transaction = transaction;
    }

    /// <summary>Who does it.</summary>
    public Actor Actor { get; }

    /// <summary>The one instant at which everything in this change happens.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The database's differences.</summary>
    public Dialect Dialect { get; }

    private DbConnection Connection { get; }

    /// <summary>
    /// Makes this change the only one on the session until it ends: every command on a session or one of its entries starts here,
    /// so commands on one session happen one after the other. Lock several in the order of their ids.
    /// </summary>
    /// <returns>The number that the session's next event will have, which is also the next arrival number.</returns>
    public async Task<long> LockSession(string sessionId)
    {
        const string sql = """
            INSERT INTO feeds (feed, epoch, seq) VALUES (@feed, @epoch, 0)
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING seq
            """;
        var feed = FeedNames.Session(sessionId);
        var seq = await One<long>(sql, new { feed, epoch = NewEpoch(Now) });
        locked.Add(feed);
        return seq + 1;
    }

    /// <summary>The same on several sessions at once, in the order of their ids.</summary>
    public async Task LockSessions(IEnumerable<string> sessionIds)
    {
        var feeds = new Rows<string>([.. sessionIds.Select(FeedNames.Session).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]).Text("feed", feed => feed);
        if (feeds.Count == 0)
        {
            return;
        }

        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT feed, @epoch, 0 FROM {feeds.From(Dialect)} WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING feed
            """;
        locked.UnionWith(await All<string>(sql, feeds.Parameters(Dialect, new { epoch = NewEpoch(Now) })));
    }

    /// <summary>Adds an event to a feed. It gets its number when the change commits, in the order announced.</summary>
    public void Announce<T>(string feed, string kind, T data) => announced.Add((feed, kind, Json.Write(data)));

    /// <summary>Adds a row to the audit chain of a session (<see cref="FeedNames.Session"/>) or of an organisation.</summary>
    public void Record(string organisationId, string chain, string action, string subject, object? details = null) =>
        recorded.Add(new AuditRow(organisationId, chain, Now, Actor, action, subject, details is null ? "{}" : Json.Write(details)));

    public Task<int> Execute(string sql, object? parameters = null) => Connection.ExecuteAsync(sql, parameters, transaction);

    public Task<T?> Find<T>(string sql, object? parameters = null) => Connection.QuerySingleOrDefaultAsync<T>(sql, parameters, transaction);

    public Task<T> One<T>(string sql, object? parameters = null) => Connection.QuerySingleAsync<T>(sql, parameters, transaction);

    public async Task<IReadOnlyList<T>> All<T>(string sql, object? parameters = null) =>
        (await Connection.QueryAsync<T>(sql, parameters, transaction)).AsList();

    /// <summary>Writes the announced events and audit rows; answers the batches to relay once they are committed.</summary>
    internal async Task<IReadOnlyList<FeedBatch>> Flush()
    {
        var byFeed = announced
            .GroupBy(item => item.Feed, StringComparer.Ordinal)
            .OrderBy(group => FeedNames.LockRank(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        if (byFeed.Find(group => FeedNames.LockRank(group.Key) == 0 && !locked.Contains(group.Key)) is { } unlocked)
        {
            throw new InvalidOperationException($"{unlocked.Key} was announced to without LockSession.");
        }

        var batches = byFeed.Count == 0 ? [] : await Append(byFeed);
        await AuditLog.Append(this, recorded);
        return batches;
    }

    // The rows of feeds are locked in the order in which they are given.
    private async Task<IReadOnlyList<FeedBatch>> Append(IReadOnlyList<IGrouping<string, (string Feed, string Kind, string Data)>> byFeed)
    {
        var wanted = new Rows<IGrouping<string, (string, string, string)>>(byFeed).Text("feed", group => group.Key).Number("count", group => group.LongCount());
        var take = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT feed, @epoch, count FROM {wanted.From(Dialect)} WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq + excluded.seq
            RETURNING feed AS Feed, epoch AS Epoch, seq AS Seq
            """;
        var ends = (await All<End>(take, wanted.Parameters(Dialect, new { epoch = NewEpoch(Now) }))).ToDictionary(end => end.Feed, StringComparer.Ordinal);
        var batches = byFeed.Select(group =>
        {
            var end = ends[group.Key];
            var first = end.Seq - group.LongCount() + 1;
            return new FeedBatch(group.Key, end.Epoch, [.. group.Select((item, index) => new FeedEvent(first + index, item.Kind, Now, item.Data))]);
        }).ToList();

        var events = new Rows<(FeedBatch Batch, FeedEvent Event)>([.. batches.SelectMany(batch => batch.Events.Select(item => (batch, item)))])
            .Text("feed", row => row.Batch.Feed).Text("epoch", row => row.Batch.Epoch).Number("seq", row => row.Event.Seq)
            .Text("kind", row => row.Event.Kind).Text("data", row => row.Event.Data);
        var insert = $"""
            INSERT INTO feed_events (feed, epoch, seq, kind, at, data) SELECT feed, epoch, seq, kind, @at, data FROM {events.From(Dialect)}
            """;
        await Execute(insert, events.Parameters(Dialect, new { at = Now }));
        return batches;
    }

    private sealed record End(string Feed, string Epoch, long Seq);

    // The random end of an id: two histories of one feed never share it.
    internal static string NewEpoch(DateTimeOffset now) => Id.New(now)[^12..];
}
