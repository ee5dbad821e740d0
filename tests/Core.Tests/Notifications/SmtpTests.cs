using LiveProctor.Core.Notifications;
using LiveProctor.TestSupport;
using LiveProctor.TestSupport.Mail;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>Conversations with a real mail server on loopback, in its own process.</summary>
public sealed class SmtpTests
{
    [Fact]
    public async Task A_mail_arrives_whole_and_says_who_where_and_when()
    {
        await using var server = await MailServer.Start();
        await using var mail = await Sending(server);
        var session = await mail.World.Session(form => form with { Name = "Prüfung; Raum 4, \"Aula\"" });
        await mail.Student("Zoë", session.Id, email: "zoe@school.example", language: "fr");
        UseCases.World.Good(await mail.World.Edit.Run(
            mail.World.Manager, session.Id, mail.World.Form with { Name = "Prüfung; Raum 4, \"Aula\"", OpensAt = "2026-11-21T10:00:00Z", Notify = true }, session.Version));

        await mail.Sender.Run();

        var kept = Assert.Single(await server.Mails());
        Assert.Equal(("exams@school.example", "zoe@school.example"), (kept.Sender, kept.To));
        Assert.Contains("=?utf-8?B?", kept.Header("Subject"), StringComparison.Ordinal);
        Assert.Equal($"<{(await mail.Only()).Id}@school.example>", kept.Header("Message-ID"));
        Assert.Contains("method=REQUEST", kept.Content, StringComparison.Ordinal);
        Assert.All(kept.Content.Split("\r\n"), line => Assert.True(line.Length <= 76, line));
        Assert.DoesNotContain(session.Password!, kept.Content, StringComparison.Ordinal);
        var row = await mail.Only();
        Assert.Equal((MailState.Sent, "250 2.0.0 Kept"), (row.State, row.Reply));
    }

