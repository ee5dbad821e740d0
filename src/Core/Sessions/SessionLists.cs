using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// The lists that a session stands in: its organisation's and each of its proctors', in the tables <c>session_list</c>, <c>session_counts</c> and
/// <c>session_search</c>. Whatever writes sessions writes them here too, in the same change. How many entries wait, are tested and are done is
/// counted by the database's own triggers.
/// </summary>
internal static class SessionLists
{
    /// <summary>How long after its end a session is listed without being asked for.</summary>
    public const int MonthsListed = 3;

    /// <summary>The shelf of a session that ended longer ago than <see cref="MonthsListed"/>; <see cref="ShelveOldSessions"/> puts it there.</summary>
    public static string Old(string shelf) => $"Old{shelf}";

    /// <summary>The shelf on which the session stands; null when no list shows it.</summary>
    public static string? Shelf(Session session) => session.Deleted || session.Individual || (session.Simulated && session.Ended) ? null : session.Phase.ToString();

    /// <summary>Puts new sessions into their lists, in a few statements.</summary>
    public static async Task Add(Change change, IReadOnlyCollection<Session> sessions)
    {
        await Put(change, sessions);
        await PutWords(change, [.. sessions.Where(session => !session.Individual)]);
    }

    /// <summary>Lets the lists follow what a session has become.</summary>
    public static Task Follow(Change change, Session before, Session session) => Follow(change, [(before, session)]);

    /// <summary>The same for many sessions, in a few statements.</summary>
    public static async Task Follow(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions)
    {
        foreach (var (before, session) in sessions)
        {
            var kept = Shelf(session) is null ? [] : Lists(session);
            if (Shelf(before) is not null && Lists(before).Except(kept, StringComparer.Ordinal).ToArray() is { Length: > 0 } left)
            {
                await Leave(change, session.Id, left);
            }
        }

        await Put(change, [.. sessions.Select(pair => pair.After)]);
        await PutWords(change, [.. sessions.Where(pair => Words(pair.Before) != Words(pair.After)).Select(pair => pair.After)]);
    }

    /// <summary>Lets the lists follow sessions of which the rows show nothing new but the phase, in a few statements.</summary>
    public static async Task FollowPhases(Change change, IReadOnlyCollection<Session> sessions)
    {
        if (sessions.Where(session => Shelf(session) is null && !session.Individual).Select(session => session.Id).ToArray() is { Length: > 0 } gone)
        {
            await Remove(change, gone, ["session_list", "session_counts"]);
        }

        var rows = new Rows<Session>([.. sessions.Where(session => Shelf(session) is not null)])
            .Text("id", session => session.Id).Text("shelf", Shelf).Number("phase", session => (long)session.Phase)
            .Text("shown", session => Json.Write(SessionListRow.Of(session, counts: null)));
        if (rows.Count == 0)
        {
            return;
        }

        var from = $"FROM {rows.From(change.Dialect)} WHERE session_id = rows.id";
        var parameters = rows.Parameters(change.Dialect);
        await change.Execute($"UPDATE session_list SET shelf = rows.shelf, phase = rows.phase, shown = rows.shown {from}", parameters);
        await change.Execute($"UPDATE session_counts SET shelf = rows.shelf {from}", parameters);
    }

    /// <summary>Takes deleted sessions out of every list, in a few statements.</summary>
    public static Task Remove(Change change, IReadOnlyCollection<string> sessionIds) => Remove(change, sessionIds, ["session_list", "session_counts", "session_search"]);

    private static async Task Remove(Change change, IReadOnlyCollection<string> sessionIds, string[] tables)
    {
        foreach (var table in tables)
        {
            await change.Execute($"DELETE FROM {table} WHERE {change.Dialect.In("session_id", "@ids")}", new { ids = sessionIds.ToArray() });
        }
    }

    /// <summary>The organisation's sessions of these names (<see cref="SessionStore.NameKey"/>), rehearsals among them, in the order of their ids.</summary>
    public static async Task<IReadOnlyList<string>> Named(Change change, string organisationId, IReadOnlyCollection<string> nameKeys)
    {
        // What is searched begins with the name and a line end, which no name holds. SQLite takes the left side of a CROSS JOIN first.
        var rows = new Rows<string>(nameKeys).Text("least", key => $"{SearchKey(key)}\n").Text("beyond", key => $"{SearchKey(key)}\u000B");
        var sql = $"""
            SELECT session_id FROM {rows.From(change.Dialect)} CROSS JOIN session_search
            WHERE organisation_id = @organisationId AND words >= least AND words < beyond ORDER BY session_id
            """;
        return nameKeys.Count == 0 ? [] : await change.All<string>(sql, rows.Parameters(change.Dialect, new { organisationId }));
    }

