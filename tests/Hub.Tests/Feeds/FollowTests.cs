using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>How a reader comes to the head of a feed.</summary>
public sealed class FollowTests : IAsyncLifetime
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
    public async Task A_first_visit_gets_a_snapshot_and_then_every_event()
    {
        await node.Announcer.Announce(Feed, "a", "b");
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        Assert.NotNull(follower.LastAnswer!.Snapshot);
        await node.Announcer.Announce(Feed, "c");
        await follower.Has(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_reader_that_comes_back_gets_what_it_missed_and_no_snapshot()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await node.Announcer.Announce(Feed, "a");
        await follower.Has(["a"]);
        follower.Disconnect();
        await node.Announcer.Announce(Feed, "b", "c");
        await follower.Connect(node);
        Assert.Null(follower.LastAnswer!.Snapshot);
        Assert.Equal(2, follower.LastAnswer.Events.Count);
        await follower.Has(["a", "b", "c"]);
    }

    [Fact]
    public async Task A_reader_that_comes_back_in_time_is_served_from_memory()
    {
        await using var staying = new Follower(Feed);
        await using var follower = new Follower(Feed);
        await staying.Connect(node);
        await follower.Connect(node);
        follower.Disconnect();
        await node.Announcer.Announce(Feed, "a");
        await staying.Has(["a"]);
        await database.Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("ALTER TABLE feed_events RENAME TO feed_events_gone", null, transaction), true));
        await follower.Connect(node);
        await follower.Has(["a"]);
    }

    [Fact]
    public async Task What_one_reader_missed_is_read_from_the_log_once_for_all_who_missed_the_same()
    {
        await using var other = await Node.Start(database.Db, relay);
        await node.Announcer.Announce(Feed, "a");
        await using var first = new Follower(Feed);
        await using var second = new Follower(Feed);
        await first.Connect(node);
        await second.Connect(node);
        first.Disconnect();
        second.Disconnect();
        await node.Announcer.Announce(Feed, "b", "c");
        await first.Connect(other);
        await first.Has(["a", "b", "c"]);
        await database.Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("ALTER TABLE feed_events RENAME TO feed_events_gone", null, transaction), true));
        await second.Connect(other);
        await second.Has(["a", "b", "c"]);
        Assert.Null(second.LastAnswer!.Snapshot);
    }

    [Fact]
    public async Task What_happens_while_the_door_is_asked_reaches_the_reader_that_it_lets_in()
    {
        await using var patient = await Node.Start(database.Db, relay, timing: Node.Quick with { Poll = TimeSpan.FromHours(1) });
        await patient.Announcer.Announce(Feed, "a");
        await using var follower = new Follower(Feed)
        {
            Door = async () =>
            {
                var head = (await patient.Log.Head(Feed))!.Value;
                using var relayed = new SemaphoreSlim(0);
                using var _ = relay.Subscribe(_ => relayed.Release());
                await patient.Announcer.Announce(Feed, "b");
                await relayed.WaitAsync();
                return head;
            },
        };
        await follower.Connect(patient);
        await follower.Has(["a", "b"]);
    }

    [Fact]
    public async Task A_door_that_refuses_leaves_nothing_followed()
    {
        var refused = await node.Connections.Follow(
            new FeedReader("r", null!, () => { }), "me", Feed, null, fresh => node.Snapshot(Feed, fresh), door: () => Task.FromResult<Result<FeedPosition>>(ProblemKind.TakenOver));
        Assert.True(refused.Failed(out var problem));
        Assert.Equal(ProblemKind.TakenOver, problem.Kind);
        Assert.Equal(0, node.Tailer.Followed);
    }

    [Fact]
    public async Task An_old_snapshot_is_completed_by_the_events_that_followed_it()
    {
        node.SnapshotsBehind = 3;
        await node.Announcer.Announce(Feed, "a", "b", "c", "d");
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        Assert.Equal(3, follower.LastAnswer!.Events.Count);
        await follower.Has(["a", "b", "c", "d"]);
        Assert.Equal(1, node.Snapshots);
    }

    [Fact]
    public async Task A_snapshot_too_old_to_be_completed_is_asked_for_again()
    {
        node.SnapshotsBehind = FeedTimings.MostReplayed + 1;
        await node.Announcer.Announce(Feed, [.. Numbers(FeedTimings.MostReplayed + 2)]);
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        Assert.Equal(2, node.Snapshots);
        await follower.Has([.. Numbers(FeedTimings.MostReplayed + 2)]);
    }

    [Fact]
    public async Task Missing_too_much_is_answered_with_a_snapshot()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        follower.Disconnect();
        await node.Announcer.Announce(Feed, [.. Numbers(FeedTimings.MostReplayed + 1)]);
        await follower.Connect(node);
        Assert.NotNull(follower.LastAnswer!.Snapshot);
        await follower.Has([.. Numbers(FeedTimings.MostReplayed + 1)]);
    }

    [Fact]
    public async Task Of_a_list_few_missed_events_are_replayed_and_more_are_answered_with_a_snapshot()
    {
        var list = FeedNames.Sessions("o");
        await using var follower = new Follower(list);
        await follower.Connect(node);
        foreach (var (missed, replayed) in new[] { (FeedTimings.MostReplayedOfList, true), (FeedTimings.MostReplayedOfList + 1, false) })
        {
            follower.Disconnect();
            await node.Announcer.Announce(list, [.. Numbers(missed)]);
            await follower.Connect(node);
            Assert.Equal(replayed, follower.LastAnswer!.Snapshot is null);
        }
    }

    [Fact]
    public async Task Missing_what_is_no_longer_kept_is_answered_with_a_snapshot()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        follower.Disconnect();
        await node.Announcer.Announce(Feed, "a", "b");
        await node.Log.Trim(DateTimeOffset.MaxValue, 10);
        var answer = await Follow(follower.Position, _ => Snapshot("""{"texts":["a","b"]}""", 2));
        Assert.NotNull(answer.Snapshot);
        Assert.Equal((2, 0), (answer.Seq, answer.Events.Count));
    }

    [Fact]
    public async Task A_position_of_another_history_is_answered_with_a_snapshot()
    {
        await node.Announcer.Announce(Feed, "a");
        var answer = await Follow(new FeedPosition("other", 1), fresh => node.Snapshot(Feed, fresh));
        Assert.NotNull(answer.Snapshot);
    }

    [Fact]
    public async Task A_position_beyond_the_head_is_answered_with_a_snapshot()
    {
        await node.Announcer.Announce(Feed, "a");
        var head = await node.Log.Head(Feed);
        var answer = await Follow(head!.Value with { Seq = 9 }, fresh => node.Snapshot(Feed, fresh));
        Assert.NotNull(answer.Snapshot);
        Assert.Equal(1, answer.Seq);
    }

    [Fact]
    public async Task A_snapshot_without_a_position_is_true_at_the_head()
    {
        await node.Announcer.Announce(Feed, "a", "b");
        var answer = await Follow(null, _ => Task.FromResult<Result<FeedSnapshot>>(new FeedSnapshot(null, "{}")));
        Assert.Equal(("{}", 2L, 0), (answer.Snapshot, answer.Seq, answer.Events.Count));
    }

    [Fact]
    public async Task A_refused_snapshot_refuses_and_leaves_nothing_behind()
    {
        var reader = new FeedReader("connection", new Nobody(), () => { });
        var answer = await node.Connections.Follow(reader, "shown", Feed, null, _ => Task.FromResult<Result<FeedSnapshot>>(ProblemKind.NotFound));
        Assert.Equal(ProblemKind.NotFound, answer.Problem!.Kind);
        Assert.Equal((0, 0), (node.Tailer.Followed, node.Connections.Count));
    }

    [Fact]
    public async Task The_first_event_of_a_feed_joins_on_to_what_was_followed_before_it_had_any()
    {
        await using var follower = new Follower(FeedNames.Lobby("empty"));
        await follower.Connect(node);
        await node.Announcer.Announce(FeedNames.Lobby("empty"), "a");
        await follower.Has(["a"]);
        Assert.Equal(1, follower.Follows);
    }

    [Fact]
    public async Task A_history_that_begins_anew_reaches_those_who_follow()
    {
        await node.Announcer.Announce(Feed, "a", "b");
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await database.Db.Write(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("DELETE FROM feed_events WHERE feed = @Feed", new { Feed }, transaction);
            return (await connection.ExecuteAsync("UPDATE feeds SET epoch = 'anew', seq = 0 WHERE feed = @Feed", new { Feed }, transaction), true);
        });
        await node.Announcer.Announce(Feed, "c");
        await Eventually.True(() => follower.Position is { Epoch: "anew", Seq: 1 });
        Assert.Equal(["c"], follower.Texts);
        await node.Announcer.Announce(Feed, "d");
        await Eventually.True(() => follower.Texts is ["c", "d"]);
    }

    [Fact]
    public async Task A_history_that_began_anew_unnoticed_is_noticed_by_the_next_who_follows()
    {
        await using var patient = await Node.Start(database.Db, relay, timing: Node.Quick with { Poll = TimeSpan.FromDays(1) });
        await node.Announcer.Announce(Feed, "a", "b");
        await using var before = new Follower(Feed);
        await before.Connect(patient);
        await database.Db.Write(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("DELETE FROM feed_events WHERE feed = @Feed", new { Feed }, transaction);
            return (await connection.ExecuteAsync("UPDATE feeds SET epoch = 'anew', seq = 5 WHERE feed = @Feed", new { Feed }, transaction), true);
        });
        await using var after = new Follower(Feed);
        await after.Connect(patient);
        await node.Announcer.Announce(Feed, "c");
        await after.Has(["c"]);
        Assert.Equal(1, after.Follows);
        await Eventually.True(() => before.Texts is ["c"]);
    }

    [Fact]
    public async Task Following_while_events_are_written_neither_loses_nor_doubles_any()
    {
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                await node.Announcer.Announce(Feed, $"{writer}.{number}");
            }
        })));
        var followers = new List<Follower>();
        for (var index = 0; index < 60; index++)
        {
            // Alone each time: the node has forgotten the feed, and learns of it while it is written to.
            node.SnapshotsBehind = index % 3 * 10;
            var follower = new Follower(Feed);
            followers.Add(follower);
            await follower.Connect(node);
            var reached = follower.Texts.Count + 3;
            await Eventually.True(() => follower.Texts.Count >= reached);
            if (index % 2 == 0)
            {
                follower.Disconnect();
                await follower.Connect(node);
            }

            if (index % 4 < 3)
            {
                follower.Disconnect();
            }
        }

        await stop.CancelAsync();
        await writing;
        var said = await Said.All(node.Log, Feed);
        foreach (var follower in followers)
        {
            await follower.Connect(node);
            await follower.Has(said);
            await follower.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_feed_that_nobody_follows_is_forgotten()
    {
        await using var follower = new Follower(Feed);
        await follower.Connect(node);
        await follower.Connect(node);
        Assert.Equal((1, 1), (node.Tailer.Followed, node.Connections.Count));
        follower.Disconnect();
        Assert.Equal((0, 0), (node.Tailer.Followed, node.Connections.Count));
    }

    [Fact]
    public async Task A_connection_that_ends_while_it_follows_is_not_kept()
    {
        var reader = new FeedReader("connection", new Nobody(), () => { });
        await node.Connections.Follow(reader, "shown", Feed, null, fresh =>
        {
            node.Connections.Disconnected(reader);
            return node.Snapshot(Feed, fresh);
        });
        Assert.Equal((0, 0), (node.Tailer.Followed, node.Connections.Count));
    }

    [Fact]
    public async Task What_is_unfollowed_is_no_longer_sent()
    {
        await using var other = new Follower(Feed);
        await other.Connect(node);
        var heard = new Counting();
        var reader = new FeedReader("connection", heard, () => { });
        await node.Connections.Follow(reader, "shown", Feed, null, fresh => node.Snapshot(Feed, fresh));
        await node.Announcer.Announce(Feed, "a");
        await Eventually.True(() => heard.Messages == 1);
        FeedConnections.Unfollow(reader, "shown");
        await node.Announcer.Announce(Feed, "b");
        await other.Has(["a", "b"]);
        Assert.Equal(1, heard.Messages);
    }

    private static FeedTiming FeedTimings => Node.Quick;

    private static IEnumerable<string> Numbers(int count) => Enumerable.Range(0, count).Select(number => $"{number}");

    private async Task<FollowAnswer> Follow(FeedPosition? held, SnapshotSource snapshot) =>
        (await node.Connections.Follow(new FeedReader("connection", new Nobody(), () => { }), "shown", Feed, held, snapshot)).Value;

    private async Task<Result<FeedSnapshot>> Snapshot(string json, long seq) =>
        new FeedSnapshot((await node.Log.Head(Feed))!.Value with { Seq = seq }, json);

    private class Nobody : IFeedClient
    {
        public virtual Task Feed(FeedMessage message) => Task.CompletedTask;

        public Task Head(IReadOnlyList<FeedHead> heads) => Task.CompletedTask;

        public Task Presence(PresenceMessage message) => Task.CompletedTask;
    }

    private sealed class Counting : Nobody
    {
        public int Messages { get; private set; }

        public override Task Feed(FeedMessage message)
        {
            Messages++;
            return Task.CompletedTask;
        }
    }
}
