using System.Data.Common;
using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Entries;

/// <summary>Entries in storage. The document is the entry; the columns beside it are what is looked up, counted and due.</summary>
public sealed class EntryStore
{
    // SQLSTATE; SQLite has one writer and never comes to it.
    private const string UniqueViolation = "23505";

    private readonly Db db;
    private readonly Batched<Entry> byId;
    private readonly Batched<Held> byToken;
    private readonly Batched<Stand> stands;

    public EntryStore(Db db)
    {
        this.db = db;
        byId = new(ids => ReadMany(ids));
        byToken = new(ReadHeld);
        stands = new(ReadStands);
    }

    /// <summary>The entry, whatever its organisation; null when there is none.</summary>
    public Task<Entry?> Find(string id) => byId.Find(id);

    /// <summary>The student by the hash of their device's token. Problems: signInRequired, takenOver.</summary>
    public async Task<Result<StudentCaller>> ByToken(string tokenHash)
    {
        if (await byToken.Find(tokenHash) is not { } found)
        {
            return new Problem(ProblemKind.SignInRequired, "Join the session first.");
        }

        var entry = Json.Read<Holder>(found.Document);
        return entry.Device == found.Device
            ? new StudentCaller(new Actor(ActorKind.Student, entry.Id, entry.Student.Name, entry.OrganisationId), entry.SessionId, entry.Device)
            : TakenOver;
    }

    /// <summary>Where the feed of the student's entry stands, as long as this device holds the entry. Problems: notFound, takenOver.</summary>
    public async Task<Result<FeedPosition>> Stand(StudentCaller student) =>
        await stands.Find(student.EntryId) is not { } found ? Problem.NotFound("entry")
        : Json.Read<Holder>(found.Document).Device != student.Device ? TakenOver
        : new FeedPosition(found.Epoch, found.Seq);

    /// <summary>Every entry of the session in the order of arrival.</summary>
    public Task<IReadOnlyList<Entry>> OfSession(string sessionId) => db.Read(async connection =>
        Documents(await connection.QueryAsync<string>("SELECT document FROM entries WHERE session_id = @sessionId ORDER BY arrival", new { sessionId })));

    /// <summary>Ids of entries at which something is due, with their sessions, the longest due first.</summary>
    public Task<IReadOnlyList<(string Id, string SessionId)>> DueIds(DateTimeOffset now, int limit) => db.Read(async connection =>
        (IReadOnlyList<(string, string)>)(await connection.QueryAsync<(string, string)>(
            "SELECT id, session_id FROM entries WHERE due_at <= @now ORDER BY due_at, id LIMIT @limit", new { now, limit })).AsList());

    /// <summary>Ids of the session's entries that wait, in the order of arrival.</summary>
    public Task<IReadOnlyList<string>> Waiting(string sessionId) => db.Read(async connection =>
        (IReadOnlyList<string>)(await connection.QueryAsync<string>(
            "SELECT id FROM entries WHERE session_id = @sessionId AND state = 'Waiting' ORDER BY arrival", new { sessionId })).AsList());

    /// <summary>Entries that are being tested now, with their sessions.</summary>
    public Task<IReadOnlyList<(string Id, string SessionId)>> Testing() => db.Read(async connection =>
        (IReadOnlyList<(string, string)>)(await connection.QueryAsync<(string, string)>(
            "SELECT id, session_id FROM entries WHERE state = 'Testing' ORDER BY session_id, id")).AsList());

    /// <summary>The entry inside a change that has locked its session; null when it belongs to another session.</summary>
    public static async Task<Entry?> Load(Change change, string sessionId, string id) =>
        Document(await change.Find<string>("SELECT document FROM entries WHERE id = @id AND session_id = @sessionId", new { id, sessionId }));

    /// <summary>Those of the entries that belong to the session.</summary>
    /// <param name="reads">What was read ahead of them in this change.</param>
    internal static async Task<IReadOnlyDictionary<string, Entry>> LoadMany(Change change, EntryReads reads)
    {
        if (change.TakeKnown<IReadOnlyDictionary<string, Entry>>(reads.Apart) is { } known)
        {
            return known;
        }

        var ask = new Statements();
        reads.Ask(ask, change.Dialect, [reads]);
        await using var answers = await change.Several(ask.Text, ask.Parameters);
        return reads.Among(await ReadNamed(answers));
    }

    /// <summary>Adds the question for entries by their ids.</summary>
    internal static void AskNamed(Statements ask, Dialect dialect, IReadOnlyCollection<string> ids) =>
        ask.Add($"SELECT document FROM entries WHERE {dialect.Keyed("id", "@named", ids.Count)}", new DynamicParameters(new { named = new Many(ids) }));

    /// <summary>Reads its answer.</summary>
    internal static async Task<IReadOnlyList<Entry>> ReadNamed(SqlMapper.GridReader answers) => Documents(await answers.ReadAsync<string>());

