using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class RaceTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_who_joins_two_sessions_at_the_same_instant_is_in_one(string kind)
    {
        await using var world = await World.New(kind);
        var sessions = new[] { await world.Open(), await world.Open(form => form with { Name = "Room 5" }) };
        for (var student = 1; student <= 6; student++)
        {
            var tickets = await Task.WhenAll(sessions.Select(session => world.Ticket(session, student)));
            var joined = await Task.WhenAll(tickets.Select(ticket => Task.Run(() => world.JoinLobby.Run(ticket, Address))));
            Assert.Single(joined, answer => answer.Problem is null);
            Refused(ProblemKind.ActiveElsewhere, joined.First(answer => answer.Problem is not null));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_who_returns_here_and_joins_there_at_the_same_instant_is_in_one(string kind)
    {
        await using var world = await World.New(kind);
        var (here, there) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        for (var student = 1; student <= 6; student++)
        {
            var place = await world.Join(here, student);
            Good(await world.Student.Withdraw(place.Caller));
            var ticket = await world.Ticket(there, student);
            var (returned, joined) = (Task.Run(() => world.Student.Return(place.Caller)), Task.Run(() => world.JoinLobby.Run(ticket, Address)));
            await Task.WhenAll(returned, joined);
            var refused = Assert.Single([(await returned).Problem, (await joined).Problem], problem => problem is not null);
            Assert.Equal(ProblemKind.ActiveElsewhere, refused!.Kind);
        }
    }

    /// <summary>The same made to meet: the join has written and not committed when the other looks.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_comes_second_while_the_first_is_not_committed_waits_and_is_refused(bool returns)
    {
        await using var world = await World.New("postgres");
        var (here, there) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var (place, ticket) = (await world.Join(here), await world.Ticket(there));
        Good(await world.Student.Withdraw(place.Caller));
        await using var connection = await world.Db.Open();
        var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT 1 FROM audit_chains WHERE chain = @chain FOR UPDATE", new { chain = FeedNames.Session(there.Id) }, transaction);

        // Through another node: on one they might share a lane, and then the second is not even asked before the first is done.
        var node = new Changes(world.Db, world.Relay, world.Board, world.Clock);
        var first = Task.Run(() => world.JoinLobby.Run(ticket, Address));
        await Blocked(1);
        var second = Task.Run(async () => returns
            ? (await new StudentCommands(node).Return(place.Caller)).Problem
            : (await new JoinLobby(world.Find, node, new JoinThrottle(world.Throttle)).Run(ticket with { JoinId = here.JoinId }, Address)).Problem);
        await Blocked(2);
        await transaction.DisposeAsync();
        Good(await first);
        Assert.Equal(ProblemKind.ActiveElsewhere, (await second)?.Kind);

        Task Blocked(int count) => Eventually.True(async () => await world.Db.Read(other => other.QuerySingleAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")) == count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_capacity_holds_when_everybody_is_approved_at_the_same_instant(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Capacity = 4 });
        var rows = new List<EntriesRequest>();
        for (var student = 1; student <= 8; student++)
        {
            rows.Add(await world.Rows(await world.Join(session, student)));
        }

        var answers = await Task.WhenAll(rows.Select((row, index) => Task.Run(() => world.Decide.Approve(index % 2 == 0 ? world.Ada : world.Ben, session.Id, row))));
        Assert.Equal((4, 4), (answers.Count(answer => Outcomes(answer).Single() == "approved"), answers.Count(answer => Outcomes(answer).Single() == "full")));
    }

    /// <summary>Several sessions of the same proctors, so that their lists are shared, and everything at once on them.</summary>
    [Theory]
    [InlineData("postgres", 12, 40)]
    [InlineData("sqlite", 6, 15)]
    [SuppressMessage("Security", "CA5394", Justification = "Which commands meet is the scheduler's choice anyway.")]
    public async Task Whatever_meets_on_sessions_that_share_feeds_nothing_fails_and_everything_is_whole_afterwards(string kind, int workers, int steps)
    {
        await using var world = await World.New(kind);
        var sessions = new List<SessionView>();
        for (var index = 0; index < 4; index++)
        {
            sessions.Add(await world.Session(form => form with { Name = $"Room {index}", Tests = [Delivered, Undelivered], StartNow = true, OpensAt = null, ClosesAt = null }));
        }

        for (var student = 0; student < 12; student++)
        {
            await world.StudentOf(student);
        }

        var places = new System.Collections.Concurrent.ConcurrentQueue<Place>();
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var step = 0; step < steps; step++)
            {
                await Step(world, sessions, places, random);
            }
        })));
        Assert.NotEmpty(places);
        await CheckWhole(world);
    }

    [Fact]
    public async Task Changes_that_wait_for_each_other_in_a_circle_are_both_done_in_the_end()
    {
        await using var world = await World.New("postgres");
        var (north, south) = (world.Manager.OrganisationId, world.Stranger.OrganisationId);
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var answers = await Task.WhenAll(Both(north, south, first, second.Task), Both(south, north, second, first.Task));
        Assert.Equal([1, 1], answers.Select(Good));
        Assert.Equal(2, await world.Db.Read(connection => connection.QuerySingleAsync<long>("SELECT count(*) FROM organisations WHERE name LIKE '%++'")));

        Task<Result<int>> Both(string one, string other, TaskCompletionSource mine, Task theirs) => world.Changes.Run<int>(Actor.System, async change =>
        {
            await change.Execute("UPDATE organisations SET name = name || '+' WHERE id = @one", new { one });
            mine.TrySetResult();
            await theirs;
            await change.Execute("UPDATE organisations SET name = name || '+' WHERE id = @other", new { other });
            return 1;
        });
    }

    [Fact]
    public async Task Changes_that_announce_to_the_same_feeds_in_any_order_do_not_wait_for_each_other_in_a_circle()
    {
        await using var world = await World.New("postgres");
        string[] feeds = [FeedNames.Lobby("one"), FeedNames.Delivery("one"), FeedNames.ProctorSessions("one"), FeedNames.ProctorSessions("two"), FeedNames.Sessions("one")];
        await Task.WhenAll(Enumerable.Range(0, 6).Select(worker => Task.Run(async () =>
        {
            foreach (var _ in Enumerable.Range(0, 25))
            {
                Good(await world.Changes.Run<int>(Actor.System, change =>
                {
                    foreach (var feed in worker % 2 == 0 ? feeds : feeds.Reverse())
                    {
                        change.Announce(feed, "said", new { worker });
                    }

                    return Task.FromResult<Result<int>>(worker);
                }));
            }
        })));
        Assert.All((await world.Log.Heads(feeds)).Values, head => Assert.Equal(150, head.Seq));
    }

    [SuppressMessage("Security", "CA5394", Justification = "As above.")]
    private static async Task Step(World world, List<SessionView> sessions, System.Collections.Concurrent.ConcurrentQueue<Place> places, Random random)
    {
        var session = sessions[random.Next(sessions.Count)];
        var actor = random.Next(2) == 0 ? world.Ada : world.Ben;
        var place = places.ElementAtOrDefault(random.Next(Math.Max(1, places.Count)));
        switch (random.Next(16))
        {
            case 0 or 1 or 2:
                var joined = await world.JoinLobby.Run(await world.Ticket(session, random.Next(12), random.Next(2) == 0 ? Delivered : Undelivered), Address);
                if (joined.Problem is null)
                {
                    var caller = await world.Entries.ByToken(Secret.Hash(joined.Value.Token));
                    if (caller.Problem is null)
                    {
                        places.Enqueue(new Place(session, joined.Value, caller.Value));
                    }
                }

                break;
            case 3:
                await world.Steer.Hold(actor, session.Id, new PhaseRequest("Noise"));
                break;
            case 4:
                await world.Steer.Release(actor, session.Id, new PhaseRequest());
                break;
            case 5 when random.Next(8) == 0:
                await world.Steer.Stop(actor, session.Id, new PhaseRequest());
                break;
            case 6:
                await world.Edit.Run(actor, session.Id, world.Form with
                {
                    Name = session.Name, OpensAt = session.OpensAt.ToString("O"), ClosesAt = session.ClosesAt.AddMinutes(random.Next(9)).ToString("O"),
                    Tests = [Delivered, Undelivered], Proctors = random.Next(2) == 0 ? [world.Ada.Id, world.Ben.Id] : [world.Ben.Id, world.Cleo.Id, world.Ada.Id],
                }, (await world.Sessions.Find(session.Id))?.Version ?? 0);
                break;
            case 7 when random.Next(3) == 0:
                var short_ = Good(await world.Create.Run(world.Manager, world.Form));
                await world.Delete.Run(world.Manager, short_.Id, short_.Version);
                break;
            case 8:
                await world.RunDue.Run();
                await world.Watch.RunDue();
                break;
            case 9:
                await world.Commands.Run(world.Delivery, null, 0, default);
                break;
            case 10 when place is not null:
                await world.Student.Withdraw(place.Caller);
                await world.Student.Return(place.Caller);
                break;
            case 11 when place is not null:
                await world.Command.Terminate(actor, place.Session.Id, await world.Rows(place) with { Reason = "Phone" });
                break;
            case 12 when place is not null:
                await world.Command.Pause(actor, place.Session.Id, await world.Rows([.. places.Where(other => other.Session.Id == place.Session.Id).DistinctBy(other => other.Id)]));
                break;
            case 13 when place is not null:
                var token = await world.FetchToken.Run(place.Caller);
                if (token.Problem is null)
                {
                    await world.Redeem.Run(world.Delivery, token.Value.Token);
                    await world.Progress.Run(world.Delivery, await world.NextReport(place, ReportKind.Started));
                }

                break;
            default:
                if (place is not null)
                {
                    await world.Decide.Approve(actor, place.Session.Id, await world.Rows([.. places.Where(other => other.Session.Id == place.Session.Id).DistinctBy(other => other.Id)]));
                }

                break;
        }
    }

    private static async Task CheckWhole(World world)
    {
        await new Law(world).Check();
        var feeds = (await world.Db.Read(connection => connection.QueryAsync<(string Feed, long Seq)>("SELECT feed, seq FROM feeds"))).ToList();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (feed, head) in feeds)
        {
            var events = await world.Events(feed);
            Assert.Equal(Enumerable.Range(1, (int)head).Select(seq => (long)seq), events.Select(item => item.Seq));
            foreach (var item in events.Where(_ => feed.StartsWith("session:", StringComparison.Ordinal)))
            {
                // Each event of a thing carries the version after the one before it.
                var data = JsonNode.Parse(item.Data)!;
                var thing = data["entry"] ?? data["session"]!;
                var version = (long)thing["version"]!;
                Assert.Equal(versions.GetValueOrDefault((string)thing["id"]!) + 1, version);
                versions[(string)thing["id"]!] = version;
            }
        }

        foreach (var (table, id, version) in await world.Db.Read(connection => connection.QueryAsync<(string, string, long)>(
            "SELECT 'session', id, version FROM sessions UNION ALL SELECT 'entry', id, version FROM entries")))
        {
            Assert.True(versions[id] == version, $"{table} {id} is at {version}, its last event at {versions[id]}");
        }

        foreach (var chain in await world.Db.Read(connection => connection.QueryAsync<string>("SELECT chain FROM audit_chains")))
        {
            Assert.Null(await world.Audit.FirstBroken(chain));
        }
    }
}
