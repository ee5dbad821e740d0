using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Ad-hoc sessions with no proctor connected and no running entry drain by themselves after the profile's idle time, with a warning
/// five minutes before. Called each minute. Where it is unknown who is connected, nothing is drained.
/// </summary>
public sealed class DrainIdleSessions(SessionStore sessions, Changes changes, IPresence presence)
{
    /// <returns>How many sessions changed.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var changed = 0;
        foreach (var session in await sessions.OpenAdHoc())
        {
            stop.ThrowIfCancellationRequested();
            if (await presence.StaffHere(session.Id) is { } staff)
            {
                changed += (await changes.Run<int>(Actor.System, change => Look(change, session.Id, attended: staff.Count > 0))).Value;
            }
        }

        return changed;
    }

    private static async Task<Result<int>> Look(Change change, string sessionId, bool attended)
    {
        var loaded = await SessionChange.LockAndLoad(change, sessionId);
        if (loaded.Failed(out _))
        {
            return 0;
        }

        var session = loaded.Value;
        var busy = attended || await EntryStore.CountStarted(change, sessionId) > 0;
        if (SessionRules.Idle(session, busy, change.Now) is not { } step)
        {
            return 0;
        }

        if (step.Kind == "draining")
        {
            await SessionChange.Write(change, session, step, "Nobody was there any more");
            return 1;
        }

        await SessionStore.Save(change, session, step.Next);
        change.Announce(FeedNames.Session(sessionId), step.Kind, new { session = SessionView.Of(step.Next) });
        return 1;
    }
}
