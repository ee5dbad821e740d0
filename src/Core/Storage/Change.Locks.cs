using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Storage;

/// <summary>What a change has to itself.</summary>
public sealed partial class Change
{
    /// <summary>
    /// Makes this change the only one on the session until it ends: every command on a session or one of its entries starts here,
    /// so commands on one session happen one after the other. Lock several in the order of their ids.
    /// </summary>
    /// <returns>The number that the session's next event will have, which is also the next arrival number.</returns>
    public async Task<long> LockSession(string sessionId)
    {
        await LockSessions([sessionId]);
        var feed = FeedNames.Session(sessionId);
        return locked[feed] + 1 + announced.Count(item => item.Feed == feed) + (whole?.announced.Count(item => item.Feed == feed) ?? 0);
    }

    /// <summary>The same on several sessions at once, in the order of their ids.</summary>
    public async Task LockSessions(IEnumerable<string> sessionIds)
    {
        if (sessionIds.Distinct(StringComparer.Ordinal).Where(id => !locked.ContainsKey(FeedNames.Session(id))).ToArray() is { Length: > 0 } ids)
        {
            await using var found = await Lock(ids, existing: false);
        }
    }

    /// <summary>The same on a session that may not exist, with a look at it as it is once it is locked: both for one wait.</summary>
    /// <param name="look">A SELECT of one text, by the parameter <c>@id</c>.</param>
    /// <returns>What the look found; null, and nothing locked or left behind, when there is no such session.</returns>
    public async Task<string?> LockSession(string sessionId, string look)
    {
        if (locked.ContainsKey(FeedNames.Session(sessionId)))
        {
            return await Find<string>(look, new { id = sessionId });
        }

        var ask = new Statements();
        ask.Add(look, new DynamicParameters(new { id = sessionId }));
        await using var found = await Lock([sessionId], existing: true, ask);
        return await found.ReadSingleOrDefaultAsync<string>();
    }

    /// <summary>The same on several sessions that may not exist, with a look at each as it is once they are locked.</summary>
    /// <param name="look">A SELECT of the id and one text for each of <c>@ids</c> that exists.</param>
    /// <param name="ahead">What else is asked for with the same wait.</param>
    internal async Task<IReadOnlyList<(string Id, string Found)>> LockSessions(IReadOnlyCollection<string> sessionIds, string look, IReadOnlyList<IReadAhead> ahead)
    {
        var ask = new Statements();
        ask.Add(look, new DynamicParameters(new { ids = new Many(sessionIds) }));
        if (ahead is [var asked, ..])
        {
            asked.Ask(ask, Dialect, ahead);
        }

        await using var found = await Lock(sessionIds, existing: true, ask);
        var sessions = (await found.ReadAsync<(string, string)>()).AsList();
        if (ahead is [var first, ..])
        {
            await first.Take(this, found, ahead);
        }

        return sessions;
    }

    /// <summary>
    /// Locks those of the sessions at which something is due and which nobody else has locked, so it never waits. What it answers may have been done
    /// meanwhile: load it now.
    /// </summary>
    /// <returns>In the order given.</returns>
    public async Task<IReadOnlyList<string>> LockFreeSessions(IReadOnlyCollection<string> sessionIds)
    {
        var sql = $"""
            SELECT feeds.feed, feeds.seq FROM session_due JOIN feeds ON feeds.feed = @prefix || session_id
            WHERE {Dialect.Among("session_id", "@ids")} AND due_at <= @now{Dialect.ForUpdateSkipLockedOf("feeds")};
            {EndsOf("@chains", sessionIds.Count)}
            """;
        await using var found = await Several(
            sql, new { now = Now, prefix = FeedNames.Session(""), ids = new Many(sessionIds), chains = new Many(sessionIds.Select(FeedNames.Session)) });
        await Locked(found);
        return [.. sessionIds.Where(id => locked.ContainsKey(FeedNames.Session(id)))];
    }

    // Each statement sees what was committed before it began: what comes after the lock sees what those before it left.
    private async Task<SqlMapper.GridReader> Lock(IReadOnlyCollection<string> sessionIds, bool existing, Statements? ask = null)
    {
        var wanted = new Rows<string>([.. sessionIds.Order(StringComparer.Ordinal)]).Text("wanted", id => id).Text("feed", FeedNames.Session);

        // A made-up id must not leave a feed behind.
        var sql = $"""
            INSERT INTO feeds (feed, epoch, seq) SELECT rows.feed, @epoch, 0 FROM {wanted.Keyed(Dialect)} {(existing ? "JOIN sessions ON sessions.id = rows.wanted" : "")}
            WHERE true ORDER BY position
            ON CONFLICT (feed) DO UPDATE SET seq = feeds.seq
            RETURNING feed, seq;
            {EndsOf("@chains", wanted.Count)};
            {ask?.Text}
            """;
        var all = wanted.Parameters(Dialect, ask?.Parameters);
        all.Add("epoch", NewEpoch(Now));
        all.Add("chains", new Many(sessionIds.Select(FeedNames.Session)));
        var found = await Several(sql, all);
        await Locked(found);
        return found;
    }

    // The sessions that were locked, and where their audit chains end: who adds to one has locked the session.
    private async Task Locked(SqlMapper.GridReader found)
    {
        foreach (var (feed, seq) in await found.ReadAsync<(string, long)>())
        {
            locked[feed] = seq;
            chainEnds.TryAdd(feed, new AuditEnd(feed, 0, ""));
        }

        foreach (var end in (await found.ReadAsync<AuditEnd>()).Where(end => locked.ContainsKey(end.Chain)))
        {
            chainEnds[end.Chain] = end;
        }
    }

    private string EndsOf(string chains, int count) => $"SELECT {AuditEnd.Columns} FROM audit_chains WHERE {Dialect.Keyed("chain", chains, count)}";
}
