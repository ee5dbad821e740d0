using LiveProctor.Core.Entries;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// The steps that time demands of locked sessions, as <see cref="SessionChange"/> does for one: in rounds of a step each, so that what was missed is caught up
/// in order. The number of statements grows neither with the number of sessions nor with that of their entries.
/// </summary>
internal static class DueSteps
{
    /// <summary>What was done.</summary>
    /// <param name="Steps">How many steps were taken.</param>
    /// <param name="Left">Sessions for another change: with the others they had too many entries.</param>
    public sealed record Taken(int Steps, IReadOnlyList<string> Left);

    /// <summary>Takes every step that is due.</summary>
    /// <param name="change">What has locked them.</param>
    /// <param name="locked">As they are.</param>
    /// <param name="mostEntries">Sessions are left when those before them have so many entries, that wait or are tested, to end.</param>
    public static async Task<Taken> Take(Change change, IReadOnlyList<Session> locked, int mostEntries)
    {
        var entries = await EntryStore.CountActive(change, [.. locked.Where(session => Ends(session, change.Now)).Select(session => session.Id)]);
        var (sessions, left) = Fitting(locked, entries, mostEntries);
        var running = entries.Where(pair => pair.Value.Started > 0).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        var steps = 0;
        for (var round = 0; sessions.Count > 0; round++)
        {
            var due = sessions
                .Select(session => (Before: session, Step: SessionRules.Due(session, session.Phase == SessionPhase.Draining && !running.Contains(session.Id), change.Now)))
                .ToLookup(item => item.Step is not null);
            if (round == 0 && due[false].Select(item => item.Before).ToList() is { Count: > 0 } idle)
            {
                // Somebody asked to look although nothing is due any more.
                await SessionStore.SetDue(change, idle);
            }

            var taken = due[true].Select(item => (item.Before, Step: item.Step!)).ToList();
            if (taken.Count > 0)
            {
                running.ExceptWith(await Write(change, taken));
            }

            steps += taken.Count;
            sessions = [.. taken.Select(item => item.Step.Next)];
        }

        return new Taken(steps, left);
    }

    /// <returns>The sessions in which the last test has ended with it.</returns>
    private static async Task<IEnumerable<string>> Write(Change change, IReadOnlyCollection<(Session Before, SessionStep Step)> taken)
    {
        await SessionStore.SavePhases(change, [.. taken.Select(item => (item.Before, item.Step.Next))]);
        SessionChange.Announce(change, [.. taken.Select(item => ((Session?)item.Before, item.Step))]);

        var follow = taken.Select(item => (item.Step.Next, Rule: SessionChange.ForEntries(change, item.Before, item.Step.Next))).Where(item => item.Rule is not null)
            .ToDictionary(item => item.Next.Id, item => (item.Next, Rule: item.Rule!), StringComparer.Ordinal);
        var entries = await EntryStore.LoadActive(change, follow.Keys);
        var steps = entries.Select(entry => (follow[entry.SessionId].Next, Before: entry, Step: follow[entry.SessionId].Rule(entry))).ToList();
        await EntryChange.WriteEnding(change, [.. steps.Where(item => item.Step is not null).Select(item => (item.Next, item.Before, item.Step!))]);
        return steps.GroupBy(item => item.Before.SessionId, StringComparer.Ordinal).Where(group => group.All(item => !(item.Step?.Next ?? item.Before).Started)).Select(group => group.Key);
    }

    private static bool Ends(Session session, DateTimeOffset now) => session.Phase == SessionPhase.Draining || now >= session.ClosesAt;

    // At least one, however large it is.
    private static (IReadOnlyList<Session> Fitting, IReadOnlyList<string> Left) Fitting(
        IReadOnlyList<Session> sessions, IReadOnlyDictionary<string, (long Active, long Started)> entries, int most)
    {
        var sum = 0L;
        var count = sessions.TakeWhile((session, index) => (sum += entries.GetValueOrDefault(session.Id).Active) <= most || index == 0).Count();
        return ([.. sessions.Take(count)], [.. sessions.Skip(count).Select(session => session.Id)]);
    }
}
