using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Sessions are written with the last command of a change; whoever reads before it finds them all the same.</summary>
public sealed class SessionSavesTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Of_several_saves_in_one_change_the_last_stands_in_the_session_and_in_its_lists(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.SessionNow((await world.Session()).Id);
        var renamed = session with { Name = "Room 9", Version = session.Version + 1, Proctors = [session.Proctors[0]] };
        var moved = renamed with { OpensAt = Nine.AddHours(1), Version = renamed.Version + 1 };
        var other = await world.SessionNow((await world.Session(form => form with { Name = "Room 5" })).Id);
        Good(await world.Changes.Run<Done>(world.Administrator, async change =>
        {
            await change.LockSessions([session.Id, other.Id]);
            await SessionStore.Save(change, session, renamed);
            await SessionStore.SavePhases(change, [(other, other with { Phase = SessionPhase.LobbyOpen, Version = other.Version + 1 })]);
            await SessionStore.Save(change, renamed, moved);
            change.Announce(FeedNames.Session(session.Id), "edited", new { });
            return new Done();
        }));
        Assert.Equal((moved.Name, moved.OpensAt, moved.Version), Told(await world.SessionNow(session.Id)));
        Assert.Equal(SessionPhase.LobbyOpen, (await world.SessionNow(other.Id)).Phase);
        var listed = Good(await world.List.Run(world.Administrator, new SessionListQuery())).Items;
        Assert.Equal([("Room 5", other.OpensAt, SessionPhase.LobbyOpen), ("Room 9", moved.OpensAt, SessionPhase.Scheduled)], listed.Select(row => (row.Name, row.OpensAt, row.Phase)).Order());
        Assert.Contains(SessionRules.NextDue(moved)!.Value, await world.Sessions.DueInstants(Nine.AddDays(1), 10));

        static (string, DateTimeOffset, long) Told(Session of) => (of.Name, of.OpensAt, of.Version);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_reads_in_the_same_change_finds_what_was_saved(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.SessionNow((await world.Session()).Id);
        var renamed = session with { Name = "Room 9", Version = session.Version + 1 };
        Good(await world.Changes.Run<Done>(world.Administrator, async change =>
        {
            Assert.Equal(session.Name, (await SessionStore.LockAndLoad(change, session.Id))!.Name);
            await SessionStore.Save(change, session, renamed);
            Assert.Equal("Room 9", (await SessionStore.LockAndLoad(change, session.Id))!.Name);
            return new Done();
        }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_is_not_at_the_version_it_was_read_at_is_not_written_over(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.SessionNow((await world.Session()).Id);
        var stale = session with { Version = session.Version - 1 };
        var events = await world.Kinds(session.Id);
        await Assert.ThrowsAnyAsync<Exception>(() => world.Changes.Run<Done>(world.Administrator, async change =>
        {
            await change.LockSession(session.Id);
            await SessionStore.Save(change, stale, session with { Name = "Room 9" });
            change.Announce(FeedNames.Session(session.Id), "edited", new { });
            return new Done();
        }));
        Assert.Equal(session.Name, (await world.SessionNow(session.Id)).Name);
        Assert.Equal(events, await world.Kinds(session.Id));
    }
}
