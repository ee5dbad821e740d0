using LiveProctor.Core.Feeds;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Feeds;

public sealed class FeedLogTests
{
    private static readonly string Feed = FeedNames.Lobby("one");

    [Theory, ClassData(typeof(Databases))]
    public async Task A_feed_that_nobody_wrote_to_does_not_exist(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new FeedLog(database.Db, TimeProvider.System);
        Assert.Null(await log.Head(Feed));
        Assert.Null(await log.Read(Feed, 0, 10));
        Assert.Empty(await log.Heads([Feed]));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Events_are_read_in_order_after_a_position_with_the_head(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new FeedLog(database.Db, TimeProvider.System);
        var announcer = new Announcer(database.Db);
        await announcer.Announce(Feed, "a", "b", "c");
        await announcer.Announce(Feed, "d");
        var head = await log.Head(Feed);
        var page = await log.Read(Feed, 1, 2);
        Assert.Equal(4, head!.Value.Seq);
        Assert.Equal(head, page!.Head);
        Assert.Equal(1, page.OldestKept);
        Assert.Equal([2, 3], page.Events.Select(item => item.Seq));
        Assert.Equal(["""{"text":"b"}""", """{"text":"c"}"""], page.Events.Select(item => item.Data));
        Assert.Empty((await log.Read(Feed, 4, 10))!.Events);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Heads_of_many_feeds_come_from_one_query(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new FeedLog(database.Db, TimeProvider.System);
        var announcer = new Announcer(database.Db);
        await announcer.Announce(FeedNames.Lobby("one"), "a", "b");
        await announcer.Announce(FeedNames.Entry("two"), "a");
        var heads = await log.Heads([FeedNames.Lobby("one"), FeedNames.Entry("two"), .. Enumerable.Range(0, 998).Select(index => FeedNames.Entry($"{index}"))]);
        Assert.Equal([(FeedNames.Entry("two"), 1L), (FeedNames.Lobby("one"), 2L)], heads.Select(head => (head.Key, head.Value.Seq)).Order());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_feed_begun_by_a_reader_keeps_its_epoch_when_it_is_written_to(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new FeedLog(database.Db, TimeProvider.System);
        var begun = await log.Begin(Feed);
        Assert.Equal(begun, await log.Begin(Feed));
        Assert.Equal(0, begun.Seq);
        await new Announcer(database.Db).Announce(Feed, "a");
        Assert.Equal(begun with { Seq = 1 }, await log.Head(Feed));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Trimming_leaves_the_head_and_an_unbroken_end(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var log = new FeedLog(database.Db, clock);
        var announcer = new Announcer(database.Db, null, clock);
        await announcer.Announce(Feed, "a", "b");
        clock.Advance(TimeSpan.FromDays(2));
        await announcer.Announce(Feed, "c");
        Assert.Equal(2, await log.Trim(clock.GetUtcNow() - TimeSpan.FromDays(1), 10));
        var page = await log.Read(Feed, 0, 10);
        Assert.Equal(3, page!.OldestKept);
        Assert.Equal([3], page.Events.Select(item => item.Seq));
        clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, await log.Trim(clock.GetUtcNow(), 10));
        page = await log.Read(Feed, 0, 10);
        Assert.Equal(3, page!.Head.Seq);
        Assert.Equal(4, page.OldestKept);
        Assert.Empty(page.Events);
    }
}
