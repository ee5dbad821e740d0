using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Creates a session: for a window to come, or to start now.
/// Problems: invalid (by field), forbidden, idempotencyKeyReused.
/// </summary>
public sealed class CreateSession(Changes changes)
{
    /// <summary>How long a session lasts that is started now without an end.</summary>
    public static readonly TimeSpan DefaultLength = TimeSpan.FromHours(8);

    public Task<Result<SessionView>> Run(Actor actor, SessionRequest request, Once? once = null) =>
        changes.Run<SessionView>(actor, change => Create(change, request, simulated: false), once);

    /// <summary>The same inside a change.</summary>
    /// <param name="simulated">For a rehearsal, whose records are kept apart.</param>
    internal static async Task<Result<SessionView>> Create(Change change, SessionRequest request, bool simulated)
    {
        var actor = change.Actor;
        if (actor.Kind != ActorKind.Staff || actor.Role == Role.Observer)
        {
            return new Problem(ProblemKind.Forbidden, "Observers can look, but not change anything.");
        }

        var wrong = request.Check().ToList();
        var window = request.Window(change.Now);
        if (window.Failed(out var windowProblem))
        {
            wrong.AddRange(windowProblem.Fields.SelectMany(field => field.Value.Select(sentence => (field.Key, sentence))));
        }
        else if (window.Value.ClosesAt <= change.Now)
        {
            wrong.Add(("closesAt", "The session would have ended already."));
        }

        if (wrong.Count > 0)
        {
            return Problem.Invalid([.. wrong]);
        }

        var tests = await SessionParts.Tests(change, actor.OrganisationId, request.Tests!, simulated);
        var profile = await SessionParts.Profile(change, actor.OrganisationId, request.ProfileId);
        var proctors = await SessionParts.Proctors(change, actor.OrganisationId, request.Proctors);
        if (tests.Failed(out var problem) || profile.Failed(out problem) || proctors.Failed(out problem))
        {
            return problem;
        }

        var joinId = JoinId.New();
        while (await SessionStore.JoinIdTaken(change, joinId))
        {
            joinId = JoinId.New();
        }

        var mode = request.Mode!.Value;
        var session = new Session
        {
            Id = Id.New(change.Now),
            OrganisationId = actor.OrganisationId,
            Name = request.Name!.Trim(),
            Mode = mode,
            TimeZone = request.TimeZone ?? "UTC",
            OpensAt = window.Value.OpensAt,
            ClosesAt = window.Value.ClosesAt,
            Tests = tests.Value,
            Proctors = proctors.Value,
            Code = request.Code?.Trim(),
            Password = request.Password?.Trim() ?? SessionPassword.New(),
            JoinId = joinId,
            LinkSecret = mode == SessionMode.InPerson ? null : Secret.New(),
            ProfileId = request.ProfileId,
            Capacity = request.Capacity,
            StartMode = request.StartNow ? StartMode.Automatic : request.StartMode ?? StartMode.Automatic,
            Note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(),
            PhaseSince = change.Now,
            AdHoc = request.StartNow,
            Simulated = simulated,
            CreatedAt = change.Now,
        };
        session = FollowRules.Apply(session, profile.Value);
        await change.LockSession(session.Id);
        await SessionStore.Insert(change, session);
        SessionChange.Announce(change, before: null, new SessionStep(session, "sessionCreated"), reason: null);

        // A lobby or window that is due already opens with the session, not at the scheduler's next look.
        while (SessionRules.Due(session, settled: false, change.Now) is { } step)
        {
            session = await SessionChange.Write(change, session, step with { Late = null });
        }

        return SessionView.Of(session);
    }
}
