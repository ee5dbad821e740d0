using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Scheduler.Tests;

/// <summary>What must happen at an instant, on one node.</summary>
public sealed class WindowTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Windows_open_at_their_instants(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var late = new List<double>();
        for (var number = 1; number <= 5; number++)
        {
            var opensAt = school.In(0.7);
            var session = await school.Create(opensAt);

            await school.HasPhase(session.Id, SessionPhase.Open);

            late.Add((await school.OpenedAt(session.Id) - opensAt).TotalMilliseconds);
        }

        Assert.All(late, milliseconds => Assert.InRange(milliseconds, 0, 2500));
        Assert.InRange(late.Order().ElementAt(2), 0, 400);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", late));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Sessions_follow_a_profile_that_changes_and_their_lobbies_open_when_it_says(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var profile = (await new CreateProfile(school.Changes).Run(school.Admin, new NewProfile { Name = "Calm" }, null)).Value;
        var session = (await new CreateSession(school.Changes).Run(school.Admin, new SessionRequest
        {
            Name = "Tomorrow",
            Mode = SessionMode.InPerson,
            Tests = ["P1"],
            ProfileId = profile.Id,
            OpensAt = school.In(12 * 3600).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
            ClosesAt = school.In(14 * 3600).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
        })).Value;
        Assert.Equal(SessionPhase.Scheduled, session.Phase);

        var wanted = new NewProfile { Name = "Calm", Settings = new ProfileSettings { LobbyLeadMinutes = 24 * 60 } };
        Assert.Null((await new EditProfile(school.Changes).Run(school.Admin, profile.Id, wanted, profile.Version)).Problem);

        await school.HasPhase(session.Id, SessionPhase.LobbyOpen);
        Assert.Equal("sessionCreated profileTaken lobbyOpened", await school.Kinds(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_passed_while_everything_was_off_is_caught_up_in_order_and_said_to_be_late(string database)
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow().AddHours(-3));
        string id;
        await using var school = await School.New(database);
        var earlier = new Changes(school.Database.Db, school.Relay, new Core.Live.LocalBoard(), clock);
        id = (await new CreateSession(earlier).Run(school.Admin, new SessionRequest
        {
            Name = "Missed",
            Mode = SessionMode.InPerson,
            Tests = ["T1"],
            OpensAt = clock.GetUtcNow().AddHours(1).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
            ClosesAt = clock.GetUtcNow().AddHours(2).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null),
        })).Value.Id;
        Assert.Equal(SessionPhase.Scheduled, await school.Phase(id));

        await using var node = await school.StartNode();
        await school.HasPhase(id, SessionPhase.Closed);

        Assert.Equal("sessionCreated lobbyOpened windowOpened draining closed", await school.Kinds(id));
        foreach (var (kind, hours) in new[] { ("lobbyOpened", 2.5), ("windowOpened", 2), ("draining", 1) })
        {
            var data = (await school.Events(id)).Single(item => item.Kind == kind).Data;
            var late = System.Text.Json.JsonDocument.Parse(data).RootElement.GetProperty("lateSeconds").GetInt32();
            Assert.InRange(late, hours * 3600 - 1, hours * 3600 + 60);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_moved_window_is_followed_and_its_old_instant_does_nothing(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var first = school.In(1.5);
        var session = await school.Create(first);
        await Eventually.True(async () => (await node.Planned()).Contains(first), "the window has a timer");

        var second = school.In(3);
        await school.Move(session, second);

        await Eventually.True(async () => await node.Planned() is [var only] && only == second, "the timer has moved");
        await school.HasPhase(session.Id, SessionPhase.Open);
        Assert.InRange(await school.OpenedAt(session.Id), second, second.AddSeconds(2.5));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_timer_that_fires_when_nothing_is_due_does_nothing(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var session = await school.Create(school.In(600));

        for (var times = 0; times < 5; times++)
        {
            await node.FireForNothing();
        }

        var soon = await school.Create(school.In(0.5));
        await school.HasPhase(soon.Id, SessionPhase.Open);
        Assert.Equal("sessionCreated lobbyOpened", await school.Kinds(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_no_hint_told_of_is_opened_all_the_same(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        school.Relay.Lossy = true;
        var opensAt = school.In(0.5);

        var session = await school.Create(opensAt);

        await school.HasPhase(session.Id, SessionPhase.Open);
        Assert.InRange(await school.OpenedAt(session.Id), opensAt, opensAt.AddSeconds(5));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_stopped_session_in_which_nobody_is_tested_closes_at_once(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var session = await school.Create(school.In(0.3));
        await school.HasPhase(session.Id, SessionPhase.Open);

        await new SteerSession(school.Changes).Stop(school.Admin, session.Id, new PhaseRequest());

        await school.HasPhase(session.Id, SessionPhase.Closed);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_thousand_sessions_at_one_instant_are_one_timer(string database)
    {
        await using var school = await School.New(database);
        var opensAt = school.In(8);
        await school.Write(1000, opensAt);

        await using var node = await school.StartNode();
        await Eventually.True(async () => (await node.Planned()).Count > 0, "the window has a timer");
        Assert.Equal([opensAt], await node.Planned());

        var last = (await school.Sessions.DueIds(opensAt, 1000))[^1];
        await Eventually.True(
            async () => (await school.Sessions.DueIds(opensAt, 1)).Count == 0, "every session is open", TimeSpan.FromSeconds(60));
        TestContext.Current.TestOutputHelper?.WriteLine($"{(await school.OpenedAt(last) - opensAt).TotalMilliseconds} ms");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_cannot_be_opened_keeps_no_other_shut(string database)
    {
        await using var school = await School.New(database);
        await using var node = await school.StartNode();
        var broken = await school.Create(school.In(0.5));
        await school.Changes.Run<Core.Problems.Done>(Core.Actor.System, async change =>
        {
            await change.Execute("UPDATE sessions SET document = '{}' WHERE id = @id", new { id = broken.Id });
            return new Core.Problems.Done();
        });

        for (var times = 0; times < 2; times++)
        {
            var session = await school.Create(school.In(1));
            await school.HasPhase(session.Id, SessionPhase.Open);
        }
    }
}
