using System.Text;
using LiveProctor.Core.Notifications;
using LiveProctor.TestSupport.Mail;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>Mail servers that do what they may, but seldom do.</summary>
public sealed class OddMailServerTests
{
    [Theory]
    [InlineData("connect")]
    [InlineData("ehlo")]
    [InlineData("mail")]
    [InlineData("rcpt")]
    [InlineData("data")]
    [InlineData("end")]
    public async Task One_that_is_going_down_is_left_alone_and_the_mail_is_sent_later_and_once(string stage)
    {
        await using var server = await MailServer.Start();
        await server.When(stage, "421 4.3.2 Going down");
        await using var mail = await Sending(Plain(server));
        await mail.MoveAnHour((await mail.Class(2)).Id);

        Assert.Equal(1, await mail.Sender.Run());
        Assert.Equal(0, await mail.Sender.Run());
        Assert.Equal([MailState.Waiting, MailState.Waiting], await mail.States());
        Assert.Contains(await mail.Rows(), row => row.Reply == "421 4.3.2 Going down");
        mail.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await mail.Sender.Run();
        mail.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await mail.Sender.Run();

        Assert.Equal(2, (await server.Mails()).Count);
        Assert.Equal([MailState.Sent, MailState.Sent], await mail.States());
    }

    [Theory]
    [InlineData("connect", "554-5.7.1 We do not know you\r\n554 5.7.1 Go away", "554 5.7.1 We do not know you 5.7.1 Go away")]
    [InlineData("rcpt", "451-4.7.1 Later\r\n451-4.7.1 much\r\n451 4.7.1 later", "451 4.7.1 Later 4.7.1 much 4.7.1 later")]
    [InlineData("mail", "451", "451")]
    [InlineData("data", "+OK POP3 ready", "The server does not speak SMTP.")]
    [InlineData("ehlo", "25O OK", "The server does not speak SMTP.")]
    [InlineData("mail", "999 What", "The server does not speak SMTP.")]
    public async Task Answers_of_several_lines_are_read_whole_and_what_is_no_answer_ends_the_conversation(string stage, string said, string shown)
    {
        await using var server = await MailServer.Start();
        await server.When(stage, said);
        await using var mail = await Sending(Plain(server));
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        var row = await mail.Only();
        Assert.Equal((MailState.Waiting, shown), (row.State, row.Reply));
        mail.World.Clock.Advance(TimeSpan.FromMinutes(5));
        await mail.Sender.Run();
        Assert.Single(await server.Mails());
    }

    [Fact]
    public async Task One_that_refuses_to_encrypt_now_is_told_nothing()
    {
        await using var server = await MailServer.Start(tls: true, user: "exams");
        await server.When("starttls", "454 4.7.0 TLS not available");
        await using var mail = await Sending(Secure(server));
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        Assert.Equal("454 4.7.0 TLS not available", (await mail.Only()).Reply);
        Assert.Equal((0, 0), (await server.Came("auth"), await server.Came("mail")));
    }

    [Theory]
    [InlineData("PLAIN", true)]
    [InlineData("LOGIN", true)]
    [InlineData("PLAIN LOGIN", false)]
    public async Task It_signs_in_by_the_way_that_is_offered_and_says_so_when_it_knows_none(string missing, bool sent)
    {
        await using var server = await MailServer.Start(tls: true, user: "exams", without: missing.Split(' '));
        await using var mail = await Sending(Secure(server));
        await mail.MoveAnHour((await mail.Class()).Id);

        await mail.Sender.Run();

        var row = await mail.Only();
        Assert.Equal(sent ? MailState.Sent : MailState.Waiting, row.State);
        Assert.Equal(sent ? 1 : 0, (await server.Mails()).Count);
        Assert.True(sent || row.Reply.Contains("way to sign in", StringComparison.Ordinal), row.Reply);
    }

    [Fact]
    public async Task Dots_at_the_start_of_lines_and_names_of_any_length_arrive_as_they_were()
    {
        await using var server = await MailServer.Start();
        await using var mail = await Sending(Plain(server));
        var name = new string('.', 120);
        var session = await mail.World.Session(form => form with { Name = name });
        await mail.Student("Zoë", session.Id, email: "zoe@schule-köln.example");
        UseCases.World.Good(await mail.World.Steer.Cancel(mail.World.Manager, session.Id, new Core.Sessions.PhaseRequest(Notify: true)));

        await mail.Sender.Run();

        var kept = Assert.Single(await server.Mails());
        Assert.Contains($"\"{name}\"", Text(kept.Content), StringComparison.Ordinal);
        Assert.Matches(@"\r\n\.", kept.Content);
        Assert.All(kept.Content, character => Assert.InRange(character, '\t', '~'));
        Assert.Contains("<zoe@xn--schule-kln-lcb.example>", kept.Header("To"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clock_that_is_put_back_does_not_keep_the_server_alone_for_as_long()
    {
        await using var server = await MailServer.Start();
        await server.When("connect", "421 4.3.2 Going down");
        await using var mail = await Sending(Plain(server));
        await mail.MoveAnHour((await mail.Class(2)).Id);
        mail.World.Clock.Advance(TimeSpan.FromHours(5));
        await mail.Sender.Run();

        mail.World.Clock.PutBack(TimeSpan.FromHours(3));
        await mail.Sender.Run();

        Assert.Single(await server.Mails());
    }

    private static string Text(string content)
    {
        var part = content[content.IndexOf("quoted-printable", StringComparison.Ordinal)..];
        var body = part[(part.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..part.IndexOf("\r\n--", StringComparison.Ordinal)].Replace("=\r\n", "", StringComparison.Ordinal);
        var octets = new List<byte>();
        for (var index = 0; index < body.Length; index++)
        {
            octets.Add(body[index] == '=' ? Convert.ToByte(body.Substring(index + 1, 2), 16) : (byte)body[index]);
            index += body[index] == '=' ? 2 : 0;
        }

        return Encoding.UTF8.GetString([.. octets]);
    }

    private static Task<MailWorld> Sending(SmtpServer server) => MailWorld.New("sqlite", world => new SmtpCarrier(server, world.Clock));

    private static SmtpServer Plain(MailServer server) => new() { Host = "127.0.0.1", Port = server.Port, Security = SmtpSecurity.None, From = "exams@school.example" };

    private static SmtpServer Secure(MailServer server) => new()
    {
        Host = "localhost", Port = server.Port, Security = SmtpSecurity.StartTls, From = "exams@school.example", User = "exams", Password = "secret", AuthoritiesFile = server.AuthoritiesFile,
    };
}
