using System.Text;
using LiveProctor.Core;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Hub.Feeds;

/// <summary>The snapshots of the feeds that hubs offer (docs/protocol.md section 2).</summary>
public sealed class Snapshots(ILiveBoard board, SeeSession see)
{
    /// <summary>Of a session list: nothing. Its rows are paged through REST and carry their own versions.</summary>
    public static SnapshotSource Empty { get; } = _ => Task.FromResult<Result<FeedSnapshot>>(new FeedSnapshot(Position: null, "{}"));

    /// <summary>Of a session's console: from the live board, so that a thousand consoles cost storage nothing; rebuilt from storage when it is missing.</summary>
    public SnapshotSource Session(string sessionId) => async fresh =>
    {
        var found = fresh ? null : await board.Read(sessionId);
        if (found is null)
        {
            found = await see.Board(sessionId);
            if (found is null)
            {
                return Problem.NotFound("session");
            }

            await board.Put(sessionId, found);
        }

        // Each row is JSON already.
        var json = new StringBuilder("{\"session\":").Append(found.Session).Append(",\"entries\":[").AppendJoin(',', found.Entries.Values).Append("]}");
        return new FeedSnapshot(found.Position, json.ToString());
    };

    /// <summary>Of what everyone in the lobby may know.</summary>
    public SnapshotSource Lobby(string sessionId) => async _ => await see.Lobby(sessionId) is var (lobby, position)
        ? new FeedSnapshot(position, Json.Write(new { lobby }))
        : Problem.NotFound("session");

    /// <summary>Of the student's own entry.</summary>
    public SnapshotSource Me(string entryId) => async _ => await see.Student(entryId) is { } snapshot
        ? new FeedSnapshot(snapshot.MePosition, Json.Write(new { me = snapshot.Me }))
        : Problem.NotFound("entry");
}
