using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Profiles;

/// <summary>
/// How a session follows its profile (docs/decisions/0070). Pure. Until its lobby opens it takes every change over; afterwards it keeps its settings
/// and holds the newer ones ready, so that nothing changes under its proctor unless asked. A session without a proctored test follows none.
/// </summary>
public static class FollowRules
{
    /// <summary>The session with the profile's settings.</summary>
    public static Session Apply(Session session, CurrentProfile profile) => session with
    {
        Profile = session.Proctored ? profile.Settings : ProfileSettings.Default,
        AppliedProfile = session.Proctored ? profile.Applied() : null,
        NewerProfile = null,
    };

    /// <summary>What a changed profile does to the session; null when nothing.</summary>
    public static SessionStep? Follow(Session session, CurrentProfile profile)
    {
        if (session.Deleted || !session.Proctored)
        {
            return null;
        }

        switch (session.Phase)
        {
            case SessionPhase.Scheduled:
                return session.Profile == profile.Settings && session.AppliedProfile?.Id == profile.Id ? null : Taken(session, profile);

            // Changed back before anybody asked: there is nothing left to offer.
            case SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held when session.Profile == profile.Settings:
                return session.NewerProfile is null ? null : Taken(session, profile);
            case SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held:
                return session.NewerProfile == profile
                    ? null
                    : new SessionStep(session with { NewerProfile = profile, Version = session.Version + 1 }, "profileChanged");
            default:
                return null;
        }
    }

    /// <summary>Somebody asks for the profile as it is now; null when the session has it already.</summary>
    public static Result<SessionStep?> Take(Session session, CurrentProfile profile) => session switch
    {
        { Phase: SessionPhase.Draining or SessionPhase.Closed or SessionPhase.Cancelled } =>
            new Problem(ProblemKind.WrongPhase, "The session is over or ending: its settings no longer change."),
        { Proctored: false } => (SessionStep?)null!,
        _ when session.NewerProfile is null && session.Profile == profile.Settings && session.AppliedProfile?.Id == profile.Id => (SessionStep?)null!,
        _ => Taken(session, profile),
    };

    private static SessionStep Taken(Session session, CurrentProfile profile) =>
        new(Apply(session, profile) with { Version = session.Version + 1 }, "profileTaken");
}
