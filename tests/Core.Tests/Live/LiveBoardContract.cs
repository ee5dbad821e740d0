using System.Globalization;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

/// <summary>What every board does, however it is kept.</summary>
public abstract class LiveBoardContract
{
    private readonly string session = Id.New(TimeProvider.System.GetUtcNow());

    protected abstract ILiveBoard Board { get; }

    [Fact]
    public async Task A_session_that_nobody_read_has_no_board_and_applying_changes_nothing()
    {
        var history = History(1, 1);

        await Board.Apply(history.Batches);

        Assert.Null(await Board.Read(session));
    }

    [Fact]
    public async Task What_was_put_is_read_back_as_it_was()
    {
        var history = History(3);

        await Board.Put(session, history.Commits[0]);

        await AssertBoard(history.Commits[0]);
    }

    [Fact]
    public async Task A_board_of_a_session_without_entries_is_a_board()
    {
        var empty = new BoardSnapshot(new FeedPosition("a", 0), """{"id":"s"}""", new Dictionary<string, string>());

        await Board.Put(session, empty);

        await AssertBoard(empty);
    }

    [Fact]
    public async Task Batches_in_order_are_applied()
    {
        var history = History(1, 2, 3);
        await Board.Put(session, history.Commits[0]);

        await Board.Apply(history.Batches[1..]);

        await AssertBoard(history.Commits[2]);
    }

    [Fact]
    public async Task A_repeated_batch_is_ignored()
    {
        var history = History(1, 2, 3);
        await Board.Put(session, history.Commits[0]);

        await Board.Apply([history.Batches[1], history.Batches[2], history.Batches[0], history.Batches[1]]);

        await AssertBoard(history.Commits[2]);
    }

    [Fact]
    public async Task A_batch_that_comes_too_early_waits_for_the_one_before_it()
    {
        var history = History(1, 1, 2, 1);
        await Board.Put(session, history.Commits[0]);

        await Board.Apply([history.Batches[3], history.Batches[2]]);
        await AssertBoard(history.Commits[0]);

        await Board.Apply([history.Batches[1]]);
        await AssertBoard(history.Commits[3]);
    }

    [Fact]
    public async Task What_is_committed_while_a_board_is_being_rebuilt_is_not_missed()
    {
        var history = History(1, 1, 1);
        Assert.Null(await Board.Read(session));

        await Board.Apply([history.Batches[1], history.Batches[2]]);
        await Board.Put(session, history.Commits[0]);

        await AssertBoard(history.Commits[2]);
    }

    [Fact]
    public async Task What_came_while_a_board_is_being_rebuilt_is_not_applied_twice()
    {
        var history = History(1, 1, 1);
        Assert.Null(await Board.Read(session));

        await Board.Apply([history.Batches[0], history.Batches[1]]);
        await Board.Put(session, history.Commits[1]);

        await AssertBoard(history.Commits[1]);
    }

    [Fact]
    public async Task An_older_rebuild_never_replaces_a_newer_board()
    {
        var history = History(1, 1, 1);
        await Board.Put(session, history.Commits[0]);
        await Board.Apply(history.Batches[1..]);

        await Board.Put(session, history.Commits[1]);

        await AssertBoard(history.Commits[2]);
    }

    [Fact]
    public async Task A_newer_rebuild_replaces_a_board_that_is_behind_with_everything_in_it()
    {
        var behind = new BoardSnapshot(new FeedPosition("a", 1), "{}", new Dictionary<string, string> { ["gone"] = "{}" });
        var history = History(1, 1, 1);
        await Board.Put(session, behind);
        await Board.Apply([history.Batches[2]]);

        await Board.Put(session, history.Commits[1]);

        await AssertBoard(history.Commits[2]);
    }

    [Fact]
    public async Task Another_epoch_makes_the_board_forget_the_session()
    {
        await Board.Put(session, History(1).Commits[0]);
        var restored = new BoardHistory(session, "b", [1, 1]);

        await Board.Apply([restored.Batches[1]]);
        Assert.Null(await Board.Read(session));

        await Board.Put(session, restored.Commits[1]);
        await AssertBoard(restored.Commits[1]);
    }

    [Fact]
    public async Task A_rebuild_of_another_epoch_takes_the_boards_place()
    {
        await Board.Put(session, History(1, 1, 1).Commits[2]);
        var restored = new BoardHistory(session, "b", [1, 1]);

        await Board.Put(session, restored.Commits[0]);
        await Board.Apply(restored.Batches[1..]);

        await AssertBoard(restored.Commits[1]);
    }

    [Fact]
    public async Task A_gap_that_stays_open_makes_the_board_forget_the_session()
    {
        var history = new BoardHistory(session, "a", Enumerable.Repeat(1, 300));
        await Board.Put(session, history.Commits[0]);

        await Board.Apply(history.Batches[2..200]);
        await AssertBoard(history.Commits[0]);
        await Board.Apply(history.Batches[200..]);

        Assert.Null(await Board.Read(session));
    }

    [Fact]
    public async Task A_batch_that_cannot_be_read_makes_the_board_forget_the_session()
    {
        var history = History(1);
        await Board.Put(session, history.Commits[0]);

        await Board.Apply([new FeedBatch(FeedNames.Session(session), "a", [new FeedEvent(2, "joined", DateTimeOffset.UnixEpoch, """{"entry":{}}""")])]);

        Assert.Null(await Board.Read(session));
    }

