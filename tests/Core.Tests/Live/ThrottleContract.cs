using FsCheck;
using FsCheck.Fluent;
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
    public async Task As_many_failures_are_borne_as_the_limit_says()
    {
        Assert.Equal([true, true, true, false, false], await Failures(5));
    }

    [Fact]
    public async Task A_refusal_says_how_long_to_wait_and_waiting_that_long_helps()
    {
        await Failures(1);
        Clock.Advance(TimeSpan.FromSeconds(20));
        await Failures(2);

        var refused = await Throttle.Take(key, Three);
        Assert.Equal(TimeSpan.FromSeconds(40), refused.RetryAfter);

        Clock.Advance(refused.RetryAfter - TimeSpan.FromMilliseconds(1));
        Assert.False((await Throttle.Take(key, Three)).Allowed);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([true, false], await Failures(2));
    }

    [Fact]
    public async Task No_window_of_any_start_holds_more_failures_than_the_limit()
    {
        var failures = new List<DateTimeOffset>();
        for (var i = 0; i < 200; i++)
        {
            if ((await Failures(1))[0])
            {
                failures.Add(Clock.Now());
            }

            Clock.Advance(TimeSpan.FromSeconds(7));
        }

        Assert.All(failures, start => Assert.InRange(failures.Count(at => at >= start && at < start + Three.Window), 1, 3));
        Assert.True(failures.Count > 60, $"only {failures.Count} of those that fit");
    }

    [Fact]
    public async Task Refused_attempts_are_not_counted()
    {
        await Failures(50);

        Clock.Advance(Three.Window);

        Assert.Equal([true, true, true, false], await Failures(4));
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
        await Failures(2);
        await Throttle.Take(key, Three);

        await Throttle.GiveBack(key, Three);
        await Throttle.GiveBack(key, Three);

        Assert.Equal([true, false], await Failures(2));
    }

    [Fact]
    public async Task Giving_back_what_was_never_taken_does_not_raise_the_limit()
    {
        await Throttle.GiveBack(key, Three);

        Assert.Equal([true, true, true, false], await Failures(4));
    }

    [Fact]
    public async Task Guesses_at_the_same_time_cannot_overrun_the_limit()
    {
        Assert.Equal(ThrottleLimits.JoinByStudent.Count, await TakenAtOnce(100, ThrottleLimits.JoinByStudent));
    }

    [Fact]
    public async Task A_whole_school_behind_one_address_may_arrive_at_once_and_no_more()
    {
        var school = Three with { AtOnce = 500 };

        Assert.Equal(503, await TakenAtOnce(600, school));
    }

    [Fact]
    public async Task Room_for_many_at_once_bears_no_more_failures()
    {
        var school = Three with { AtOnce = 500 };

        Assert.Equal([true, true, true, false], await Failures(4, school));
    }

    [Fact]
    public async Task Who_finds_only_undecided_attempts_in_the_way_may_come_again_soon()
    {
        await Take(3);

        Assert.Equal(TimeSpan.FromSeconds(1), (await Throttle.Take(key, Three)).RetryAfter);

        await Throttle.GiveBack(key, Three);
        Assert.True((await Throttle.Take(key, Three)).Allowed);
    }

    [Fact]
    public async Task What_is_never_decided_counts_as_failed()
    {
        await Take(3);

        Clock.Advance(TimeSpan.FromSeconds(31));
        var refused = await Throttle.Take(key, Three);

        Assert.Equal(Three.Window, refused.RetryAfter);
        Clock.Advance(Three.Window);
        Assert.Equal([true, true, true, false], await Failures(4));
    }

    [Fact]
    public async Task Keys_and_limits_are_counted_apart()
    {
        await Failures(3);

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

    private async Task Take(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True((await Throttle.Take(key, Three)).Allowed);
        }
    }

    private async Task<int> TakenAtOnce(int count, ThrottleLimit limit)
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => Task.Run(async () => await Throttle.Take(key, limit))));
        return answers.Count(answer => answer.Allowed);
    }

    /// <summary>Wrong guesses one after the other; true for those that were let through.</summary>
    private async Task<List<bool>> Failures(int count, ThrottleLimit? limit = null)
    {
        limit ??= Three;
        var allowed = new List<bool>();
        for (var i = 0; i < count; i++)
        {
            allowed.Add((await Throttle.Take(key, limit)).Allowed);
            if (allowed[^1])
            {
                await Throttle.Fail(key, limit);
            }
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
            await small.Fail($"key {i}", limit);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await small.Take("key 11", limit);

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

        var keys = (StackExchange.Redis.RedisResult[])(await redis.Link().Ask(database => database.ExecuteAsync("KEYS", "lp:throttle:{sign-in-email:*"))).Value!;

        Assert.DoesNotContain("ann", (string)Assert.Single(keys)!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_remembered_for_long()
    {
        var limit = new ThrottleLimit("window", 2, TimeSpan.FromMinutes(1));
        await throttle.Take("key", limit);
        await throttle.Fail("key", limit);
        await throttle.Take("key", limit);

        foreach (var list in new[] { "failed", "undecided" })
        {
            var left = await redis.Link().Ask(database => database.KeyTimeToLiveAsync($"lp:throttle:{{window:{Secret.Hash("key")}}}:{list}"));
            Assert.InRange(left.Value!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(90));
        }
    }

    [Fact]
    public void Both_twins_answer_the_same_whatever_happens()
    {
        var link = redis.Link();
        var step = Gen.Choose(0, 9);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(200).WithEndSize(100),
            Prop.ForAll(step.ToArbitrary().Array(), steps => Agree(link, steps).GetAwaiter().GetResult()));
    }

    private static async Task<bool> Agree(RedisLink link, int[] steps)
    {
        var clock = new ManualClock();
        var limit = new ThrottleLimit("agree", 3, TimeSpan.FromMinutes(1)) { AtOnce = 2 };
        var key = Id.New(TimeProvider.System.GetUtcNow());
        IThrottle local = new LocalThrottle(clock);
        IThrottle shared = new RedisThrottle(link, clock);
        foreach (var step in steps)
        {
            switch (step)
            {
                case < 5:
                    if (await local.Take(key, limit) != await shared.Take(key, limit))
                    {
                        return false;
                    }

                    break;
                case 5:
                    await local.GiveBack(key, limit);
                    await shared.GiveBack(key, limit);
                    break;
                case 6 or 7:
                    await local.Fail(key, limit);
                    await shared.Fail(key, limit);
                    break;
                default:
                    clock.Advance(TimeSpan.FromSeconds(step == 8 ? 7 : 29));
                    break;
            }
        }

        return true;
    }
}
