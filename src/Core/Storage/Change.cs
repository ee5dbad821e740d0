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
        var batches = new List<FeedBatch>();
        var byFeed = announced
            .GroupBy(item => item.Feed, StringComparer.Ordinal)
            .OrderBy(group => FeedNames.LockRank(group.Key))
            .ThenBy(group => group.Key, StringComparer.Ordinal);
        foreach (var group in byFeed)
        {
            if (FeedNames.LockRank(group.Key) == 0 && !locked.Contains(group.Key))
            {
                throw new InvalidOperationException($"{group.Key} was announced to without LockSession.");
            }

            batches.Add(await Append(group.Key, [.. group.Select(item => (item.Kind, item.Data))]));
        }

        foreach (var chain in recorded.GroupBy(row => row.Chain, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            await AuditLog.Append(this, chain.Key, [.. chain]);
        }

        return batches;
    }

    private async Task<FeedBatch> Append(string feed, IReadOnlyList<(string Kind, string Data)> items)
    {
        const string take = """
            INSERT INTO feeds (feed, epoch, seq) VALUES (@feed, @epoch, @count)
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq + @count
            RETURNING epoch AS Epoch, seq AS Seq
            """;
        const string insert = """
            INSERT INTO feed_events (feed, epoch, seq, kind, at, data) VALUES (@feed, @epoch, @seq, @kind, @at, @data)
            """;
        var end = await One<FeedPosition>(take, new { feed, epoch = NewEpoch(Now), count = (long)items.Count });
        var events = items.Select((item, index) => new FeedEvent(end.Seq - items.Count + 1 + index, item.Kind, Now, item.Data)).ToList();
        await Execute(insert, events.Select(item => new { feed, epoch = end.Epoch, seq = item.Seq, kind = item.Kind, at = item.At, data = item.Data }));
        return new FeedBatch(feed, end.Epoch, events);
    }

    // The random end of an id: two histories of one feed never share it.
    internal static string NewEpoch(DateTimeOffset now) => Id.New(now)[^12..];
}
