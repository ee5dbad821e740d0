using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>A proctor or manager gives a session the settings of its profile as they are now. Problems: notFound, forbidden, stale, wrongPhase.</summary>
public sealed class TakeProfile(Changes changes)
{
    /// <param name="version">The version of the session that was seen, when it matters.</param>
    public Task<Result<SessionView>> Run(Actor actor, string sessionId, long? version, Once? once = null) => changes.Run<SessionView>(
        actor,
        async change =>
        {
            var loaded = await SessionChange.Steer(change, sessionId, Role.Proctor, version);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            if (await ProfileStore.Current(change, session.OrganisationId, session.ProfileId) is not { } profile)
            {
                return SessionView.Of(session);
            }

            var taken = FollowRules.Take(session, profile);
            if (taken.Failed(out problem))
            {
                return problem;
            }

            if (taken.Value is { } step)
            {
                session = await SessionChange.Write(change, session, step);
                while (SessionRules.Due(session, settled: false, change.Now) is { } due)
                {
                    session = await SessionChange.Write(change, session, due with { Late = null });
                }
            }

            return SessionView.Of(session);
        },
        once);
}
