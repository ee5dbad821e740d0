using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// The lists that a session stands in: its organisation's and each of its proctors', in the tables <c>session_list</c>, <c>session_counts</c> and
/// <c>session_search</c>, and once in <c>session_now</c> what of it changes while it runs (docs/decisions/0130). Whatever writes sessions writes them here
/// too, in the same change. How many entries wait, are tested and are done is counted by the database's own triggers; <see cref="CountOrder"/> lets the
/// order by these numbers follow.
/// </summary>
internal static class SessionLists
{
    /// <summary>How long after its end a session is listed without being asked for.</summary>
    public const int MonthsListed = 3;

    /// <summary>The shelf of what is in its lobby, open, held or draining: with these steps nothing moves in the lists.</summary>
    public const string UnderWay = "UnderWay";

    // Those with a row for each list.
    private static readonly string[] Places = ["session_list", "session_counts"];

    // All of them but the search.
    private static readonly string[] Tables = [.. Places, "session_now"];

    /// <summary>The shelf of a session that ended longer ago than <see cref="MonthsListed"/>; <see cref="ShelveOldSessions"/> puts it there.</summary>
    public static string Old(string shelf) => $"Old{shelf}";

    /// <summary>The shelf on which the session stands; null when no list shows it.</summary>
    public static string? Shelf(Session session) => session.Deleted || session.Individual || (session.Simulated && session.Ended) ? null : Shelf(session.Phase);

    /// <summary>The shelf of sessions in the phase.</summary>
    public static string Shelf(SessionPhase phase) =>
        phase is SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held or SessionPhase.Draining ? UnderWay : phase.ToString();

    /// <summary>Puts new sessions into their lists, in a few statements.</summary>
    public static Task Add(Change change, IReadOnlyCollection<Session> sessions) => change.Write(write =>
    {
        Put(write, change.Dialect, sessions);
        PutWords(write, change.Dialect, [.. sessions.Where(session => !session.Individual)]);
    });

    /// <summary>Adds the statements that let the lists follow what sessions have become.</summary>
    public static void Follow(Statements write, Dialect dialect, IReadOnlyCollection<(Session Before, Session After)> sessions)
    {
        foreach (var (before, session) in sessions.Where(pair => Shelf(pair.Before) is not null && Shelf(pair.After) is not null))
        {
            if (Lists(before).Except(Lists(session), StringComparer.Ordinal).ToList() is { Count: > 0 } left)
            {
                Leave(write, dialect, session.Id, left);
            }
        }

        if (sessions.Where(pair => Shelf(pair.Before) is not null && Shelf(pair.After) is null).Select(pair => pair.After.Id).ToArray() is { Length: > 0 } gone)
        {
            Remove(write, dialect, gone, Tables);
        }

        // Mostly only the phase has changed, or nothing that a list shows.
        var listed = sessions.Where(pair => Shelf(pair.After) is not null).ToLookup(pair => Shelf(pair.Before) is not null && Shown(pair.Before) == Shown(pair.After));
        FollowPhases(write, dialect, [.. listed[true]]);
        Put(write, dialect, [.. listed[false].Select(pair => pair.After)]);
        PutWords(write, dialect, [.. sessions.Where(pair => Words(pair.Before) != Words(pair.After)).Select(pair => pair.After)]);
    }

