using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>The password that a session shall have.</summary>
/// <param name="Password">6–64 characters; generated when left out.</param>
public sealed record NewSessionPassword(string? Password = null);

/// <summary>
/// Gives a session another password: tickets that were printed before no longer open anything, and say why.
/// Who came in before stays in. Problems: notFound, forbidden, invalid, wrongPhase, stale.
/// </summary>
public sealed class ChangeSessionPassword(Changes changes)
{
    /// <param name="version">The version that the caller saw; null when any will do.</param>
    public Task<Result<SessionView>> Run(Actor actor, string sessionId, NewSessionPassword wanted, long? version = null, Once? once = null) => changes.Run<SessionView>(
        actor,
        async change =>
        {
            if (wanted.Password is { } typed && SessionRequest.WrongPassword(typed) is { } sentence)
            {
                return Problem.Invalid(("password", sentence));
            }

            var loaded = await SessionChange.Steer(change, sessionId, Role.Proctor, version);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            var step = SessionRules.Edit(session, session with { Password = wanted.Password?.Trim() ?? SessionPassword.New() }, change.Now);
            if (step.Failed(out problem))
            {
                return problem;
            }

            var next = await SessionChange.Write(change, session, step.Value);
            change.Record(session.OrganisationId, FeedNames.Session(session.Id), "passwordChanged", session.Id, new { generated = wanted.Password is null });
            return SessionView.Of(next);
        },
        once);
}
