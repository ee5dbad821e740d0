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
    private readonly List<Announced> announced = [];
    private readonly List<AuditRow> recorded = [];
    private readonly Dictionary<string, long> locked;
    private readonly Dictionary<string, object> known;
    private readonly DbTransaction transaction;
    private readonly Change? whole;
    private List<IWriteLater> later = [];
    private bool gathering;
    private readonly bool shared;

    /// <param name="shared">True when several commands are decided in it, each in a <see cref="Part"/>.</param>
    internal Change(Actor actor, DateTimeOffset now, Dialect dialect, DbConnection connection, DbTransaction transaction, bool shared = false)
    {
        this.shared = shared;
        Actor = actor;
        Now = now;
        Dialect = dialect;
        Connection = connection;
        this.transaction = transaction;
        locked = new(StringComparer.Ordinal);
        known = new(StringComparer.Ordinal);
    }

    private Change(Change whole, Actor actor, DateTimeOffset now)
    {
        Actor = actor;
        Now = now;
        Dialect = whole.Dialect;
        Connection = whole.Connection;
        transaction = whole.transaction;
        locked = whole.locked;
        known = whole.known;
        this.whole = whole;
        shared = true;
    }

    /// <summary>Who does it.</summary>
    public Actor Actor { get; }

    /// <summary>The one instant at which everything in this change happens.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The database's differences.</summary>
    public Dialect Dialect { get; }

    /// <summary>True when other commands are decided in the same transaction (<see cref="Turns"/>).</summary>
    internal bool Shared => shared;

    /// <summary>Equal for all changes that share a transaction.</summary>
    internal object Transaction => transaction;

    /// <summary>True when this change has sent something to the database that only a rollback takes back.</summary>
    internal bool Written { get; private set; }

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
        if (!locked.TryGetValue(feed, out var seq))
        {
            seq = locked[feed] = await One<long>(sql, new { feed, epoch = NewEpoch(Now) });
        }

        return seq + 1 + announced.Count(item => item.Feed == feed) + (whole?.announced.Count(item => item.Feed == feed) ?? 0);
    }

    /// <summary>The same on a session that may not exist, with a look at it as it is once it is locked: both for one wait.</summary>
    /// <param name="look">A SELECT of one text, by the parameter <c>@id</c>.</param>
    /// <returns>What the look found; null, and nothing locked or left behind, when there is no such session.</returns>
    public async Task<string?> LockSession(string sessionId, string look)
    {
        // A made-up id must not leave a feed behind.
        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT @feed, @epoch, 0 FROM sessions WHERE id = @id
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING seq;
            {look}
            """;
        var feed = FeedNames.Session(sessionId);
        if (locked.ContainsKey(feed))
        {
            return await Find<string>(look, new { id = sessionId });
        }

        await WriteGathered();
        await using var found = await Connection.QueryMultipleAsync(sql, new { feed, epoch = NewEpoch(Now), id = sessionId }, transaction);
        if (await found.ReadSingleOrDefaultAsync<long?>() is { } seq)
        {
            locked[feed] = seq;
        }

        return await found.ReadSingleOrDefaultAsync<string>();
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
            RETURNING feed, seq
            """;
        foreach (var (feed, seq) in await All<(string, long)>(sql, feeds.Parameters(Dialect, new { epoch = NewEpoch(Now) })))
        {
            locked[feed] = seq;
        }
    }

    /// <summary>
    /// Locks those of the sessions at which something is due and which nobody else has locked, so it never waits. What it answers may have been done
    /// meanwhile: load it now.
    /// </summary>
    /// <returns>In the order given.</returns>
    public async Task<IReadOnlyList<string>> LockFreeSessions(IReadOnlyCollection<string> sessionIds)
    {
        var sql = $"""
            SELECT sessions.id, feeds.seq FROM sessions JOIN feeds ON feeds.feed = @prefix || sessions.id
            WHERE {Dialect.Among("sessions.id", "@ids")} AND sessions.due_at <= @now AND NOT sessions.deleted{Dialect.ForUpdateSkipLockedOf("feeds")}
            """;
        foreach (var (id, seq) in await All<(string, long)>(sql, new { now = Now, prefix = FeedNames.Session(""), ids = new Many(sessionIds) }))
        {
            locked[FeedNames.Session(id)] = seq;
        }

        return [.. sessionIds.Where(id => locked.ContainsKey(FeedNames.Session(id)))];
    }

    /// <summary>The same on several sessions that may not exist, with a look at each as it is once they are locked.</summary>
    /// <param name="look">A SELECT of the id and one text for each of <c>@ids</c> that exists.</param>
    internal async Task<IReadOnlyList<(string Id, string Found)>> LockSessions(IReadOnlyCollection<string> sessionIds, Func<Dialect, string> look)
    {
        var wanted = new Rows<string>([.. sessionIds.Order(StringComparer.Ordinal)]).Text("wanted", id => id).Text("feed", FeedNames.Session);
        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT rows.feed, @epoch, 0 FROM {wanted.From(Dialect)} JOIN sessions ON sessions.id = rows.wanted WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING feed, seq;
            {look(Dialect)}
            """;
        var parameters = wanted.Parameters(Dialect, new { epoch = NewEpoch(Now) });
        parameters.Add("ids", new Many(sessionIds));
        await using var found = await Several(sql, parameters);
        foreach (var (feed, seq) in await found.ReadAsync<(string, long)>())
        {
            locked[feed] = seq;
        }

        return (await found.ReadAsync<(string, string)>()).AsList();
    }

    /// <summary>Adds an event to a feed. It gets its number when the change commits, in the order announced.</summary>
    public void Announce<T>(string feed, string kind, T data) => announced.Add(new Announced(feed, kind, Now, Json.Write(data)));

    /// <summary>The same to several feeds.</summary>
    public void Announce<T>(IEnumerable<string> feeds, string kind, T data)
    {
        var text = Json.Write(data);
        announced.AddRange(feeds.Select(feed => new Announced(feed, kind, Now, text)));
    }

    /// <summary>Adds a row to the audit chain of a session (<see cref="FeedNames.Session"/>) or of an organisation.</summary>
    public void Record(string organisationId, string chain, string action, string subject, object? details = null) =>
        recorded.Add(new AuditRow(organisationId, chain, Now, Actor, action, subject, details is null ? "{}" : Json.Write(details)));

    public async Task<int> Execute(string sql, object? parameters = null)
    {
        await WriteGathered();
        Wrote();
        return await Connection.ExecuteAsync(sql, parameters, transaction);
    }

    public async Task<T?> Find<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return await Connection.QuerySingleOrDefaultAsync<T>(sql, parameters, transaction);
    }

    public async Task<T> One<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return await Connection.QuerySingleAsync<T>(sql, parameters, transaction);
    }

    public async Task<IReadOnlyList<T>> All<T>(string sql, object? parameters = null)
    {
        await WriteGathered();
        return (await Connection.QueryAsync<T>(sql, parameters, transaction)).AsList();
    }

    /// <summary>The answers of several SELECTs for one wait. The caller reads and disposes them before the next statement.</summary>
    internal async Task<SqlMapper.GridReader> Several(string sql, object parameters)
    {
        await WriteGathered();
        return await Connection.QueryMultipleAsync(sql, parameters, transaction);
    }

    /// <summary>Where rows of one kind are gathered that go into one statement.</summary>
    internal T Later<T>()
        where T : class, IWriteLater, new()
    {
        if (later.OfType<T>().FirstOrDefault() is not { } gathered)
        {
            later.Add(gathered = new T());
        }

        return gathered;
    }

    /// <summary>What a command read that shares its transaction with the next, which then need not read it; forgotten with the next statement that writes anything but what is gathered.</summary>
    internal async Task<T?> Known<T>(string key, Func<Task<T?>> read)
        where T : class
    {
        if (known.TryGetValue(key, out var found))
        {
            return (T)found;
        }

        var value = await read();
        if (shared && value is not null)
        {
            known[key] = value;
        }

        return value;
    }

    /// <summary>Keeps for <see cref="Known{T}"/> what was read for all commands that share this transaction.</summary>
    internal void Know(string key, object value) => known[key] = value;

    /// <summary>A change for one of several commands that share this transaction.</summary>
    internal Change Part(Actor actor, DateTimeOffset now) => new(this, actor, now);

    /// <summary>Makes what a part decided a part of this change.</summary>
    internal void Take(Change part)
    {
        announced.AddRange(part.announced);
        recorded.AddRange(part.recorded);
        foreach (var gathered in part.later)
        {
            if (later.Find(own => own.GetType() == gathered.GetType()) is { } same)
            {
                same.Take(gathered);
            }
            else
            {
                later.Add(gathered);
            }
        }
    }

    /// <summary>Writes at once what was gathered, or is written apart.</summary>
    internal async Task WriteAndCheck(IWriteTogether gathered)
    {
        var write = new Statements();
        gathered.Add(write, Dialect);
        await WriteGathered();
        Wrote();
        await using var answers = await Connection.QueryMultipleAsync(write.Text, write.Parameters, transaction);
        await gathered.Check(answers);
    }

    /// <param name="together">False to leave what can go into one command with what comes next.</param>
    private async Task WriteGathered(bool together = true)
    {
        if (whole is not null)
        {
            await whole.WriteGathered();
        }

        while (later.Exists(gathered => together || gathered is not IWriteTogether))
        {
            var now = later;
            later = together ? [] : [.. now.Where(gathered => gathered is IWriteTogether)];
            gathering = true;
            foreach (var gathered in now.Except(later))
            {
                await gathered.Write(this);
            }

            gathering = false;
        }
    }

    private void Wrote()
    {
        Written = true;
        if (!gathering)
        {
            known.Clear();
        }
    }

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
