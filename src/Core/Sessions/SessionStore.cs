using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>Sessions in storage. The document is the session; the columns beside it are what is searched, sorted and due.</summary>
public sealed class SessionStore
{
    private readonly Db db;
    private readonly Batched<Session> byJoinId;

    public SessionStore(Db db)
    {
        this.db = db;
        byJoinId = new(ReadByJoinId);
    }

    /// <summary>The session, whatever its organisation; null when there is none.</summary>
    public Task<Session?> Find(string id) => db.Read(async connection =>
        Document(await connection.QuerySingleOrDefaultAsync<string>("SELECT document FROM sessions WHERE id = @id AND NOT deleted", new { id })));

    /// <summary>Those of the sessions that exist.</summary>
    public Task<IReadOnlyList<Session>> FindMany(IReadOnlyCollection<string> ids) => db.Read<IReadOnlyList<Session>>(async connection =>
        [.. (await connection.QueryAsync<string>($"SELECT document FROM sessions WHERE NOT deleted AND {db.Dialect.Among("id", "@ids")}", new { ids = new Many(ids) })).Select(Json.Read<Session>)]);

    /// <summary>The session that a join ID leads to: the one that is not over, else the latest that was.</summary>
    /// <param name="joinId">Eight characters, upper case, without the dash.</param>
    public Task<Session?> ByJoinId(string joinId) => byJoinId.Find(joinId);

    /// <summary>The session whose join link carries the secret; null when none does any more.</summary>
    public Task<Session?> ByLink(string secret) => db.Read(async connection =>
        Document(await connection.QuerySingleOrDefaultAsync<string>(
            "SELECT document FROM sessions WHERE link_secret = @secret AND NOT deleted", new { secret })));

    /// <summary>True when a session that is not over has the join ID.</summary>
    public static async Task<bool> JoinIdTaken(Change change, string joinId) =>
        await change.One<long>(
            "SELECT count(*) FROM sessions WHERE join_id = @joinId AND NOT ended", new { joinId }) > 0;

    /// <summary>Locks the session and answers it as it is then; null when there is none.</summary>
    public static Task<Session?> LockAndLoad(Change change, string id) => change.Known(
        FeedNames.Session(id), async () => Document(await change.LockSession(id, "SELECT document FROM sessions WHERE id = @id AND NOT deleted")));

    /// <summary>The same for all sessions that the commands of one transaction are about: each then finds its own.</summary>
    /// <param name="ahead">What they read ahead, for the same wait.</param>
    internal static async Task LockAndKnow(Change change, IReadOnlyCollection<string> ids, IReadOnlyList<IReadAhead> ahead)
    {
        var look = $"SELECT id, document FROM sessions WHERE {change.Dialect.Keyed("id", "@ids", ids.Count)} AND NOT deleted";
        foreach (var (id, document) in await change.LockSessions(ids, look, ahead))
        {
            change.Know(FeedNames.Session(id), Json.Read<Session>(document));
        }
    }

    /// <summary>The session inside a change that has locked it.</summary>
    public static async Task<Session?> Load(Change change, string id) =>
        Document(await change.Find<string>("SELECT document FROM sessions WHERE id = @id AND NOT deleted", new { id }));

    /// <summary>Those of the ids that are sessions of the organisation.</summary>
    public static async Task<IReadOnlyList<string>> Having(Change change, string organisationId, IReadOnlyCollection<string> ids) => ids.Count == 0
        ? []
        : await change.All<string>(
            $"SELECT id FROM sessions WHERE organisation_id = @organisationId AND NOT deleted AND {change.Dialect.Among("id", "@ids")} ORDER BY id", new { organisationId, ids = new Many(ids) });

    /// <summary>The sessions of these ids inside a change that has locked them.</summary>
    public static async Task<IReadOnlyList<Session>> LoadMany(Change change, IReadOnlyCollection<string> ids) => ids.Count == 0
        ? []
        : [.. (await change.All<string>($"SELECT document FROM sessions WHERE NOT deleted AND {change.Dialect.Among("id", "@ids")}", new { ids = new Many(ids) })).Select(Json.Read<Session>)];

    public static Task Insert(Change change, Session session) => InsertMany(change, [session]);

