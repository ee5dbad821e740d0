using LiveProctor.Core.Feeds;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>Events that end somebody's right to follow, and what is sent beside events.</summary>
public sealed class RightsTests : IAsyncLifetime
{
    private static readonly string Feed = FeedNames.Session("s");

    private readonly LocalRelay relay = new(NullLogger<LocalRelay>.Instance);
    private TestDatabase database = null!;
    private Node node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.New("sqlite");
        node = await Node.Start(database.Db, relay);
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Who_loses_the_right_is_cut_off_before_the_event_and_others_are_not()
    {
        await using var staying = new Follower(Feed);
        await using var leaving = new Follower(Feed)
        {
            ComesBack = false,
            Gate = async happened =>
            {
                await Task.Yield();
                return Said.Of(happened.Data) == "removed" ? Passage.CutOff : Passage.Send;
            },
        };
        await staying.Connect(node);
        await leaving.Connect(node);
        await node.Announcer.Announce(Feed, "a", "removed", "b");
        await node.Announcer.Announce(Feed, "c");
        await staying.Has(["a", "removed", "b", "c"]);
        await Eventually.True(() => leaving.CutOffs == 1);
        Assert.Equal(["a"], leaving.Texts);
    }

    [Fact]
    public async Task The_last_event_of_a_follower_is_sent_and_its_connection_stays()
    {
        await using var staying = new Follower(Feed);
        await using var taken = new Follower(Feed)
        {
            Gate = happened => ValueTask.FromResult(Said.Of(happened.Data) == "last" ? Passage.SendAsLast : Passage.Send),
        };
        await staying.Connect(node);
        await taken.Connect(node);
        await node.Announcer.Announce(Feed, "a", "last", "b");
        await node.Announcer.Announce(Feed, "c");
        await staying.Has(["a", "last", "b", "c"]);
        await taken.Has(["a", "last"]);
        Assert.Equal(0, taken.CutOffs);
    }

    [Fact]
    public async Task A_question_about_rights_that_fails_cuts_off_and_the_reader_asks_again()
    {
        var asked = 0;
        await using var follower = new Follower(Feed)
        {
            Gate = _ => ++asked == 1 ? throw new InvalidOperationException("storage is away") : ValueTask.FromResult(Passage.Send),
        };
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        await follower.Has(["a"]);
        Assert.Equal(1, follower.CutOffs);
    }

    [Fact]
    public async Task Followers_for_whom_a_predicate_does_not_hold_are_dropped()
    {
        await using var follower = new Follower(Feed) { ComesBack = false };
        await follower.Connect(node);
        node.Connections.Drop(FeedNames.Session("other"), _ => false);
        node.Connections.Drop(Feed, reader => reader.ConnectionId == "connection");
        Assert.Equal(1, node.Connections.Count);
        node.Connections.Drop(Feed, _ => false);
        await Eventually.True(() => follower.CutOffs == 1 && node.Connections.Count == 0);
    }

    [Fact]
    public async Task Presence_reaches_those_who_follow_the_feed()
    {
        await using var follower = new Follower(Feed);
        await using var other = new Follower(FeedNames.Session("other"));
        await follower.Connect(node);
        await other.Connect(node);
        node.Connections.Presence(Feed, """[{"id":"e"}]""");
        Assert.Equal("""[{"id":"e"}]""", follower.LastPresence);
        Assert.Null(other.LastPresence);
    }
}