    // The organisation's list comes first: whoever has locked its row has the session's others to itself.
    private static string[] Lists(Session session) => [session.OrganisationId, .. session.Proctors.Select(proctor => proctor.Id).Order(StringComparer.Ordinal)];

    private static string Words(Session session) => $"{SearchKey(session.Name)}\n{SearchKey(session.Code ?? "")}\n{session.JoinId}";

    /// <summary>A text as it is searched for and found: whatever its case, also with the dotted and the dotless i of Turkish.</summary>
    public static string SearchKey(string text) => SessionStore.NameKey(text).Replace('\u0130', 'I').Replace('\u0131', 'I');

    private static async Task Put(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<(string List, Session Session, string Shown)>(
            [.. sessions.Where(session => Shelf(session) is not null).OrderBy(session => session.Id, StringComparer.Ordinal).SelectMany(session =>
            {
                var shown = Json.Write(SessionListRow.Of(session, counts: null));
                return Lists(session).Select(list => (list, session, shown));
            })]);
        if (rows.Count == 0)
        {
            return;
        }

        rows.Text("list_id", row => row.List).Text("session_id", row => row.Session.Id).Text("shelf", row => Shelf(row.Session))
            .Number("phase", row => (long)row.Session.Phase).Text("name_key", row => SessionStore.NameKey(row.Session.Name))
            .Instant("opens_at", row => row.Session.OpensAt).Instant("closes_at", row => row.Session.ClosesAt)
            .Text("code_key", row => SessionStore.NameKey(row.Session.Code ?? "")).Text("mode", row => row.Session.Mode.ToString())
            .Text("join_id", row => row.Session.JoinId).Text("shown", row => row.Shown);
        // A list that the session is new to counts what is there already.
        var from = $"""
            {rows.From(change.Dialect)}
            LEFT JOIN (
              SELECT session_id AS counted,
                     sum(CASE WHEN state = 'Waiting' THEN 1 ELSE 0 END) AS waiting,
                     sum(CASE WHEN state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted') THEN 1 ELSE 0 END) AS testing,
                     sum(CASE WHEN state IN ('Submitted', 'Terminated', 'Expired') THEN 1 ELSE 0 END) AS done
              FROM entries WHERE {change.Dialect.In("session_id", "@ids")} GROUP BY session_id) AS counts ON counts.counted = rows.session_id
            WHERE true ORDER BY position
            """;
        const string counts = "coalesce(waiting, 0), coalesce(testing, 0), coalesce(done, 0)";
        var parameters = rows.Parameters(change.Dialect, new { ids = sessions.Select(session => session.Id).ToArray() });
        var list = $"""
            INSERT INTO session_list (list_id, session_id, shelf, phase, name_key, opens_at, closes_at, code_key, mode, join_id, shown, waiting, testing, done)
            SELECT list_id, session_id, shelf, phase, name_key, opens_at, closes_at, code_key, mode, join_id, shown, {counts} FROM {from}
            ON CONFLICT (session_id, list_id) DO UPDATE SET
              shelf = excluded.shelf, phase = excluded.phase, name_key = excluded.name_key, opens_at = excluded.opens_at, closes_at = excluded.closes_at,
              code_key = excluded.code_key, mode = excluded.mode, join_id = excluded.join_id, shown = excluded.shown
            """;
        await change.Execute(list, parameters);
        var ordered = $"""
            INSERT INTO session_counts (list_id, session_id, shelf, opens_at, closes_at, waiting, testing, done)
            SELECT list_id, session_id, shelf, opens_at, closes_at, {counts} FROM {from}
            ON CONFLICT (session_id, list_id) DO UPDATE SET shelf = excluded.shelf, opens_at = excluded.opens_at, closes_at = excluded.closes_at
            """;
        await change.Execute(ordered, parameters);
    }

    private static async Task PutWords(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions).Text("session_id", session => session.Id).Text("organisation_id", session => session.OrganisationId).Text("words", Words);
        if (rows.Count == 0)
        {
            return;
        }

        var sql = $"""
            INSERT INTO session_search (session_id, organisation_id, words) SELECT session_id, organisation_id, words FROM {rows.From(change.Dialect)} WHERE true
            ON CONFLICT (session_id) DO UPDATE SET words = excluded.words
            """;
        await change.Execute(sql, rows.Parameters(change.Dialect));
    }

    private static async Task Leave(Change change, string sessionId, string[] lists)
    {
        foreach (var table in new[] { "session_list", "session_counts" })
        {
            await change.Execute($"DELETE FROM {table} WHERE session_id = @sessionId AND {change.Dialect.In("list_id", "@lists")}", new { sessionId, lists });
        }
    }
}
