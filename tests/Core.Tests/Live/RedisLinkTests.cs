using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

public sealed class RedisLinkTests(PrivateRedis redis) : IClassFixture<PrivateRedis>
{
    private static readonly RedisScript Echo = RedisScript.Named("staff.lua");

    [Fact]
    public async Task The_first_question_waits_for_the_connection()
    {
        var reply = await redis.Link().Ask(database => database.StringSetAsync("first", "1"));

        Assert.True(reply.Reached);
    }

    [Fact]
    public async Task A_script_that_the_server_has_forgotten_is_sent_again()
    {
        var link = redis.Link();
        Assert.True((await RunScript(link)).Reached);

        await redis.Server.FlushAll();

        Assert.True((await RunScript(link)).Reached);
        Assert.True((await RunScript(link)).Reached);
    }

    [Fact]
    public async Task A_command_that_Redis_refuses_is_not_reached_and_the_next_one_is()
    {
        var link = redis.Link();
        await link.Ask(database => database.StringSetAsync("text", "not a hash"));

        Assert.False((await link.Ask(database => database.HashGetAllAsync("text"))).Reached);
        Assert.True((await link.Ask(database => database.StringGetAsync("text"))).Reached);
    }

    [Fact]
    public async Task A_Redis_that_comes_back_is_used_again_and_heard_again()
    {
        await using var server = await RedisServer.New();
        using var link = new RedisLink(server.ConnectionString, TimeProvider.System);
        var heard = 0;
        var ups = 0;
        link.CameUp += (_, _) => Interlocked.Increment(ref ups);
        Assert.True(await link.Subscribe("news", _ => Interlocked.Increment(ref heard)));
        Assert.True(await link.Publish("news", [1]));
        await Eventually.True(() => heard == 1);

        await server.Stop();
        await Eventually.True(() => !link.IsUp);
        Assert.False(await link.Publish("news", [2]));
        await server.Start();

        await Eventually.True(() => link.IsUp);
        await Eventually.True(async () => await link.Publish("news", [3]) && Volatile.Read(ref heard) > 1);
        Assert.Equal(2, ups);
    }

    [Fact]
    public async Task A_Redis_that_was_away_at_the_start_is_found_when_it_comes()
    {
        await using var server = await RedisServer.New();
        await server.Stop();
        using var link = new RedisLink(server.ConnectionString, TimeProvider.System);
        Assert.False((await link.Ask(database => database.StringSetAsync("a", "1"))).Reached);

        await server.Start();

        await Eventually.True(() => link.IsUp);
        Assert.True((await link.Ask(database => database.StringSetAsync("a", "1"))).Reached);
    }

    [Fact]
    public async Task Trouble_is_dated_by_the_programs_clock()
    {
        var clock = new ManualClock();
        await using var server = await RedisServer.New();
        using var link = new RedisLink(server.ConnectionString, clock);
        await link.Ask(database => database.PingAsync());
        Assert.Equal(clock.GetUtcNow(), link.LastTrouble);

        clock.Advance(TimeSpan.FromMinutes(5));
        await server.Stop();

        await Eventually.True(() => link.LastTrouble == clock.GetUtcNow());
    }

    [Fact]
    public async Task A_hanging_Redis_holds_up_only_those_who_asked_before_it_was_noticed()
    {
        await using var server = await RedisServer.New();
        using var link = new RedisLink(server.ConnectionString, TimeProvider.System);
        await link.Ask(database => database.PingAsync());

        await server.Command("CLIENT PAUSE 4000 ALL");
        await Eventually.True(() => !link.IsUp);
        var asked = false;
        var reply = await link.Ask(database =>
        {
            asked = true;
            return database.PingAsync();
        });

        Assert.False(reply.Reached);
        Assert.False(asked);
        await Eventually.True(() => link.IsUp);
    }

    private static ValueTask<RedisReply<StackExchange.Redis.RedisResult>> RunScript(RedisLink link) =>
        link.Run(Echo, ["staff"], [1, 15_000, "p1", "{}"]);
}
