using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Rehearsals;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Rehearsals;

public sealed class RehearsalTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Thirty_simulated_students_arrive_and_ask_half_of_them_in_a_rush(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = await theatre.Begin();

        await theatre.Play(5);
        Assert.InRange((await theatre.Rows(session)).Count, 15, 20);

        await theatre.Play(35);
        var rows = await theatre.Rows(session);
        Assert.Equal(30, rows.Count);
        Assert.All(rows, row =>
        {
            Assert.True(row.Simulated);
            Assert.EndsWith(" (simulated)", row.Student.Name, StringComparison.Ordinal);
        });
        Assert.Equal(29, rows.Count(row => row.State == EntryState.Waiting));
        Assert.Single(rows, row => row.State == EntryState.Withdrawn);
        Assert.Single(rows, row => row.Flags.Any(flag => flag.Code == "secondDevice"));
        Assert.Single(rows, row => row.Messages.Count > 0);
        Assert.Single((await theatre.Announced(session))["returned"]);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_is_approved_takes_the_test_and_hands_it_in(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = await theatre.Begin();
        await theatre.Play(20);

        await theatre.Play(200, () => theatre.ApproveAll(session));

        var rows = await theatre.Rows(session);
        Assert.Equal(29, rows.Count(row => row.State == EntryState.Submitted && row.Progress is { Answered: 10, Total: 10 }));
        var announced = await theatre.Announced(session);
        Assert.Equal(29, announced["started"].Count());
        Assert.Single(announced["exited"]);
        Assert.Equal(2, announced["interrupted"].Count());
        Assert.Equal(3, announced["resumed"].Count());
        Assert.Equal(3, announced["handRaised"].Count());
        Assert.Equal(3, announced["message"].Count());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task They_obey_pause_resume_extend_and_terminate_and_one_is_overdue(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = await theatre.Begin();
        await theatre.Play(15);
        await theatre.ApproveAll(session);
        await theatre.Play(6);
        var testing = (await theatre.Rows(session)).Where(row => row.State == EntryState.Testing).ToList();
        Assert.True(testing.Count >= 10, $"{testing.Count} are testing");

        await theatre.Commands.Pause(theatre.Proctor, session, Theatre.All(testing));
        await theatre.Play(2);
        Assert.Single(Among(await theatre.Rows(session)), row => row.State != EntryState.Paused);
        await theatre.Play(14);
        Assert.Single(Among(await theatre.Rows(session)), row => row.Pending is { Overdue: true, DeliveredAt: not null });
        await theatre.Play(5);
        Assert.All(Among(await theatre.Rows(session)), row => Assert.Equal(EntryState.Paused, row.State));

        await theatre.Commands.Resume(theatre.Proctor, session, Theatre.All(testing));
        await theatre.Play(20);
        Assert.DoesNotContain(Among(await theatre.Rows(session)), row => row.State == EntryState.Paused);

        testing = [.. Among(await theatre.Rows(session)).Where(row => row.State == EntryState.Testing)];
        Assert.NotEmpty(testing);
        await theatre.Commands.Extend(theatre.Proctor, session, Theatre.All(testing, seconds: 300));
        await theatre.Play(2);
        Assert.Contains(Among(await theatre.Rows(session)), row => row.AllowedSeconds == 20 * 60 + 300);
        testing = [.. Among(await theatre.Rows(session)).Where(row => row.State == EntryState.Testing)];
        await theatre.Commands.Terminate(theatre.Proctor, session, Theatre.All(testing, reason: "Enough"));
        await theatre.Play(20);
        Assert.All(Among(await theatre.Rows(session)), row => Assert.True(row.Ended || row.State == EntryState.Interrupted, $"{row.State}"));

        IReadOnlyList<Entry> Among(IEnumerable<Entry> rows) => [.. rows.Where(row => testing.Exists(entry => entry.Id == row.Id))];
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_stopped_rehearsal_is_played_to_its_end_and_leaves_the_list(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = await theatre.Begin();
        await theatre.Play(15);
        await theatre.ApproveAll(session);
        await theatre.Play(10);
        Assert.Single(await Listed(theatre));

        await theatre.Steer.Stop(theatre.Proctor, session, new PhaseRequest());
        await theatre.Play(150);

        Assert.Equal(SessionPhase.Closed, (await theatre.Sessions.Find(session))!.Phase);
        var rows = await theatre.Rows(session);
        Assert.All(rows, row => Assert.True(row.Ended || row.State == EntryState.Withdrawn, $"{row.State}"));
        Assert.Contains(rows, row => row.State == EntryState.Submitted);
        Assert.Empty(await Listed(theatre));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_seed_makes_the_same_rehearsal(string database)
    {
        var first = await Played();
        var second = await Played();

        Assert.Equal(first, second);

        async Task<string> Played()
        {
            await using var theatre = await Theatre.New(database);
            var session = await theatre.Begin();
            await theatre.Play(12);
            await theatre.ApproveAll(session);
            await theatre.Play(12);
            return string.Join('\n', (await theatre.Rows(session)).Select(row => $"{row.Student.Name} {row.ArrivedAt:O} {row.State} {row.StateSince:O} {row.Progress?.Answered}"));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Three_may_run_at_the_same_time(string database)
    {
        await using var theatre = await Theatre.New(database);
        var first = await theatre.Begin();
        await theatre.Begin();
        var once = new Once("staff", "key", "POST /api/v1/rehearsals");
        var third = (await theatre.Start.Run(theatre.Proctor, once)).Value.Id;

        Assert.Equal(third, (await theatre.Start.Run(theatre.Proctor, once)).Value.Id);
        Assert.Equal(ProblemKind.RehearsalsRunning, (await theatre.Start.Run(theatre.Proctor)).Problem!.Kind);

        await theatre.Steer.Stop(theatre.Proctor, first, new PhaseRequest());
        await theatre.Play(5);
        Assert.Null((await theatre.Start.Run(theatre.Proctor)).Problem);
    }

    [Fact]
    public async Task An_observer_starts_none()
    {
        await using var theatre = await Theatre.New("sqlite");

        var refused = await theatre.Start.Run(theatre.Proctor with { Role = Role.Observer });

        Assert.Equal(ProblemKind.Forbidden, refused.Problem!.Kind);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Rehearsals_and_real_records_are_kept_apart(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = (await theatre.Sessions.Find(await theatre.Begin()))!;

        Assert.Empty(await new TestStore(theatre.Db).Of(theatre.Proctor.OrganisationId));
        var real = await new CreateSession(theatre.Changes).Run(theatre.Proctor, new SessionRequest
        {
            Name = "Real", Mode = SessionMode.InPerson, Tests = [session.Tests[0].Code], StartNow = true,
        });
        Assert.Equal(ProblemKind.Invalid, real.Problem!.Kind);
        var throttle = new JoinThrottle(new LocalThrottle(theatre.Clock));
        var joined = await new JoinLobby(new FindSession(theatre.Sessions, throttle), theatre.Changes, throttle)
            .Run(new JoinRequest(JoinId: session.JoinId, GuestName: "Real"), "192.0.2.1");
        Assert.Equal(ProblemKind.GuestsNotAllowed, joined.Problem!.Kind);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_rehearsal_whose_process_is_gone_is_ended_by_another(string database)
    {
        await using var theatre = await Theatre.New(database);
        var session = await theatre.Begin();
        await theatre.Play(15);
        await theatre.ApproveAll(session);
        await theatre.Play(10);
        Assert.Contains(await theatre.Rows(session), row => row.State == EntryState.Testing);

        var other = theatre.Restarted();
        await other.Play(120);
        Assert.Equal(SessionPhase.Open, (await theatre.Sessions.Find(session))!.Phase);
        await other.Play(120);

        Assert.Equal(SessionPhase.Closed, (await theatre.Sessions.Find(session))!.Phase);
        Assert.All(await theatre.Rows(session), row => Assert.True(row.Ended || row.State == EntryState.Withdrawn, $"{row.State}"));
    }

    private static async Task<IReadOnlyList<SessionListRow>> Listed(Theatre theatre) =>
        (await new ListSessions(theatre.Db, theatre.Clock)
            .Run(theatre.Proctor, new SessionListQuery { ShowOld = true })).Value.Items;
}
