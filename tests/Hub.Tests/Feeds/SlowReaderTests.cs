using LiveProctor.Core.Feeds;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests.Feeds;

public sealed class SlowReaderTests : IAsyncLifetime
{
    private static readonly string Feed = FeedNames.Lobby("s");

    private readonly LocalRelay relay = new(NullLogger<LocalRelay>.Instance);
    private TestDatabase database = null!;
    private Node node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.New("sqlite");
        node = await Node.Start(database.Db, relay, timing: Node.Quick with { MostWaiting = 20 });
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_stalled_reader_is_cut_off_and_resumes_while_fifty_others_go_on()
    {
        var others = await Followers(50);
        await using var slow = new Follower(Feed);
        await slow.Connect(node);
        var goOn = slow.Stall();
        for (var number = 0; number < 20; number++)
        {
            await node.Announcer.Announce(Feed, $"{number}");

            // Each event reaches all others while the slow one still holds the first.
            foreach (var other in others)
            {
                await Eventually.True(() => other.Texts.Count > number);
            }
        }

        Assert.Equal((0, 0), (slow.Texts.Count, slow.CutOffs));
        for (var number = 20; number < 40; number++)
        {
            await node.Announcer.Announce(Feed, $"{number}");
            foreach (var other in others)
            {
                await Eventually.True(() => other.Texts.Count > number);
            }
        }

        await Eventually.True(() => slow.CutOffs == 1);
        goOn();
        var said = await Said.All(node.Log, Feed);
        await slow.Has(said);
        Assert.Null(slow.LastAnswer!.Snapshot);
        foreach (var other in others)
        {
            await other.Has(said);
            Assert.Equal((0, 1), (other.CutOffs, other.Follows));
            await other.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_reader_that_is_merely_behind_is_not_cut_off()
    {
        await using var slow = new Follower(Feed);
        await slow.Connect(node);
        var goOn = slow.Stall();
        await using var other = new Follower(Feed);
        await other.Connect(node);
        foreach (var number in Enumerable.Range(0, 15))
        {
            await node.Announcer.Announce(Feed, $"{number}");
        }

        await other.Has(await Said.All(node.Log, Feed));
        goOn();
        await slow.Has(await Said.All(node.Log, Feed));
        Assert.Equal((0, 1), (slow.CutOffs, slow.Follows));
    }

    [Fact]
    public async Task Followers_under_one_name_share_one_message()
    {
        var others = await Followers(3);
        await using var named = new Follower(Feed, "another name");
        await named.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        foreach (var follower in (Follower[])[.. others, named])
        {
            await follower.Has(["a"]);
        }

        Assert.Single(others.Select(other => other.LastMessage).Distinct());
        Assert.Equal(("shown", "another name"), (others[0].LastMessage!.Feed, named.LastMessage!.Feed));
        foreach (var other in others)
        {
            await other.DisposeAsync();
        }
    }

    private async Task<List<Follower>> Followers(int count)
    {
        var followers = Enumerable.Range(0, count).Select(_ => new Follower(Feed)).ToList();
        foreach (var follower in followers)
        {
            await follower.Connect(node);
        }

        return followers;
    }
}