    /// <summary>Every entry of the locked session whose student waits or is tested, in the order of arrival.</summary>
    public static async Task<IReadOnlyList<Entry>> LoadActive(Change change, string sessionId) =>
        Documents(await change.All<string>("SELECT document FROM entries WHERE session_id = @sessionId AND active ORDER BY arrival", new { sessionId }));

    /// <summary>The same of many locked sessions.</summary>
    public static async Task<IReadOnlyList<Entry>> LoadActive(Change change, IReadOnlyCollection<string> sessionIds) => sessionIds.Count == 0
        ? []
        : Documents(await change.All<string>(
            $"SELECT document FROM entries WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND active ORDER BY session_id, arrival", new { sessionIds = new Many(sessionIds) }));

    /// <summary>Every entry of the locked session in the order of arrival.</summary>
    public static async Task<IReadOnlyList<Entry>> LoadAll(Change change, string sessionId) =>
        Documents(await change.All<string>("SELECT document FROM entries WHERE session_id = @sessionId ORDER BY arrival", new { sessionId }));

    /// <summary>Adds the question for the entries that students, of the ids that a SELECT finds, have in the locked sessions, and those that are active in others.</summary>
    internal static void AskOfStudents(Statements ask, Dialect dialect, string students, IReadOnlyCollection<string> sessionIds)
    {
        var sessions = $"sessions{ask.Count}";
        var parameters = new DynamicParameters();
        parameters.Add(sessions, new Many(sessionIds));
        ask.Add($"SELECT document FROM entries WHERE {dialect.AmongFound("student_key", students)} AND (active OR {dialect.Among("session_id", $"@{sessions}")})", parameters);
    }

    /// <summary>Reads its answer.</summary>
    internal static async Task<IReadOnlyList<Entry>> ReadOfStudents(SqlMapper.GridReader answers) => Documents(await answers.ReadAsync<string>());

    /// <summary>The entries of these ids, whose sessions are locked.</summary>
    public static async Task<IReadOnlyList<Entry>> LoadMany(Change change, IReadOnlyCollection<string> ids) =>
        Documents(await change.All<string>($"SELECT document FROM entries WHERE {change.Dialect.Among("id", "@ids")}", new { ids = new Many(ids) }));

    /// <summary>Every entry that one of the students has in one of the locked sessions.</summary>
    public static async Task<IReadOnlyList<Entry>> LoadOfStudents(Change change, IReadOnlyCollection<string> sessionIds, IReadOnlyCollection<string> studentIds) =>
        Documents(await change.All<string>(
            $"SELECT document FROM entries WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND {change.Dialect.Among("student_key", "@studentIds")}",
            new { sessionIds = new Many(sessionIds), studentIds = new Many(studentIds) }));

    /// <summary>How many students the locked session has admitted, whether or not they are still there.</summary>
    public static Task<long> CountAdmitted(Change change, string sessionId) => change.One<long>(
        "SELECT count(*) FROM entries WHERE session_id = @sessionId AND state IN ('Approved','Entering','Testing','Paused','AtSeal','Interrupted','Submitted')",
        new { sessionId });

    /// <summary>How many tests of the locked session run.</summary>
    public static Task<long> CountStarted(Change change, string sessionId) => change.One<long>(
        "SELECT count(*) FROM entries WHERE session_id = @sessionId AND state IN ('Entering','Testing','Paused','AtSeal','Interrupted')", new { sessionId });

    /// <summary>How many students of the locked sessions wait or are tested, and how many tests run. Sessions with neither are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, (long Active, long Started)>> CountActive(Change change, IReadOnlyCollection<string> sessionIds)
    {
        if (sessionIds.Count == 0)
        {
            return new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        }

        var sql = $"""
            SELECT session_id, count(*), sum(CASE WHEN state IN ('Entering','Testing','Paused','AtSeal','Interrupted') THEN 1 ELSE 0 END)
            FROM entries WHERE {change.Dialect.Among("session_id", "@ids")} AND active GROUP BY session_id
            """;
        return (await change.All<(string Id, long Active, long Started)>(sql, new { ids = new Many(sessionIds) }))
            .ToDictionary(row => row.Id, row => (row.Active, row.Started), StringComparer.Ordinal);
    }

    /// <summary>The name of the other session in which the student is active for this test; null when there is none.</summary>
    public static Task<string?> ActiveElsewhere(Change change, Entry entry)
    {
        const string sql = """
            SELECT sessions.name FROM entries JOIN sessions ON sessions.id = entries.session_id
            WHERE entries.organisation_id = @organisationId AND student_key = @key AND test_code = @code AND active AND entries.id <> @id
            """;
        return change.Find<string>(sql, new { organisationId = entry.OrganisationId, key = entry.Student.Key, code = entry.Test.Code, id = entry.Id });
    }

    /// <summary>
    /// Adds an entry of a student who is active in no other session: whoever joins has been locked and looked at (<see cref="JoinReads"/>), so that this stays so.
    /// </summary>
    public static void Insert(Change change, Entry entry) => change.Later<EntryInserts>().Add(entry);

