using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

/// <summary>What every throttle does, however it counts.</summary>
public abstract class ThrottleContract
{
    private static readonly ThrottleLimit Three = new("three", 3, TimeSpan.FromMinutes(1));

    private readonly string key = Id.New(TimeProvider.System.GetUtcNow());

    protected ManualClock Clock { get; } = new();

    protected abstract IThrottle Throttle { get; }

    [Fact]
    public async Task As_many_attempts_are_borne_as_the_limit_says()
    {
        Assert.Equal([true, true, true, false, false], await Attempts(5));
    }

    [Fact]
    public async Task A_refusal_says_how_long_to_wait_and_waiting_that_long_helps()
    {
        await Throttle.Take(key, Three);
        Clock.Advance(TimeSpan.FromSeconds(20));
        await Attempts(2);

        var refused = await Throttle.Take(key, Three);
        Assert.Equal(TimeSpan.FromSeconds(40), refused.RetryAfter);

        Clock.Advance(refused.RetryAfter - TimeSpan.FromMilliseconds(1));
        Assert.False((await Throttle.Take(key, Three)).Allowed);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([true, false], await Attempts(2));
    }

    [Fact]
    public async Task No_window_of_any_start_holds_more_than_the_limit()
    {
        var allowed = new List<DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            if ((await Throttle.Take(key, Three)).Allowed)
            {
                allowed.Add(Clock.Now());
            }

            Clock.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.All(allowed, start => Assert.InRange(allowed.Count(at => at >= start && at < start + Three.Window), 1, 3));
        Assert.True(allowed.Count > 60, $"only {allowed.Count} of those that fit");
    }

    [Fact]
    public async Task Refused_attempts_are_not_counted()
    {
        await Attempts(50);

        Clock.Advance(Three.Window);

        Assert.Equal([true, true, true, false], await Attempts(4));
    }

    [Fact]
    public async Task What_succeeds_costs_nothing()
    {
        for (var i = 0; i < 50; i++)
        {
            Assert.True((await Throttle.Take(key, Three)).Allowed);
            await Throttle.GiveBack(key, Three);
        }
    }

    [Fact]
    public async Task Giving_back_leaves_the_failures_counted()
    {
        await Attempts(2);
        await Throttle.Take(key, Three);

        await Throttle.GiveBack(key, Three);

        Assert.Equal([true, false], await Attempts(2));
    }

    [Fact]
    public async Task Giving_back_what_was_never_taken_does_not_raise_the_limit()
    {
        await Throttle.GiveBack(key, Three);

        Assert.Equal([true, true, true, false], await Attempts(4));
    }

    [Fact]
    public async Task Guesses_at_the_same_time_cannot_overrun_the_limit()
    {
        var allowed = 0;

        await Parallel.ForEachAsync(Enumerable.Range(0, 100), async (_, _) =>
        {
            if ((await Throttle.Take(key, ThrottleLimits.JoinByStudent)).Allowed)
            {
                Interlocked.Increment(ref allowed);
            }
        });

        Assert.Equal(ThrottleLimits.JoinByStudent.Count, allowed);
    }

    [Fact]
    public async Task Two_hundred_students_behind_one_address_all_get_in_at_once()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Throttle.Take(key, ThrottleLimits.JoinByAddress).AsTask()));

        Assert.All(answers, answer => Assert.True(answer.Allowed));
    }

    [Fact]
    public async Task Keys_and_limits_are_counted_apart()
    {
        await Attempts(3);

        Assert.True((await Throttle.Take(key + "x", Three)).Allowed);
        Assert.True((await Throttle.Take(key, Three with { Name = "another" })).Allowed);
    }

    [Fact]
    public async Task A_key_may_be_any_text()
    {
        var strange = new string('x', 100_000) + "{}\r\n\0 ☃";

        Assert.True((await Throttle.Take(strange, Three)).Allowed);
        Assert.True((await Throttle.Take(strange + "y", Three)).Allowed);
    }

    private async Task<List<bool>> Attempts(int count)
    {
        var allowed = new List<bool>();
        for (var i = 0; i < count; i++)
        {
            allowed.Add((await Throttle.Take(key, Three)).Allowed);
        }

        return allowed;
    }
}

public sealed class LocalThrottleTests : ThrottleContract
{
    private readonly LocalThrottle throttle;

    public LocalThrottleTests() => throttle = new LocalThrottle(Clock);

    protected override IThrottle Throttle => throttle;

    [Fact]
    public async Task Keys_used_longest_ago_are_forgotten_when_too_many_are_held()
    {
        var limit = new ThrottleLimit("one", 1, TimeSpan.FromMinutes(1));
        var small = new LocalThrottle(Clock, capacity: 10);
        for (var i = 0; i < 11; i++)
        {
            Assert.True((await small.Take($"key {i}", limit)).Allowed);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.False((await small.Take("key 10", limit)).Allowed);
        Assert.True((await small.Take("key 0", limit)).Allowed);
    }
}

public sealed class RedisThrottleTests : ThrottleContract, IClassFixture<PrivateRedis>
{
    private readonly PrivateRedis redis;
    private readonly RedisThrottle throttle;

    public RedisThrottleTests(PrivateRedis redis)
    {
        this.redis = redis;
        throttle = new RedisThrottle(redis.Link(), Clock);
    }

    protected override IThrottle Throttle => throttle;

    [Fact]
    public async Task Attempts_on_several_nodes_are_counted_together()
    {
        var other = new RedisThrottle(redis.Link(), Clock);
        var limit = new ThrottleLimit("nodes", 2, TimeSpan.FromMinutes(1));

        Assert.True((await throttle.Take("key", limit)).Allowed);
        Assert.True((await other.Take("key", limit)).Allowed);
        Assert.False((await throttle.Take("key", limit)).Allowed);

        await other.GiveBack("key", limit);
        Assert.True((await throttle.Take("key", limit)).Allowed);
    }

    [Fact]
    public async Task Without_Redis_a_node_still_limits_by_itself()
    {
        await using var server = await RedisServer.New();
        await server.Stop();
        using var link = new RedisLink(server.ConnectionString, Clock);
        var alone = new RedisThrottle(link, Clock);
        var limit = new ThrottleLimit("alone", 2, TimeSpan.FromMinutes(1));

        Assert.True((await alone.Take("key", limit)).Allowed);
        Assert.True((await alone.Take("key", limit)).Allowed);
        Assert.False((await alone.Take("key", limit)).Allowed);

        await alone.GiveBack("key", limit);
        Assert.True((await alone.Take("key", limit)).Allowed);
    }

    [Fact]
    public async Task What_was_typed_is_not_readable_in_Redis()
    {
        await throttle.Take("ann@example.org", ThrottleLimits.SignInByEmail);

        var keys = (StackExchange.Redis.RedisResult[])(await redis.Link().Ask(database => database.ExecuteAsync("KEYS", "lp:throttle:sign-in-email:*"))).Value!;

        Assert.DoesNotContain("ann", (string)Assert.Single(keys)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_remembered_longer_than_the_window()
    {
        var limit = new ThrottleLimit("window", 2, TimeSpan.FromMinutes(1));
        await throttle.Take("key", limit);

        var left = await redis.Link().Ask(database => database.KeyTimeToLiveAsync($"lp:throttle:window:{Secret.Hash("key")}"));

        Assert.InRange(left.Value!.Value, TimeSpan.FromSeconds(1), limit.Window);
    }
}
