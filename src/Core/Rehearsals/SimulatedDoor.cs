using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Rehearsals;

/// <summary>
/// How a simulated student comes in: as a guest, by the same join as everybody, but without the throttles at the door, which count network addresses.
/// </summary>
internal sealed class SimulatedDoor(Changes changes)
{
    public Task<Result<JoinAnswer>> Join(string sessionId, string name) =>
        changes.Run(Actor.System, change => JoinLobby.Join(change, sessionId, new JoinRequest(GuestName: name)));

    /// <summary>The same student on another device. A real guest cannot do this, whose name alone proves nothing.</summary>
    public Task<Result<Done>> JoinAgain(string sessionId, string entryId) => changes.Run<Done>(Actor.System, async change =>
    {
        var loaded = await SessionChange.LockAndLoad(change, sessionId);
        if (loaded.Failed(out var problem))
        {
            return problem;
        }

        if (await EntryStore.Load(change, sessionId, entryId) is not { } entry)
        {
            return Problem.NotFound("entry");
        }

        var step = EntryRules.TakeOver(entry, Secret.Hash(Secret.New()), WayIn.Guest, change.Now);
        return step.Failed(out problem) ? problem : (await EntryChange.Write(change, loaded.Value, entry, step.Value)).Then(_ => new Done());
    });
}
