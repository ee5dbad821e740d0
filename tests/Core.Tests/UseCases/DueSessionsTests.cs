using System.Text.Json.Nodes;
using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Many sessions at which something is due at the same instant.</summary>
public sealed class DueSessionsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Two_thousand_windows_that_two_runners_open_at_one_instant_are_each_opened_once_and_told_without_a_gap(string kind)
    {
        await using var world = await World.New(kind);
        var ids = await Make(world, 2000);
        world.Clock.Advance(Nine - world.Now);

        var steps = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => Runner(world).Run())));

        Assert.Equal(2000, steps.Sum());
        await Opened(world, ids);
        var heads = await world.Log.Heads([.. ids.Select(FeedNames.Lobby), FeedNames.Sessions(world.Ada.OrganisationId), FeedNames.ProctorSessions(world.Ada.Id)]);
        foreach (var (feed, head) in heads)
        {
            var seqs = (await world.Db.Read(connection => connection.QueryAsync<long>("SELECT seq FROM feed_events WHERE feed = @feed ORDER BY seq", new { feed }))).ToList();
            Assert.Equal(head.Seq, seqs[^1]);
            Assert.Equal(Enumerable.Range(1, seqs.Count).Select(seq => (long)seq), seqs);
        }

        var made = ids.ToHashSet(StringComparer.Ordinal);
        foreach (var list in new[] { FeedNames.Sessions(world.Ada.OrganisationId), FeedNames.ProctorSessions(world.Ada.Id) })
        {
            var told = (await world.Events(list)).Where(item => item.Kind == "windowOpened").Select(item => Law.RowsOf(JsonNode.Parse(item.Data)!).ToList()).ToList();
            Assert.Equal(ids.Order(StringComparer.Ordinal), told.SelectMany(rows => rows).Select(row => (string)row["id"]!).Where(made.Contains).Order(StringComparer.Ordinal));
            Assert.All(told.SelectMany(rows => rows), row => Assert.Equal("open", (string)row["phase"]!));
            Assert.All(told, rows => Assert.InRange(rows.Count, 1, 20));
        }

        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(ids[1000])));
        Assert.Equal(0, await world.RunDue.Run());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nothing_opens_before_its_instant(string kind)
    {
        await using var world = await World.New(kind);
        var ids = await Make(world, 3);
        world.Clock.Advance(Nine - world.Now - TimeSpan.FromMilliseconds(1));
        Assert.Equal(0, await world.RunDue.Run());
        world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(3, await world.RunDue.Run());
        await Opened(world, ids);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Sessions_that_cannot_take_their_step_keep_no_other_shut_and_take_it_when_they_can(string kind)
    {
        await using var world = await World.New(kind);
        var ids = await Make(world, 40);
        var document = await world.Db.Read(connection => connection.QuerySingleAsync<string>("SELECT document FROM sessions WHERE id = @id", new { id = ids[7] }));
        await Write(world, "UPDATE sessions SET document = '{}' WHERE id = @id", new { id = ids[7] });
        await Write(world, "UPDATE sessions SET version = version + 5 WHERE id = @id", new { id = ids[20] });
        world.Clock.Advance(Nine - world.Now);
        var runner = Runner(world);

        var failure = await Assert.ThrowsAsync<AggregateException>(() => runner.Run());

        Assert.Equal(2, failure.InnerExceptions.Count);
        await Opened(world, [.. ids.Where((_, number) => number is not (7 or 20))]);
        Assert.Equal(2, (await Assert.ThrowsAsync<AggregateException>(() => runner.Run())).InnerExceptions.Count);

        await Write(world, "UPDATE sessions SET document = @document WHERE id = @id", new { id = ids[7], document });
        await Write(world, "UPDATE sessions SET version = version - 5 WHERE id = @id", new { id = ids[20] });
        Assert.Equal(2, await runner.Run());
        await Opened(world, ids);
    }

    [Fact]
    public async Task A_session_that_somebody_has_locked_is_not_waited_for_by_the_others_and_follows_when_it_is_free()
    {
        await using var world = await World.New("postgres");
        var ids = await Make(world, 30);
        world.Clock.Advance(Nine - world.Now);
        await using var connection = await world.Db.Open();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT 1 FROM feeds WHERE feed = @feed FOR UPDATE", new { feed = FeedNames.Session(ids[3]) }, transaction);

        var run = Task.Run(() => world.RunDue.Run());

        await Eventually.True(async () => (await Phases(world))[SessionPhase.Open] == 29);
        Assert.False(run.IsCompleted);
        await transaction.DisposeAsync();
        Assert.Equal(30, await run);
        await Opened(world, ids);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Sessions_that_end_together_let_their_entries_follow_however_few_fit_into_one_transaction(string kind)
    {
        await using var world = await World.New(kind);
        var places = new List<Place>();
        for (var number = 0; number < 5; number++)
        {
            var session = await world.Open(form => form with { Name = $"Room {number}", Tests = [Undelivered] });
            places.Add(await world.Testing(session, number * 2, Undelivered));
            places.Add(await world.Join(session, number * 2 + 1, Undelivered));
        }

        var law = new Law(world);
        await law.Check();
        var runner = new RunDueSessions(world.Sessions, world.Changes, world.Clock, mostEntries: 3);
        world.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(5, await runner.Run());
        await law.Check();
        world.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal(5, await runner.Run());
        await law.Check();
        foreach (var (place, number) in places.Select((place, number) => (place, number)))
        {
            Assert.Equal(number % 2 == 0 ? EntryState.Expired : EntryState.NoShow, await world.State(place));
            Assert.Equal(SessionPhase.Closed, (await world.SessionNow(place.Session.Id)).Phase);
        }

        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(places[0].Session.Id)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_warm_up_opens_sessions_and_leaves_nothing_behind(string kind)
    {
        await using var world = await World.New(kind);
        await world.Open();
        const string all = """
            SELECT count(*) FROM organisations UNION ALL SELECT count(*) FROM sessions UNION ALL SELECT count(*) FROM session_now UNION ALL SELECT count(*) FROM session_list
            UNION ALL SELECT count(*) FROM feeds UNION ALL SELECT count(*) FROM feed_events UNION ALL SELECT count(*) FROM audit UNION ALL SELECT count(*) FROM audit_chains
            """;
        var before = await world.Db.Read(connection => connection.QueryAsync<long>(all));

        Assert.Equal(64, await new WarmUp(world.Db, world.Clock).Run());

        Assert.Equal(before, await world.Db.Read(connection => connection.QueryAsync<long>(all)));
    }

    private static RunDueSessions Runner(World world) => new(world.Sessions, world.Changes, world.Clock);

    // Lobbies are open, windows open at nine.
    private static async Task<IReadOnlyList<string>> Make(World world, int count)
    {
        var view = await world.Session();
        await world.PassTo(Nine.AddMinutes(-30));
        var first = (await world.Sessions.Find(view.Id))!;
        var sessions = Enumerable.Range(0, count).Select(_ => first with { Id = Id.New(world.Now), JoinId = JoinId.New(), LinkSecret = null }).ToList();
        Good(await world.Changes.Run<Done>(Actor.System, async change =>
        {
            await SessionStore.InsertMany(change, sessions);
            await change.LockSessions(sessions.Select(session => session.Id));
            foreach (var session in sessions)
            {
                change.Announce(FeedNames.Session(session.Id), "sessionCreated", new { session = SessionView.Of(session) });
                change.Announce([FeedNames.Sessions(session.OrganisationId), FeedNames.ProctorSessions(world.Ada.Id)], "sessionCreated", new { session = SessionListRow.Of(session, null) });
            }

            return new Done();
        }));
        Good(await world.Steer.Open(world.Ada, view.Id, new PhaseRequest()));
        return [.. sessions.Select(session => session.Id)];
    }

    private static async Task Opened(World world, IReadOnlyCollection<string> ids)
    {
        var events = (await world.Db.Read(connection => connection.QueryAsync<(string Feed, string Kind, long Seq)>(
            "SELECT feed, kind, seq FROM feed_events WHERE feed LIKE 'session:%' ORDER BY seq"))).ToLookup(item => item.Feed, item => (item.Kind, item.Seq), StringComparer.Ordinal);
        Assert.All(ids, id => Assert.Equal([("sessionCreated", 1), ("windowOpened", 2)], events[FeedNames.Session(id)]));
        var shelves = (await world.Db.Read(connection => connection.QueryAsync<(string Id, string Shelf, long Phase)>(
            """
            SELECT session_id, shelf, (SELECT phase FROM session_now WHERE session_now.session_id = session_list.session_id) FROM session_list
            UNION ALL SELECT session_id, shelf, 2 FROM session_counts
            """))).ToLookup(row => row.Id, row => (row.Shelf, row.Phase), StringComparer.Ordinal);
        Assert.All(ids, id => Assert.All(shelves[id], row => Assert.Equal(("UnderWay", (long)SessionPhase.Open), row)));
        Assert.All(ids, id => Assert.NotEmpty(shelves[id]));
    }

    private static async Task<Dictionary<SessionPhase, long>> Phases(World world) => (await world.Db.Read(connection => connection.QueryAsync<(string Phase, long Count)>(
        "SELECT phase, count(*) FROM sessions JOIN session_due ON session_due.session_id = sessions.id WHERE due_at = closes_at GROUP BY phase"))).ToDictionary(row => Enum.Parse<SessionPhase>(row.Phase), row => row.Count - 1);

    private static Task Write(World world, string sql, object parameters) => world.Db.Write(async (connection, transaction) =>
        (await connection.ExecuteAsync(sql, parameters, transaction), Commit: true));
}
