using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What a phase command carries besides the session's id.</summary>
/// <param name="Reason">At most 255 characters; required by hold and reopen.</param>
/// <param name="ClosesAt">Reopen: the new end.</param>
/// <param name="Version">The version that the caller saw; null when any will do.</param>
/// <param name="Notify">Cancel and reopen: whether those who are registered shall be told by mail.</param>
public sealed record PhaseRequest(string? Reason = null, DateTimeOffset? ClosesAt = null, long? Version = null, bool? Notify = null);

/// <summary>
/// The phase commands of the people: open (also early), hold, release, stop, reopen, cancel. Each is one rule of <see cref="SessionRules"/>;
/// what follows for the entries is in <see cref="SessionChange"/>.
/// Problems: notFound, forbidden, wrongPhase, windowClosed, stale, invalid.
/// </summary>
public sealed class SteerSession(Changes changes)
{
    private const int LongestReason = 255;

    public Task<Result<SessionView>> Open(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Proctor, once, (session, now) => SessionRules.Open(session, now));

    public Task<Result<SessionView>> Hold(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Proctor, once, (session, now) => string.IsNullOrWhiteSpace(request.Reason)
            ? Problem.Invalid(("reason", "Say why everyone is paused; the students see it."))
            : One(SessionRules.Hold(session, request.Reason.Trim(), now)));

    public Task<Result<SessionView>> Release(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Proctor, once, (session, now) => One(SessionRules.Release(session, now)));

    public Task<Result<SessionView>> Stop(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Proctor, once, (session, now) => One(SessionRules.Stop(session, now)));

    public Task<Result<SessionView>> Cancel(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Manager, once, (session, now) => One(SessionRules.Cancel(session, now)));

    public Task<Result<SessionView>> Reopen(Actor actor, string sessionId, PhaseRequest request, Once? once = null) =>
        Run(actor, sessionId, request, Role.Administrator, once, (session, now) => request switch
        {
            _ when string.IsNullOrWhiteSpace(request.Reason) => Problem.Invalid(("reason", "Say why the session is opened again.")),
            { ClosesAt: null } => Problem.Invalid(("closesAt", "Say when the session shall end.")),
            _ => One(SessionRules.Reopen(session, request.ClosesAt.Value, now)),
        });

    private Task<Result<SessionView>> Run(
        Actor actor, string sessionId, PhaseRequest request, Role least, Once? once, Func<Session, DateTimeOffset, Result<SessionStep[]>> rule) =>
        changes.Run<SessionView>(
            actor,
            async change =>
            {
                if (request.Reason is { Length: > LongestReason } || !Check.CanBeShown(request.Reason, lines: true))
                {
                    return Problem.Invalid(("reason", $"A reason has at most {LongestReason} characters, all of which can be shown."));
                }

                var loaded = await SessionChange.Steer(change, sessionId, least, request.Version);
                if (loaded.Failed(out var refused))
                {
                    return refused;
                }

                var session = (await SessionParts.WithCurrentTests(change, [loaded.Value]))[0];
                var decided = rule(session, change.Now);
                if (decided.Failed(out var problem))
                {
                    return problem;
                }

                foreach (var step in decided.Value)
                {
                    session = await SessionChange.Write(change, session, await FreshJoinId(change, session, step), request.Reason, request.Notify == true);
                }

                return SessionView.Of(session);
            },
            once);

    // While the session was closed its join ID may have been given to another.
    private static async Task<SessionStep> FreshJoinId(Change change, Session before, SessionStep step)
    {
        var next = step.Next;
        while (before.Ended && !next.Ended && await SessionStore.JoinIdTaken(change, next.JoinId))
        {
            next = next with { JoinId = JoinId.New() };
        }

        return step with { Next = next };
    }

    private static Result<SessionStep[]> One(Result<SessionStep> result) => result.Then<SessionStep[]>(step => [step]);
}
