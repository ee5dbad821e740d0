using LiveProctor.Core.Feeds;
using LiveProctor.TestSupport;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>Whatever hints do, every reader ends with exactly the log's events, in order, once.</summary>
public sealed class LossyRelayTests
{
    [Theory]
    [InlineData("sqlite", 1)]
    [InlineData("sqlite", 2)]
    [InlineData("postgres", 3)]
    [InlineData("postgres", 4)]
    [InlineData("postgres", 5)]
    public async Task Every_reader_on_every_node_ends_with_exactly_what_the_log_has(string kind, int seed)
    {
        await using var database = await TestDatabase.New(kind);
        var relay = new LossyRelay(seed);
        await using var one = await Node.Start(database.Db, relay);
        await using var two = await Node.Start(database.Open(), relay);
        Node[] nodes = [one, two];
        string[] feeds = [FeedNames.Session("s"), FeedNames.Lobby("s"), FeedNames.Entry("e")];
        var followers = feeds.SelectMany(feed => Enumerable.Range(0, 8).Select(_ => new Follower(feed))).ToList();
        foreach (var follower in followers)
        {
            await follower.Connect(nodes[followers.IndexOf(follower) % 2]);
        }

        using var writing = new CancellationTokenSource();
        var wandering = Task.WhenAll(followers.Where((_, index) => index % 2 == 0).Select((follower, index) => Wander(follower, nodes, new Random(seed * 100 + index), writing.Token)));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Write(nodes[writer % 2], feeds[writer % 3], writer, new Random(seed * 10 + writer))));
        await writing.CancelAsync();
        await wandering;

        foreach (var follower in followers)
        {
            var said = await Said.All(one.Log, follower.Feed);
            Assert.Equal(said.Distinct(StringComparer.Ordinal).Count(), said.Count);
            await follower.Has(said, $"with seed {seed}");
        }

        foreach (var follower in followers)
        {
            await follower.DisposeAsync();
        }

        Assert.Equal(0, one.Tailer.Followed + two.Tailer.Followed);
    }

    private static async Task Write(Node node, string feed, int writer, Random random)
    {
        foreach (var number in Enumerable.Range(0, 40))
        {
            await node.Announcer.Announce(feed, [.. Enumerable.Range(0, random.Next(1, 4)).Select(part => $"{writer}.{number}.{part}")]);
        }
    }

    /// <summary>Leaves and comes back, here and there.</summary>
    private static async Task Wander(Follower follower, Node[] nodes, Random random, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var reached = follower.Texts.Count + random.Next(10);
            await Eventually.True(() => stop.IsCancellationRequested || follower.Texts.Count >= reached);
            if (random.Next(2) == 0)
            {
                follower.Disconnect();
            }

            await follower.Connect(nodes[random.Next(nodes.Length)]);
        }
    }
}
