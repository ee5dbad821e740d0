using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>Invitations, moves of registrations, files instead of a server, and calendar feeds.</summary>
public sealed class InvitingTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Everybody_registered_is_invited_by_one_mail_a_session_with_the_address_of_the_own_page(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(2);
        var mia = await mail.Student("Mia", session.Id, language: "es");
        await mail.Register(mia, session.Id, World.Undelivered);
        await mail.Student("Nobody", session.Id, email: null);

        var answer = World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: session.Id)));
        await mail.Sender.Run();

        Assert.Equal(new InvitationAnswer(5, 4, 1, 0), answer);
        Assert.Equal(3, mail.Pigeons.Carried.Count);
        var hers = Assert.Single(mail.Pigeons.Carried, item => item.To.Address == "mia@school.example");
        Assert.StartsWith("Invitación", hers.Subject, StringComparison.Ordinal);
        Assert.Contains("https://proctor.example/my/", hers.Text, StringComparison.Ordinal);
        Assert.Equal(3, mail.Pigeons.Carried.Select(item => item.Text.Split('\n').Single(line => line.Contains("/my/", StringComparison.Ordinal))).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_invitation_that_waits_is_not_written_twice_and_says_the_newest_dates(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: session.Id)));

        var second = World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: session.Id)));
        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();

        Assert.Equal((0, 1), (second.Mails, second.Already));
        Assert.Contains("10:00", Assert.Single(mail.Pigeons.Carried).Text, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_invitation_to_tests_without_a_session_says_that_they_can_be_started_at_any_time(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var mia = await mail.Student("Mia");
        var id = await mail.Register(mia, null);

        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(Ids: [id])));
        await mail.Sender.Run();

        var carried = Assert.Single(mail.Pigeons.Carried);
        Assert.Contains("whenever you like", carried.Text, StringComparison.Ordinal);
        Assert.Empty(carried.Calendars);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_is_no_longer_registered_is_not_written_to(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: session.Id)));
        await mail.Sql("UPDATE registrations SET status = 'Cancelled' WHERE session_id = @Id", new { session.Id });

        await mail.Sender.Run();

        Assert.Empty(mail.Pigeons.Carried);
        Assert.Equal(MailState.Superseded, (await mail.Only()).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task One_of_registrations_session_and_group_is_named_and_only_ones_own(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        var manager = mail.World.Manager;

        World.Refused(ProblemKind.Invalid, await mail.Invite.Run(manager, new Invitation()));
        World.Refused(ProblemKind.Invalid, await mail.Invite.Run(manager, new Invitation([Id.New(mail.World.Now)], session.Id)));
        World.Refused(ProblemKind.NotFound, await mail.Invite.Run(manager, new Invitation([Id.New(mail.World.Now)])));
        World.Refused(ProblemKind.NotFound, await mail.Invite.Run(manager, new Invitation(GroupId: "g")));
        Assert.Empty(await mail.Rows());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_who_was_put_into_another_session_is_told_of_it_and_one_who_was_taken_out_too(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var first = await mail.Class();
        var second = await mail.World.Session(form => form with { Name = "Room 9" });
        var mia = await mail.Student("Mia", second.Id);
        var tom = await mail.Student("Tom");

        World.Good(await mail.World.Changes.Run<int>(mail.World.Manager, async change =>
        {
            StudentMove[] moves = [new(mia.Id, first.Id, second.Id), new(tom.Id, first.Id, null, Removed: true)];
            await Notices.FollowMoves(change, mail.World.Manager.OrganisationId, moves, notify: true);
            return moves.Length;
        }));
        await mail.Sender.Run();

        var moved = Assert.Single(mail.Pigeons.Carried, item => item.To.Address == "mia@school.example");
        Assert.Equal(["REQUEST", "CANCEL"], moved.Calendars.Select(item => item.Method));
        Assert.Contains("Room 9", moved.Subject, StringComparison.Ordinal);
        var removed = Assert.Single(mail.Pigeons.Carried, item => item.To.Address == "tom@school.example");
        Assert.Equal("CANCEL", Assert.Single(removed.Calendars).Method);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Moving_and_taking_back_registrations_tells_the_students_when_asked_and_otherwise_nobody(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var first = await mail.World.Session();
        var second = await mail.World.Session(form => form with { Name = "Room 9" });
        var (mia, tom, ida) = (await mail.Student("Mia"), await mail.Student("Tom"), await mail.Student("Ida"));
        var ids = new List<string>();
        foreach (var student in new[] { mia, tom, ida })
        {
            ids.Add(await mail.Register(student, first.Id));
        }

        World.Good(await mail.World.Registrations.Move(mail.World.Manager, new() { Ids = [ids[0]], SessionId = second.Id, Notify = true }, null));
        World.Good(await mail.World.Registrations.Move(mail.World.Manager, new() { Ids = [ids[1]], SessionId = second.Id }, null));
        await mail.Sender.Run();
        Assert.Equal("mia@school.example", Assert.Single(mail.Pigeons.Carried).To.Address);
        World.Good(await mail.World.Registrations.CancelOne(mail.World.Manager, ids[0], null, notify: true));
        World.Good(await mail.World.Registrations.CancelOne(mail.World.Manager, ids[1], null));
        await mail.Sender.Run();

        Assert.Equal(["REQUEST", "CANCEL"], mail.Pigeons.Carried.Select(item => item.Calendars[0].Method));
        Assert.All(mail.Pigeons.Carried, item => Assert.Contains("Room 9", item.Subject, StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_invitation_that_waits_goes_with_its_student_to_another_session(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var first = await mail.World.Session();
        var second = await mail.World.Session(form => form with { Name = "Room 9" });
        var id = await mail.Register(await mail.Student("Mia"), first.Id);
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation([id])));

        World.Good(await mail.World.Registrations.Move(mail.World.Manager, new() { Ids = [id], SessionId = second.Id, Notify = true }, null));
        await mail.Sender.Run();

        Assert.Contains("Room 9", Assert.Single(mail.Pigeons.Carried).Subject, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Without_a_mail_server_mails_are_files_and_a_crash_between_writing_and_recording_makes_no_second(string kind)
    {
        var folder = Directory.CreateTempSubdirectory("liveproctor-mails-").FullName;
        await using var mail = await MailWorld.New(kind, _ => new FileCarrier(Path.Combine(folder, "mail")));
        var session = await mail.Class(2);
        await mail.MoveAnHour(session.Id);
        var dying = await mail.NewOutbox().Claim(TimeSpan.FromMinutes(2));
        await mail.Carrier.Carry(MailWriter.Write(dying!.Facts!, mail.Carrier.From, mail.World.Now), () => Task.FromResult(true), default);

        await mail.Sender.Run();
        mail.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await mail.Sender.Run();

        Assert.Equal([MailState.Written, MailState.Written], await mail.States());
        var files = Directory.GetFiles(Path.Combine(folder, "mail"));
        Assert.Equal((await mail.Rows()).Select(row => row.Reply).Order(StringComparer.Ordinal), files.Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal));
        Assert.Contains("METHOD", Decoded(await File.ReadAllTextAsync(files[0])), StringComparison.Ordinal);
        Directory.Delete(folder, recursive: true);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_students_calendar_holds_the_sessions_and_their_newest_dates_under_one_identity(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.World.Session();
        var mia = await mail.Student("Mia", session.Id);
        var page = await Page(mail, mia.Id);
        var secret = World.Good(await mail.Calendars.RenewOfStudent(page)).Secret!;
        await mail.MoveAnHour(session.Id);

        var feed = World.Good(await mail.Calendars.Read(secret));

        Assert.Equal(MailWriter.Uid(session.Id, mia.Id), Opened.Value(feed, "UID"));
        Assert.Equal("20261121T100000Z", Opened.Value(feed, "DTSTART"));
        Assert.Equal(feed, World.Good(await mail.Calendars.Read(secret)));
        Assert.Equal(secret, World.Good(await mail.Calendars.OfStudent(page)).Secret);
        foreach (var hidden in new[] { session.Password!, session.JoinId, JoinId.Show(session.JoinId) })
        {
            Assert.DoesNotContain(hidden, feed, StringComparison.Ordinal);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_new_address_makes_the_old_one_fail_and_a_proctor_finds_only_own_sessions(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        await mail.World.Session();
        var old = World.Good(await mail.Calendars.Renew(mail.World.Ada)).Secret!;
        var ada = World.Good(await mail.Calendars.Renew(mail.World.Ada)).Secret!;
        var cleo = World.Good(await mail.Calendars.Renew(mail.World.Cleo)).Secret!;

        World.Refused(ProblemKind.NotFound, await mail.Calendars.Read(old));
        World.Refused(ProblemKind.NotFound, await mail.Calendars.Read("guess"));
        Assert.Contains("Mathematics\\, room 4", World.Good(await mail.Calendars.Read(ada)), StringComparison.Ordinal);
        Assert.DoesNotContain("VEVENT", World.Good(await mail.Calendars.Read(cleo)), StringComparison.Ordinal);
        World.Good(await mail.Calendars.Revoke(mail.World.Ada));
        World.Refused(ProblemKind.NotFound, await mail.Calendars.Read(ada));
        Assert.Null((await mail.Calendars.OfStaff(mail.World.Ada)).Secret);
    }

    private static Task<string> Page(MailWorld mail, string studentId) => mail.World.Db.Read(connection =>
        Dapper.SqlMapper.QuerySingleAsync<string>(connection, "SELECT page_secret FROM students WHERE id = @studentId", new { studentId }));

    private static string Decoded(string message)
    {
        var calendar = message[message.IndexOf("text/calendar", StringComparison.Ordinal)..];
        var body = calendar[(calendar.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
        return System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(body[..body.IndexOf("--=_", StringComparison.Ordinal)].ReplaceLineEndings("")));
    }
}
