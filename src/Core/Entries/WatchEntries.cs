using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>
/// What time alone does to entries: entry tokens that nobody redeemed, commands that nobody confirmed, students who are out of sight.
/// Called every few seconds on any number of nodes; late, double and stale calls do no harm.
/// </summary>
public sealed class WatchEntries(EntryStore entries, Changes changes, IPresence presence, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>Unused tokens expire and unconfirmed commands raise their alert.</summary>
    /// <returns>How many entries changed.</returns>
    public async Task<int> RunDue(CancellationToken stop = default)
    {
        var changed = 0;
        IReadOnlyList<(string Id, string SessionId)> due;
        do
        {
            due = await entries.DueIds(time.Now(), Batch);
            foreach (var (id, sessionId) in due)
            {
                stop.ThrowIfCancellationRequested();
                changed += await Change(sessionId, id, (entry, now) => EntryRules.Due(entry, now));
            }
        }
        while (due.Count == Batch);
        return changed;
    }

    /// <summary>Tests whose student has certainly been out of sight for <see cref="EntryRules.LostFor"/> are interrupted.</summary>
    /// <returns>How many were.</returns>
    public async Task<int> InterruptLost(CancellationToken stop = default)
    {
        var changed = 0;
        foreach (var session in (await entries.Testing()).GroupBy(entry => entry.SessionId, StringComparer.Ordinal))
        {
            if (await presence.Read(session.Key) is not { } seen)
            {
                continue;
            }

            foreach (var (id, sessionId) in session)
            {
                stop.ThrowIfCancellationRequested();
                if (seen.CertainSilence(id, time.Now()) > EntryRules.LostFor)
                {
                    changed += await Change(sessionId, id, WhileSilent);
                }
            }
        }

        return changed;
    }

    // A test without a delivery system runs where nobody can see it, and one that has just begun may not have been seen yet.
    private static EntryStep? WhileSilent(Entry entry, DateTimeOffset now) =>
        entry.Test.Delivery is not null && now - entry.StateSince > EntryRules.LostFor && !EntryRules.Interrupt(entry, now).Failed(out _)
            ? EntryRules.Interrupt(entry, now).Value
            : null;

    private async Task<int> Change(string sessionId, string id, Func<Entry, DateTimeOffset, EntryStep?> rule)
    {
        var result = await changes.Run<int>(Actor.System, async change =>
        {
            var loaded = await SessionChange.LockAndLoad(change, sessionId);
            if (loaded.Failed(out var problem))
            {
                // The session was deleted with the entry in it: nothing is due any more.
                await change.Execute("UPDATE entries SET due_at = NULL WHERE id = @id", new { id });
                return 0;
            }

            var entry = await EntryStore.Load(change, sessionId, id);
            if (entry is null || rule(entry, change.Now) is not { } step)
            {
                return 0;
            }

            var written = await EntryChange.Write(change, loaded.Value, entry, step);
            return written.Failed(out problem) ? problem : 1;
        });
        return result.Failed(out _) ? 0 : result.Value;
    }
}
