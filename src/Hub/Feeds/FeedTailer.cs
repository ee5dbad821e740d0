using System.Collections.Concurrent;
using LiveProctor.Core.Feeds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Feeds;

/// <summary>
/// Knows, on this node, how far every followed feed is. The relay's hints keep it up to date; a slow comparison of the log's heads makes lost ones good.
/// </summary>
public sealed class FeedTailer(FeedLog log, IFeedRelay relay, TimeProvider time, FeedTiming timing, ILogger<FeedTailer> logger)
    : IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, FollowedFeed> feeds = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource stopping = new();
    private IDisposable? hints;
    private Task polling = Task.CompletedTask;
    private int disposed;

    /// <summary>How many feeds are followed on this node.</summary>
    public int Followed => feeds.Count;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        hints = relay.Subscribe(Take);
        polling = Poll(stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        hints?.Dispose();
        await stopping.CancelAsync();
        await polling;
    }

    // Registered as itself and as a hosted service: the container disposes of it twice.
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 0)
        {
            await StopAsync(CancellationToken.None);
            stopping.Dispose();
        }
    }

    /// <summary>The feed, held: from here on nothing that is committed to it can pass this node by. <see cref="FollowedFeed.Release"/> lets go.</summary>
    internal FollowedFeed Hold(string feed)
    {
        while (true)
        {
            var followed = feeds.GetOrAdd(feed, name => new FollowedFeed(name, log, timing, time, logger, Forget));
            if (followed.Hold())
            {
                return followed;
            }
        }
    }

    /// <summary>The feed if anybody on this node follows it.</summary>
    internal FollowedFeed? Find(string feed) => feeds.GetValueOrDefault(feed);

    private void Forget(FollowedFeed feed) => feeds.TryRemove(KeyValuePair.Create(feed.Name, feed));

    private void Take(FeedBatch batch) => Find(batch.Feed)?.Take(batch);

    private async Task Poll(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(timing.Poll, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                await CompareHeads();
            }
        }
        catch (OperationCanceledException)
        {
            // The node stops.
        }
    }

    private async Task CompareHeads()
    {
        var old = time.GetTimestamp() - (long)(timing.Recent.TotalSeconds * time.TimestampFrequency);
        foreach (var some in feeds.Values.Chunk(timing.MostInPoll))
        {
            try
            {
                var heads = await log.Heads([.. some.Select(feed => feed.Name)]);
                foreach (var feed in some)
                {
                    if (heads.TryGetValue(feed.Name, out var head))
                    {
                        feed.Compare(head);
                    }
                }
            }
            catch (Exception failure)
            {
                // Storage is away; the next round looks again.
                logger.LogWarning(failure, "The heads of {Count} feeds could not be compared", some.Length);
            }

            foreach (var feed in some)
            {
                feed.DropBefore(old);
            }
        }
    }
}
