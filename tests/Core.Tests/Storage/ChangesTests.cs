using System.Collections.Concurrent;
using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class ChangesTests
{
    private static readonly Actor Somebody = new(ActorKind.Staff, "staff", "Somebody", "org");

    [Theory, ClassData(typeof(Databases))]
    public async Task Commands_on_one_session_are_serial_and_its_events_contiguous(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new[] { database.Db, database.Open() }.Select(db => new Announcer(db).Changes).ToArray();
        var inside = 0;
        var expected = new ConcurrentBag<(long Number, string Text)>();
        await Task.WhenAll(Enumerable.Range(0, 60).Select(command => Task.Run(() => changes[command % 2].Run<Done>(Somebody, async change =>
        {
            var number = await change.LockSession("s");
            Assert.Equal(1, Interlocked.Increment(ref inside));
            await Task.Yield();
            change.Announce(FeedNames.Session("s"), "held", new { text = $"{command}" });
            expected.Add((number, $$"""{"text":"{{command}}"}"""));
            Assert.Equal(0, Interlocked.Decrement(ref inside));
            return new Done();
        }))));
        var page = await new FeedLog(database.Db, TimeProvider.System).Read(FeedNames.Session("s"), 0, 100);
        Assert.Equal(Enumerable.Range(1, 60).Select(number => (long)number), page!.Events.Select(item => item.Seq));
        Assert.Equal(expected.Order(), page.Events.Select(item => (item.Seq, item.Data)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Commands_that_share_feeds_and_chains_never_wait_in_a_circle(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new Announcer(database.Db).Changes;
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 120).Select(command => Task.Run(() =>
        {
            var random = new Random(command);
            return changes.Run<Done>(Somebody, async change =>
            {
                string[] sessions = [.. Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0).Select(number => $"{number}")];
                foreach (var session in sessions)
                {
                    await change.LockSession(session);
                }

                // Announced and recorded in any order.
                foreach (var session in sessions.OrderBy(_ => random.Next()))
                {
                    string[] feeds = [FeedNames.Sessions("org"), FeedNames.Lobby(session), FeedNames.ProctorSessions("p"), FeedNames.Entry($"e{session}"), FeedNames.Delivery("d"), FeedNames.Session(session)];
                    foreach (var feed in feeds.OrderBy(_ => random.Next()))
                    {
                        change.Announce(feed, "held", new { });
                        change.Record("org", random.Next(2) == 0 ? FeedNames.Session(session) : "organisation:org", "hold", session);
                    }
                }

                return new Done();
            });
        })));
        Assert.All(outcomes, outcome => Assert.Null(outcome.Problem));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_problem_or_an_exception_leaves_nothing_and_tells_nobody(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var relay = new Listening();
        var changes = new Announcer(database.Db, relay).Changes;

        async Task Everything(Change change)
        {
            await change.LockSession("s");
            await change.Execute("INSERT INTO organisations (id, name, created_at) VALUES ('o', 'O', 0)");
            change.Announce(FeedNames.Session("s"), "held", new { });
            change.Record("org", FeedNames.Session("s"), "hold", "s");
        }

        var refused = await changes.Run<Done>(Somebody, async change =>
        {
            await Everything(change);
            return ProblemKind.WrongPhase;
        });
        Assert.Equal(ProblemKind.WrongPhase, refused.Problem!.Kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => changes.Run<Done>(Somebody, async change =>
        {
            await Everything(change);
            throw new InvalidOperationException("on purpose");
        }));
        Assert.Empty(relay.Told);
        foreach (var table in (string[])["organisations", "feeds", "feed_events", "audit", "audit_chains"])
        {
            Assert.Equal(0, await Count(database.Db, table));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_is_relayed_is_committed(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new FeedLog(database.Open(), TimeProvider.System);
        var relay = new Listening(async batch => Assert.Equal(batch.End, await log.Head(batch.Feed)));
        await new Announcer(database.Db, relay).Announce(FeedNames.Session("s"), "a", "b");
        var told = Assert.Single(relay.Told);
        Assert.Equal((FeedNames.Session("s"), 1L, 2L), (told.Feed, told.Start, told.End.Seq));
        Assert.Equal((await log.Read(told.Feed, 0, 10))!.Events, told.Events);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Announcing_to_a_session_without_its_lock_is_a_mistake(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Announcer(database.Db).Changes.Run<Done>(Somebody, change =>
        {
            change.Announce(FeedNames.Session("s"), "held", new { });
            return Task.FromResult<Result<Done>>(new Done());
        }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Everything_in_a_change_has_one_instant_in_whole_milliseconds(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero).AddTicks(12_345));
        await new Announcer(database.Db, null, clock).Announce(FeedNames.Lobby("s"), "a");
        var page = await new FeedLog(database.Db, clock).Read(FeedNames.Lobby("s"), 0, 1);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 9, 0, 0, 1, TimeSpan.Zero), page!.Events[0].At);
    }

    private static Task<long> Count(Db db, string table) => db.Read(connection => connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"));

    private sealed class Listening(Func<FeedBatch, Task>? check = null) : IFeedRelay, IDisposable
    {
        public List<FeedBatch> Told { get; } = [];

        public async ValueTask Publish(IReadOnlyList<FeedBatch> batches)
        {
            foreach (var batch in batches)
            {
                await (check?.Invoke(batch) ?? Task.CompletedTask);
                Told.Add(batch);
            }
        }

        public IDisposable Subscribe(Action<FeedBatch> take) => this;

        public void Dispose()
        {
        }
    }
}
