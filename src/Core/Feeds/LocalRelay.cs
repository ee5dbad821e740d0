using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Core.Feeds;

/// <summary>The relay within one process. Each subscriber has its own queue and loop: none waits for another, and a publisher for none.</summary>
public sealed class LocalRelay(ILogger<LocalRelay> log) : IFeedRelay
{
    // A subscriber that is this far behind loses hints, which the log makes good, and not memory.
    private const int MostWaiting = 16_384;

    private readonly ILogger log = log;
    private readonly Lock gate = new();
    private Subscription[] subscriptions = [];

    public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var subscription in Volatile.Read(ref subscriptions))
        {
            foreach (var batch in batches)
            {
                subscription.Waiting.Writer.TryWrite(batch);
            }
        }

        return ValueTask.CompletedTask;
    }

    public IDisposable Subscribe(Action<FeedBatch> take)
    {
        var subscription = new Subscription(this, take);
        lock (gate)
        {
            subscriptions = [.. subscriptions, subscription];
        }

        _ = subscription.Run();
        return subscription;
    }

    private sealed class Subscription(LocalRelay relay, Action<FeedBatch> take) : IDisposable
    {
        public Channel<FeedBatch> Waiting { get; } =
            Channel.CreateBounded<FeedBatch>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public async Task Run()
        {
            await foreach (var batch in Waiting.Reader.ReadAllAsync())
            {
                try
                {
                    take(batch);
                }
                catch (Exception failure)
                {
                    // To the subscriber it is a lost hint, as any relay may lose one.
                    relay.log.LogError(failure, "A subscriber of the relay failed at {Feed}", batch.Feed);
                }
            }
        }

        public void Dispose()
        {
            lock (relay.gate)
            {
                relay.subscriptions = [.. relay.subscriptions.Where(other => other != this)];
            }

            // What waits is dropped with it.
            Waiting.Writer.TryComplete();
            while (Waiting.Reader.TryRead(out _))
            {
            }
        }
    }
}
