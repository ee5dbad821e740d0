using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>Sessions as staff and students see them, from storage, with the feed positions at which it was true.</summary>
public sealed class SeeSession
{
    private readonly SessionStore sessions;
    private readonly Db db;
    private readonly Batched<StudentSnapshot> students;

    public SeeSession(SessionStore sessions, Db db)
    {
        (this.sessions, this.db) = (sessions, db);
        students = new(ReadStudents);
    }

    /// <summary>The session, as far as the caller may see it. Problems: notFound.</summary>
    public async Task<Result<Session>> Run(Actor actor, string sessionId) =>
        Id.Plausible(sessionId) && await sessions.Find(sessionId) is { } session && SessionRights.MaySee(actor, session)
            ? session
            : Problem.NotFound("session");

    /// <summary>What <c>session:{id}</c> shows; null when there is no such session.</summary>
    public Task<BoardSnapshot?> Board(string sessionId)
    {
        const string head = """
            SELECT sessions.document AS Document, feeds.epoch AS Epoch, feeds.seq AS Seq FROM sessions JOIN feeds ON feeds.feed = @feed WHERE sessions.id = @sessionId
            """;
        return db.ReadConsistently<BoardSnapshot?>(async (connection, transaction) =>
        {
            var session = await connection.QuerySingleOrDefaultAsync<(string Document, string Epoch, long Seq)?>(
                head, new { sessionId, feed = FeedNames.Session(sessionId) }, transaction);
            if (session is not { } found)
            {
                return null;
            }

            var entries = await connection.QueryAsync<string>("SELECT document FROM entries WHERE session_id = @sessionId", new { sessionId }, transaction);
            return new BoardSnapshot(
                new FeedPosition(found.Epoch, found.Seq),
                Json.Write(SessionView.Of(Json.Read<Session>(found.Document))),
                entries.Select(Json.Read<Entry>).ToDictionary(entry => entry.Id, entry => Json.Write(EntryRow.Of(entry)), StringComparer.Ordinal));
        });
    }

    /// <summary>What the feeds <c>lobby</c> and <c>me</c> show to the student of an entry; null when there is no such entry.</summary>
    public Task<StudentSnapshot?> Student(string entryId) => students.Find(entryId);

    private async Task<IReadOnlyDictionary<string, StudentSnapshot>> ReadStudents(IReadOnlyCollection<string> entryIds)
    {
        var sql = $"""
            SELECT entries.id AS Id, entries.document AS Entry, sessions.document AS Session,
                   lobby.epoch AS LobbyEpoch, lobby.seq AS LobbySeq, me.epoch AS MeEpoch, me.seq AS MeSeq
            FROM entries
            JOIN sessions ON sessions.id = entries.session_id
            JOIN feeds lobby ON lobby.feed = 'lobby:' || sessions.id
            JOIN feeds me ON me.feed = 'entry:' || entries.id
            WHERE {db.Dialect.Keyed("entries.id", "@ids", entryIds.Count)}
            """;
        var rows = await db.Read(connection => connection.QueryAsync<StudentRow>(sql, new { ids = new Many(entryIds) }));

        // Those who ask together are mostly of one session.
        var known = new Dictionary<string, Session>(StringComparer.Ordinal);
        var found = new Dictionary<string, StudentSnapshot>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            if (!known.TryGetValue(row.Session, out var session))
            {
                known[row.Session] = session = Json.Read<Session>(row.Session);
            }

            found[row.Id] = new StudentSnapshot(
                LobbyView.Of(session),
                new FeedPosition(row.LobbyEpoch, row.LobbySeq),
                MeView.Of(Json.Read<Entry>(row.Entry), session),
                new FeedPosition(row.MeEpoch, row.MeSeq));
        }

        return found;
    }

    /// <summary>What the feed <c>lobby</c> of a session shows; null when there is no such session.</summary>
    public async Task<(LobbyView Lobby, FeedPosition Position)?> Lobby(string sessionId)
    {
        const string sql = """
            SELECT sessions.document AS Document, feeds.epoch AS Epoch, feeds.seq AS Seq FROM sessions JOIN feeds ON feeds.feed = @feed WHERE sessions.id = @sessionId
            """;
        var row = await db.Read(connection => connection.QuerySingleOrDefaultAsync<(string Document, string Epoch, long Seq)?>(
            sql, new { sessionId, feed = FeedNames.Lobby(sessionId) }));
        return row is { } found ? (LobbyView.Of(Json.Read<Session>(found.Document)), new FeedPosition(found.Epoch, found.Seq)) : null;
    }

    private sealed record StudentRow(string Id, string Entry, string Session, string LobbyEpoch, long LobbySeq, string MeEpoch, long MeSeq);
}

/// <summary>What a student sees, with the positions at which it was true.</summary>
public sealed record StudentSnapshot(LobbyView Lobby, FeedPosition LobbyPosition, MeView Me, FeedPosition MePosition);
