using Dapper;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>What stands in the outbox after a change, whatever comes between it and the mail.</summary>
public sealed class OutboxTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Everybody_registered_is_told_once_of_new_dates_and_whoever_has_no_address_is_seen(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(2);
        await mail.Student("Nobody", session.Id, email: null);
        await mail.Student("Elsewhere");

        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();
        await mail.Sender.Run();

        Assert.Equal(["pupil1@school.example", "pupil2@school.example"], mail.Pigeons.Carried.Select(item => item.To.Address).Order(StringComparer.Ordinal));
        var rows = await mail.Rows();
        Assert.Equal(3, rows.Count);
        Assert.Equal("Nobody Berg", Assert.Single(rows, row => row.State == MailState.Failed).StudentName);
        Assert.Equal(1, await mail.World.Db.Read(connection => connection.QuerySingleAsync<long>("SELECT count(*) FROM audit WHERE action = 'candidatesNotified'")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_is_told_of_what_was_saved_silently(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();

        await mail.MoveAnHour(session.Id, notify: false);

        Assert.Empty(await mail.Rows());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_with_two_tests_in_the_session_gets_one_mail_that_names_both(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.World.Session();
        var mia = await mail.Student("Mia", session.Id);
        await mail.Register(mia, session.Id, World.Undelivered);

        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();

        var text = Assert.Single(mail.Pigeons.Carried).Text;
        Assert.Contains($"The test {World.Delivered}, The test {World.Undelivered}", text, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_later_change_takes_the_place_of_a_mail_that_was_not_sent_yet_and_the_student_is_told_what_was_before_both(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();

        await mail.MoveAnHour(session.Id);
        await mail.MoveTwoHours(session.Id);
        await mail.Sender.Run();

        Assert.Equal([MailState.Superseded, MailState.Sent], await mail.States());
        var told = Assert.Single(mail.Pigeons.Carried);
        Assert.Contains("Opens: Saturday 21 November 2026, 11:00", told.Text, StringComparison.Ordinal);
        Assert.Contains("Before: Saturday 21 November 2026, 09:00", told.Text, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_was_to_be_told_still_is_after_a_silent_change_and_of_the_newest_dates(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        await mail.Student("Late", session.Id);

        await mail.MoveTwoHours(session.Id, notify: false);
        await mail.Sender.Run();

        var told = Assert.Single(mail.Pigeons.Carried);
        Assert.Equal("pupil1@school.example", told.To.Address);
        Assert.Contains("Opens: Saturday 21 November 2026, 11:00", told.Text, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Old_dates_are_not_sent_even_when_they_change_while_the_server_is_being_talked_to(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        mail.Pigeons.Next.Enqueue(async (_, handOver) =>
        {
            await mail.MoveTwoHours(session.Id);
            Assert.False(await handOver());
            return new MailFate(Fate.Abandoned, "");
        });

        await mail.Sender.Run();

        Assert.Contains("11:00", Assert.Single(mail.Pigeons.Carried).Text, StringComparison.Ordinal);
        Assert.Equal([MailState.Superseded, MailState.Sent], await mail.States());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_sequence_rises_and_the_identity_stays(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();

        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();
        await mail.MoveTwoHours(session.Id);
        await mail.Sender.Run();
        World.Good(await mail.World.Steer.Cancel(mail.World.Manager, session.Id, new PhaseRequest(Notify: true)));
        await mail.Sender.Run();

        var calendars = mail.Pigeons.Carried.Select(item => Assert.Single(item.Calendars)).ToList();
        Assert.Equal(["REQUEST", "REQUEST", "CANCEL"], calendars.Select(item => item.Method));
        Assert.Single(calendars.Select(item => Opened.Value(item.Text, "UID")).Distinct(StringComparer.Ordinal));
        var sequences = calendars.Select(item => int.Parse(Opened.Value(item.Text, "SEQUENCE"), System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(sequences.Distinct().Order(), sequences);
        Assert.Equal("STATUS:CANCELLED", Opened.Lines(calendars[2].Text).First(line => line.StartsWith("STATUS", StringComparison.Ordinal)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_cancelled_session_sends_no_new_dates_any_more(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        mail.World.Clock.Advance(TimeSpan.FromSeconds(1));

        World.Good(await mail.World.Steer.Cancel(mail.World.Manager, session.Id, new PhaseRequest(Notify: true)));
        await mail.Sender.Run();

        Assert.Equal([MailState.Superseded, MailState.Sent], await mail.States());
        Assert.StartsWith("Cancelled:", Assert.Single(mail.Pigeons.Carried).Subject, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_nodes_never_take_the_same_mail(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(20);
        await mail.MoveAnHour(session.Id);
        var other = new SendMails(mail.NewOutbox(), mail.Carrier, mail.World.Clock);
        var third = new SendMails(mail.NewOutbox(), mail.Carrier, mail.World.Clock);

        await Task.WhenAll(mail.Sender.Run(), other.Run(), third.Run());

        Assert.Equal(20, mail.Pigeons.Carried.Count);
        Assert.Equal(20, mail.Pigeons.Carried.Select(item => item.To.Address).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_node_that_dies_before_the_end_of_the_mail_is_made_good_by_another(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        Assert.NotNull(await mail.NewOutbox().Claim(TimeSpan.FromMinutes(6)));

        await mail.Sender.Run();
        Assert.Empty(mail.Pigeons.Carried);
        mail.World.Clock.Advance(TimeSpan.FromMinutes(7));
        await mail.Sender.Run();

        Assert.Single(mail.Pigeons.Carried);
        Assert.Equal(MailState.Sent, (await mail.Only()).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_node_that_wakes_up_after_another_took_over_says_nothing(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        var asleep = await mail.Outbox.Claim(TimeSpan.FromMinutes(6));
        mail.World.Clock.Advance(TimeSpan.FromMinutes(7));
        await mail.Sender.Run();

        Assert.False(await mail.Outbox.MarkHandingOver(asleep!, TimeSpan.FromMinutes(5)));
        await mail.Outbox.Record(asleep!, MailState.Failed, "too late", null);

        Assert.Equal(MailState.Sent, (await mail.Only()).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_node_that_dies_after_the_end_of_the_mail_leaves_it_to_people_and_it_is_never_sent_by_itself(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        var dying = await mail.NewOutbox().Claim(TimeSpan.FromMinutes(6));
        Assert.True(await mail.NewOutbox().MarkHandingOver(dying!, TimeSpan.FromMinutes(11)));

        mail.World.Clock.Advance(TimeSpan.FromDays(1));
        await mail.Sender.Run();

        Assert.Empty(mail.Pigeons.Carried);
        var row = await mail.Only();
        Assert.Equal(MailState.Unconfirmed, row.State);
        Assert.Equal("sending", Assert.Single(World.Good(await mail.Decide.SendAgain(mail.World.Manager, new MailsRequest([row.Id]))).Results).Outcome);
        await mail.Sender.Run();
        Assert.StartsWith(row.Id, Assert.Single(mail.Pigeons.Carried).MessageId, StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_answer_that_came_late_still_counts(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        mail.Pigeons.Next.Enqueue(async (_, handOver) =>
        {
            Assert.True(await handOver());
            mail.World.Clock.Advance(TimeSpan.FromHours(1));
            await mail.NewOutbox().TellUnconfirmed();
            return new MailFate(Fate.Accepted, "250 At last");
        });

        await mail.Sender.Run();

        Assert.Equal(MailState.Sent, (await mail.Only()).State);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Somebody_may_say_that_an_unconfirmed_mail_has_arrived_and_then_it_is_not_sent(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        mail.Pigeons.Next.Enqueue((_, _) => Task.FromResult(new MailFate(Fate.Unknown, "The answer was lost.")));
        await mail.Sender.Run();
        var row = await mail.Only();

        Assert.Equal("arrived", Assert.Single(World.Good(await mail.Decide.Arrived(mail.World.Manager, new MailsRequest([row.Id]))).Results).Outcome);
        Assert.Equal("alreadySent", Assert.Single(World.Good(await mail.Decide.SendAgain(mail.World.Manager, new MailsRequest([row.Id]))).Results).Outcome);
        await mail.Sender.Run();

        Assert.Empty(mail.Pigeons.Carried);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_server_that_says_not_now_is_asked_again_later_and_one_that_says_never_is_not(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(2);
        await mail.MoveAnHour(session.Id);
        mail.Pigeons.Next.Enqueue((_, _) => Task.FromResult(new MailFate(Fate.Later, "451 Greylisted")));
        mail.Pigeons.Next.Enqueue((_, _) => Task.FromResult(new MailFate(Fate.Refused, "550 No such mailbox")));

        await mail.Sender.Run();
        var rows = await mail.Rows();
        var later = Assert.Single(rows, row => row.State == MailState.Waiting);
        Assert.Equal("451 Greylisted", later.Reply);
        Assert.InRange(later.NextTryAt!.Value - mail.World.Now, TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(75));
        Assert.Equal("550 No such mailbox", Assert.Single(rows, row => row.State == MailState.Failed).Reply);

        await mail.Sender.Run();
        Assert.Empty(mail.Pigeons.Carried);
        mail.World.Clock.Advance(TimeSpan.FromSeconds(76));
        await mail.Sender.Run();
        Assert.Equal([later.Recipient], mail.Pigeons.Carried.Select(item => item.To.Address));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_mail_is_given_up_after_three_days_and_says_the_last_answer(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        for (var tries = 0; tries < 40; tries++)
        {
            mail.Pigeons.Next.Enqueue((_, _) => Task.FromResult(new MailFate(Fate.Later, "450 Mailbox busy")));
            await mail.Sender.Run();
            mail.World.Clock.Advance(TimeSpan.FromHours(5));
        }

        var row = await mail.Only();
        Assert.Equal(MailState.Failed, row.State);
        Assert.Contains("450 Mailbox busy", row.Reply, StringComparison.Ordinal);
        Assert.InRange(row.Attempts, 10, 30);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_older_mail_is_not_sent_again_once_a_newer_one_tells_other_dates(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        var dying = await mail.NewOutbox().Claim(TimeSpan.FromMinutes(6));
        await mail.NewOutbox().MarkHandingOver(dying!, TimeSpan.FromMinutes(11));
        await mail.MoveTwoHours(session.Id);
        await mail.Sender.Run();
        mail.World.Clock.Advance(TimeSpan.FromHours(1));
        await mail.Sender.Run();
        var old = Assert.Single(await mail.Rows(), row => row.State == MailState.Unconfirmed);

        Assert.Equal("superseded", Assert.Single(World.Good(await mail.Decide.SendAgain(mail.World.Manager, new MailsRequest([old.Id]))).Results).Outcome);
        await mail.Sender.Run();

        Assert.Single(mail.Pigeons.Carried);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Another_organisation_sees_and_decides_nothing(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);
        var row = await mail.Only();
        var stranger = mail.World.Stranger;

        Assert.Empty(World.Good(await mail.List.Run(stranger, new OutboxQuery())).Items);
        Assert.Empty((await mail.List.Summary(stranger)).Counts);
        Assert.Equal("gone", Assert.Single(World.Good(await mail.Decide.SendAgain(stranger, new MailsRequest([row.Id]))).Results).Outcome);
        World.Refused(ProblemKind.NotFound, await mail.Preview.Run(stranger, session.Id, new NoticeQuestion()));
        World.Refused(ProblemKind.NotFound, await mail.Invite.Run(stranger, new Invitation(SessionId: session.Id)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_list_is_read_page_by_page_filtered_and_searched(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(5);
        await mail.MoveAnHour(session.Id);
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = World.Good(await mail.List.Run(mail.World.Manager, new OutboxQuery(Cursor: cursor, Limit: 2)));
            seen.AddRange(page.Items.Select(row => row.Id));
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(5, seen.Count);
        Assert.Equal("Pupil3 Berg", Assert.Single(await mail.Rows(new OutboxQuery(Search: "pil3"))).StudentName);
        Assert.Equal(5, (await mail.Rows(new OutboxQuery(MailState.Waiting, session.Id))).Count);
        Assert.Empty(await mail.Rows(new OutboxQuery(MailState.Sent)));
        Assert.Equal(5, (await mail.List.Summary(mail.World.Manager)).Counts[MailState.Waiting]);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_form_is_told_how_many_and_whether_to_recommend_it(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class(3);
        await mail.Student("Nobody", session.Id, email: null);

        var later = World.Good(await mail.Preview.Run(mail.World.Manager, session.Id, new NoticeQuestion("21/11/26 10:00")));
        var longer = World.Good(await mail.Preview.Run(mail.World.Manager, session.Id, new NoticeQuestion(ClosesAt: "2026-11-21T12:00:00Z")));
        var same = World.Good(await mail.Preview.Run(mail.World.Manager, session.Id, new NoticeQuestion()));
        var cancel = World.Good(await mail.Preview.Run(mail.World.Manager, session.Id, new NoticeQuestion(Cancel: true)));

        Assert.Equal((4, 3, true, true), (later.Candidates, later.WithEmail, later.Changes, later.Recommended));
        Assert.Equal([NoticeReason.StartsLater, NoticeReason.Shorter], later.Reasons);
        Assert.Equal((true, false), (longer.Changes, longer.Recommended));
        Assert.Equal((false, false), (same.Changes, same.Recommended));
        Assert.True(cancel.Recommended);
        World.Refused(ProblemKind.Invalid, await mail.Preview.Run(mail.World.Manager, session.Id, new NoticeQuestion("soon")));
        World.Refused(ProblemKind.Forbidden, await mail.Preview.Run(mail.World.Observer, session.Id, new NoticeQuestion()));
    }
}