    [Fact]
    public async Task Feeds_of_other_audiences_are_ignored()
    {
        var history = History(1, 1);
        await Board.Put(session, history.Commits[0]);

        await Board.Apply([new FeedBatch(FeedNames.Lobby(session), "a", history.Batches[1].Events)]);

        await AssertBoard(history.Commits[0]);
    }

    [Fact]
    public async Task Sessions_do_not_touch_each_other()
    {
        var other = session + "x";
        var history = History(1, 1);
        var others = new BoardHistory(other, "a", [1, 1]);
        await Board.Put(session, history.Commits[0]);
        await Board.Put(other, others.Commits[0]);

        await Board.Apply([others.Batches[1]]);

        await AssertBoard(history.Commits[0]);
        AssertSame(others.Commits[1], await Board.Read(other));
    }

    [Fact]
    public async Task A_class_of_ten_thousand_fits()
    {
        var entries = Enumerable.Range(0, 10_000).ToDictionary(i => $"e{i}", i => $$"""{"id":"e{{i}}","name":"{{new string('x', 500)}}"}""");
        var board = new BoardSnapshot(new FeedPosition("a", 7), "{}", entries);

        await Board.Put(session, board);

        await AssertBoard(board);
    }

    [Fact]
    public async Task Batches_applied_at_the_same_time_all_arrive()
    {
        var history = new BoardHistory(session, "a", Enumerable.Repeat(1, 200), students: 40);
        await Board.Put(session, history.Commits[0]);

        await Parallel.ForEachAsync(history.Batches[1..], async (batch, _) => await Board.Apply([batch]));

        await AssertBoard(history.Commits[^1]);
    }

    protected static void AssertSame(BoardSnapshot expected, BoardSnapshot? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected.Position, actual.Position);
        Assert.Equal(expected.Session, actual.Session);
        Assert.Equal(expected.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal), actual.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    private BoardHistory History(params int[] sizes) => new(session, "a", sizes);

    private async Task AssertBoard(BoardSnapshot expected) => AssertSame(expected, await Board.Read(session));
}

public sealed class LocalBoardTests : LiveBoardContract
{
    protected override ILiveBoard Board { get; } = new LocalBoard();

    [Fact]
    public async Task Sessions_used_longest_ago_are_forgotten_when_too_many_are_held()
    {
        var board = new LocalBoard(capacity: 20);
        var snapshot = new BoardSnapshot(new FeedPosition("a", 1), "{}", new Dictionary<string, string>());
        for (var i = 0; i < 30; i++)
        {
            await board.Put(i.ToString(CultureInfo.InvariantCulture), snapshot);
            Assert.NotNull(await board.Read("0"));
        }

        Assert.Null(await board.Read("1"));
        Assert.NotNull(await board.Read("29"));
    }
}

public sealed class RedisBoardTests(PrivateRedis redis) : LiveBoardContract, IClassFixture<PrivateRedis>
{
    private readonly string session = Id.New(TimeProvider.System.GetUtcNow());

    protected override ILiveBoard Board { get; } = new RedisBoard(redis.Link());

    [Fact]
    public async Task Another_node_reads_the_same_board()
    {
        var history = new BoardHistory(session, "a", [1, 1]);
        await Board.Put(session, history.Commits[0]);

        await new RedisBoard(redis.Link()).Apply(history.Batches[1..]);

        AssertSame(history.Commits[1], await Board.Read(session));
    }

    [Fact]
    public async Task A_Redis_that_forgot_everything_is_filled_again_by_its_next_reader()
    {
        var history = new BoardHistory(session, "a", [1, 1, 1, 1]);
        await Board.Put(session, history.Commits[0]);

        await redis.Server.FlushAll();
        await Board.Apply([history.Batches[1]]);
        Assert.Null(await Board.Read(session));

        await Board.Put(session, history.Commits[1]);
        await Board.Apply(history.Batches[2..]);
        AssertSame(history.Commits[3], await Board.Read(session));
    }

    [Fact]
    public async Task Without_Redis_there_is_no_board_and_nobody_is_told_of_it_by_an_exception()
    {
        await using var server = await RedisServer.New();
        using var link = new RedisLink(server.ConnectionString, TimeProvider.System);
        var board = new RedisBoard(link);
        var history = new BoardHistory(session, "a", [1, 1, 1]);
        await board.Put(session, history.Commits[0]);

        await server.Stop();
        await board.Apply(history.Batches[1..]);
        await board.Put(session, history.Commits[1]);
        Assert.Null(await board.Read(session));

        await server.Start();
        await Eventually.True(() => link.IsUp);
        Assert.Null(await board.Read(session));
        await board.Put(session, history.Commits[1]);
        await board.Apply(history.Batches[2..]);
        AssertSame(history.Commits[2], await board.Read(session));
    }

    [Fact]
    public async Task A_board_is_forgotten_48_hours_after_its_last_change()
    {
        await Board.Put(session, new BoardHistory(session, "a", [1]).Commits[0]);

        var left = await redis.Link().Ask(database => database.KeyTimeToLiveAsync($"lp:{{{session}}}:board"));

        Assert.InRange(left.Value!.Value, TimeSpan.FromHours(47), TimeSpan.FromHours(48));
    }

    [Fact]
    public async Task Whoever_announced_a_rebuild_and_never_made_it_leaves_nothing_behind_for_long()
    {
        Assert.Null(await Board.Read(session));
        await Board.Apply(new BoardHistory(session, "a", [1]).Batches);

        foreach (var key in new[] { "board", "aside" })
        {
            var left = await redis.Link().Ask(database => database.KeyTimeToLiveAsync($"lp:{{{session}}}:{key}"));
            Assert.InRange(left.Value!.Value, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        }
    }
}
