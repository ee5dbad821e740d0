using System.Collections.Concurrent;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Does what time demands of sessions: lobbies and windows open, windows close, drained sessions end. Called by timers and by the sweep;
/// late, double and stale calls do no harm, since only the stored session says what is due. What was missed is caught up in order.
/// Thousands are due at one instant: they are taken a batch a transaction, by several at once, here and on other nodes, and first those that nobody
/// else has locked (docs/decisions/0111).
/// </summary>
/// <param name="mostEntries">Of how many students one transaction may end sessions; of one session always all.</param>
public sealed class RunDueSessions(SessionStore sessions, Changes changes, TimeProvider time, int mostEntries = RunDueSessions.MostEntries)
{
    // What is held in memory at once when whole examinations end together.
    private const int MostEntries = 5_000;

    private const int Batch = 250;

    private const int MostListed = 10_000;

    // While the database writes one batch, the next is made ready.
    private const int AtOnce = 2;

    // Sessions that could not take their step the last time: they are tried after all others.
    private readonly ConcurrentDictionary<string, bool> failing = new(StringComparer.Ordinal);

    /// <summary>Works until nothing is due.</summary>
    /// <returns>How many steps were taken.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var failures = new ConcurrentDictionary<string, Exception>(StringComparer.Ordinal);
        var all = 0;
        int steps;
        IReadOnlyList<string> due;
        do
        {
            due = await sessions.DueIds(time.Now(), MostListed);
            steps = due.Count == 0 ? 0 : await Take(due, failures, stop);
            all += steps;
        }
        while (due.Count == MostListed && steps > 0);
        return failures.IsEmpty ? all : throw new AggregateException("Some sessions could not take the step that is due.", failures.Values);
    }

    private async Task<int> Take(IReadOnlyList<string> due, ConcurrentDictionary<string, Exception> failures, CancellationToken stop)
    {
        var batches = new ConcurrentQueue<string[]>(due.Where(id => !failing.ContainsKey(id)).Chunk(Batch));
        var steps = (await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => TakeFree(batches, failures, stop)))).Sum();

        // Sessions that somebody had locked, and those that failed before, each by itself.
        var left = (await sessions.DueIds(time.Now(), MostListed)).Where(id => !failures.ContainsKey(id)).ToList();
        foreach (var some in left.Where(id => !failing.ContainsKey(id)).Chunk(Batch).Concat(left.Where(failing.ContainsKey).Chunk(1)))
        {
            steps += await Take(some, onlyFree: false, failures, stop);
        }

        return steps;
    }

    private async Task<int> TakeFree(ConcurrentQueue<string[]> batches, ConcurrentDictionary<string, Exception> failures, CancellationToken stop)
    {
        var steps = 0;
        while (batches.TryDequeue(out var batch))
        {
            steps += await Take(batch, onlyFree: true, failures, stop);
        }

        return steps;
    }

    // A batch that fails is taken in halves, down to the one that fails: it must not keep the others shut.
    private async Task<int> Take(IReadOnlyList<string> ids, bool onlyFree, ConcurrentDictionary<string, Exception> failures, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        try
        {
            var taken = (await changes.Run<DueSteps.Taken>(Actor.System, change => Take(change, ids, onlyFree))).Value;
            if (ids.Count == 1)
            {
                failing.TryRemove(ids[0], out _);
            }

            return taken.Steps + (taken.Left.Count > 0 ? await Take(taken.Left, onlyFree, failures, stop) : 0);
        }
        catch (Exception) when (ids.Count > 1 && !stop.IsCancellationRequested)
        {
            var half = ids.Count / 2;
            return await Take([.. ids.Take(half)], onlyFree, failures, stop) + await Take([.. ids.Skip(half)], onlyFree, failures, stop);
        }
#pragma warning disable CA1031 // It is told when all others are through.
        catch (Exception failure) when (!stop.IsCancellationRequested)
#pragma warning restore CA1031
        {
            failing[ids[0]] = true;
            failures[ids[0]] = failure;
            return 0;
        }
    }

    private async Task<Result<DueSteps.Taken>> Take(Change change, IReadOnlyList<string> ids, bool onlyFree)
    {
        if (onlyFree)
        {
            ids = await change.LockFreeSessions(ids);
        }
        else
        {
            await change.LockSessions(ids);
        }

        // The longest due first, as they were listed.
        var loaded = (await SessionStore.LoadMany(change, ids)).ToDictionary(session => session.Id, StringComparer.Ordinal);
        var current = await SessionParts.WithCurrentTests(change, [.. ids.Where(loaded.ContainsKey).Select(id => loaded[id])]);
        return await DueSteps.Take(change, current, mostEntries);
    }
}
