using FsCheck;
using FsCheck.Fluent;
using LiveProctor.Core.Feeds;
using Xunit;

namespace LiveProctor.Core.Tests.Feeds;

public sealed class ResumeRuleTests
{
    private static readonly Gen<(FeedPosition? Held, FeedPosition Head, long OldestKept, int Limit)> Cases =
        from head in Gen.Choose(0, 30)
        from oldest in Gen.Choose(1, head + 1)
        from held in Gen.Choose(-2, 33)
        from epoch in Gen.Elements("a", "a", "a", "b", "")
        from none in Gen.Choose(0, 9)
        from limit in Gen.Choose(0, 40)
        select (none == 0 ? (FeedPosition?)null : new FeedPosition(epoch, held), new FeedPosition("a", head), (long)oldest, limit);

    [Fact]
    public void A_replay_is_exactly_what_was_missed_and_is_kept() => Check((held, head, oldest, limit) =>
        ResumeRule.Decide(held, head, oldest, limit) is not Resume.Replay replay
        || (held!.Value.Epoch == head.Epoch
            && replay.From == held.Value.Seq + 1
            && replay.To == head.Seq
            && replay.To - replay.From + 1 <= limit
            && (replay.From > replay.To || replay.From >= oldest)));

    [Fact]
    public void A_snapshot_is_taken_only_when_the_missed_events_cannot_be_replayed() => Check((held, head, oldest, limit) =>
        ResumeRule.Decide(held, head, oldest, limit) is not Resume.Snapshot
        || held is not { } position
        || position.Epoch != head.Epoch
        || position.Seq < 0
        || position.Seq > head.Seq
        || head.Seq - position.Seq > limit
        || oldest > position.Seq + 1);

    [Fact]
    public void Nothing_missed_needs_nothing_kept() =>
        Assert.Equal(new Resume.Replay(6, 5), ResumeRule.Decide(new("a", 5), new("a", 5), 6, 0));

    [Fact]
    public void Another_history_is_never_compared() =>
        Assert.Equal(new Resume.Snapshot(), ResumeRule.Decide(new("b", 5), new("a", 5), 1, 100));

    private static void Check(Func<FeedPosition?, FeedPosition, long, int, bool> property) =>
        Prop.ForAll(Arb.From(Cases), item => property(item.Held, item.Head, item.OldestKept, item.Limit))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(5_000));
}
