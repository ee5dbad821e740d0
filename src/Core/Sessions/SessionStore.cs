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

        var proctors = new Rows<(string Session, SessionProctor Proctor)>([.. sessions.SelectMany(session => session.Proctors.Select(proctor => (session.Id, proctor)))])
            .Text("session_id", row => row.Session).Text("staff_id", row => row.Proctor.Id).Flag("lead", row => row.Proctor.Lead);
        if (proctors.Count > 0)
        {
            await change.Execute(
                $"INSERT INTO session_proctors (session_id, staff_id, lead) SELECT session_id, staff_id, lead FROM {proctors.From(change.Dialect)}", proctors.Parameters(change.Dialect));
        }

        await WriteDue(change, sessions);
        await SessionLists.Add(change, sessions);
    }

    /// <summary>Writes the session over the version before it. Its change holds the session's lock, so another version is a programming error.</summary>
    public static async Task Save(Change change, Session before, Session session)
    {
        const string sql = """
            UPDATE sessions SET name = @name, name_key = @nameKey, mode = @mode, phase = @phase, opens_at = @opensAt, closes_at = @closesAt,
                                code_key = @codeKey, join_id = @joinId, link_secret = @linkSecret, version = @version,
                                deleted = @deleted, profile_id = @profileId, profile_mark = @profileMark, document = @document
            WHERE id = @id AND version = @expected
            """;
        var row = Row(session);
        row.Add("expected", before.Version);
        if (await change.Execute(sql, row) != 1)
        {
            throw new InvalidOperationException($"Session {session.Id} is no longer at version {before.Version}, though it was locked.");
        }

        if (!before.Proctors.SequenceEqual(session.Proctors))
        {
            await SaveProctors(change, session);
        }

        await WriteDue(change, [session]);
        await SessionLists.Follow(change, before, session);
    }

    /// <summary>The same for many sessions, in a few statements.</summary>
    public static async Task SaveMany(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions)
    {
        var rows = Values([.. sessions.Select(pair => pair.After)]);
        var sql = $"""
            UPDATE sessions SET name = rows.name, name_key = rows.name_key, mode = rows.mode, phase = rows.phase, opens_at = rows.opens_at, closes_at = rows.closes_at,
                                code_key = rows.code_key, join_id = rows.join_id, link_secret = rows.link_secret, version = rows.version,
                                deleted = rows.deleted, profile_id = rows.profile_id, profile_mark = rows.profile_mark, document = rows.document
            FROM {rows.From(change.Dialect)} WHERE sessions.id = rows.id AND sessions.version = rows.version - 1
            """;
        if (await change.Execute(sql, rows.Parameters(change.Dialect)) != sessions.Count)
        {
            throw new InvalidOperationException("A session is no longer at the version at which it was locked.");
        }

        foreach (var (_, after) in sessions.Where(pair => !pair.Before.Proctors.SequenceEqual(pair.After.Proctors)))
        {
            await SaveProctors(change, after);
        }

        await WriteDue(change, [.. sessions.Select(pair => pair.After)]);
        await SessionLists.Follow(change, sessions);
    }

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

    /// <summary>
    /// Writes sessions whose phase, and with it perhaps their tests, has changed by time over the versions before them. Their change holds the locks, so other versions are a programming error.
    /// </summary>
    public static async Task SavePhases(Change change, IReadOnlyCollection<(Session Before, Session After)> sessions)
    {
        var rows = new Rows<Session>([.. sessions.Select(pair => pair.After)])
            .Text("id", session => session.Id).Number("version", session => session.Version).Text("phase", session => session.Phase.ToString())
            .Text("profile_id", session => ProfileStore.Beside(session).ProfileId)
            .Text("profile_mark", session => ProfileStore.Beside(session).Mark).Text("document", session => Json.Write(session));
        var sql = $"""
            UPDATE sessions SET phase = rows.phase, version = rows.version, profile_id = rows.profile_id, profile_mark = rows.profile_mark,
                                document = rows.document
            FROM {rows.From(change.Dialect)} WHERE sessions.id = rows.id AND sessions.version = rows.version - 1
            """;
        if (await change.Execute(sql, rows.Parameters(change.Dialect)) != sessions.Count)
        {
            throw new InvalidOperationException("A session was changed though it was locked.");
        }

        await WriteDue(change, [.. sessions.Select(pair => pair.After)]);
        await SessionLists.FollowPhases(change, sessions);
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

    private static Task WriteDue(Change change, IReadOnlyCollection<Session> sessions)
    {
        var rows = new Rows<Session>(sessions).Text("session_id", session => session.Id).Instant("due_at", SessionRules.NextDue);
        return change.Execute(
            $"INSERT INTO session_due (session_id, due_at) SELECT session_id, due_at FROM {rows.From(change.Dialect)} WHERE true ON CONFLICT (session_id) DO UPDATE SET due_at = excluded.due_at",
            rows.Parameters(change.Dialect));
    }

    private static async Task SaveProctors(Change change, Session session)
    {
        await change.Execute("DELETE FROM session_proctors WHERE session_id = @id", new { id = session.Id });
        await change.Execute(
            "INSERT INTO session_proctors (session_id, staff_id, lead) VALUES (@sessionId, @staffId, @lead)",
            session.Proctors.Select(proctor => new { sessionId = session.Id, staffId = proctor.Id, lead = proctor.Lead }));
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

    private static DynamicParameters Row(Session session) => new(new
    {
        id = session.Id,
        name = session.Name,
        nameKey = NameKey(session.Name),
        mode = session.Mode.ToString(),
        phase = session.Phase.ToString(),
        opensAt = session.OpensAt,
        closesAt = session.ClosesAt,
        codeKey = NameKey(session.Code ?? ""),
        joinId = session.JoinId,
        linkSecret = session.LinkSecret,
        version = session.Version,
        deleted = session.Deleted,
        profileId = ProfileStore.Beside(session).ProfileId,
        profileMark = ProfileStore.Beside(session).Mark,
        document = Json.Write(session),
    });

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