    /// <summary>Writes the entry over the version before it. Its change holds the session's lock, so another version is a programming error.</summary>
    public static async Task<Result<Done>> Save(Change change, Entry before, Entry entry)
    {
        if (entry.Active && !before.Active)
        {
            if (entry.Student.Id is { } student)
            {
                // Whoever joins elsewhere at this instant waits here, or is seen; and nobody registers the student anew to what becomes live again.
                await StudentStore.Lock(change, entry.OrganisationId, [student]);
            }

            if (await ActiveElsewhere(change, entry) is { } there)
            {
                return Elsewhere(there);
            }

            try
            {
                var saves = new EntrySaves();
                saves.Add(before.Version, entry);
                await saves.Write(change);
            }
            catch (DbException clash) when (clash.SqlState == UniqueViolation)
            {
                // The student came into another session at the same instant. The transaction is lost, so the session's name cannot be read any more.
                return Elsewhere(null);
            }
        }
        else
        {
            change.Later<EntrySaves>().Add(before.Version, entry);
        }

        if (entry.Device != before.Device)
        {
            await change.Execute("INSERT INTO entry_tokens (hash, entry_id, device) VALUES (@hash, @id, @device)", Token(entry));
        }

        return new Done();
    }

    /// <summary>That the student is active in another session, and in which.</summary>
    public static async Task<Problem> Elsewhere(Change change, Entry entry) => Elsewhere(await ActiveElsewhere(change, entry));

    private Task<IReadOnlyDictionary<string, Entry>> ReadMany(IReadOnlyCollection<string> ids) => db.Read<IReadOnlyDictionary<string, Entry>>(async connection =>
        Documents(await connection.QueryAsync<string>($"SELECT document FROM entries WHERE {db.Dialect.Keyed("id", "@ids", ids.Count)}", new { ids = new Many(ids) }))
            .ToDictionary(entry => entry.Id, StringComparer.Ordinal));

    private Task<IReadOnlyDictionary<string, Held>> ReadHeld(IReadOnlyCollection<string> hashes)
    {
        var sql = $"""
            SELECT entry_tokens.hash AS Hash, entries.document AS Document, entry_tokens.device AS Device
            FROM entry_tokens JOIN entries ON entries.id = entry_tokens.entry_id WHERE {db.Dialect.Keyed("hash", "@hashes", hashes.Count)}
            """;
        return db.Read<IReadOnlyDictionary<string, Held>>(async connection =>
            (await connection.QueryAsync<Held>(sql, new { hashes = new Many(hashes) })).ToDictionary(held => held.Hash, StringComparer.Ordinal));
    }

    private Task<IReadOnlyDictionary<string, Stand>> ReadStands(IReadOnlyCollection<string> ids)
    {
        var sql = $"""
            SELECT entries.id AS Id, entries.document AS Document, feeds.epoch AS Epoch, feeds.seq AS Seq
            FROM entries JOIN feeds ON feeds.feed = 'entry:' || entries.id WHERE {db.Dialect.Keyed("entries.id", "@ids", ids.Count)}
            """;
        return db.Read<IReadOnlyDictionary<string, Stand>>(async connection =>
            (await connection.QueryAsync<Stand>(sql, new { ids = new Many(ids) })).ToDictionary(stand => stand.Id, StringComparer.Ordinal));
    }

    private static Problem TakenOver => new(ProblemKind.TakenOver, "This test was opened on another device.");

    private static object Token(Entry entry) => new { hash = entry.TokenHash, id = entry.Id, device = (long)entry.Device };

    private static Problem Elsewhere(string? session) => new(
        ProblemKind.ActiveElsewhere, $"You are in {(session is null ? "another session" : $"the session “{session}”")} already. Leave it first, or ask your proctor.");

    private static Entry? Document(string? json) => json is null ? null : Json.Read<Entry>(json);

    private static IReadOnlyList<Entry> Documents(IEnumerable<string> documents) => [.. documents.Select(Json.Read<Entry>)];
}

/// <summary>An entry and the device that a token was given to.</summary>
internal sealed record Held(string Hash, string Document, long Device);

/// <summary>An entry and where its feed stands, of one moment.</summary>
internal sealed record Stand(string Id, string Document, string Epoch, long Seq);

/// <summary>As much of an entry's document as says who holds it: everybody who connects is asked, and the rest of it need not be read for that.</summary>
internal sealed record Holder
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string SessionId { get; init; }

    public required EntryStudent Student { get; init; }

    public int Device { get; init; } = 1;
}

/// <summary>A student's device that holds an entry.</summary>
/// <param name="Actor">The student of the entry; its id is the entry's.</param>
/// <param name="Device">Checked again inside every command: another device may have taken over meanwhile.</param>
public sealed record StudentCaller(Actor Actor, string SessionId, int Device)
{
    public string EntryId => Actor.Id;
}
