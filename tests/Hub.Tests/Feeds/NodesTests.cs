using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>Two nodes on one PostgreSQL and one Redis.</summary>
public sealed class NodesTests : IAsyncLifetime
{
    private static readonly string Session = FeedNames.Session("s");
    private static readonly string Lobby = FeedNames.Lobby("s");

    private readonly List<IDisposable> links = [];
    private RedisServer redis = null!;
    private TestDatabase database = null!;
    private Node one = null!;
    private Node two = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await RedisServer.New();
        database = await TestDatabase.New("postgres");
        one = await StartNode();
        two = await StartNode();
    }

    public async ValueTask DisposeAsync()
    {
        await one.DisposeAsync();
        await two.DisposeAsync();
        links.ForEach(link => link.Dispose());
        await redis.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task What_happens_on_one_node_is_told_on_the_other_by_the_relay()
    {
        // No look at the heads helps: this is the relay's doing.
        await using var patient = await StartNode(TimeSpan.FromDays(1));
        await using var follower = new Follower(Session);
        await follower.Connect(patient);
        await Eventually.True(async () =>
        {
            await one.Announcer.Announce(Session, "a");
            return follower.Texts.Count > 0;
        });
        await Eventually.True(async () => follower.Texts.Count == (await Said.All(one.Log, Session)).Count);
    }

    [Fact]
    public async Task Nothing_is_lost_while_redis_is_flushed_and_stopped_and_started()
    {
        var followers = await Followers(one, two);
        var flushing = Task.Run(async () =>
        {
            await Eventually.True(() => followers[0].Texts.Count > 10);
            await redis.FlushAll();
            await Eventually.True(() => followers[0].Texts.Count > 30);
            await redis.Stop();
            await Eventually.True(() => followers[0].Texts.Count > 60);
            await redis.Start();
        });
        await Write(() => one, () => two);
        await flushing;
        await Write(() => one, () => two);
        await AllHaveAll(followers);
    }

    [Fact]
    public async Task Readers_of_a_node_that_restarts_resume_by_their_positions()
    {
        var followers = await Followers(one, two);
        var restarting = Task.Run(async () =>
        {
            await Eventually.True(() => followers.TrueForAll(follower => follower.Texts.Count > 20));
            foreach (var follower in followers.Where((_, index) => index % 2 == 1))
            {
                follower.Disconnect();
            }

            await two.DisposeAsync();
            two = await StartNode();
            foreach (var follower in followers.Where((_, index) => index % 2 == 1))
            {
                await follower.Connect(two);
                Assert.Null(follower.LastAnswer!.Snapshot);
            }
        });
        await Write(() => one, () => one);
        await restarting;
        await AllHaveAll(followers);
    }

    private static async Task<List<Follower>> Followers(params Node[] nodes)
    {
        var followers = Enumerable.Range(0, 8).Select(index => new Follower(index < 4 ? Session : Lobby)).ToList();
        foreach (var follower in followers)
        {
            await follower.Connect(nodes[followers.IndexOf(follower) % 2]);
        }

        return followers;
    }

    private static Task Write(params Func<Node>[] nodes) => Task.WhenAll(Enumerable.Range(0, 4).Select(async writer =>
    {
        foreach (var number in Enumerable.Range(0, 50))
        {
            await nodes[writer % nodes.Length]().Announcer.Announce(writer < 2 ? Session : Lobby, $"{writer}.{number}");
        }
    }));

    private async Task AllHaveAll(List<Follower> followers)
    {
        foreach (var follower in followers)
        {
            await follower.Has(await Said.All(one.Log, follower.Feed));
            await follower.DisposeAsync();
        }
    }

    private async Task<Node> StartNode(TimeSpan? poll = null)
    {
        var link = new RedisLink(redis.ConnectionString, TimeProvider.System);
        var relay = new RedisRelay(link, TimeProvider.System, NullLogger<RedisRelay>.Instance, NullLogger<LocalRelay>.Instance);
        links.AddRange([relay, link]);
        await relay.Listen();
        return await Node.Start(database.Open(), relay, timing: Node.Quick with { Poll = poll ?? Node.Quick.Poll });
    }
}
