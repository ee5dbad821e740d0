using LiveProctor.Core.Feeds;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>A relay at its worst: it drops, doubles and reorders hints at random, from a seed that a failing test reports.</summary>
internal sealed class LossyRelay(int seed) : IFeedRelay
{
    private readonly Lock gate = new();
    private readonly Random random = new(seed);
    private readonly List<Subscription> subscriptions = [];

    /// <summary>Of a hundred hints, how many are dropped; a hundred makes it silent.</summary>
    public int Dropped { get; set; } = 30;

    public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
    {
        var deliveries = new List<(Action<FeedBatch> Take, FeedBatch Batch)>();
        lock (gate)
        {
            foreach (var subscription in subscriptions)
            {
                foreach (var batch in batches.Where(_ => random.Next(100) >= Dropped))
                {
                    subscription.Held.Add(batch);
                    if (random.Next(100) < 20)
                    {
                        subscription.Held.Add(batch);
                    }
                }

                while (subscription.Held.Count > random.Next(4))
                {
                    var index = random.Next(subscription.Held.Count);
                    deliveries.Add((subscription.Take, subscription.Held[index]));
                    subscription.Held.RemoveAt(index);
                }
            }
        }

        // On other threads, so that hints also overtake each other.
        foreach (var (take, batch) in deliveries)
        {
            ThreadPool.QueueUserWorkItem(_ => take(batch));
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(Action<FeedBatch> take)
    {
        var subscription = new Subscription(this, take);
        lock (gate)
        {
            subscriptions.Add(subscription);
        }

        return subscription;
    }

    private sealed class Subscription(LossyRelay relay, Action<FeedBatch> take) : IDisposable
    {
        public Action<FeedBatch> Take => take;

        public List<FeedBatch> Held { get; } = [];

        public void Dispose()
        {
            lock (relay.gate)
            {
                relay.subscriptions.Remove(this);
            }
        }
    }
}
