using Dapper;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>The student's own page, and the tests that are started from it.</summary>
public sealed class OwnPageTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task The_page_shows_each_test_as_it_stands_in_server_time(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Tests = [Undelivered], Code = "willow" });
        await world.Registered(session, 1, Undelivered);
        await world.Registered(null, 1, Delivered);
        var secret = await world.PageSecret(1);
        var page = Good(await Page(world).Run(secret, Address));
        Assert.Equal(world.Now, page.Now);
        Assert.Equal([Practice], page.Practice.Select(test => test.TestCode));
        var (locked, free) = (page.Registrations[0], page.Registrations[1]);
        Assert.Equal((Undelivered, OwnTestState.Locked, Nine, true), (locked.TestCode, locked.State, locked.OpensAt, locked.AsksCode));
        Assert.Equal((Delivered, OwnTestState.Startable, null), (free.TestCode, free.State, free.OpensAt));
        Refused(ProblemKind.LobbyNotOpen, await Start(world).Run(secret, locked.Id, new OwnStartRequest("willow"), Address));

        await world.PassTo(session.LobbyOpensAt);
        Assert.Equal(OwnTestState.Startable, await State());
        Refused(ProblemKind.CodeRequired, await Start(world).Run(secret, locked.Id, new OwnStartRequest(), Address));
        Refused(ProblemKind.CodeWrong, await Start(world).Run(secret, locked.Id, new OwnStartRequest("oak-tree"), Address));
        var place = Good(await Start(world).Run(secret, locked.Id, new OwnStartRequest("willow"), Address));
        Assert.Equal((EntryState.Waiting, session.JoinId), (place.State, place.JoinId));
        Assert.Equal(WayIn.OwnPage, (await world.Entries.Find(place.EntryId))!.WayIn);
        Assert.Equal(OwnTestState.InProgress, await State());
        await world.PassTo(session.ClosesAt.AddHours(5));
        Assert.Equal(OwnTestState.Closed, await State());
        Refused(ProblemKind.SessionEnded, await Start(world).Run(secret, locked.Id, new OwnStartRequest("willow"), Address));

        async Task<OwnTestState> State() => Good(await Page(world).Run(secret, Address)).Registrations.Single(test => test.Id == locked.Id).State;
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_without_a_session_is_started_at_any_time_without_a_proctor_and_found_again(string kind)
    {
        await using var world = await World.New(kind);
        await world.Registered(null, 1, Delivered);
        var secret = await world.PageSecret(1);
        var id = Good(await Page(world).Run(secret, Address)).Registrations.Single().Id;
        var place = Good(await Start(world).Run(secret, id, new OwnStartRequest(), Address));
        Assert.Equal(EntryState.Approved, place.State);
        var entry = (await world.Entries.Find(place.EntryId))!;
        Assert.DoesNotContain(entry.Test.Sections, section => section.Sealed);
        Assert.True((await world.SessionNow(entry.SessionId)).Individual);
        Assert.DoesNotContain(Good(await world.List.Run(world.Manager, new SessionListQuery { ShowOld = true, Limit = 200 })).Items, row => row.Id == entry.SessionId);

        // Another device goes on where the first was, and nobody has to approve it.
        var again = Good(await Start(world).Run(secret, id, new OwnStartRequest(), Address));
        Assert.Equal((place.EntryId, 2, EntryState.Approved), (again.EntryId, again.Device, again.State));
        var caller = Good(await world.Entries.ByToken(Secret.Hash(again.Token)));
        Good(await world.Redeem.Run(world.Delivery, Good(await world.FetchToken.Run(caller)).Token));
        Good(await world.Progress.Run(world.Delivery, new ProgressRequest { EntryId = place.EntryId, Attempt = 1, Sequence = 1, Kind = ReportKind.Started }));
        Assert.Equal(OwnTestState.InProgress, Good(await Page(world).Run(secret, Address)).Registrations.Single().State);
        Good(await world.Progress.Run(world.Delivery, new ProgressRequest { EntryId = place.EntryId, Attempt = 1, Sequence = 2, Kind = ReportKind.Submitted }));
        Assert.Equal(EntryState.Submitted, (await world.Entries.Find(place.EntryId))!.State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_practice_test_is_tried_without_any_registration_and_nothing_else_is(string kind)
    {
        await using var world = await World.New(kind);
        await world.StudentOf(1);
        var secret = await world.PageSecret(1);
        Assert.Equal(EntryState.Approved, Good(await Start(world).Practice(secret, new OwnPracticeRequest(Practice), Address)).State);
        Refused(ProblemKind.Invalid, await Start(world).Practice(secret, new OwnPracticeRequest(Delivered), Address));
        Refused(ProblemKind.Invalid, await Start(world).Practice(secret, new OwnPracticeRequest("no-such"), Address));
        Refused(ProblemKind.Invalid, await Start(world).Practice(secret, new OwnPracticeRequest(), Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_sees_or_starts_anything_of_another_student(string kind)
    {
        await using var world = await World.New(kind);
        await world.Registered(null, 1, Delivered);
        await world.Registered(null, 2, Delivered);
        var (mine, other) = (await world.PageSecret(1), await world.PageSecret(2));
        var foreign = Good(await Page(world).Run(other, Address)).Registrations.Single().Id;
        Refused(ProblemKind.NotFound, await Start(world).Run(mine, foreign, new OwnStartRequest(), Address));
        Refused(ProblemKind.NotFound, await Start(world).Run("made-up", foreign, new OwnStartRequest(), Address));
        Refused(ProblemKind.NotFound, await Page(world).Run("made-up", Address));
        Refused(ProblemKind.NotFound, await Page(world).Run("\0", Address));
        for (var guess = 0; guess < 200; guess++)
        {
            if ((await Page(world).Run($"guess{guess}", "198.51.100.7")).Problem?.Kind == ProblemKind.Throttled)
            {
                return;
            }
        }

        Assert.Fail("Guessing was not throttled.");
    }

    [Theory]
    [InlineData(RegistrationStatus.Completed, SessionPhase.Open, false, OwnTestState.Done)]
    [InlineData(RegistrationStatus.Completed, SessionPhase.Closed, false, OwnTestState.Done)]
    [InlineData(RegistrationStatus.Pending, SessionPhase.Scheduled, false, OwnTestState.Locked)]
    [InlineData(RegistrationStatus.Pending, SessionPhase.LobbyOpen, false, OwnTestState.Startable)]
    [InlineData(RegistrationStatus.Pending, SessionPhase.Held, false, OwnTestState.Startable)]
    [InlineData(RegistrationStatus.Pending, SessionPhase.Draining, false, OwnTestState.Closed)]
    [InlineData(RegistrationStatus.Started, SessionPhase.Draining, true, OwnTestState.InProgress)]
    [InlineData(RegistrationStatus.Started, SessionPhase.Open, true, OwnTestState.InProgress)]
    [InlineData(RegistrationStatus.Started, SessionPhase.Closed, false, OwnTestState.Closed)]
    [InlineData(RegistrationStatus.Pending, SessionPhase.Cancelled, false, OwnTestState.Closed)]
    public void How_a_test_stands_follows_from_its_registration_and_its_session(RegistrationStatus status, SessionPhase phase, bool underWay, OwnTestState expected)
    {
        var registration = new Registration { Id = "r", OrganisationId = "o", StudentId = "s", TestCode = "T", SessionId = "session-1", Status = status, CreatedAt = Nine };
        Assert.Equal(expected, OwnPage.StateOf(registration, Sessions.Given.Session(phase), underWay));
    }

    private static OwnPage Page(World world) => new(world.Db, new JoinThrottle(world.Throttle), world.Clock);

    private static StartOwnTest Start(World world) => new(Page(world), world.Sessions, world.Changes, new JoinThrottle(world.Throttle));
}
