using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Entries;

/// <summary>
/// An administrator gives tests back that were terminated or have expired (product.md section 5): each waits for the proctor again, in the same attempt or in
/// the next, and its registration is started again. A session that is over is reopened first, for nobody could approve in it.
/// Problems: invalid, notFound, forbidden, wrongPhase.
/// </summary>
public sealed class ReinstateEntries(Changes changes)
{
    /// <summary>Reinstates each of the entries, or says why not: <c>reinstated</c>, <c>refused</c>, <c>gone</c>.</summary>
    public Task<Result<EntriesAnswer>> Run(Actor actor, string sessionId, EntriesRequest request, Once? once = null) => changes.Run<EntriesAnswer>(
        actor,
        async change =>
        {
            var errors = request.Check(reason: true).ToArray();
            if (errors.Length > 0)
            {
                return Problem.Invalid(errors);
            }

            var loaded = await SessionChange.Steer(change, sessionId, Role.Administrator, version: null);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            if (SessionRules.WhyNoEntrance(session) is not null)
            {
                return new Problem(ProblemKind.WrongPhase, "Nobody can be let into this session. Reopen it first.");
            }

            var entries = await EntryStore.LoadMany(change, new EntryReads(sessionId, request.Entries!.Select(entry => entry.Id)));
            await StudentStore.Lock(change, session.OrganisationId, [.. entries.Values.Select(entry => entry.Student.Id).OfType<string>().Distinct(StringComparer.Ordinal)]);
            var outcomes = new List<EntryOutcome>();
            foreach (var (id, _) in request.Entries!)
            {
                outcomes.Add(entries.TryGetValue(id, out var entry) ? await One(change, session, entry, request) : new EntryOutcome(id, "gone", 0));
            }

            change.Record(session.OrganisationId, FeedNames.Session(session.Id), "reinstated", session.Id, new { request.Reason, request.NextAttempt, outcomes });
            return new EntriesAnswer(outcomes);
        },
        once);

    private static async Task<EntryOutcome> One(Change change, Session session, Entry entry, EntriesRequest request)
    {
        var reason = request.Reason!.Trim();
        var step = EntryRules.Reinstate(entry, request.NextAttempt, reason, change.Now);
        if (step.Failed(out var problem))
        {
            return new EntryOutcome(entry.Id, "refused", entry.Version, Detail: problem.Detail);
        }

        step = step.Value with { Next = await Entitled(change, session, step.Value.Next) };
        var written = await EntryChange.Write(change, session, entry, step.Value, reason, record: false);
        return written.Failed(out _)
            ? new EntryOutcome(entry.Id, "refused", entry.Version, Detail: "The student is in another session at this moment.")
            : new EntryOutcome(entry.Id, "reinstated", written.Value.Version);
    }

    // Who never began may have lost the registration since: such a student comes back like one who walks in.
    private static async Task<Entry> Entitled(Change change, Session session, Entry entry)
    {
        if (entry.RegistrationId is not { } id)
        {
            return entry;
        }

        var registrations = await RegistrationStore.ToTests(change, [entry.Student.Id!], [Test.Key(entry.Test.Code)]);
        return registrations.Any(registration => registration.Id == id)
            ? entry
            : await EntryLink.Join(change, session, entry, registrations, await RegistrationStore.HasAny(change, session.Id));
    }
}
