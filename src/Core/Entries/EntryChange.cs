using LiveProctor.Core.Delivery;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>What every use case on an entry does after its rule: write, and tell the proctors, the student and, of a new command, the delivery system.</summary>
internal static class EntryChange
{
    /// <summary>Writes a step of an entry whose session is locked, and what follows from it at once.</summary>
    /// <param name="record">False when the use case leaves one audit row for many entries itself.</param>
    /// <returns>The entry as it stands after all of it: what the caller is answered.</returns>
    public static async Task<Result<Entry>> Write(Change change, Session session, Entry before, EntryStep step, string? reason = null, bool record = true)
    {
        var saved = await EntryStore.Save(change, before, step.Next);
        if (saved.Failed(out var problem))
        {
            return problem;
        }

        await EntryLink.Follow(change, before, step.Next);
        Announce(change, session, before, step, reason);
        if (record)
        {
            Record(change, session, step, reason);
        }

        if (session.Phase == SessionPhase.Draining && before.Started && !step.Next.Started && await EntryStore.CountStarted(change, session.Id) == 0)
        {
            await SessionStore.DueNow(change, session.Id);
        }

        if (session is { Individual: true, Phase: SessionPhase.Open or SessionPhase.Held } && step.Next.Ended)
        {
            await SessionChange.End(change, session);
            return step.Next;
        }

        // Whoever came into a held session, or whose pause was confirmed only after the release, is caught up at once.
        return EntryRules.FollowHold(step.Next, session, Id.New(change.Now), change.Now) is { } follow
            ? await Write(change, session, step.Next, follow, session.HoldReason, record)
            : await AdmitWithoutProctor(change, session, step.Next);
    }

    /// <summary>The same for many entries of sessions that are ending, in a few statements: there nobody is admitted, and nothing follows from a step but in the session.</summary>
    public static async Task WriteEnding(Change change, IReadOnlyCollection<(Session Session, Entry Before, EntryStep Step)> steps)
    {
        if (steps.Count == 0)
        {
            return;
        }

        foreach (var (session, before, step) in steps)
        {
            await EntryStore.Save(change, before, step.Next);
            Announce(change, session, before, step, reason: null);
            Record(change, session, step, reason: null);
        }

        await EntryLink.FollowMany(change, [.. steps.Select(item => (item.Before, item.Step.Next))]);
    }

    /// <summary>Lets in whoever no proctor has to decide on (<see cref="EntryRules.NeedsNoProctor"/>), as far as the session has room.</summary>
    /// <returns>The entry as it stands after it.</returns>
    public static async Task<Entry> AdmitWithoutProctor(Change change, Session session, Entry entry)
    {
        if (!EntryRules.NeedsNoProctor(entry, session)
            || (session.Capacity is { } capacity && await EntryStore.CountAdmitted(change, session.Id) >= capacity))
        {
            return entry;
        }

        var step = EntryRules.Approve(entry, by: null, reason: null, settings: null, change.Now).Value;
        return (await Write(change, session, entry, step)).Value;
    }

    private static void Record(Change change, Session session, EntryStep step, string? reason) =>
        change.Record(session.OrganisationId, FeedNames.Session(session.Id), step.Kind, step.Next.Id, new
        {
            reason, version = step.Next.Version, state = step.Next.State, device = step.Next.Device,
        });

    /// <summary>Tells everyone whom a step of an entry concerns.</summary>
    public static void Announce(Change change, Session session, Entry? before, EntryStep step, string? reason)
    {
        var (entry, kind) = step;
        var by = change.Actor.Kind == ActorKind.Staff ? new Person(change.Actor.Id, change.Actor.Name) : null;
        change.Announce(FeedNames.Session(session.Id), kind, new { entry = EntryRow.Of(entry), by, reason });
        change.Announce(FeedNames.Entry(entry.Id), kind, new { me = MeView.Of(entry, session) });
        if (entry.Pending is { } pending && pending.Id != before?.Pending?.Id && entry.Test.Delivery is { } system)
        {
            change.Announce(FeedNames.Delivery(system), "command", DeliveryCommand.Of(entry, pending));
        }
    }
}
