using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Does what time demands of sessions: lobbies and windows open, windows close, drained sessions end. Called by timers and by the sweep;
/// late, double and stale calls do no harm, since only the stored session says what is due. What was missed is caught up in order.
/// </summary>
public sealed class RunDueSessions(SessionStore sessions, Changes changes, TimeProvider time)
{
    private const int Batch = 200;

    /// <summary>Works until nothing is due.</summary>
    /// <returns>How many steps were taken.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var steps = 0;
        IReadOnlyList<string> due;
        do
        {
            due = await sessions.DueIds(time.Now(), Batch);
            var failures = new List<Exception>();
            foreach (var id in due)
            {
                stop.ThrowIfCancellationRequested();
                try
                {
                    steps += (await changes.Run(Actor.System, change => CatchUp(change, id))).Value;
                }
#pragma warning disable CA1031 // One session that fails must not keep the others shut; it is told below.
                catch (Exception failure)
#pragma warning restore CA1031
                {
                    failures.Add(failure);
                }
            }

            if (failures.Count > 0)
            {
                throw new AggregateException("Some sessions could not take the step that is due.", failures);
            }
        }
        while (due.Count == Batch);
        return steps;
    }

    private static async Task<Result<int>> CatchUp(Change change, string id)
    {
        var loaded = await SessionChange.LockAndLoad(change, id);
        if (loaded.Failed(out _))
        {
            return 0;
        }

        var session = (await SessionParts.WithCurrentTests(change, [loaded.Value]))[0];
        var steps = 0;
        while (SessionRules.Due(session, session.Phase == SessionPhase.Draining && await EntryStore.CountStarted(change, id) == 0, change.Now) is { } step)
        {
            session = await SessionChange.Write(change, session, step);
            steps++;
        }

        if (steps == 0)
        {
            // Somebody asked to look although nothing is due any more.
            await change.Execute(
                "UPDATE sessions SET due_at = @dueAt WHERE id = @id", new { id, dueAt = SessionRules.NextDue(session)?.ToUnixTimeMilliseconds() });
        }

        return steps;
    }
}
