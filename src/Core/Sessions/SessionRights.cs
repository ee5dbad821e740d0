using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Who may see and steer a session (product.md section 9). Of another organisation's session not even its existence is told,
/// and a proctor is told nothing of sessions that are not its own.
/// </summary>
public static class SessionRights
{
    /// <summary>True when the actor may see the session.</summary>
    public static bool MaySee(Actor actor, Session session) => actor.Kind switch
    {
        ActorKind.System => true,
        ActorKind.Staff when actor.OrganisationId != session.OrganisationId => false,
        ActorKind.Staff => actor.Role != Role.Proctor || IsProctor(actor, session),
        _ => false,
    };

    /// <summary>Why the actor may not steer the session or decide on its entries; null when they may.</summary>
    public static Problem? WhyNotSteer(Actor actor, Session session)
    {
        if (!MaySee(actor, session))
        {
            return Problem.NotFound("session");
        }

        return actor.Kind == ActorKind.Staff && actor.Role == Role.Observer
            ? new Problem(ProblemKind.Forbidden, "Observers can look, but not change anything.")
            : null;
    }

    /// <summary>Why the actor may not do what needs at least this role in a session that they may see; null when they may.</summary>
    public static Problem? WhyNot(Actor actor, Session session, Role least)
    {
        if (!MaySee(actor, session))
        {
            return Problem.NotFound("session");
        }

        return actor.Kind == ActorKind.Staff && actor.Role < least
            ? new Problem(ProblemKind.Forbidden, $"This needs the role {least.ToString().ToLowerInvariant()}.")
            : null;
    }

    private static bool IsProctor(Actor actor, Session session) => session.Proctors.Any(proctor => proctor.Id == actor.Id);
}
