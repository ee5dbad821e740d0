using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>What of a session changes while it runs, as its lists show, filter and order it.</summary>
public sealed class CountOrderTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Numbers_are_shown_at_once_and_ordered_by_when_the_order_follows(string kind)
    {
        await using var world = await World.New(kind);
        var few = await world.Open(form => form with { Name = "Few" });
        var many = await world.Open(form => form with { Name = "Many" });
        await world.Join(few, 1);
        await world.CountOrder.Follow();
        await world.Join(many, 2);
        await world.Join(many, 3);

        Assert.Equal([("Few", 1), ("Many", 2)], await Waiting(world, world.Manager));
        Assert.Equal(3, await world.CountOrder.Follow());
        Assert.Equal([("Many", 2), ("Few", 1)], await Waiting(world, world.Manager));
        Assert.Equal([("Many", 2), ("Few", 1)], await Waiting(world, world.Ben));
        Assert.Equal(0, await world.CountOrder.Follow());
    }

    [Theory]
    [InlineData(0, 1_000)]
    [InlineData(10, 1_000)]
    [InlineData(200, 4_000)]
    [InlineData(60_000, 30_000)]
    public void The_order_takes_a_twentieth_of_the_time_at_most_and_is_never_far_behind(int took, int rest) =>
        Assert.Equal(TimeSpan.FromMilliseconds(rest), CountOrder.Rest(TimeSpan.FromMilliseconds(took)));

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_follows_a_list_that_a_session_stands_in_is_told_its_numbers(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var other = await world.Open();
        await world.Join(session, 1);
        await world.Testing(session, 2);
        await world.Join(other, 3);

        var told = await world.Sessions.CountsInLists([session.Id, "no session"]);

        Assert.Equal(
            new[] { FeedNames.Sessions(world.Manager.OrganisationId), FeedNames.ProctorSessions(world.Ada.Id), FeedNames.ProctorSessions(world.Ben.Id) }.Order(StringComparer.Ordinal),
            told.Select(list => list.Feed).Order(StringComparer.Ordinal));
        Assert.All(told, list => Assert.Equal((session.Id, new SessionCounts(1, 1, 0)), (list.SessionId, list.Counts)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_a_process_that_was_killed_did_not_write_is_made_good(string kind)
    {
        await using var world = await World.New(kind);
        await world.Join(await world.Open(form => form with { Name = "Few" }), 1);
        await world.CountOrder.Follow();
        var many = await world.Open(form => form with { Name = "Many" });
        await world.Join(many, 2);
        await world.Join(many, 3);
        var next = new CountOrder(world.Db, world.Changes);

        Assert.Equal(0, await next.Follow());
        Assert.Equal([("Few", 1), ("Many", 2)], await Waiting(world, world.Manager));
        Assert.Equal(3, await next.MakeGood());
        Assert.Equal([("Many", 2), ("Few", 1)], await Waiting(world, world.Manager));
        Assert.Equal(0, await next.MakeGood());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_write_of_older_numbers_never_undoes_one_of_newer_ones(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.Join(session, 1);
        await Write(world, "UPDATE session_counts SET waiting = 7, counted = 7");

        Assert.Equal(0, await world.CountOrder.Follow());
        Assert.Equal(0, await world.CountOrder.MakeGood());
        Assert.All(await Read<long>(world, "SELECT waiting FROM session_counts"), waiting => Assert.Equal(7, waiting));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Sessions_under_way_are_filtered_and_ordered_by_their_phases(string kind)
    {
        await using var world = await World.New(kind);
        await world.PassTo(Nine.AddMinutes(-10));
        await world.Session(form => form with { Name = "Scheduled", OpensAt = "2026-11-22T09:00:00Z", ClosesAt = "2026-11-22T11:00:00Z" });
        await world.Session(form => form with { Name = "LobbyOpen" });
        await world.Open(form => form with { Name = "Open" });
        await world.Open(form => form with { Name = "Open too" });
        Good(await world.Steer.Hold(world.Ada, (await world.Open(form => form with { Name = "Held" })).Id, new PhaseRequest("Fire alarm")));
        var draining = await world.Open(form => form with { Name = "Drained" });
        await world.Testing(draining, 1);
        Good(await world.Steer.Stop(world.Ada, draining.Id, new PhaseRequest()));
        Good(await world.Steer.Cancel(world.Manager, (await world.Session(form => form with { Name = "Cancelled" })).Id, new PhaseRequest()));
        SessionPhase[][] picks = [[], [SessionPhase.Open], [SessionPhase.Held, SessionPhase.LobbyOpen], [SessionPhase.Scheduled, SessionPhase.Draining], [SessionPhase.Open, SessionPhase.Cancelled]];
        var page = Good(await world.List.Run(world.Manager, new SessionListQuery { Sort = "phase", Limit = 2 }));
        Assert.Empty(await Rows(world.List, world.Manager, new SessionListQuery { Sort = "phase", Cursor = page.Next, Phases = [SessionPhase.Scheduled] }));
        foreach (var list in new[] { world.List, new ListSessions(world.Db, world.Clock, mostHits: 1) })
        {
            foreach (var picked in picks)
            {
                foreach (var (actor, search) in new[] { (world.Manager, null), (world.Ada, (string?)null), (world.Manager, "e") })
                {
                    var query = new SessionListQuery { Phases = picked, Search = search, Sort = "phase", Limit = 2 };
                    var up = await Rows(list, actor, query);
                    Assert.Equal(picked.Length == 0 ? Enum.GetValues<SessionPhase>().Except([SessionPhase.Closed]) : picked.Order(), up.Select(row => row.Phase).Distinct());
                    Assert.Equal(up.Select(row => row.Id).Reverse(), (await Rows(list, actor, query with { Sort = "-phase", Limit = 3 })).Select(row => row.Id));
                    Assert.Equal(up.Select(row => row.Id).Order(StringComparer.Ordinal), up.Select(row => row.Id).Distinct().Order(StringComparer.Ordinal));
                    foreach (var sort in new[] { "name", "-opensAt", "entries" })
                    {
                        Assert.Equal(up.Select(row => row.Name).Order(StringComparer.Ordinal), (await Rows(list, actor, query with { Sort = sort })).Select(row => row.Name).Order(StringComparer.Ordinal));
                    }

                    Assert.Equal(up.Select(row => row.Name).Order(StringComparer.Ordinal), (await Rows(list, actor, query with { Sort = "name" })).Select(row => row.Name));
                }
            }
        }
    }

    [Fact]
    public async Task A_bell_and_who_comes_write_nothing_into_the_lists()
    {
        await using var world = await World.New("postgres");
        var session = await world.Session();
        await world.PassTo(Nine.AddMinutes(-10));
        await world.CountOrder.Follow();
        const string rows = "SELECT ctid::text FROM session_list UNION ALL SELECT ctid::text FROM session_counts ORDER BY 1";
        var before = await Read<string>(world, rows);

        Good(await world.Steer.Open(world.Ada, session.Id, new PhaseRequest()));
        await world.Join(session, 1);
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Fire alarm")));

        Assert.Equal(before, await Read<string>(world, rows));
        var row = Assert.Single(await Rows(world.List, world.Manager, new SessionListQuery()));
        var now = await world.SessionNow(session.Id);
        Assert.Equal((SessionPhase.Held, now.Version, new SessionCounts(1, 0, 0)), (row.Phase, row.Version, row.Counts));
    }

    private static async Task<IEnumerable<(string Name, long Waiting)>> Waiting(World world, Actor actor) =>
        (await Rows(world.List, actor, new SessionListQuery { Sort = "-waiting" })).Select(row => (row.Name, row.Counts!.Waiting));

    private static async Task<IReadOnlyList<SessionListRow>> Rows(ListSessions list, Actor actor, SessionListQuery query)
    {
        var rows = new List<SessionListRow>();
        for (var page = Good(await list.Run(actor, query)); ; page = Good(await list.Run(actor, query with { Cursor = page.Next })))
        {
            rows.AddRange(page.Items);
            if (page.Next is null)
            {
                return rows;
            }
        }
    }

    private static Task<IReadOnlyList<T>> Read<T>(World world, string sql) => world.Db.Read<IReadOnlyList<T>>(async connection => [.. await connection.QueryAsync<T>(sql)]);

    private static Task Write(World world, string sql) => world.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, transaction: transaction), Commit: true));
}
