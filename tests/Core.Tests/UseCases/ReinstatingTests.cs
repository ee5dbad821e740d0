using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>An administrator gives a test back that was terminated or has expired.</summary>
public sealed class ReinstatingTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_reinstated_test_waits_again_and_goes_on_where_it_ended_with_its_registration(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var registered = await world.Registered(1, session);
        var place = await world.Testing(session);
        await world.Pass(TimeSpan.FromMinutes(10));
        await Terminate(world, place);
        Assert.Equal(RegistrationStatus.Completed, (await world.Registration(registered.Id)).Status);

        Assert.Equal(["reinstated"], Outcomes(await Reinstate(world, place)));
        var entry = await world.Entry(place);
        Assert.Equal((EntryState.Waiting, 1, 600, (string?)null, "returning"), (entry.State, entry.Attempt, entry.UsedSeconds, entry.EndReason, Assert.Single(entry.Flags).Code));
        Assert.Equal(RegistrationStatus.Started, (await world.Registration(registered.Id)).Status);
        var audit = Assert.Single(await world.Recorded("reinstated"));
        Assert.Equal("Wrong student", audit.GetProperty("reason").GetString());

        await world.Approve(place);
        var back = Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token));
        Assert.Equal((true, 1, 3000), (back.Resumed, back.Attempt, back.SecondsLeft));
        await world.Report(place, ReportKind.Started);
        await world.Report(place, ReportKind.Submitted);
        Assert.Equal(RegistrationStatus.Completed, (await world.Registration(registered.Id)).Status);
        Assert.Equal(["refused"], Outcomes(await Reinstate(world, place)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_next_attempt_begins_anew_and_the_delivery_systems_reports_on_the_earlier_one_are_refused(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        await world.Pass(TimeSpan.FromMinutes(10));
        var late = await world.NextReport(place, ReportKind.Position, answered: 5);
        await Terminate(world, place);
        Assert.Equal(["reinstated"], Outcomes(await Reinstate(world, place, next: true)));
        Refused(ProblemKind.WrongAttempt, await world.Progress.Run(world.Delivery, late));
        await world.Approve(place);
        var back = Good(await world.Redeem.Run(world.Delivery, (await world.Token(place)).Token));
        Assert.Equal((2, 3600), (back.Attempt, back.SecondsLeft));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_is_over_is_reopened_first(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var registered = await world.Registered(1, session);
        var place = await world.Testing(session);
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Refused(ProblemKind.WrongPhase, await Reinstate(world, place));
        await world.Pass(TimeSpan.FromHours(5));
        Assert.Equal((EntryState.Expired, SessionPhase.Closed), (await world.State(place), (await world.SessionNow(session.Id)).Phase));
        Refused(ProblemKind.WrongPhase, await Reinstate(world, place));
        Good(await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest("Power cut", world.Now.AddHours(2))));
        Assert.Equal(["reinstated"], Outcomes(await Reinstate(world, place)));
        Assert.Equal(RegistrationStatus.Started, (await world.Registration(registered.Id)).Status);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_cannot_be_reinstated_is_refused_by_itself_and_says_why(string kind)
    {
        await using var world = await World.New(kind);
        var (here, there) = (await world.Open(form => form with { Tests = [Undelivered] }), await world.Open(form => form with { Name = "Room 5", Tests = [Undelivered] }));
        var (gone, elsewhere, testing, waiting) = (
            await world.Testing(here, 1, Undelivered), await world.Testing(here, 2, Undelivered), await world.Testing(here, 3, Undelivered), await world.Join(here, 4, Undelivered));
        await Terminate(world, gone);
        await Terminate(world, elsewhere);
        await world.Join(there, 2, Undelivered);
        var foreign = await world.Join(there, 5, Undelivered);
        var rows = await world.Rows(gone, elsewhere, testing, waiting, foreign) with { Reason = "Because" };
        Assert.Equal(["reinstated", "refused", "refused", "refused", "gone"], Outcomes(await world.Reinstate.Run(world.Administrator, here.Id, rows)));
        Assert.Equal([EntryState.Waiting, EntryState.Terminated, EntryState.Testing], [await world.State(gone), await world.State(elsewhere), await world.State(testing)]);
        Refused(ProblemKind.Invalid, await world.Reinstate.Run(world.Administrator, here.Id, rows with { Reason = " " }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_reinstated_here_and_joining_there_at_the_same_instant_is_in_one(string kind)
    {
        await using var world = await World.New(kind);
        var (here, there) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        for (var student = 1; student <= 6; student++)
        {
            var place = await world.Join(here, student);
            await Terminate(world, place);
            var (rows, ticket) = (await world.Rows(place) with { Reason = "Because" }, await world.Ticket(there, student));
            var (reinstated, joined) = (Task.Run(() => world.Reinstate.Run(world.Administrator, here.Id, rows)), Task.Run(() => world.JoinLobby.Run(ticket, "192.0.2.1")));
            await Task.WhenAll(reinstated, joined);
            Assert.Equal((await joined).Failed(out _) ? "reinstated" : "refused", Outcomes(await reinstated).Single());
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_was_registered_anew_meanwhile_has_one_live_registration_after_the_earlier_test_is_reinstated(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var earlier = await world.Registered(1, session);
        var place = await world.Testing(session);
        await Terminate(world, place);
        var anew = await world.Registered(1);
        Assert.NotEqual(earlier.Id, anew.Id);
        Assert.Equal(["reinstated"], Outcomes(await Reinstate(world, place)));
        Assert.Equal(
            (RegistrationStatus.Completed, RegistrationStatus.Pending),
            ((await world.Registration(earlier.Id)).Status, (await world.Registration(anew.Id)).Status));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_lost_the_registration_meanwhile_comes_back_like_one_who_walks_in(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.Registered(2, session);
        var registered = await world.Registered(1, session);
        var place = await world.Join(session);
        await Terminate(world, place);
        Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null));
        Assert.Equal(["reinstated"], Outcomes(await Reinstate(world, place)));
        var entry = await world.Entry(place);
        Assert.Null(entry.RegistrationId);
        Assert.Contains(EntryRules.NotRegistered, entry.Flags.Select(flag => flag.Code));
    }

    private static async Task Terminate(World world, Place place)
    {
        Good(await world.Command.Terminate(world.Ada, place.Session.Id, await world.Rows(place) with { Reason = "Phone" }));
        if ((await world.Entry(place)).Pending is not null)
        {
            await world.Confirm(place);
        }

        Assert.Equal(EntryState.Terminated, await world.State(place));
    }

    private static async Task<Result<EntriesAnswer>> Reinstate(World world, Place place, bool next = false) =>
        await world.Reinstate.Run(world.Administrator, place.Session.Id, await world.Rows(place) with { Reason = "Wrong student", NextAttempt = next });
}
