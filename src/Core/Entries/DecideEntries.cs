using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>
/// Approve, deny and revoke: one or many entries in one command, each with its own outcome. Commands on a session happen one after the other,
/// so of two proctors exactly one decides and the other learns who did.
/// Problems: invalid, notFound, forbidden.
/// </summary>
public sealed class DecideEntries(Changes changes)
{
    public Task<Result<EntriesAnswer>> Approve(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(), "approved", once, async (change, session) =>
        {
            if (session.Phase == SessionPhase.Held)
            {
                return (entry, _) => (null, new EntryOutcome(entry.Id, "refused", entry.Version, Detail: "Everyone is paused: nobody is admitted until the session is released."));
            }

            var room = session.Capacity is { } capacity ? capacity - await EntryStore.CountAdmitted(change, session.Id) : long.MaxValue;
            return (entry, version) =>
            {
                if (Undecidable(entry, version) is { } outcome)
                {
                    return (null, outcome);
                }

                if (room <= 0)
                {
                    return (null, new EntryOutcome(entry.Id, "full", entry.Version));
                }

                room--;
                return (EntryRules.Approve(entry, By(change), request.Reason, request.Settings, change.Now), null);
            };
        });

    public Task<Result<EntriesAnswer>> Deny(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(reason: true), "denied", once, (change, _) => Task.FromResult<Decide>((entry, version) =>
            Undecidable(entry, version) is { } outcome ? (null, outcome) : (EntryRules.Deny(entry, By(change), request.Reason!.Trim(), change.Now), null)));

    public Task<Result<EntriesAnswer>> Revoke(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(), "revoked", once, (change, _) => Task.FromResult<Decide>((entry, _) =>
            (EntryRules.Revoke(entry, By(change), request.Reason, change.Now), null)));

    private delegate (Result<EntryStep>? Step, EntryOutcome? Outcome) Decide(Entry entry, long version);

    private Task<Result<EntriesAnswer>> Run(
        Actor actor, string sessionId, EntriesRequest request, IEnumerable<(string, string)> wrong, string done, Once? once,
        Func<Change, Session, Task<Decide>> prepare)
    {
        var errors = wrong.ToArray();
        if (errors.Length > 0)
        {
            return Task.FromResult<Result<EntriesAnswer>>(Problem.Invalid(errors));
        }

        var reads = new EntryReads(sessionId, request.Entries!.Select(entry => entry.Id));
        return changes.RunInTurn<EntriesAnswer>(
            sessionId,
            actor,
            async change =>
            {
                var loaded = await SessionChange.Steer(change, sessionId);
                if (loaded.Failed(out var problem))
                {
                    return problem;
                }

                var session = loaded.Value;
                if (session.Phase is SessionPhase.Draining or SessionPhase.Closed or SessionPhase.Cancelled)
                {
                    return new Problem(ProblemKind.WrongPhase, "The session takes no decisions any more.");
                }

                var decide = await prepare(change, session);
                var entries = await EntryStore.LoadMany(change, reads);
                var outcomes = new List<EntryOutcome>();
                foreach (var (id, version) in request.Entries!)
                {
                    outcomes.Add(entries.TryGetValue(id, out var entry)
                        ? await One(change, session, entry, decide(entry, version), done, request.Reason)
                        : new EntryOutcome(id, "gone", 0));
                }

                change.Record(session.OrganisationId, FeedNames.Session(session.Id), done, session.Id, new { request.Reason, request.Settings, outcomes });
                return new EntriesAnswer(outcomes);
            },
            once,
            reads);
    }

    private static async Task<EntryOutcome> One(
        Change change, Session session, Entry entry, (Result<EntryStep>? Step, EntryOutcome? Outcome) decided, string done, string? reason)
    {
        if (decided.Outcome is { } outcome)
        {
            return outcome;
        }

        var step = decided.Step!.Value;
        if (step.Failed(out var problem))
        {
            return new EntryOutcome(entry.Id, entry.Ended ? "gone" : "refused", entry.Version, Detail: problem.Detail);
        }

        var written = await EntryChange.Write(change, session, entry, step.Value, reason, record: false);
        return written.Failed(out problem)
            ? new EntryOutcome(entry.Id, "refused", entry.Version, Detail: problem.Detail)
            : new EntryOutcome(entry.Id, done, written.Value.Version);
    }

    // Why the entry that was on the screen can no longer be decided on.
    private static EntryOutcome? Undecidable(Entry entry, long version) => entry.State switch
    {
        EntryState.Waiting => EntryRules.Stale(entry, version) ? new EntryOutcome(entry.Id, "stale", entry.Version) : null,
        EntryState.Withdrawn => new EntryOutcome(entry.Id, "gone", entry.Version),
        _ when entry.Ended => new EntryOutcome(entry.Id, "gone", entry.Version),
        _ => new EntryOutcome(entry.Id, "alreadyDecided", entry.Version, entry.Decision?.By, entry.Decision?.At),
    };

    private static Person By(Change change) => new(change.Actor.Id, change.Actor.Name);
}
