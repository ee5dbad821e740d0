using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>What students are told when their sessions are deleted.</summary>
public sealed class DeletionMailTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Who_loses_a_session_is_told_when_asked_and_the_calendar_entry_is_cancelled(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(2);
        await mail.Student("Nobody", session.Id, email: null);
        await mail.Student("Elsewhere");
        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();
        var told = mail.Pigeons.Carried.ToDictionary(item => item.To.Address, item => item.Calendars[0].Text, StringComparer.Ordinal);
        mail.Pigeons.Carried.Clear();

        await Delete(mail, notify: true, session.Id);
        await mail.Sender.Run();
        await mail.Sender.Run();

        Assert.Equal(["pupil1@school.example", "pupil2@school.example"], mail.Pigeons.Carried.Select(item => item.To.Address).Order(StringComparer.Ordinal));
        foreach (var letter in mail.Pigeons.Carried)
        {
            var (method, text) = Assert.Single(letter.Calendars);
            Assert.Equal("CANCEL", method);
            Assert.Equal(Opened.Value(told[letter.To.Address], "UID"), Opened.Value(text, "UID"));
            Assert.True(int.Parse(Opened.Value(text, "SEQUENCE"), null) > int.Parse(Opened.Value(told[letter.To.Address], "SEQUENCE"), null));
            Assert.Contains("Mathematics, room 4", letter.Subject, StringComparison.Ordinal);
            Assert.Contains("whenever you like", letter.Text, StringComparison.Ordinal);
            Assert.Contains($"Tests: The test {World.Delivered}", letter.Text, StringComparison.Ordinal);
        }

        Assert.Contains(await mail.Rows(), row => row.State == MailState.Failed && row.StudentName == "Nobody Berg" && row.SessionName == "Mathematics, room 4");
        Assert.Equal(2, await mail.World.Db.Read(connection => connection.QuerySingleAsync<long>("SELECT count(*) FROM audit WHERE action = 'candidatesNotified'")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Silently_nobody_is_told_but_whoever_was_about_to_be_told_of_the_session_is_told_what_is_true(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var quiet = await mail.Class();
        var moved = await mail.World.Session(form => form with { Name = "Room 9" });
        await mail.Student("Mia", moved.Id);
        await mail.MoveAnHour(moved.Id);

        await Delete(mail, notify: false, quiet.Id, moved.Id);
        await mail.Sender.Run();

        var only = Assert.Single(mail.Pigeons.Carried);
        Assert.Equal("mia@school.example", only.To.Address);
        Assert.Contains("whenever you like", only.Text, StringComparison.Ordinal);
        Assert.Equal([MailState.Sent, MailState.Superseded], (await mail.States()).Order());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Invitations_that_wait_become_one_to_start_at_any_time(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var first = await mail.World.Session();
        var second = await mail.World.Session();
        var mia = await mail.Student("Mia", first.Id);
        await mail.Register(mia, second.Id, World.Undelivered);
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: first.Id)));
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: second.Id)));

        await Delete(mail, notify: false, first.Id, second.Id);
        await mail.Sender.Run();

        var only = Assert.Single(mail.Pigeons.Carried);
        Assert.Contains("whenever you like", only.Text, StringComparison.Ordinal);
        Assert.Contains($"The test {World.Delivered}, The test {World.Undelivered}", only.Text, StringComparison.Ordinal);
        Assert.Empty(only.Calendars);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_deleted_session_is_gone_from_every_feed_and_a_cancelled_one_is_marked_in_it_with_a_higher_number(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.World.Session();
        var mia = await mail.Student("Mia", session.Id);
        var page = await mail.World.Db.Read(connection => connection.QuerySingleAsync<string>("SELECT page_secret FROM students WHERE id = @Id", new { mia.Id }));
        var hers = World.Good(await mail.Calendars.RenewOfStudent(page)).Secret!;
        var adas = World.Good(await mail.Calendars.Renew(mail.World.Ada)).Secret!;
        var before = World.Good(await mail.Calendars.Read(hers));

        World.Good(await mail.World.Steer.Cancel(mail.World.Manager, session.Id, new PhaseRequest()));
        foreach (var secret in new[] { hers, adas })
        {
            var feed = World.Good(await mail.Calendars.Read(secret));
            Assert.Contains("STATUS:CANCELLED", feed, StringComparison.Ordinal);
            Assert.True(int.Parse(Opened.Value(feed, "SEQUENCE"), null) > int.Parse(Opened.Value(before, "SEQUENCE"), null));
        }

        await Delete(mail, notify: false, session.Id);
        foreach (var secret in new[] { hers, adas })
        {
            Assert.DoesNotContain("VEVENT", World.Good(await mail.Calendars.Read(secret)), StringComparison.Ordinal);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_preview_says_how_many_students_can_be_told_and_recommends_it_for_what_is_still_to_come(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var past = await mail.Class(1);
        await mail.World.PassTo(World.Nine.AddHours(3));
        var coming = await mail.World.Session(form => form with { OpensAt = "2026-11-23T09:00:00Z", ClosesAt = "2026-11-23T11:00:00Z" });
        var mia = await mail.Student("Mia", coming.Id);
        await mail.Register(mia, coming.Id, World.Undelivered);
        await mail.Student("Nobody", coming.Id, email: null);
        var preview = new PreviewDeletion(mail.World.Db, mail.Carrier);

        var both = World.Good(await preview.Run(mail.World.Manager, [past.Id, coming.Id]));
        var old = World.Good(await preview.Run(mail.World.Manager, [past.Id]));

        Assert.Equal((4, 3, 2, true), (both.Registrations, both.Students, both.WithEmail, both.Recommended));
        Assert.Equal((1, 1, false), (old.Students, old.WithEmail, old.Recommended));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_hundred_sessions_are_deleted_and_three_thousand_students_told_in_one_change(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var ids = new List<string>();
        for (var index = 0; index < 200; index++)
        {
            ids.Add((await mail.World.Session()).Id);
        }

        await mail.Many(ids, 15);
        await Delete(mail, notify: true, [.. ids]);

        Assert.Equal(3000, (await mail.List.Summary(mail.World.Manager)).Counts[MailState.Waiting]);
        Assert.Equal(3000, await Count(mail, "registrations WHERE status = 'Pending' AND session_id IS NULL"));
        Assert.Equal((200, 3000, 200), (
            await Count(mail, "audit WHERE action = 'deleted'"), await Count(mail, "audit WHERE action = 'registrationDetached'"), await Count(mail, "audit WHERE action = 'candidatesNotified'")));
        Assert.Equal(0, await Count(mail, "credit_ledger"));
        var throttle = new JoinThrottle(mail.World.Throttle);
        var start = new StartOwnTest(new OwnPage(mail.World.Db, throttle, mail.World.Clock), mail.World.Sessions, mail.World.Changes, throttle);
        var secret = $"{ids[100][^16..]}-7";
        var registration = await mail.World.Db.Read(connection => connection.QuerySingleAsync<string>("SELECT id FROM registrations WHERE student_id = @secret", new { secret }));
        Assert.Equal(EntryState.Approved, World.Good(await start.Run(secret, registration, new OwnStartRequest(), "192.0.2.1")).State);
    }

    private static Task<long> Count(MailWorld mail, string what) => mail.World.Db.Read(connection => connection.QuerySingleAsync<long>($"SELECT count(*) FROM {what}"));

    private static async Task Delete(MailWorld mail, bool notify, params string[] ids)
    {
        var sessions = new List<SessionRef>();
        foreach (var id in ids)
        {
            sessions.Add(new SessionRef(id, (await mail.World.SessionNow(id)).Version));
        }

        mail.World.Clock.Advance(TimeSpan.FromSeconds(1));
        var answer = World.Good(await new DeleteSessions(mail.World.Changes).Run(mail.World.Manager, new DeleteSessionsRequest { Sessions = sessions, Confirm = ids.Length, Notify = notify }));
        Assert.All(answer.Results, result => Assert.Equal("deleted", result.Outcome));
    }
}
