using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>A session as it was on the screen.</summary>
public sealed record SessionRef(string Id, long Version);

/// <summary>The body of <c>POST /api/v1/sessions/delete</c>.</summary>
public sealed record DeleteSessionsRequest
{
    /// <summary>The most sessions of one command.</summary>
    public const int Most = 500;

    /// <summary>The sessions as they were on the screen.</summary>
    public IReadOnlyList<SessionRef>? Sessions { get; init; }

    /// <summary>How many they are, typed by the person who deletes them.</summary>
    public int? Confirm { get; init; }

    /// <summary>Whether the students who lose their session shall be told by mail.</summary>
    public bool Notify { get; init; }

    internal Problem? Wrong()
    {
        var check = new Check();
        var wrong = WhyNot(Sessions?.Select(session => session?.Id).ToList());
        check.That(wrong is null, "sessions", wrong ?? "");
        check.That(Confirm == Sessions?.Count, "confirm", $"Type how many sessions are deleted: {Sessions?.Count ?? 0}.");
        return check.Failed(out var problem) ? problem : null;
    }

    internal static string? WhyNot(IReadOnlyCollection<string?>? ids) => ids switch
    {
        null or { Count: 0 or > Most } => $"Name 1 to {Most} sessions.",
        _ when ids.Any(id => id is null || !Id.Plausible(id)) || ids.Distinct(StringComparer.Ordinal).Count() != ids.Count => "Each session is named once, by its id.",
        _ => null,
    };
}

/// <summary>What became of each session, in the order asked.</summary>
/// <param name="Registrations">How many registrations lost their session.</param>
public sealed record DeleteSessionsAnswer(IReadOnlyList<DeleteSessionOutcome> Results, long Registrations);

/// <summary>What became of one session.</summary>
/// <param name="Outcome"><c>deleted</c>, <c>gone</c> (deleted before, or never there), <c>stale</c> (changed since it was on the screen), <c>running</c>.</param>
/// <param name="Detail">Why it was not deleted, in a sentence.</param>
public sealed record DeleteSessionOutcome(string Id, string Outcome, string? Detail = null);

/// <summary>Deletes many sessions in one operation; those that cannot be deleted stay, with the reason. Problems: invalid, forbidden, idempotencyKeyReused.</summary>
public sealed class DeleteSessions(Changes changes)
{
    public async Task<Result<DeleteSessionsAnswer>> Run(Actor actor, DeleteSessionsRequest request, Once? once = null)
    {
        if (actor.Kind != ActorKind.Staff || actor.Role < Role.Manager)
        {
            return new Problem(ProblemKind.Forbidden, "This needs the role manager.");
        }

        return request.Wrong() is { } problem
            ? problem
            : await changes.Run<DeleteSessionsAnswer>(actor, async change => await Delete(change, request.Sessions!, request.Notify), once);
    }

    private static async Task<DeleteSessionsAnswer> Delete(Change change, IReadOnlyList<SessionRef> asked, bool notify)
    {
        var sessions = await SessionChange.LockAndLoadMany(change, change.Actor.OrganisationId, [.. asked.Select(session => session.Id)]);
        var deleted = new List<(Session Before, SessionStep Step)>();
        var results = new List<DeleteSessionOutcome>();
        foreach (var (id, version) in asked)
        {
            if (!sessions.TryGetValue(id, out var session))
            {
                results.Add(new DeleteSessionOutcome(id, "gone"));
            }
            else if (SessionRules.Delete(session) is var step && step.Failed(out var problem))
            {
                results.Add(new DeleteSessionOutcome(id, "running", problem.Detail));
            }
            else if (session.Version != version)
            {
                results.Add(new DeleteSessionOutcome(id, "stale", "Somebody changed the session meanwhile."));
            }
            else
            {
                deleted.Add((session, step.Value));
                results.Add(new DeleteSessionOutcome(id, "deleted"));
            }
        }

        var registrations = deleted.Count > 0 ? await SessionDeletion.Write(change, deleted, notify) : 0;
        return new DeleteSessionsAnswer(results, registrations);
    }
}
