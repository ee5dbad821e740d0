using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Runs use cases: one transaction each, then the hints. What is acknowledged is committed; what is relayed is committed;
/// a Problem leaves nothing behind.
/// </summary>
public sealed class Changes(Db db, IFeedRelay relay, ILiveBoard board, TimeProvider time)
{
    /// <summary>Runs <paramref name="body"/> in a transaction that commits only when it answers a value.</summary>
    /// <param name="once">Makes the change happen once per key: a repetition answers what the first call answered.</param>
    public async Task<Result<T>> Run<T>(Actor actor, Func<Change, Task<Result<T>>> body, Once? once = null)
    {
        IReadOnlyList<FeedBatch> batches = [];
        var result = await db.Write(async (connection, transaction) =>
        {
            var change = new Change(actor, time.Now(), db.Dialect, connection, transaction);
            if (once is not null && await once.Earlier<T>(change) is { } earlier)
            {
                return (earlier, Commit: false);
            }

            var outcome = await body(change);
            if (outcome.Failed(out _))
            {
                return (outcome, Commit: false);
            }

            if (once is not null)
            {
                await once.Remember(change, outcome.Value);
            }

            batches = await change.Flush();
            return (outcome, Commit: true);
        });

        if (batches.Count > 0)
        {
            await Task.WhenAll(relay.Publish(batches).AsTask(), board.Apply(batches).AsTask());
        }

        return result;
    }
}
