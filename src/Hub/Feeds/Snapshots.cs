using System.Text;
using LiveProctor.Core;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Hub.Feeds;

/// <summary>The snapshots of the feeds that hubs offer (docs/protocol.md section 2).</summary>
public sealed class Snapshots(ILiveBoard board, SeeSession see, TimeProvider time)
{
    private readonly SharedAnswers<FeedSnapshot> shared = new(TimeSpan.FromSeconds(5), time);
    private readonly SharedAnswers<FeedSnapshot> lobbies = new(TimeSpan.FromSeconds(5), time);

    /// <summary>Of a session list: nothing. Its rows are paged through REST and carry their own versions.</summary>
    public static SnapshotSource Empty { get; } = _ => Task.FromResult<Result<FeedSnapshot>>(new FeedSnapshot(Position: null, "{}"));

    /// <summary>
    /// Of a session's console: from the live board, so that a thousand consoles cost storage nothing; rebuilt from storage when it is missing.
    /// Consoles that open within a few seconds, as all do when a node goes away, share one: it is completed by the events after it in any case.
    /// </summary>
    public SnapshotSource Session(string sessionId) => async fresh =>
    {
        var snapshot = fresh ? await Compose(sessionId, fresh) : await shared.Get(sessionId, () => Compose(sessionId, fresh));
        return snapshot is null ? Problem.NotFound("session") : snapshot;
    };

    /// <summary>Of what everyone in the lobby may know: a class that comes in together shares one, like consoles.</summary>
    public SnapshotSource Lobby(string sessionId) => async fresh =>
    {
        var snapshot = fresh ? await ReadLobby(sessionId) : await lobbies.Get(sessionId, () => ReadLobby(sessionId));
        return snapshot is null ? Problem.NotFound("session") : snapshot;
    };

    /// <summary>Of the student's own entry.</summary>
    public SnapshotSource Me(string entryId) => async _ => await see.Student(entryId) is { } snapshot
        ? new FeedSnapshot(snapshot.MePosition, Json.Write(new { me = snapshot.Me }))
        : Problem.NotFound("entry");

    private async Task<FeedSnapshot?> ReadLobby(string sessionId) =>
        await see.Lobby(sessionId) is var (lobby, position) ? new FeedSnapshot(position, Json.Write(new { lobby })) : null;

    private async Task<FeedSnapshot?> Compose(string sessionId, bool fresh)
    {
        var found = fresh ? null : await board.Read(sessionId);
        if (found is null)
        {
            found = await see.Board(sessionId);
            if (found is null)
            {
                return null;
            }

            await board.Put(sessionId, found);
        }

        // Each row is JSON already.
        var json = new StringBuilder("{\"session\":").Append(found.Session).Append(",\"entries\":[").AppendJoin(',', found.Entries.Values).Append("]}");
        return new FeedSnapshot(found.Position, json.ToString());
    }
}