    /// <summary>Adds many sessions in a few statements.</summary>
    public static async Task InsertMany(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = Values(sessions);
        const string columns = """
            id, organisation_id, name, name_key, mode, phase, opens_at, closes_at, code_key, join_id, link_secret, version, simulated, ad_hoc, deleted, individual,
            profile_id, profile_mark, document
            """;
        await change.Execute($"INSERT INTO sessions ({columns}) SELECT {columns} FROM {rows.From(change.Dialect)}", rows.Parameters(change.Dialect));

        await change.Write(write => WriteProctors(write, change.Dialect, sessions));
        await WriteDue(change, sessions);
        await SessionLists.Add(change, sessions);
    }

    /// <summary>Writes the session over the version before it. Its change holds the session's lock, so another version is a programming error.</summary>
    public static Task Save(Change change, Session before, Session session) => SaveMany(change, [(before, session)]);

    /// <summary>The same for many sessions, in a few statements.</summary>
    public static Task SaveMany(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions) =>
        Gather(change, sessions, byTime: false);

    /// <summary>The same for sessions whose phase, and with it perhaps their tests, has changed by time.</summary>
    public static Task SavePhases(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions) =>
        Gather(change, sessions, byTime: true);

    /// <summary>Writes many deleted sessions over the versions before them, and takes them off the lists.</summary>
    public static async Task SaveDeleted(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions).Text("id", session => session.Id).Number("version", session => session.Version).Text("document", session => Json.Write(session));
        var sql = $"""
            UPDATE sessions SET deleted = true, version = rows.version, document = rows.document
            FROM {rows.From(change.Dialect)} WHERE sessions.id = rows.id AND sessions.version = rows.version - 1
            """;
        if (await change.Execute(sql, rows.Parameters(change.Dialect)) != sessions.Count)
        {
            throw new InvalidOperationException("A session was changed though it was locked.");
        }

