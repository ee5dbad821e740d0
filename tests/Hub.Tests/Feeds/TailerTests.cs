using LiveProctor.Core.Feeds;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>What time does, on a clock that the tests move: lost hints, repeated heads, and memory.</summary>
public sealed class TailerTests : IAsyncLifetime
{
    private static readonly string Feed = FeedNames.Lobby("s");

    private readonly ManualClock clock = new();
    private readonly LossyRelay relay = new(1) { Dropped = 100 };
    private TestDatabase database = null!;
    private Node node = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.New("sqlite");
        node = await Node.Start(database.Db, relay, clock, new FeedTiming());
    }

    public async ValueTask DisposeAsync()
    {
        await node.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task An_event_whose_hint_was_lost_comes_with_the_next_look_at_the_heads()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        clock.Advance(TimeSpan.FromSeconds(1.9));
        Assert.Empty(follower.Texts);
        clock.Advance(TimeSpan.FromSeconds(0.1));
        await follower.Has(["a"]);
    }

    [Fact]
    public async Task A_gap_between_hints_is_filled_from_the_log()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        relay.Dropped = 0;
        var started = clock.GetUtcNow();
        await Eventually.True(async () =>
        {
            await node.Announcer.Announce(Feed, "more");
            clock.Advance(TimeSpan.FromMilliseconds(1));
            return follower.Texts.Count > 0;
        });
        Assert.Equal("a", follower.Texts[0]);

        // Not by the next look at the heads.
        Assert.True(clock.GetUtcNow() - started < TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Heads_are_repeated_every_ten_seconds()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        clock.Advance(TimeSpan.FromSeconds(2));
        await follower.Has(["a"]);
        clock.Advance(TimeSpan.FromSeconds(10));
        await Eventually.True(() => follower.LastHead?.Seq == 1);
        Assert.Equal(new FeedHead("shown", follower.Position!.Value.Epoch, 1), follower.LastHead);
    }

    [Fact]
    public async Task Storage_that_fails_for_a_while_delays_events_and_loses_none()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        await Rename("feeds", "feeds_away");
        clock.Advance(TimeSpan.FromSeconds(2));
        await Rename("feeds_away", "feeds");
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return follower.Texts.Count == 1;
        });
        Assert.Equal(1, follower.Follows);
    }

    [Fact]
    public async Task A_reader_that_takes_nothing_for_a_minute_is_cut_off()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        var goOn = follower.Stall();
        await node.Announcer.Announce(Feed, "a");
        await Eventually.True(() =>
        {
            clock.Advance(TimeSpan.FromSeconds(2));
            return follower.CutOffs > 0;
        });
        goOn();
        await follower.Has(["a"]);
    }

    private Task<int> Rename(string from, string to) => database.Db.Write(async (connection, transaction) =>
    {
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = $"ALTER TABLE {from} RENAME TO {to}";
        return (await command.ExecuteNonQueryAsync(), true);
    });
}
