using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>Adds many sessions in one change, as <see cref="CreateSession"/> adds one.</summary>
internal static class NewSessions
{
    /// <summary>Gives the sessions their join IDs, stores them and tells every audience. A lobby or window that is due already opens.</summary>
    /// <returns>The sessions as they are then, in their order.</returns>
    public static async Task<List<Session>> Add(Change change, IReadOnlyList<Session> sessions)
    {
        var joinIds = await JoinIds(change, sessions.Count);
        var added = sessions.Select((session, index) => session with { JoinId = joinIds[index] }).ToList();
        await change.LockSessions(added.Select(session => session.Id));
        await SessionStore.InsertMany(change, added);
        SessionChange.Announce(change, [.. added.Select(session => ((Session?)null, new SessionStep(session, "sessionCreated")))]);
        for (var index = 0; index < added.Count; index++)
        {
            added[index] = await SessionChange.CatchUp(change, added[index]);
        }

        return added;
    }

    private static async Task<IReadOnlyList<string>> JoinIds(Change change, int count)
    {
        var free = new HashSet<string>(StringComparer.Ordinal);
        while (free.Count < count)
        {
            var tried = Enumerable.Range(0, count - free.Count).Select(_ => JoinId.New()).ToArray();
            var sql = $"SELECT join_id FROM sessions WHERE {change.Dialect.In("join_id", "@tried")} AND NOT ended";
            free.UnionWith(tried.Except(await change.All<string>(sql, new { tried }), StringComparer.Ordinal));
        }

        return [.. free];
    }
}
