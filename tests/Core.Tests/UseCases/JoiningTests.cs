using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class JoiningTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_joins_by_ID_and_first_name_however_they_are_typed(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.StudentOf(1);
        await world.StudentOf(2);
        await world.StudentOf(3);
        await world.StudentOf(4);
        string[][] typed = [[session.JoinId, "S-001", "José"], [session.JoinId.ToLowerInvariant(), " s-002 ", "zoe"], [session.JoinId.Replace("-", "", StringComparison.Ordinal), "S-003", "ANNA"], [$" {session.JoinId} ", "S-004", "Tom "]];
        var arrivals = new List<long>();
        foreach (var fields in typed)
        {
            var answer = Good(await world.JoinLobby.Run(new JoinRequest(JoinId: fields[0], StudentId: fields[1], FirstName: fields[2]), Address));
            Assert.Equal((EntryState.Waiting, "Mathematics, room 4", 1), (answer.State, answer.SessionName, answer.Device));
            var entry = (await world.Entries.Find(answer.EntryId))!;
            Assert.Equal((WayIn.JoinId, 3600, "large"), (entry.WayIn, entry.AllowedSeconds, entry.Settings["fontSize"]));
            arrivals.Add(entry.Arrival);
        }

        Assert.Equal(arrivals.Order().Distinct(), arrivals);
        Assert.Equal("José Berg1", (await world.Entries.OfSession(session.Id))[0].Student.Name);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_cannot_be_found_is_told_so_without_a_hint_which_part_was_wrong(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.StudentOf(1);
        await world.StudentOf(1, world.Stranger);
        var wrong = Refused(ProblemKind.StudentUnknown, await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, StudentId: "S-001", FirstName: "Mia"), Address));
        var unknown = Refused(ProblemKind.StudentUnknown, await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, StudentId: "S-999", FirstName: "José"), Address));
        Assert.Equal(wrong.Detail, unknown.Detail);
        Refused(ProblemKind.NotFound, await world.JoinLobby.Run(new JoinRequest(JoinId: "K7QM-3XPB", StudentId: "S-001", FirstName: "José"), Address));
        Refused(ProblemKind.NotFound, await world.JoinLobby.Run(new JoinRequest(Link: "/j/nothing", StudentId: "S-001", FirstName: "José"), Address));
        Assert.Equal(["sessionCreated", "lobbyOpened", "windowOpened"], await world.Kinds(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_form_that_is_not_filled_in_is_told_by_field(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        async Task Wrong(string field, JoinRequest request) =>
            Assert.Equal(field, Assert.Single(Refused(ProblemKind.Invalid, await world.JoinLobby.Run(request, Address)).Fields).Key);

        await Wrong("joinId", new JoinRequest(StudentId: "S-001", FirstName: "José"));
        await Wrong("joinId", new JoinRequest(JoinId: session.JoinId, Link: "/j/x", StudentId: "S-001", FirstName: "José"));
        await Wrong("studentId", new JoinRequest(JoinId: session.JoinId));
        await Wrong("studentId", new JoinRequest(JoinId: session.JoinId, StudentId: "S-001", FirstName: "José", GuestName: "José"));
        await Wrong("studentId", new JoinRequest(JoinId: session.JoinId, StudentId: "S\u0000", FirstName: "José"));
        await Wrong("firstName", new JoinRequest(JoinId: session.JoinId, StudentId: "S-001", FirstName: " "));
        await Wrong("guestName", new JoinRequest(JoinId: session.JoinId, GuestName: " "));
        await Wrong("guestName", new JoinRequest(JoinId: session.JoinId, GuestName: new string('g', 81)));
        await Wrong("testCode", new JoinRequest(JoinId: session.JoinId, StudentId: "S-001", FirstName: "José", TestCode: "NO-SUCH"));
        Refused(ProblemKind.NotFound, await world.JoinLobby.Run(new JoinRequest(Link: "/j/\u0000", StudentId: "S-001", FirstName: "José"), Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_joins_by_link_and_a_guest_only_for_a_test_that_is_practice(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Mode = SessionMode.Remote, Tests = [Delivered, Practice] });
        var (id, name) = await world.StudentOf(1);
        var answer = Good(await world.JoinLobby.Run(new JoinRequest(Link: session.JoinLink, StudentId: id, FirstName: name, TestCode: " math-7"), Address));
        Assert.Equal((WayIn.Link, Delivered), ((await world.Entries.Find(answer.EntryId))!.WayIn, (await world.Entries.Find(answer.EntryId))!.Test.Code));
        Refused(ProblemKind.TestChoiceRequired, await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, StudentId: id, FirstName: name), Address));
        Refused(ProblemKind.GuestsNotAllowed, await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, GuestName: "Gus", TestCode: Delivered), Address));
        var first = Good(await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, GuestName: " Gus ", TestCode: Practice), Address));
        var second = Good(await world.JoinLobby.Run(new JoinRequest(Link: session.JoinLink, GuestName: "Gus", TestCode: Practice), Address));
        Assert.NotEqual(first.EntryId, second.EntryId);
        var guest = (await world.Entries.Find(first.EntryId))!;
        Assert.Equal((WayIn.Guest, true, "Gus"), (guest.WayIn, guest.Student.Guest, guest.Student.Name));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_code_is_asked_of_everybody_whatever_its_case(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Code = "Willow" });
        var ticket = await world.Ticket(session);
        Refused(ProblemKind.CodeRequired, await world.JoinLobby.Run(ticket with { Code = null }, Address));
        Refused(ProblemKind.CodeWrong, await world.JoinLobby.Run(ticket with { Code = "Willows" }, Address));
        Good(await world.JoinLobby.Run(ticket with { Code = " wILLOW " }, Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_second_device_takes_over_and_the_first_is_told(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var first = await world.Testing(session);
        var second = await world.Join(session);
        Assert.Equal((first.Id, 2), (second.Id, second.Answer.Device));
        Refused(ProblemKind.TakenOver, await world.Entries.ByToken(Secret.Hash(first.Answer.Token)));
        Refused(ProblemKind.TakenOver, await world.Student.RaiseHand(first.Caller, true));
        Refused(ProblemKind.TakenOver, await world.FetchToken.Run(first.Caller));
        var entry = await world.Entry(second);
        Assert.Equal((EntryState.Waiting, "secondDevice"), (entry.State, Assert.Single(entry.Flags, flag => flag.Code == "secondDevice").Code));
        Assert.Equal("takenOver", (await world.Events(FeedNames.Entry(first.Id)))[^1].Kind);
        Refused(ProblemKind.SignInRequired, await world.Entries.ByToken(Secret.Hash("lpe_no-such")));
        await world.Approve(second);
        Good(await world.Redeem.Run(world.Delivery, (await world.Token(second)).Token));
        Assert.Equal(EntryState.Testing, (await world.Report(second, ReportKind.Started)).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_is_active_in_one_session_for_a_test(string kind)
    {
        await using var world = await World.New(kind);
        var here = await world.Open();
        var there = await world.Open(form => form with { Name = "Room 5" });
        var place = await world.Join(here);
        var refused = Refused(ProblemKind.ActiveElsewhere, await world.JoinLobby.Run(await world.Ticket(there), Address));
        Assert.Contains("Mathematics, room 4", refused.Detail, StringComparison.Ordinal);
        Good(await world.Student.Withdraw(place.Caller));
        var other = await world.Join(there);
        Refused(ProblemKind.ActiveElsewhere, await world.Student.Return(place.Caller));
        Refused(ProblemKind.ActiveElsewhere, await world.JoinLobby.Run(await world.Ticket(here), Address));
        Good(await world.Student.Withdraw(other.Caller));
        Assert.Equal(EntryState.Waiting, Good(await world.Student.Return(place.Caller)).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Who_has_handed_in_does_not_join_again_unless_it_was_practice(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Testing(session);
        await world.Report(place, ReportKind.Submitted);
        Refused(ProblemKind.AlreadyDone, await world.JoinLobby.Run(await world.Ticket(session), Address));
        var ended = await world.Join(session, 2);
        Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(ended) with { Reason = "Phone" }));
        Refused(ProblemKind.AlreadyDone, await world.JoinLobby.Run(await world.Ticket(session, 2), Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_profile_that_admits_by_itself_stops_at_the_capacity(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Capacity = 2 }, new ProfileSettings { AutoAdmit = true });
        var states = new List<EntryState>();
        foreach (var student in Enumerable.Range(1, 3))
        {
            states.Add((await world.Join(session, student)).Answer.State);
        }

        Assert.Equal([EntryState.Approved, EntryState.Approved, EntryState.Waiting], states);
        Assert.Null((await world.Entries.OfSession(session.Id))[0].Decision!.By);
    }

    [Fact]
    public async Task Guesses_are_throttled_and_two_hundred_right_joins_from_one_address_are_not_hurt()
    {
        await using var world = await World.New("sqlite");
        var session = await world.Open(form => form with { Code = "willow" });
        var right = await world.Ticket(session);
        for (var guess = 0; guess < 8; guess++)
        {
            Refused(ProblemKind.CodeWrong, await world.JoinLobby.Run(right with { Code = $"guess{guess}" }, Address));
        }

        // Of this student even the right code is refused now, of the others it is not.
        var refused = Refused(ProblemKind.Throttled, await world.JoinLobby.Run(right, Address));
        Assert.True(refused.RetryAfter > TimeSpan.Zero);
        for (var guess = 0; guess < 10; guess++)
        {
            Refused(ProblemKind.StudentUnknown, await world.JoinLobby.Run(right with { StudentId = "S-777", FirstName = $"Name{guess}" }, Address));
        }

        Refused(ProblemKind.Throttled, await world.JoinLobby.Run(right with { StudentId = "S-777", FirstName = "Name" }, Address));
        var class_ = await Task.WhenAll(Enumerable.Range(100, 200).Select(student => world.Ticket(session, student)));
        var joined = await Task.WhenAll(class_.Select(ticket => world.JoinLobby.Run(ticket, Address)));
        Assert.All(joined, answer => Good(answer));
        world.Clock.Advance(refused.RetryAfter!.Value);
        Good(await world.JoinLobby.Run(right, Address));

        for (var guess = 0; guess < 100; guess++)
        {
            Refused(ProblemKind.NotFound, await world.Find.Run("K7QM-3XPB", null, "198.51.100.7"));
        }

        Refused(ProblemKind.Throttled, await world.Find.Run(session.JoinId, null, "198.51.100.7"));
        Good(await world.Find.Run(session.JoinId, null, Address));
    }

    [Fact]
    public async Task A_session_that_is_looked_up_while_the_permit_is_asked_for_is_not_told_without_one()
    {
        await using var world = await World.New("sqlite");
        var session = await world.Open();
        var find = new FindSession(world.Sessions, new JoinThrottle(new FarThrottle(world.Throttle, async _ => await Task.Yield())));
        for (var guess = 0; guess < 100; guess++)
        {
            Good(await find.Run(session.JoinId, null, Address));
            Refused(ProblemKind.NotFound, await find.Run("K7QM-3XPB", null, Address));
        }

        Refused(ProblemKind.Throttled, await find.Run(session.JoinId, null, Address));
        Good(await find.Run(session.JoinId, null, "198.51.100.7"));
    }
}
