using LiveProctor.Core.Imports;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Notifications;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.Imports.SessionsFile;

namespace LiveProctor.Core.Tests.Imports;

/// <summary>Files that move sessions in which students are registered: whoever applies them is asked, as in the form.</summary>
public sealed class MovedSessionsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_applies_a_file_that_moves_registered_students_says_whether_they_are_told(string database)
    {
        await using var mail = await MailWorld.New(database);
        var scene = ImportScene.In(mail.World);
        var (algebra, _) = await TwoSessions(mail);
        await mail.Student("Nobody", algebra.Id, email: null);

        var previewed = await scene.Preview(ImportKind.Sessions, Of(Row("Algebra", "2026-11-21T10:00", "2026-11-21T11:00"), Row("Biology", "2026-11-21T09:00", "2026-11-21T12:00"), Row("New", "2026-11-23T09:00", "2026-11-23T11:00")));
        Assert.Equal(new ImportCounts(1, 2, 0, 0), previewed.Counts);
        Assert.Equal((2L, 4L, 3L, true), (previewed.Notice!.Sessions, previewed.Notice.Candidates, previewed.Notice.WithEmail, previewed.Notice.Recommended));
        Assert.Equal([NoticeReason.StartsLater, NoticeReason.Shorter], previewed.Notice.Reasons);
        Assert.Equal("3 students are registered for the old dates.", Assert.Single((await scene.Rows(previewed))[0].Remarks));

        var refused = World.Refused(ProblemKind.Invalid, await scene.Applying.Run(mail.World.Manager, previewed.Id));
        Assert.Contains("4 registered students", Assert.Single(refused.Fields["notify"]), StringComparison.Ordinal);
        Assert.True((await scene.Apply(previewed, notify: true)).Notify);
        await mail.Sender.Run();

        Assert.Equal(["a1@school.example", "a2@school.example", "b1@school.example"], mail.Pigeons.Carried.Select(item => item.To.Address).Order(StringComparer.Ordinal));
        Assert.Equal("Nobody Berg", Assert.Single(await mail.Rows(), row => row.State == MailState.Failed).StudentName);
        Assert.Equal([1, 3], (await mail.World.Recorded("candidatesNotified")).Select(details => details.GetProperty("mails").GetInt32()).Order());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Applied_silently_nobody_is_told_and_calendars_follow_all_the_same(string database)
    {
        await using var mail = await MailWorld.New(database);
        var scene = ImportScene.In(mail.World);
        await TwoSessions(mail);

        await scene.Apply(await scene.Preview(ImportKind.Sessions, Of(Row("Algebra", "2026-11-21T10:00", "2026-11-21T12:00"), Row("Biology", "2026-11-21T09:00", "2026-11-21T12:00"))), notify: false);

        Assert.Empty(await mail.Rows());
        var secret = World.Good(await mail.Calendars.Renew(mail.World.Ada)).Secret!;
        var calendar = World.Good(await mail.Calendars.Read(secret));
        Assert.Equal(2, Opened.Lines(calendar).Count(line => line == "SEQUENCE:2"));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_file_that_moves_nobody_who_is_registered_asks_nothing(string database)
    {
        await using var mail = await MailWorld.New(database);
        var scene = ImportScene.In(mail.World);
        await TwoSessions(mail);
        var alone = await mail.World.Session(form => form with { Name = "Alone" });

        var previewed = await scene.Preview(ImportKind.Sessions, Of(Row("Algebra", "2026-11-21T09:00", "2026-11-21T11:00", "sesame"), Row("Alone", "2026-11-21T10:00", "2026-11-21T11:00")));
        Assert.Null(previewed.Notice);
        Assert.Equal(ImportState.Applied, (await scene.Apply(previewed)).State);
        Assert.Equal(10, (await mail.World.SessionNow(alone.Id)).OpensAt.Hour);
        Assert.Empty(await mail.Rows());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_invitation_that_waits_goes_with_its_student_whom_a_file_puts_into_another_session(string database)
    {
        await using var mail = await MailWorld.New(database);
        var scene = ImportScene.In(mail.World);
        var (algebra, biology) = await TwoSessions(mail);
        World.Good(await mail.Invite.Run(mail.World.Manager, new Invitation(SessionId: algebra.Id)));

        var applied = await scene.Import(ImportKind.Registrations, $"external_id,test_code,session\nM-a1,{World.Delivered},Biology\n", new ImportOptions { Move = true });

        Assert.Equal(1, applied.Counts.Update);
        var rows = await mail.Rows();
        Assert.Equal((biology.Id, algebra.Id), (rows.Single(row => row.Recipient.StartsWith("a1", StringComparison.Ordinal)).SessionId, rows.Single(row => row.Recipient.StartsWith("a2", StringComparison.Ordinal)).SessionId));
    }

    private static async Task<(SessionView Algebra, SessionView Biology)> TwoSessions(MailWorld mail)
    {
        var algebra = await mail.World.Session(form => form with { Name = "Algebra" });
        var biology = await mail.World.Session(form => form with { Name = "Biology" });
        await mail.Student("a1", algebra.Id);
        await mail.Student("a2", algebra.Id);
        await mail.Student("b1", biology.Id);
        return (algebra, biology);
    }
}
