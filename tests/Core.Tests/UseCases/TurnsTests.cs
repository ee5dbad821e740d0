using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Commands on one session that come at one instant share transactions; nobody can tell, except by the time it takes.</summary>
public sealed class TurnsTests
{
    private const string Address = "192.0.2.1";
    private const int Class = 60;

    [Theory, ClassData(typeof(Databases))]
    public async Task A_class_that_joins_at_one_instant_is_admitted_each_by_its_own_merits(string kind)
    {
        await using var world = await World.New(kind);
        var (session, elsewhere) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        var tickets = new List<(JoinRequest Request, ProblemKind? Refused)>();
        for (var student = 1; student <= Class; student++)
        {
            var ticket = await world.Ticket(session, student);
            if (student % 10 == 3)
            {
                await world.Join(elsewhere, student);
            }

            tickets.Add((student % 10) switch
            {
                3 => (ticket, ProblemKind.ActiveElsewhere),
                5 => (ticket with { FirstName = "Nobody" }, ProblemKind.StudentUnknown),
                _ => (ticket, null),
            });
        }

        var (asked, atTheDoor) = (0, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var door = new JoinLobby(world.Find, world.Changes, new JoinThrottle(new FarThrottle(world.Throttle, limit =>
        {
            if (limit == ThrottleLimits.SessionCode && Interlocked.Increment(ref asked) == Class)
            {
                atTheDoor.SetResult();
            }

            return Task.CompletedTask;
        })));
        var letGo = await Hold(world, session);
        var joining = tickets.Select((ticket, index) => door.Run(ticket.Request, Address, new Once(Address, $"key {index}", "join"))).ToList();
        await atTheDoor.Task;
        await letGo();
        var answers = await AtOnce(joining);
        for (var index = 0; index < Class; index++)
        {
            if (tickets[index].Refused is { } why)
            {
                Refused(why, answers[index]);
            }
            else
            {
                Assert.Equal(EntryState.Waiting, Good(answers[index]).State);
            }
        }

        await Whole(world, session, tickets.Count(ticket => ticket.Refused is null));

        // A refused key may be tried again, and one that was answered is answered again.
        var corrected = await world.Ticket(session, 5);
        Good(await world.JoinLobby.Run(corrected, Address, new Once(Address, "key 4", "join")));
        Assert.Equal(Good(answers[0]), Good(await world.JoinLobby.Run(tickets[0].Request, Address, new Once(Address, "key 0", "join"))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_devices_of_each_student_at_one_instant_leave_one_entry_each_with_the_later_device(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var tickets = new List<JoinRequest>();
        for (var student = 1; student <= 20; student++)
        {
            var ticket = await world.Ticket(session, student);
            tickets.AddRange([ticket, ticket with { StudentId = $" {ticket.StudentId!.ToLowerInvariant()}" }]);
        }

        var answers = await AtOnce(tickets.Select(ticket => world.JoinLobby.Run(ticket, Address)));
        var entries = await world.Entries.OfSession(session.Id);
        Assert.Equal(20, entries.Count);
        Assert.All(entries, entry => Assert.Equal(2, entry.Device));
        Assert.All(answers.GroupBy(answer => Good(answer).EntryId), pair => Assert.Equal([1, 2], pair.Select(answer => answer.Value.Device).Order()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Commands_of_every_kind_at_one_instant_each_do_what_they_say(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Capacity = 12 });
        await world.PassTo(Nine);
        var places = new List<Place>();
        for (var student = 1; student <= 24; student++)
        {
            places.Add(await world.Join(session, student));
        }

        var rows = await world.Rows([.. places]);
        var letGo = await Hold(world, session);
        var approvals = rows.Entries!.Select(row => world.Decide.Approve(world.Ada, session.Id, new EntriesRequest { Entries = [row] })).ToList();
        var again = rows.Entries!.Select(row => world.Decide.Deny(world.Ben, session.Id, new EntriesRequest { Entries = [row], Reason = "Wrong room" })).ToList();
        var hands = places.Select(place => world.Student.RaiseHand(place.Caller, raised: true)).ToList();
        var broadcast = world.Command.Message(world.Ben, session.Id, new EntriesRequest { Entries = [], Text = "Five minutes" });
        await letGo();
        await Task.WhenAll([.. approvals, .. again, .. hands, broadcast]);

        var entries = await world.Entries.OfSession(session.Id);
        for (var index = 0; index < places.Count; index++)
        {
            string[] outcomes = [Assert.Single(Outcomes(await approvals[index])), Assert.Single(Outcomes(await again[index]))];
            var state = entries.Single(entry => entry.Id == places[index].Id).State;
            Assert.Contains(state, new[] { EntryState.Approved, EntryState.Denied });
            Assert.Equal(state == EntryState.Approved, outcomes[0] == "approved");
            Assert.Equal(state == EntryState.Denied, outcomes[1] == "denied");
        }

        Assert.InRange(entries.Count(entry => entry.State == EntryState.Approved), 1, 12);
        Assert.Single((await world.SessionNow(session.Id)).Broadcasts);
        await Whole(world, session, entries.Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_the_database_refuses_at_the_last_moment_takes_nothing_else_with_it(string kind)
    {
        const int unlucky = 7;
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.PassTo(Nine);
        var places = new List<Place>();
        for (var student = 1; student <= 16; student++)
        {
            places.Add(await world.Join(session, student));
        }

        // The event that tells this student of the decision cannot be written: there is one of its number.
        const string stray = "INSERT INTO feed_events (feed, epoch, seq, kind, at, data) SELECT feed, epoch, seq + 1, 'stray', 0, '{}' FROM feeds WHERE feed = @feed";
        await world.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(stray, new { feed = FeedNames.Entry(places[unlucky].Id) }, transaction), Commit: true));
        var rows = await world.Rows([.. places]);
        var approvals = rows.Entries!.Select(row => world.Decide.Approve(world.Ada, session.Id, new EntriesRequest { Entries = [row] })).ToList();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Task.WhenAll(approvals));
        Assert.Equal([unlucky], Enumerable.Range(0, approvals.Count).Where(index => approvals[index].IsFaulted));
        var entries = await world.Entries.OfSession(session.Id);
        for (var index = 0; index < places.Count; index++)
        {
            Assert.Equal(index == unlucky ? EntryState.Waiting : EntryState.Approved, entries.Single(entry => entry.Id == places[index].Id).State);
            Assert.True(index == unlucky || Outcomes(await approvals[index]).Single() == "approved");
        }

        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_joins_again_alone_because_of_the_company_is_known_as_before(string kind)
    {
        const int fitting = 4;
        await using var world = await World.New(kind);
        var session = await world.Open();
        var tickets = new List<JoinRequest>();
        for (var student = 1; student <= 16; student++)
        {
            tickets.Add(await world.Ticket(session, student));
        }

        // The event of the fifth join cannot be written: there is one of its number.
        const string stray = "INSERT INTO feed_events (feed, epoch, seq, kind, at, data) SELECT feed, epoch, seq + @place, 'stray', 0, '{}' FROM feeds WHERE feed = @feed";
        await world.Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync(stray, new { feed = FeedNames.Session(session.Id), place = fitting + 1 }, transaction), Commit: true));
        var joins = tickets.Select(ticket => world.JoinLobby.Run(ticket, Address)).ToList();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => Task.WhenAll(joins));
        Assert.All(joins, join => Assert.True(join.IsFaulted || join.Result.Problem is null, join.IsFaulted ? "" : join.Result.Problem?.Detail));
        Assert.Equal(fitting, joins.Count(join => !join.IsFaulted));
        Assert.Equal(fitting, (await world.Entries.OfSession(session.Id)).Count);
        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Decisions_in_many_sessions_at_one_instant_are_each_made_on_what_the_one_before_left(string kind)
    {
        await using var world = await World.New(kind);
        await world.PassTo(Nine);
        var asked = new List<(SessionView Session, EntriesRequest Row)>();
        for (var room = 0; room < 12; room++)
        {
            var session = await world.Open(form => form with { Name = $"Room {room}", Capacity = 1 });
            var places = new[] { await world.Join(session, (2 * room) + 1), await world.Join(session, (2 * room) + 2) };
            asked.AddRange((await world.Rows(places)).Entries!.Select(row => (session, new EntriesRequest { Entries = [row] })));
        }

        // Each student twice, and room for one of the two in each session.
        var twice = asked.Concat(asked).ToList();
        var answers = await AtOnce(twice.Select(one => world.Decide.Approve(world.Ada, one.Session.Id, one.Row)));
        foreach (var room in Enumerable.Range(0, twice.Count).GroupBy(index => twice[index].Session.Id))
        {
            var outcomes = room.Select(index => Assert.Single(Outcomes(answers[index]))).ToList();
            Assert.Equal(["alreadyDecided", "approved", "full", "full"], outcomes.Order(StringComparer.Ordinal));
            Assert.Single(await world.Entries.OfSession(room.Key), entry => entry.State == EntryState.Approved);
            Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(room.Key)));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nothing_of_whoever_turns_out_to_be_let_in_no_longer_is_kept_and_the_others_are_not_hurt(string kind)
    {
        await using var world = await World.New(kind);
        var asked = new List<(SessionView Session, EntriesRequest Row)>();
        for (var room = 0; room < 8; room++)
        {
            var session = await world.Open(form => form with { Name = $"Room {room}" });
            asked.Add((session, await world.Rows(await world.Join(session, room + 1))));
        }

        // Alone: it is not done before it is known.
        var (known, first) = (new TaskCompletionSource<bool>(), asked[0]);
        var alone = world.Decide.Approve(world.Ada with { StillIn = known.Task }, first.Session.Id, first.Row);
        Assert.All(await world.Entries.OfSession(first.Session.Id), entry => Assert.Equal(EntryState.Waiting, entry.State));
        Assert.False(alone.IsCompleted);
        known.SetResult(false);
        Refused(ProblemKind.SignInRequired, await alone);

        // In company: every second one.
        var answers = await AtOnce(asked.Select((one, index) => world.Decide.Approve(world.Ada with { StillIn = Task.FromResult(index % 2 == 1) }, one.Session.Id, one.Row)));
        for (var index = 0; index < asked.Count; index++)
        {
            var entry = Assert.Single(await world.Entries.OfSession(asked[index].Session.Id));
            Assert.Equal(index % 2 == 1 ? EntryState.Approved : EntryState.Waiting, entry.State);
            Assert.Equal(index % 2 == 0, answers[index].Failed(out var problem) && problem.Kind == ProblemKind.SignInRequired);
            Assert.Equal(index % 2 == 0 ? "joined" : "approved", (await world.Kinds(asked[index].Session.Id)).Last());
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_entry_that_is_not_as_it_was_read_is_not_written_over_and_nothing_of_the_command_is_kept(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.PassTo(Nine);
        var place = await world.Join(session, 1);
        var rows = await world.Rows(place);
        var before = (await world.Events(FeedNames.Session(session.Id))).Count;

        // Around every lock.
        await world.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync("UPDATE entries SET version = version + 1", null, transaction), Commit: true));

        await Assert.ThrowsAnyAsync<Exception>(() => world.Decide.Approve(world.Ada, session.Id, rows));
        Assert.Equal(EntryState.Waiting, Assert.Single(await world.Entries.OfSession(session.Id)).State);
        Assert.Equal(before, (await world.Events(FeedNames.Session(session.Id))).Count);
        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
    }

    /// <summary>Holds the session as a command on another node does, so that what is asked meanwhile waits for its turn together.</summary>
    /// <returns>Lets go of it.</returns>
    private static async Task<Func<Task>> Hold(World world, SessionView session)
    {
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var letGo = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var holding = world.Db.Write(async (connection, transaction) =>
        {
            await connection.ExecuteAsync("UPDATE feeds SET seq = seq WHERE feed = @feed", new { feed = FeedNames.Session(session.Id) }, transaction);
            held.SetResult();
            await letGo.Task;
            return (true, Commit: true);
        });
        await held.Task;
        return () =>
        {
            letGo.SetResult();
            return holding;
        };
    }

    private static async Task<Result<T>[]> AtOnce<T>(IEnumerable<Task<Result<T>>> commands) => await Task.WhenAll(commands.ToList());

    /// <summary>Each entry has its own arrival, the number of the event that tells of it; feed and audit chain have no hole; they did share transactions.</summary>
    private static async Task Whole(World world, SessionView session, int count)
    {
        var entries = await world.Entries.OfSession(session.Id);
        Assert.Equal(count, entries.Count);
        var events = await world.Events(FeedNames.Session(session.Id));
        Assert.Equal(Enumerable.Range(1, events.Count).Select(seq => (long)seq), events.Select(item => item.Seq));
        Assert.Equal(entries.Select(entry => entry.Arrival), events.Where(item => item.Kind == "joined").Select(item => item.Seq));
        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
        if (world.Db.Dialect == Dialect.Postgres)
        {
            var transactions = await world.Db.Read(connection => connection.QuerySingleAsync<long>("SELECT count(DISTINCT xmin::text) FROM entries WHERE session_id = @id", new { id = session.Id }));
            Assert.InRange(transactions, 1, (count / 2) + 1);
        }
    }
}
