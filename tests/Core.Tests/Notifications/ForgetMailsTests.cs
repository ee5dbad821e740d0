using LiveProctor.Core.Notifications;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

public sealed class ForgetMailsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task What_was_sent_is_deleted_three_months_after_its_session_and_what_failed_after_a_year(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var forget = new ForgetMails(mail.World.Db, mail.World.Clock);
        var session = await mail.Class(2);
        await mail.Student("Nobody", session.Id, email: null);
        await mail.Move(session.Id, "2027-01-21T09:00:00Z", "2027-01-21T11:00:00Z");
        await mail.Sender.Run();

        // The session is in two months.
        mail.World.Clock.Advance(TimeSpan.FromDays(100));
        Assert.Equal(0, await forget.Run());
        Assert.Equal(3, (await mail.Rows()).Count);

        mail.World.Clock.Advance(TimeSpan.FromDays(60));
        Assert.Equal(2, await forget.Run());
        Assert.Equal(MailState.Failed, (await mail.Only()).State);

        mail.World.Clock.Advance(TimeSpan.FromDays(210));
        Assert.Equal(1, await forget.Run());
        Assert.Empty(await mail.Rows());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_waits_is_never_deleted(string kind)
    {
        await using var mail = await MailWorld.New(kind);
        var session = await mail.Class();
        await mail.MoveAnHour(session.Id);

        mail.World.Clock.Advance(TimeSpan.FromDays(1000));

        Assert.Equal(0, await new ForgetMails(mail.World.Db, mail.World.Clock).Run());
        Assert.Equal(MailState.Waiting, (await mail.Only()).State);
    }
}
