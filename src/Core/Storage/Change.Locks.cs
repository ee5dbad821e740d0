using Dapper;
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
            SELECT session_id, feeds.seq FROM session_due JOIN feeds ON feeds.feed = @prefix || session_id
            WHERE {Dialect.Among("session_id", "@ids")} AND due_at <= @now{Dialect.ForUpdateSkipLockedOf("feeds")}
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
}
