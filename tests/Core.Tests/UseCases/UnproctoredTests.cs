using LiveProctor.Core.Entries;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>A test that is not proctored: nobody has to decide, and no profile has an effect (docs/decisions/0071).</summary>
public sealed class UnproctoredTests
{
    private static readonly ProfileSettings Strict = new() { PauseLimitMinutes = 0, StudentMayPause = false, CloseRule = CloseRule.End };

    [Theory, ClassData(typeof(Databases))]
    public async Task It_lets_its_students_in_by_itself_whatever_the_profile_says(string kind)
    {
        await using var world = await World.New(kind);
        var session = await Mixed(world);
        Assert.Equal(EntryState.Approved, (await world.Join(session, 1, Unproctored)).Answer.State);
        Assert.Equal(EntryState.Waiting, (await world.Join(session, 2, Delivered)).Answer.State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Its_students_pause_come_back_and_change_device_without_asking(string kind)
    {
        await using var world = await World.New(kind);
        var place = await world.Join(await Mixed(world), 1, Unproctored);
        await world.Token(place);
        Assert.True(Good(await world.Student.Pause(place.Caller)).State == EntryState.Paused);
        world.Clock.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal(EntryState.Testing, Good(await world.Student.Resume(place.Caller)).State);

        var second = await world.Join(place.Session, 1, Unproctored);
        Assert.Equal((2, EntryState.Approved), (second.Answer.Device, second.Answer.State));
        Good(await world.Student.Withdraw(second.Caller));
        Assert.Equal(EntryState.Approved, Good(await world.Student.Return(second.Caller)).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_proctors_no_stays_a_no(string kind)
    {
        await using var world = await World.New(kind);
        var place = await world.Join(await Mixed(world), 1, Unproctored);
        Assert.Equal(["revoked"], Outcomes(await world.Decide.Revoke(world.Ada, place.Session.Id, await world.Rows(place))));
        Assert.Equal(EntryState.Waiting, await world.State(place));
        Assert.Equal(["denied"], Outcomes(await world.Decide.Deny(world.Ada, place.Session.Id, (await world.Rows(place)) with { Reason = "No" })));
        world.Clock.Advance(EntryRules.CoolDown);
        Assert.Equal(EntryState.Waiting, Good(await world.Student.AskAgain(place.Caller)).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_is_let_in_while_everyone_is_paused_and_whoever_came_is_at_the_release(string kind)
    {
        await using var world = await World.New(kind);
        var session = await Mixed(world);
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest { Reason = "Fire alarm" }));
        var place = await world.Join(session, 1, Unproctored);
        Assert.Equal(EntryState.Waiting, place.Answer.State);
        Good(await world.Steer.Release(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal(EntryState.Approved, await world.State(place));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task At_the_close_it_goes_on_although_the_profile_ends_proctored_tests(string kind)
    {
        await using var world = await World.New(kind);
        var session = await Mixed(world);
        var alone = await world.Join(session, 1, Unproctored);
        await world.Token(alone);
        var watched = await world.Testing(session, 2, Undelivered);
        await world.PassTo(session.ClosesAt);
        Assert.Equal((EntryState.Testing, EntryState.Expired), (await world.State(alone), await world.State(watched)));
    }

    private static Task<SessionView> Mixed(World world) =>
        world.Open(form => form with { Tests = [Delivered, Undelivered, Unproctored] }, Strict);
}