    /// <summary>The same for sessions of which the rows show nothing new but the phase and the version.</summary>
    public static void FollowPhases(Statements write, Dialect dialect, IReadOnlyCollection<(Session Before, Session After)> sessions)
    {
        if (sessions.Select(pair => pair.After).Where(session => Shelf(session) is null && !session.Individual).Select(session => session.Id).ToArray() is { Length: > 0 } gone)
        {
            Remove(write, dialect, gone, Tables);
        }

        var listed = sessions.Where(pair => Shelf(pair.After) is not null).ToList();
        var now = new Rows<Session>([.. listed.Select(pair => pair.After)], Name(write))
            .Text("id", session => session.Id).Number("phase", session => (long)session.Phase).Number("version", session => session.Version);
        if (now.Count == 0)
        {
            return;
        }

        write.Add($"UPDATE session_now SET phase = rows.phase, version = rows.version FROM {now.Keyed(dialect)} WHERE session_id = rows.id", now.Parameters(dialect));
        var moved = listed.Where(pair => Shelf(pair.Before) != Shelf(pair.After)).Select(pair => pair.After).ToList();
        foreach (var table in moved.Count > 0 ? Places : [])
        {
            var rows = new Rows<Session>(moved, Name(write)).Text("id", session => session.Id).Text("shelf", Shelf);
            write.Add($"UPDATE {table} SET shelf = rows.shelf FROM {rows.From(dialect)} WHERE session_id = rows.id", rows.Parameters(dialect));
        }
    }

    /// <summary>Takes deleted sessions out of every list, in a few statements.</summary>
    public static Task Remove(Change change, IReadOnlyCollection<string> sessionIds) =>
        change.Write(write => Remove(write, change.Dialect, sessionIds, [.. Tables, "session_search"]));

