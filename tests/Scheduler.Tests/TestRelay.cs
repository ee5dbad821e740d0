using System.Collections.Concurrent;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Scheduler.Tests;

/// <summary>The relay between the nodes of a test. It can lose everything.</summary>
internal sealed class TestRelay : IFeedRelay
{
    private readonly ConcurrentDictionary<Subscription, Action<FeedBatch>> subscribers = new();

    public bool Lossy { get; set; }

    public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var take in Lossy ? [] : subscribers.Values)
        {
            foreach (var batch in batches)
            {
                take(batch);
            }
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(Action<FeedBatch> take)
    {
        var subscription = new Subscription(this);
        subscribers[subscription] = take;
        return subscription;
    }

    private sealed class Subscription(TestRelay relay) : IDisposable
    {
        public void Dispose() => relay.subscribers.TryRemove(this, out _);
    }
}
