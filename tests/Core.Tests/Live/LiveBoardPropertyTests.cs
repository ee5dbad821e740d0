using FsCheck;
using FsCheck.Fluent;
using LiveProctor.Core.Live;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

/// <summary>Whatever is lost, doubled or reordered: a board that is read equals the fold of all events up to its position, and both twins agree.</summary>
public sealed class LiveBoardPropertyTests(PrivateRedis redis) : IClassFixture<PrivateRedis>
{
    private static readonly int[] Sizes = [1, 2, 1, 3, 1, 1, 2, 1, 1, 4, 1, 1];

    /// <summary>One thing that happens to a board.</summary>
    /// <param name="Restored">In the history that began when storage was restored, instead of the one before.</param>
    /// <param name="At">Which batch, or the snapshot after which batch.</param>
    public sealed record Step(StepKind Kind, bool Restored, int At);

    public enum StepKind
    {
        Apply,
        Put,
        Read,
    }

    [Fact]
    public void Any_order_of_batches_and_rebuilds_gives_boards_that_were_once_true()
    {
        var link = redis.Link();
        var steps =
            from kind in Gen.Frequency((7, Gen.Constant(StepKind.Apply)), (1, Gen.Constant(StepKind.Put)), (2, Gen.Constant(StepKind.Read)))
            from restored in Gen.Frequency((15, Gen.Constant(false)), (1, Gen.Constant(true)))
            from at in Gen.Choose(0, Sizes.Length - 1)
            select new Step(kind, restored, at);

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(300).WithEndSize(120),
            Prop.ForAll(steps.ToArbitrary().Array(), list => BothAgree(new LocalBoard(), new RedisBoard(link), list).GetAwaiter().GetResult()));
    }

    [Fact]
    public void A_shuffled_history_ends_complete_once_the_board_was_read()
    {
        var link = redis.Link();
        var shuffled = Gen.Shuffle(Enumerable.Range(1, Sizes.Length - 1));

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(100),
            Prop.ForAll(shuffled.ToArbitrary(), order => EndsComplete(new RedisBoard(link), order).GetAwaiter().GetResult()
                && EndsComplete(new LocalBoard(), order).GetAwaiter().GetResult()));
    }

    private static async Task<bool> BothAgree(ILiveBoard local, ILiveBoard shared, Step[] steps)
    {
        var session = Id.New(TimeProvider.System.GetUtcNow());
        var before = new BoardHistory(session, "before", Sizes);
        var restored = new BoardHistory(session, "restored", Sizes);
        foreach (var step in steps)
        {
            var history = step.Restored ? restored : before;
            foreach (var board in new[] { local, shared })
            {
                await (step.Kind switch
                {
                    StepKind.Apply => board.Apply([history.Batches[step.At]]),
                    StepKind.Put => board.Put(session, history.Commits[step.At]),
                    _ => ValueTask.CompletedTask,
                });
            }

            // Reading announces a rebuild, so it is a step of its own.
            if (step.Kind != StepKind.Apply)
            {
                var mine = await local.Read(session);
                var theirs = await shared.Read(session);
                if (!Same(mine, theirs) || (mine is not null && !Same(mine, (mine.Position.Epoch == "before" ? before : restored).At(mine.Position.Seq))))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static async Task<bool> EndsComplete(ILiveBoard board, int[] order)
    {
        var session = Id.New(TimeProvider.System.GetUtcNow());
        var history = new BoardHistory(session, "a", Sizes);
        await board.Read(session);
        foreach (var at in order[..(order.Length / 2)])
        {
            await board.Apply([history.Batches[at]]);
        }

        await board.Put(session, history.Commits[0]);
        foreach (var at in order[(order.Length / 2)..])
        {
            await board.Apply([history.Batches[at]]);
        }

        return Same(history.Commits[^1], await board.Read(session));
    }

    private static bool Same(BoardSnapshot? left, BoardSnapshot? right) => left is null || right is null
        ? left is null && right is null
        : left.Position == right.Position && left.Session == right.Session && left.Entries.Count == right.Entries.Count
            && left.Entries.All(entry => right.Entries.TryGetValue(entry.Key, out var row) && row == entry.Value);
}