        await WriteDue(change, sessions);
        await SessionLists.Remove(change, [.. sessions.Select(session => session.Id)]);
    }

    /// <summary>Sets right when something is due at sessions at which nothing is.</summary>
    public static Task SetDue(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions).Text("id", session => session.Id).Instant("due_at", SessionRules.NextDue);
        return change.Execute(
            $"UPDATE session_due SET due_at = rows.due_at FROM {rows.From(change.Dialect)} WHERE session_id = rows.id AND session_due.due_at <= @now",
            rows.Parameters(change.Dialect, new { now = change.Now }));
    }

    /// <summary>Makes the scheduler look at the session at once; used when its last test has ended while it drains.</summary>
    public static Task DueNow(Change change, string id) =>
        change.Execute("UPDATE session_due SET due_at = @now WHERE session_id = @id AND due_at > @now", new { id, now = change.Now });

    /// <summary>Ids of sessions at which something is due, the longest due first.</summary>
    public Task<IReadOnlyList<string>> DueIds(DateTimeOffset now, int limit) => db.Read(async connection =>
        (IReadOnlyList<string>)(await connection.QueryAsync<string>(
            "SELECT session_id FROM session_due WHERE due_at <= @now ORDER BY due_at, session_id LIMIT @limit", new { now, limit })).AsList());

    /// <summary>The distinct instants, soonest first, at which something is due between now and the horizon.</summary>
    public Task<IReadOnlyList<DateTimeOffset>> DueInstants(DateTimeOffset until, int limit) => db.Read(async connection =>
        (IReadOnlyList<DateTimeOffset>)(await connection.QueryAsync<long>(
            "SELECT DISTINCT due_at FROM session_due WHERE due_at <= @until ORDER BY due_at LIMIT @limit", new { until, limit }))
        .Select(DateTimeOffset.FromUnixTimeMilliseconds).ToList());

    /// <summary>How many wait, are tested and are done in those of the sessions that stand in lists, with the feed of each list.</summary>
    public Task<IReadOnlyList<(string Feed, string SessionId, SessionCounts Counts)>> CountsInLists(IReadOnlyCollection<string> ids)
    {
        var sql = $"""
            SELECT list_id, organisation_id, session_now.session_id, waiting, testing, done
            FROM session_now JOIN session_list ON session_list.session_id = session_now.session_id WHERE {db.Dialect.Among("session_now.session_id", "@ids")}
            """;
        return db.Read<IReadOnlyList<(string, string, SessionCounts)>>(async connection =>
            [.. (await connection.QueryAsync<(string List, string Organisation, string Id, long Waiting, long Testing, long Done)>(sql, new { ids = new Many(ids) })).Select(row => (
                row.List == row.Organisation ? FeedNames.Sessions(row.List) : FeedNames.ProctorSessions(row.List), row.Id, new SessionCounts(row.Waiting, row.Testing, row.Done)))]);
    }

    /// <summary>Open sessions that were started at once, so may drain when nobody is left.</summary>
    public Task<IReadOnlyList<Session>> OpenAdHoc() => db.Read(async connection =>
        (IReadOnlyList<Session>)(await connection.QueryAsync<string>("SELECT document FROM sessions WHERE ad_hoc AND NOT ended AND phase = 'Open' AND NOT deleted"))
        .Select(Json.Read<Session>).ToList());

    // Whoever shares the transaction must find it as it is.
    private static Task Gather(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions, bool byTime)
    {
        var saves = change.Shared ? new SessionSaves() : change.Later<SessionSaves>();
        foreach (var (before, after) in sessions)
        {
            saves.Add(before, after, byTime);
            change.TakeKnown<Session>(FeedNames.Session(after.Id));
        }

        return change.Shared ? change.WriteAndCheck(saves) : Task.CompletedTask;
    }

    private static Task WriteDue(Change change, IReadOnlyCollection<Session> sessions) => change.Write(write => WriteDue(write, change.Dialect, sessions));

    /// <summary>Adds the statement that writes when something is next due at the sessions.</summary>
    internal static void WriteDue(Statements write, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions, "due").Text("session_id", session => session.Id).Instant("due_at", SessionRules.NextDue);
        write.Add(
            $"INSERT INTO session_due (session_id, due_at) SELECT session_id, due_at FROM {rows.Keyed(dialect)} WHERE true ON CONFLICT (session_id) DO UPDATE SET due_at = excluded.due_at",
            rows.Parameters(dialect));
    }

    private static Rows<Session> Values(IReadOnlyCollection<Session> sessions) => new Rows<Session>(sessions)
        .Text("id", session => session.Id).Text("organisation_id", session => session.OrganisationId)
        .Text("name", session => session.Name).Text("name_key", session => NameKey(session.Name))
        .Text("mode", session => session.Mode.ToString()).Text("phase", session => session.Phase.ToString())
        .Instant("opens_at", session => session.OpensAt).Instant("closes_at", session => session.ClosesAt)
        .Text("code_key", session => NameKey(session.Code ?? "")).Text("join_id", session => session.JoinId).Text("link_secret", session => session.LinkSecret)
        .Number("version", session => session.Version)
        .Flag("simulated", session => session.Simulated).Flag("ad_hoc", session => session.AdHoc).Flag("deleted", session => session.Deleted).Flag("individual", session => session.Individual)
        .Text("profile_id", session => ProfileStore.Beside(session).ProfileId).Text("profile_mark", session => ProfileStore.Beside(session).Mark)
        .Text("document", session => Json.Write(session));

    /// <summary>Adds the statement that writes the proctors of sessions that have none in storage.</summary>
    internal static void WriteProctors(Statements write, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<(string Session, SessionProctor Proctor)>([.. sessions.SelectMany(session => session.Proctors.Select(proctor => (session.Id, proctor)))], "proctors")
            .Text("session_id", row => row.Session).Text("staff_id", row => row.Proctor.Id).Flag("lead", row => row.Proctor.Lead);
        if (rows.Count > 0)
        {
            write.Add($"INSERT INTO session_proctors (session_id, staff_id, lead) SELECT session_id, staff_id, lead FROM {rows.From(dialect)}", rows.Parameters(dialect));
        }
    }

    private Task<IReadOnlyDictionary<string, Session>> ReadByJoinId(IReadOnlyCollection<string> joinIds)
    {
        var sql = $"""
            SELECT join_id, document FROM sessions WHERE {db.Dialect.Keyed("join_id", "@joinIds", joinIds.Count)} AND NOT deleted
            ORDER BY CASE WHEN ended THEN 0 ELSE 1 END, closes_at
            """;
        return db.Read<IReadOnlyDictionary<string, Session>>(async connection =>
        {
            // The last of each is the one.
            var found = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (joinId, document) in await connection.QueryAsync<(string, string)>(sql, new { joinIds = new Many(joinIds) }))
            {
                found[joinId] = document;
            }

            return found.ToDictionary(pair => pair.Key, pair => Json.Read<Session>(pair.Value), StringComparer.Ordinal);
        });
    }

    private static Session? Document(string? json) => json is null ? null : Json.Read<Session>(json);

    /// <summary>What a name is sorted and searched by.</summary>
    internal static string NameKey(string name) => Composed(name).ToUpperInvariant();

    // Some keyboards write é as one character and some as two. What holds no characters of Unicode stays as it is.
    private static string Composed(string name)
    {
        try
        {
            return name.Normalize();
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
