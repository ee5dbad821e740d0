using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Registrations;

/// <summary>How entries and registrations find and follow each other. The entry's session is locked.</summary>
public static class EntryLink
{
    /// <summary>
    /// Links a new entry to the student's registration to the test, whichever session it names: it is the one entitlement that the student has, and its
    /// settings apply. Who is not on the list of a session that has one is flagged, and the proctor decides.
    /// </summary>
    /// <param name="registrations">The student's to the test, locked.</param>
    /// <param name="expected">True when the session has a list.</param>
    public static async Task<Entry> Join(Change change, Session session, Entry entry, IReadOnlyList<Registration> registrations, bool expected)
    {
        if (entry.Student.Guest || session.Simulated)
        {
            return entry;
        }

        var live = registrations.FirstOrDefault(registration => registration.Status is RegistrationStatus.Pending or RegistrationStatus.Started);
        if (session.Individual && live?.SessionId is not null)
        {
            // Who tries a practice test alone does not use up the one that a session is planned for.
            live = null;
        }

        var here = live?.SessionId == session.Id ? live : registrations.FirstOrDefault(registration => registration.SessionId == session.Id);
        var next = entry with { RegistrationId = live?.Id, Settings = EntryRules.Merge(entry.Settings, (here ?? live)?.Settings ?? entry.Settings) };
        if (live is not null)
        {
            change.Later<RegistrationSaves>().Add(live with { EntryId = entry.Id, Version = live.Version + 1 });
        }

        return here is null && expected
            ? EntryRules.Flag(next, EntryRules.NotRegistered, await Elsewhere(change, live))
            : next;
    }

    /// <summary>The one test of the session that the student is registered to and has not finished; null when there is none or a choice.</summary>
    public static SessionTest? OnlyTest(Session session, IEnumerable<Registration> registrations) =>
        registrations.Where(item => item.SessionId == session.Id && item.Status is (RegistrationStatus.Pending or RegistrationStatus.Started)).ToList() is [var only]
            ? session.Tests.FirstOrDefault(test => Test.Key(test.Code) == Test.Key(only.TestCode))
            : null;

    /// <summary>Lets the registration of an entry follow a step of it (<see cref="RegistrationRules.After"/>).</summary>
    public static async Task Follow(Change change, Entry before, Entry entry)
    {
        if (entry.RegistrationId is not { } id || Reach(before) == Reach(entry))
        {
            return;
        }

        if (await RegistrationStore.Load(change, entry.OrganisationId, [id]) is not [var registration])
        {
            return;
        }

        if (After(registration, entry) is not { } next)
        {
            return;
        }

        if (registration.Status == RegistrationStatus.Completed && await RegistrationStore.Live(change, registration.StudentId, Test.Key(registration.TestCode)) is not null)
        {
            // The student has been registered again since: the test that is reinstated is the earlier one.
            return;
        }

        await RegistrationStore.Save(change, [next]);
    }

    /// <summary>The same for many entries that none of the steps brings back.</summary>
    public static async Task FollowMany(Change change, IReadOnlyCollection<(Entry Before, Entry Entry)> steps)
    {
        var moved = steps.Where(step => step.Entry.RegistrationId is not null && Reach(step.Before) != Reach(step.Entry)).Select(step => step.Entry)
            .GroupBy(entry => entry.OrganisationId, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);
        foreach (var organisation in moved)
        {
            var registrations = (await RegistrationStore.Load(change, organisation.Key, [.. organisation.Select(entry => entry.RegistrationId!).Distinct(StringComparer.Ordinal)]))
                .ToDictionary(registration => registration.Id, StringComparer.Ordinal);
            var changed = new Dictionary<string, Registration>(StringComparer.Ordinal);
            foreach (var entry in organisation)
            {
                if (registrations.TryGetValue(entry.RegistrationId!, out var registration) && After(changed.GetValueOrDefault(registration.Id, registration), entry) is { } next)
                {
                    changed[next.Id] = next;
                }
            }

            await RegistrationStore.Save(change, changed.Values);
        }
    }

    // The registration after a step of an entry; null when it does not concern it.
    private static Registration? After(Registration registration, Entry entry)
    {
        var status = RegistrationRules.After(registration.Status, entry);
        var taken = status == RegistrationStatus.Started && registration.Status != RegistrationStatus.Started;
        if (status == registration.Status || (registration.EntryId != entry.Id && !taken))
        {
            return null;
        }

        // A test that was begun in another session than planned belongs to that one.
        return registration with
        {
            Status = status, Version = registration.Version + 1, EntryId = entry.Id, SessionId = taken && registration.SessionId is not null ? entry.SessionId : registration.SessionId,
        };
    }

    private static int Reach(Entry entry) => entry.Ended ? 2 : entry.Begun ? 1 : 0;

    private static async Task<string> Elsewhere(Change change, Registration? live) => live switch
    {
        null => "Is not on this session's list",
        { SessionId: { } id } => $"Is registered for {(await SessionStore.Load(change, id) is { } session ? $"“{session.Name}”" : "another session")}",
        _ => "Is registered without a session",
    };
}
