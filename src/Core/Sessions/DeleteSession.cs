using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Takes a session that does not run off the lists; its record and its audit rows stay. Registrations that were not started lose their session and can be
/// started at any time. Problems: notFound, forbidden, stale, sessionRunning.
/// </summary>
public sealed class DeleteSession(Changes changes)
{
    /// <param name="version">The version that the caller saw.</param>
    /// <param name="notify">Whether the students who lose their session shall be told by mail.</param>
    public Task<Result<Done>> Run(Actor actor, string sessionId, long version, bool notify = false) => changes.Run<Done>(actor, async change =>
    {
        var loaded = await SessionChange.Steer(change, sessionId, Role.Manager, version);
        if (loaded.Failed(out var problem))
        {
            return problem;
        }

        var step = SessionRules.Delete(loaded.Value);
        if (step.Failed(out problem))
        {
            return problem;
        }

        await SessionDeletion.Write(change, [(loaded.Value, step.Value)], notify);
        return new Done();
    });
}