    [Fact]
    public async Task Many_mails_go_over_one_connection_that_may_end_in_between()
    {
        await using var server = await MailServer.Start();
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class(6)).Id);
        await mail.Sender.Run();
        Assert.Equal(1, await server.Came("connect"));

        await mail.MoveTwoHours((await mail.Rows())[0].SessionId!);
        await server.When("mail", "421 4.7.0 Too many mails on this connection");
        mail.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await mail.Sender.Run();
        await Again(mail, TimeSpan.FromMinutes(2));

        Assert.Equal(12, (await server.Mails()).Count);
    }

    [Fact]
    public async Task A_refused_recipient_has_failed_with_the_servers_sentence_and_the_others_get_theirs()
    {
        await using var server = await MailServer.Start();
        await server.When("rcpt", "550 5.1.1 No such mailbox here", to: "pupil2@school.example");
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class(3)).Id);

        await mail.Sender.Run();
        await Again(mail, TimeSpan.FromHours(5));

        Assert.Equal(["pupil1@school.example", "pupil3@school.example"], (await server.Mails()).Select(item => item.To).Order(StringComparer.Ordinal));
        var failed = Assert.Single(await mail.Rows(), row => row.State == MailState.Failed);
        Assert.Equal("550 5.1.1 No such mailbox here", failed.Reply);
    }

    [Fact]
    public async Task A_greylisted_mail_is_sent_by_itself_a_little_later_and_once()
    {
        await using var server = await MailServer.Start();
        await server.When("rcpt", "451 4.7.1 Greylisted, come back later", times: 2);
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();
        var waiting = await mail.Only();
        Assert.Equal((MailState.Waiting, "451 4.7.1 Greylisted, come back later"), (waiting.State, waiting.Reply));
        await Again(mail, TimeSpan.FromMinutes(2));
        Assert.Empty(await server.Mails());
        await Again(mail, TimeSpan.FromMinutes(3));
        await Again(mail, TimeSpan.FromHours(1));

        Assert.Single(await server.Mails());
        Assert.Equal((MailState.Sent, 3L), ((await mail.Only()).State, (await mail.Only()).Attempts));
    }

    [Theory]
    [InlineData("554 5.7.1 Looks like spam", MailState.Failed)]
    [InlineData("452 4.3.1 No room left", MailState.Waiting)]
    public async Task What_the_server_says_to_the_end_of_a_mail_decides(string reply, MailState state)
    {
        await using var server = await MailServer.Start();
        await server.When("end", reply);
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        var row = await mail.Only();
        Assert.Equal((state, reply), (row.State, row.Reply));
    }

    [Fact]
    public async Task A_server_that_is_not_there_holds_up_the_mails_and_loses_none()
    {
        await using var mail = await Sending(new SmtpServer { Host = "127.0.0.1", Port = Child.FreePort(), Security = SmtpSecurity.None, From = "exams@school.example" });
        await mail.MoveAnHour((await mail.Class(3)).Id);

        Assert.Equal(1, await mail.Sender.Run());
        Assert.Equal(0, await mail.Sender.Run());

        var rows = await mail.Rows();
        Assert.All(rows, row => Assert.Equal(MailState.Waiting, row.State));
        Assert.Contains("connection failed", Assert.Single(rows, row => row.Attempts == 1).Reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_encrypts_and_signs_in(bool implicitTls)
    {
        await using var server = await MailServer.Start(tls: !implicitTls, implicitTls: implicitTls, user: "exams");
        await using var mail = await Sending(Secure(server, implicitTls ? SmtpSecurity.Tls : SmtpSecurity.StartTls));
        await mail.MoveAnHour((await mail.Class(2)).Id);

        await mail.Sender.Run();

        Assert.Equal(2, (await server.Mails()).Count);
        Assert.All(await server.Mails(), item => Assert.Equal("exams", item.User));
        Assert.All(await server.Mails(), item => Assert.True(item.Tls || implicitTls));
    }

    [Fact]
    public async Task A_wrong_password_is_shown_and_is_no_ones_mails_fault()
    {
        await using var server = await MailServer.Start(tls: true, user: "exams");
        await using var mail = await Sending(Secure(server, SmtpSecurity.StartTls) with { Password = "wrong" });
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        var row = await mail.Only();
        Assert.Equal(MailState.Waiting, row.State);
        Assert.StartsWith("535", row.Reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_said_to_a_server_whose_certificate_is_not_trusted_or_is_for_another()
    {
        await using var server = await MailServer.Start(tls: true, user: "exams");
        await using var mail = await Sending(Secure(server, SmtpSecurity.StartTls) with { AuthoritiesFile = null });
        await mail.MoveAnHour((await mail.Class()).Id);
        await mail.Sender.Run();
        Assert.Contains("certificate is not trusted", (await mail.Only()).Reply, StringComparison.Ordinal);

        await using var other = await Sending(Secure(server, SmtpSecurity.StartTls) with { Host = "127.0.0.2" });
        await other.MoveAnHour((await other.Class()).Id);
        await other.Sender.Run();

        Assert.Equal(0, await server.Came("auth"));
        Assert.Empty(await server.Mails());
    }

    [Fact]
    public async Task Nothing_is_said_to_a_server_that_does_not_encrypt()
    {
        await using var server = await MailServer.Start();
        await using var mail = await Sending(Secure(server, SmtpSecurity.StartTls) with { AuthoritiesFile = null });
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        Assert.Contains("STARTTLS", (await mail.Only()).Reply, StringComparison.Ordinal);
        Assert.Equal(0, await server.Came("mail"));
    }

    [Theory]
    [InlineData("connect")]
    [InlineData("ehlo")]
    [InlineData("mail")]
    [InlineData("rcpt")]
    [InlineData("data")]
    public async Task A_server_that_stalls_before_the_end_is_left_at_its_deadline_and_the_mail_is_sent_later(string stage)
    {
        await using var server = await MailServer.Start();
        await server.When(stage, "hold");
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class()).Id);

        var round = mail.Sender.Run();
        await server.Held(stage);
        await Eventually.True(() => mail.World.Clock.Armed > 0);
        mail.World.Clock.Advance(TimeSpan.FromSeconds(61));
        await round;

        var row = await mail.Only();
        Assert.Equal(MailState.Waiting, row.State);
        Assert.Contains("within 60 s", row.Reply, StringComparison.Ordinal);
        await server.Go();
        await Again(mail, TimeSpan.FromMinutes(5));
        Assert.Single(await server.Mails());
        Assert.Equal(MailState.Sent, (await mail.Only()).State);
    }

    [Fact]
    public async Task A_server_that_stalls_after_the_end_is_waited_for_longer_and_then_the_mail_is_unconfirmed_and_never_repeated()
    {
        await using var server = await MailServer.Start();
        await server.When("accepted", "hold");
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class()).Id);

        var round = mail.Sender.Run();
        await server.Held("accepted");
        mail.World.Clock.Advance(TimeSpan.FromSeconds(300));
        Assert.Equal(MailState.HandingOver, (await mail.Only()).State);
        mail.World.Clock.Advance(TimeSpan.FromSeconds(301));
        await round;

        Assert.Equal(MailState.Unconfirmed, (await mail.Only()).State);
        await Again(mail, TimeSpan.FromDays(1));
        Assert.Single(await server.Mails());
    }

    [Theory]
    [InlineData("connect", MailState.Waiting)]
    [InlineData("ehlo", MailState.Waiting)]
    [InlineData("mail", MailState.Waiting)]
    [InlineData("rcpt", MailState.Waiting)]
    [InlineData("data", MailState.Waiting)]
    [InlineData("end", MailState.Unconfirmed)]
    [InlineData("accepted", MailState.Unconfirmed)]
    public async Task Wherever_the_connection_is_cut_nobody_is_told_twice_and_nobody_is_forgotten(string stage, MailState state)
    {
        await using var server = await MailServer.Start();
        await server.When(stage, "drop");
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();
        Assert.Equal(state, (await mail.Only()).State);
        await Again(mail, TimeSpan.FromMinutes(5));
        await Again(mail, TimeSpan.FromDays(1));

        var after = await mail.Only();
        Assert.Equal(state == MailState.Waiting ? MailState.Sent : MailState.Unconfirmed, after.State);
        Assert.Equal(stage == "end" ? 0 : 1, (await server.Mails()).Count);
    }

    [Fact]
    public async Task A_stopped_program_sees_a_mail_through_whose_end_was_said()
    {
        await using var server = await MailServer.Start();
        await server.When("accepted", "hold");
        await using var mail = await Sending(server);
        await mail.MoveAnHour((await mail.Class(2)).Id);
        using var stop = new CancellationTokenSource();

        var round = mail.Sender.Run(stop.Token);
        await server.Held("accepted");
        await stop.CancelAsync();
        await server.Go();
        await round;

        Assert.Equal([MailState.Waiting, MailState.Sent], (await mail.States()).Order());
        Assert.Single(await server.Mails());
    }

    [Fact]
    public async Task An_address_of_other_letters_needs_a_server_that_knows_them()
    {
        await using var plain = await MailServer.Start();
        await using var mail = await Sending(plain);
        var session = await mail.World.Session();
        await mail.Student("Jana", session.Id, email: "jána@schule-köln.example");
        await mail.Student("Udo", session.Id, email: "udo@schule-köln.example");
        await mail.MoveAnHour(session.Id);
        await mail.Sender.Run();
        Assert.Equal("udo@xn--schule-kln-lcb.example", Assert.Single(await plain.Mails()).To);
        Assert.Equal(MailState.Failed, Assert.Single(await mail.Rows(), row => row.StudentName == "Jana Berg").State);

        await using var modern = await MailServer.Start(utf8: true);
        await using var other = await Sending(modern);
        var second = await other.World.Session();
        await other.Student("Jana", second.Id, email: "jána@schule.example");
        await other.MoveAnHour(second.Id);
        await other.Sender.Run();
        Assert.Equal("jána@schule.example", Assert.Single(await modern.Mails()).To);
    }

    private static Task<MailWorld> Sending(MailServer server) =>
        Sending(new SmtpServer { Host = "127.0.0.1", Port = server.Port, Security = SmtpSecurity.None, From = "exams@school.example" });

    private static Task<MailWorld> Sending(SmtpServer server) => MailWorld.New("sqlite", world => new SmtpCarrier(server, world.Clock));

    private static SmtpServer Secure(MailServer server, SmtpSecurity security) => new()
    {
        Host = "localhost", Port = server.Port, Security = security, From = "exams@school.example", User = "exams", Password = "secret", AuthoritiesFile = server.AuthoritiesFile,
    };

    private static async Task Again(MailWorld mail, TimeSpan later)
    {
        mail.World.Clock.Advance(later);
        await mail.Sender.Run();
    }
}