    private static void Remove(Statements write, Dialect dialect, IReadOnlyCollection<string> sessionIds, string[] tables)
    {
        foreach (var table in tables)
        {
            var ids = Name(write);
            var parameters = new DynamicParameters();
            parameters.Add(ids, new Many(sessionIds));
            write.Add($"DELETE FROM {table} WHERE {dialect.Among("session_id", $"@{ids}")}", parameters);
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

    private static string[] Lists(Session session) => [session.OrganisationId, .. session.Proctors.Select(proctor => proctor.Id).Order(StringComparer.Ordinal)];

    private static string Words(Session session) => $"{SearchKey(session.Name)}\n{SearchKey(session.Code ?? "")}\n{session.JoinId}";

    /// <summary>A text as it is searched for and found: whatever its case, also with the dotted and the dotless i of Turkish.</summary>
    public static string SearchKey(string text) => SessionStore.NameKey(text).Replace('\u0130', 'I').Replace('\u0131', 'I');

    // What a page shows of a session from its lists; the phase, the version and the numbers it takes from session_now.
    private static string Shown(Session session) => Json.Write(SessionListRow.Of(session, counts: null) with { Phase = default, Version = 0 });

    private static void Put(Statements write, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        var listed = sessions.Where(session => Shelf(session) is not null).OrderBy(session => session.Id, StringComparer.Ordinal).ToList();
        if (listed.Count == 0)
        {
            return;
        }

        PutNow(write, dialect, listed);
        var rows = new Rows<(string List, Session Session, string Shown)>([.. listed.SelectMany(session =>
            {
                var shown = Shown(session);
                return Lists(session).Select(list => (list, session, shown));
            })], Name(write))
            .Text("list_id", row => row.List).Text("session_id", row => row.Session.Id).Text("shelf", row => Shelf(row.Session))
            .Text("name_key", row => SearchKey(row.Session.Name))
            .Instant("opens_at", row => row.Session.OpensAt).Instant("closes_at", row => row.Session.ClosesAt)
            .Text("code_key", row => SessionStore.NameKey(row.Session.Code ?? "")).Text("mode", row => row.Session.Mode.ToString())
            .Text("join_id", row => row.Session.JoinId).Text("shown", row => row.Shown);
        var list = $"""
            INSERT INTO session_list (list_id, session_id, shelf, name_key, opens_at, closes_at, code_key, mode, join_id, shown)
            SELECT list_id, session_id, shelf, name_key, opens_at, closes_at, code_key, mode, join_id, shown FROM {rows.From(dialect)} WHERE true ORDER BY position
            ON CONFLICT (session_id, list_id) DO UPDATE SET
              shelf = excluded.shelf, name_key = excluded.name_key, opens_at = excluded.opens_at, closes_at = excluded.closes_at,
              code_key = excluded.code_key, mode = excluded.mode, join_id = excluded.join_id, shown = excluded.shown
            """;
        write.Add(list, rows.Parameters(dialect));
        var places = new Rows<(string List, Session Session)>([.. listed.SelectMany(session => Lists(session).Select(list => (list, session)))], Name(write))
            .Text("list_id", row => row.List).Text("listed", row => row.Session.Id).Text("shelf", row => Shelf(row.Session))
            .Instant("opens_at", row => row.Session.OpensAt).Instant("closes_at", row => row.Session.ClosesAt);
        var ordered = $"""
            INSERT INTO session_counts (list_id, session_id, shelf, opens_at, closes_at, waiting, testing, done, counted)
            SELECT list_id, listed, shelf, opens_at, closes_at, waiting, testing, done, counted
            FROM {places.From(dialect)} JOIN session_now ON session_now.session_id = rows.listed WHERE true ORDER BY position
            ON CONFLICT (session_id, list_id) DO UPDATE SET shelf = excluded.shelf, opens_at = excluded.opens_at, closes_at = excluded.closes_at
            """;
        write.Add(ordered, places.Parameters(dialect));
    }

    // A session that comes into the lists counts who is there already.
    private static void PutNow(Statements write, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        var name = Name(write);
        var rows = new Rows<Session>(sessions, name).Text("id", session => session.Id).Text("organisation_id", session => session.OrganisationId)
            .Number("phase", session => (long)session.Phase).Number("version", session => session.Version);
        var sql = $"""
            INSERT INTO session_now (session_id, organisation_id, phase, version, waiting, testing, done)
            SELECT id, organisation_id, phase, version, coalesce(waiting, 0), coalesce(testing, 0), coalesce(done, 0)
            FROM {rows.From(dialect)}
            LEFT JOIN (
              SELECT session_id AS counted,
                     sum(CASE WHEN state = 'Waiting' THEN 1 ELSE 0 END) AS waiting,
                     sum(CASE WHEN state IN ('Entering', 'Testing', 'Paused', 'AtSeal', 'Interrupted') THEN 1 ELSE 0 END) AS testing,
                     sum(CASE WHEN state IN ('Submitted', 'Terminated', 'Expired') THEN 1 ELSE 0 END) AS done
              FROM entries WHERE {dialect.Among("session_id", $"@{name}")} GROUP BY session_id) AS counts ON counts.counted = rows.id
            WHERE true ORDER BY position
            ON CONFLICT (session_id) DO UPDATE SET phase = excluded.phase, version = excluded.version
            """;
        var parameters = rows.Parameters(dialect);
        parameters.Add(name, new Many(sessions.Select(session => session.Id)));
        write.Add(sql, parameters);
    }

    private static void PutWords(Statements write, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions, Name(write)).Text("session_id", session => session.Id).Text("organisation_id", session => session.OrganisationId).Text("words", Words);
        if (rows.Count == 0)
        {
            return;
        }

        var sql = $"""
            INSERT INTO session_search (session_id, organisation_id, words) SELECT session_id, organisation_id, words FROM {rows.From(dialect)} WHERE true
            ON CONFLICT (session_id) DO UPDATE SET words = excluded.words
            """;
        write.Add(sql, rows.Parameters(dialect));
    }

    private static void Leave(Statements write, Dialect dialect, string sessionId, IReadOnlyCollection<string> lists)
    {
        foreach (var table in Places)
        {
            var name = Name(write);
            var parameters = new DynamicParameters();
            parameters.Add($"{name}Session", sessionId);
            parameters.Add(name, new Many(lists));
            write.Add($"DELETE FROM {table} WHERE session_id = @{name}Session AND {dialect.Among("list_id", $"@{name}")}", parameters);
        }
    }

    private static string Name(Statements write) => $"lists{write.Count}";
}
