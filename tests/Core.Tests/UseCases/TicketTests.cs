using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Way in 1: user ID and session password, and the tickets that they are printed on.</summary>
public sealed class TicketTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task A_ticket_opens_the_assigned_test_at_once_and_no_other(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Undelivered, Delivered, Practice] });
        var ticket = await world.Registered(session, 1, Delivered);
        var answer = Good(await world.JoinLobby.Run(ticket, Address));
        var entry = (await world.Entries.Find(answer.EntryId))!;
        Assert.Equal((Delivered, WayIn.Ticket, "S-001"), (entry.Test.Code, entry.WayIn, entry.Student.ExternalId));
        Refused(ProblemKind.Invalid, await world.JoinLobby.Run(ticket with { TestCode = Practice }, Address));

        // Typed as people type, and again: the same entry, taken over.
        var sloppy = ticket with { UserId = $" {ticket.UserId!.ToLowerInvariant()}", Password = $"{ticket.Password![..5].ToLowerInvariant()} {ticket.Password[5..]}", TestCode = "math-7" };
        Assert.Equal((answer.EntryId, 2), (Good(await world.JoinLobby.Run(sloppy, Address)).EntryId, (await world.Entries.Find(answer.EntryId))!.Device));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_wrong_user_ID_a_wrong_password_and_a_student_of_another_session_are_told_the_same(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var other = await world.Open(form => form with { Name = "Another" });
        var ticket = await world.Registered(session, 1, Delivered);
        var foreign = await world.Registered(other, 2, Delivered);
        var told = new[]
        {
            Refused(ProblemKind.TicketWrong, await world.JoinLobby.Run(ticket with { UserId = "22222222" }, Address)),
            Refused(ProblemKind.TicketWrong, await world.JoinLobby.Run(ticket with { Password = "22222222" }, Address)),
            Refused(ProblemKind.TicketWrong, await world.JoinLobby.Run(foreign with { JoinId = session.JoinId, Password = session.Password }, Address)),
        };
        Assert.Single(told.Select(problem => problem.Detail).Distinct());
        Refused(ProblemKind.Invalid, await world.JoinLobby.Run(ticket with { StudentId = "S-001" }, Address));
        Refused(ProblemKind.Invalid, await world.JoinLobby.Run(ticket with { Password = null }, Address));
        Good(await world.JoinLobby.Run(ticket, Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_ticket_of_who_was_taken_off_the_list_opens_nothing(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Practice] });
        var ticket = await world.Registered(session, 1, Practice);
        var place = await world.PlaceOf(session, Good(await world.JoinLobby.Run(ticket, Address)));
        await world.Approve(place);
        await world.Token(place);
        Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(place) with { Reason = "Enough" }));
        var student = await world.Known(1);
        Good(await new DeleteStudent(world.Changes).Run(world.Manager, student.Id, student.Version));
        Refused(ProblemKind.TicketWrong, await world.JoinLobby.Run(ticket, Address));
        var throttle = new JoinThrottle(world.Throttle);
        var see = new SeeTicket(world.Find, world.OwnPage, world.Changes, throttle, world.Clock);
        Refused(ProblemKind.TicketWrong, await see.Run(new TicketRequest(JoinId: session.JoinId, UserId: ticket.UserId, Password: ticket.Password), Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_ticket_printed_before_the_password_was_changed_says_so(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var change = new ChangeSessionPassword(world.Changes);
        var ticket = await world.Registered(session, 1, Delivered);
        var changed = Good(await change.Run(world.Ada, session.Id, new NewSessionPassword()));
        Assert.NotEqual(session.Password, changed.Password);
        Refused(ProblemKind.TicketOutdated, await world.JoinLobby.Run(ticket, Address));
        Refused(ProblemKind.TicketOutdated, await world.JoinLobby.Run(ticket with { UserId = "22222222" }, Address));
        Good(await world.JoinLobby.Run(ticket with { Password = changed.Password }, Address));

        // By the form too; and a password that comes back is good again.
        var edited = Good(await world.Edit.Run(world.Ada, session.Id, world.Form with { Password = session.Password }, changed.Version));
        Assert.Equal(session.Password, edited.Password);
        Refused(ProblemKind.TicketOutdated, await world.JoinLobby.Run(ticket with { Password = changed.Password }, Address));
        Good(await world.JoinLobby.Run(ticket, Address));

        Refused(ProblemKind.Invalid, await change.Run(world.Ada, session.Id, new NewSessionPassword("a-b-c-")));
        Refused(ProblemKind.Stale, await change.Run(world.Ada, session.Id, new NewSessionPassword(), version: 1));
        Refused(ProblemKind.Forbidden, await change.Run(world.Observer, session.Id, new NewSessionPassword()));
        Refused(ProblemKind.NotFound, await change.Run(world.Stranger, session.Id, new NewSessionPassword()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Guessing_at_a_ticket_is_throttled_by_student_and_the_session_code_is_still_asked(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Code = "willow" });
        var ticket = await world.Registered(session, 1, Delivered);
        Refused(ProblemKind.CodeRequired, await world.JoinLobby.Run(ticket with { Code = null }, Address));
        Refused(ProblemKind.CodeWrong, await world.JoinLobby.Run(ticket with { Code = "oak-tree" }, Address));
        for (var guess = 0; guess < ThrottleLimits.JoinByStudent.Count; guess++)
        {
            Refused(ProblemKind.TicketWrong, await world.JoinLobby.Run(ticket with { Password = $"guess{guess}" }, Address));
        }

        Refused(ProblemKind.Throttled, await world.JoinLobby.Run(ticket, Address));
        Good(await world.JoinLobby.Run(await world.Registered(session, 2, Delivered), Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_several_tests_a_ticket_opens_the_next_that_is_to_be_taken(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(form => form with { Tests = [Delivered, Undelivered] });
        var ticket = await world.Registered(session, 1, Undelivered);
        await world.Registered(session, 1, Delivered);
        Assert.Equal(Delivered, await Opened(ticket with { Code = null }));
        Assert.Equal(Undelivered, await Opened(ticket with { TestCode = Undelivered }));

        async Task<string> Opened(JoinRequest request) => (await world.Entries.Find(Good(await world.JoinLobby.Run(request, Address)).EntryId))!.Test.Code;
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_ticket_shows_its_own_sessions_test_before_the_lobby_is_open_and_nothing_else(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var ticket = await world.Registered(session, 1, Delivered);
        await world.Registered(null, 1, Undelivered);
        Refused(ProblemKind.LobbyNotOpen, await world.JoinLobby.Run(ticket, Address));
        var throttle = new JoinThrottle(world.Throttle);
        var see = new SeeTicket(world.Find, new OwnPage(world.Db, throttle, world.Clock), world.Changes, throttle, world.Clock);
        var request = new TicketRequest(JoinId: session.JoinId, UserId: ticket.UserId, Password: ticket.Password);
        var shown = Good(await see.Run(request, Address));
        var test = Assert.Single(shown.Tests);
        Assert.Equal((Delivered, OwnTestState.Locked, session.LobbyOpensAt, world.Now), (test.TestCode, test.State, test.LobbyOpensAt, shown.Now));
        Refused(ProblemKind.Invalid, await see.Run(request with { UserId = null }, Address));
        Refused(ProblemKind.NotFound, await see.Run(request with { JoinId = "K7QM-3XPB" }, Address));
        for (var guess = 0; guess < ThrottleLimits.JoinByStudent.Count; guess++)
        {
            Refused(ProblemKind.TicketWrong, await see.Run(request with { Password = $"guess{guess}" }, Address));
        }

        Refused(ProblemKind.Throttled, await see.Run(request, Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Tickets_are_printed_for_all_a_group_or_one_and_each_printing_is_on_record(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Tests = [Delivered, Undelivered] });
        var first = await world.Registered(session, 2, Delivered);
        await world.Registered(session, 1, Undelivered);
        await world.Registered(await world.Session(form => form with { Name = "Another" }), 3, Delivered);
        var print = new PrintTickets(world.Changes);
        var all = await Printed(new TicketsRequest());
        Assert.Equal(["S-001", "S-002"], all.Items.Select(ticket => ticket.Student.ExternalId));
        Assert.Equal((first.UserId, session.Password, Delivered), (all.Items[1].UserId, all.Items[1].Password, all.Items[1].TestCode));
        Assert.Equal(("https://proctor.example/join", session.JoinId), (all.Session.JoinAddress, all.Session.JoinId));
        Assert.Equal(["S-002"], (await Printed(new TicketsRequest { StudentId = all.Items[1].Student.Id })).Items.Select(ticket => ticket.Student.ExternalId));
        Assert.Equal(["S-001"], (await Printed(new TicketsRequest { RegistrationIds = [all.Items[0].RegistrationId] })).Items.Select(ticket => ticket.Student.ExternalId));
        Assert.Empty((await Printed(new TicketsRequest { GroupId = "no-such" })).Items);

        Refused(ProblemKind.Invalid, await print.Run(world.Manager, session.Id, new TicketsRequest { RegistrationIds = [] }, _ => ""));
        Refused(ProblemKind.Forbidden, await print.Run(world.Observer, session.Id, new TicketsRequest(), _ => ""));
        Refused(ProblemKind.NotFound, await print.Run(world.Stranger, session.Id, new TicketsRequest(), _ => ""));
        var recorded = await world.Recorded("ticketsPrinted");
        Assert.Equal(["2", "1", "1", "0"], recorded.Select(details => details.GetProperty("count").ToString()));

        async Task<TicketSheet> Printed(TicketsRequest request) => Good(await print.Run(world.Manager, session.Id, request, _ => "https://proctor.example/join"));
    }

    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+44 20", "'+44 20")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("Ann \"A\" Lee, jr", "\"Ann \"\"A\"\" Lee, jr\"")]
    [InlineData("Zoë", "Zoë")]
    public void No_cell_of_the_file_runs_as_a_formula(string name, string cell)
    {
        var session = new TicketsSession("s", "Morning", SessionMode.InPerson, "Europe/Paris", Nine, Nine.AddHours(2), "K7QM-3XPA", "https://proctor.example/join/K7QM-3XPA", false);
        var csv = TicketsCsv.Write(new TicketSheet(session, [new Ticket("r", "U", "P", new TicketStudent("i", "S-1", "Mia", name), "M", "Maths", 60)]));
        Assert.StartsWith($"{cell},Mia,S-1,U,P,K7QM-3XPA,", csv.Split("\r\n")[1], StringComparison.Ordinal);
        Assert.EndsWith("2026-11-21 10:00,2026-11-21 12:00,Europe/Paris\r\n", csv, StringComparison.Ordinal);
    }
}
