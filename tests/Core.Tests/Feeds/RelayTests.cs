using System.Collections.Concurrent;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveProctor.Core.Tests.Feeds;

/// <summary>What holds for every relay. Between nodes it holds of both ends: what one publishes, the other hears.</summary>
public abstract class RelayTests : IAsyncLifetime
{
    private static readonly DateTimeOffset At = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    protected abstract IFeedRelay Here { get; }

    protected abstract IFeedRelay There { get; }

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task What_is_published_is_heard_here_and_there_as_it_was()
    {
        using var here = new Ear(Here);
        using var there = new Ear(There);
        var sent = new FeedBatch(FeedNames.Lobby("one"), "epoch", [new(7, "held", At, """{"a":[1,"é\""],"b":{}}"""), new(8, "released", At, "{}")]);
        await PublishUntil(() => !here.Heard.IsEmpty && !there.Heard.IsEmpty, sent);
        foreach (var ear in (Ear[])[here, there])
        {
            var heard = ear.Heard.First();
            Assert.Equal((sent.Feed, sent.Epoch, sent.End), (heard.Feed, heard.Epoch, heard.End));
            Assert.Equal(sent.Events, heard.Events);
        }
    }

    [Fact]
    public async Task Batches_of_one_publisher_arrive_in_order()
    {
        using var there = new Ear(There);
        foreach (var seq in Enumerable.Range(1, 200))
        {
            await Here.Publish([Batch(seq)]);
        }

        await PublishUntil(() => there.Heard.Any(batch => batch.Start == 201), Batch(201));
        var heard = there.Heard.Select(batch => batch.Start).Where(seq => seq <= 200).ToList();
        Assert.NotEmpty(heard);
        Assert.Equal(heard.Distinct().Order(), heard);
    }

    [Fact]
    public async Task The_many_batches_of_one_change_all_arrive()
    {
        using var there = new Ear(There);
        await PublishUntil(
            () => there.Heard.DistinctBy(batch => batch.Start).Count() == 1_000, [.. Enumerable.Range(1, 1_000).Select(seq => Batch(seq))]);
    }

    [Fact]
    public async Task A_batch_of_very_many_events_arrives_in_order_and_without_holes()
    {
        using var there = new Ear(There);
        var sent = new FeedBatch(FeedNames.Session("s"), "epoch", [.. Enumerable.Range(1, 10_000).Select(seq => new FeedEvent(seq, "expired", At, "{}"))]);
        await PublishUntil(() => there.Heard.Any(batch => batch.End == sent.End), sent);
        var heard = there.Heard.SelectMany(batch => batch.Events).Select(item => item.Seq).Distinct().ToList();
        Assert.Equal(heard.Order(), heard);
        Assert.All(there.Heard, batch => Assert.Equal(batch.Events.Count, batch.End.Seq - batch.Start + 1));
    }

    [Fact]
    public async Task A_subscriber_that_fails_or_stalls_does_not_disturb_another()
    {
        using var stalled = new ManualResetEventSlim();
        using var failing = There.Subscribe(_ => throw new InvalidOperationException("on purpose"));
        using var stalling = There.Subscribe(_ => stalled.Wait());
        using var there = new Ear(There);
        await PublishUntil(() => there.Heard.Count >= 2, Batch(1));
        stalled.Set();
    }

    [Fact]
    public async Task A_disposed_subscription_hears_no_more()
    {
        var gone = new Ear(There);
        using var there = new Ear(There);
        await PublishUntil(() => !gone.Heard.IsEmpty, Batch(1));
        gone.Dispose();
        await PublishUntil(() => there.Heard.Any(batch => batch.Start == 2), Batch(2));
        Assert.DoesNotContain(gone.Heard, batch => batch.Start == 2);
    }

    // Any relay may lose a hint, and on a busy machine Redis may seem away for a moment: what is tested is what arrives.
    protected async Task PublishUntil(Func<bool> heard, params FeedBatch[] batches)
    {
        await Eventually.True(
            async () =>
            {
                await Here.Publish(batches);
                try
                {
                    await Eventually.True(heard, within: TimeSpan.FromMilliseconds(200));
                    return true;
                }
                catch (TimeoutException)
                {
                    return false;
                }
            },
            "it is heard");
    }

    protected static FeedBatch Batch(long seq) => new(FeedNames.Lobby("one"), "epoch", [new(seq, "held", At, "{}")]);

    protected sealed class Ear : IDisposable
    {
        private readonly IDisposable subscription;

        public Ear(IFeedRelay relay) => subscription = relay.Subscribe(Heard.Enqueue);

        public ConcurrentQueue<FeedBatch> Heard { get; } = new();

        public async Task<FeedBatch[]> Hears(int count)
        {
            await Eventually.True(() => Heard.Count >= count, $"{count} batches are heard");
            return [.. Heard];
        }

        public void Dispose() => subscription.Dispose();
    }
}

public sealed class LocalRelayTests : RelayTests
{
    private readonly LocalRelay relay = new(NullLogger<LocalRelay>.Instance);

    protected override IFeedRelay Here => relay;

    protected override IFeedRelay There => relay;

    public override ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

public sealed class RedisRelayTests : RelayTests
{
    private RedisServer server = null!;
    private RedisLink oneLink = null!;
    private RedisLink otherLink = null!;
    private RedisRelay one = null!;
    private RedisRelay other = null!;

    protected override IFeedRelay Here => one;

    protected override IFeedRelay There => other;

    public override async ValueTask InitializeAsync()
    {
        server = await RedisServer.New();
        oneLink = new RedisLink(server.ConnectionString, TimeProvider.System);
        otherLink = new RedisLink(server.ConnectionString, TimeProvider.System);
        one = new RedisRelay(oneLink, TimeProvider.System, NullLogger<RedisRelay>.Instance, NullLogger<LocalRelay>.Instance);
        other = new RedisRelay(otherLink, TimeProvider.System, NullLogger<RedisRelay>.Instance, NullLogger<LocalRelay>.Instance);
        await Eventually.True(async () => await one.Listen());
        await Eventually.True(async () => await other.Listen());
    }

    public override async ValueTask DisposeAsync()
    {
        one.Dispose();
        other.Dispose();
        oneLink.Dispose();
        otherLink.Dispose();
        await server.DisposeAsync();
    }

    [Fact]
    public async Task Without_redis_publishing_neither_fails_nor_waits_and_is_still_heard_here()
    {
        using var here = new Ear(Here);
        await server.Stop();
        foreach (var seq in Enumerable.Range(1, 50))
        {
            Assert.True(Here.Publish([Batch(seq)]).IsCompletedSuccessfully);
        }

        await here.Hears(50);
    }

    [Fact]
    public async Task A_restarted_redis_is_heard_again()
    {
        using var there = new Ear(There);
        await server.Restart();
        await PublishUntil(() => !there.Heard.IsEmpty, Batch(1));
    }

    [Fact]
    public async Task A_redis_that_starts_late_is_heard()
    {
        await server.Stop();
        using var link = new RedisLink(server.ConnectionString, TimeProvider.System);
        using var late = new RedisRelay(link, TimeProvider.System, NullLogger<RedisRelay>.Instance, NullLogger<LocalRelay>.Instance);
        using var there = new Ear(late);
        Assert.False(await late.Listen());
        await server.Start();
        await PublishUntil(() => !there.Heard.IsEmpty, Batch(1));
    }
}
