using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LiveProctor.Core.Notifications;

/// <summary>
/// A conversation with a mail server (RFC 5321), as far as sending needs it. It is ours, and not the framework's SmtpClient, because of one moment:
/// between the text of a mail and the dot that ends it (docs/decisions/0100). Every answer has a deadline.
/// </summary>
internal sealed class SmtpConversation : IAsyncDisposable
{
    private readonly SmtpServer server;
    private readonly TimeProvider time;
    private readonly TcpClient tcp;
    private Stream stream;
    private SmtpLines lines;
    private SmtpReply greeting = new(0, []);

    private SmtpConversation(SmtpServer server, TimeProvider time, TcpClient tcp)
    {
        this.server = server;
        this.time = time;
        this.tcp = tcp;
        stream = tcp.GetStream();
        lines = new SmtpLines(stream);
    }

    /// <summary>Connects, turns to TLS and signs in as configured.</summary>
    /// <exception cref="SmtpTroubleException">The server cannot be talked to.</exception>
    public static async Task<SmtpConversation> Open(SmtpServer server, TimeProvider time, CancellationToken stop)
    {
        var client = new TcpClient();
        try
        {
            await Guarded(
                server.Timeout,
                time,
                "connect",
                async token =>
                {
                    await client.ConnectAsync(server.Host, server.Port, token);
                    return true;
                },
                stop);
            client.NoDelay = true;
            var conversation = new SmtpConversation(server, time, client);
            await conversation.Begin(stop);
            return conversation;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <summary>Says one mail. Afterwards the conversation can go on only when the fate came from the server.</summary>
    /// <param name="to">The recipient as the envelope has it.</param>
    /// <param name="handOver">See <see cref="IMailCarrier.Carry"/>.</param>
    /// <exception cref="SmtpTroubleException">The conversation ended before the mail's end was said: nothing was delivered.</exception>
    public async Task<MailFate> Send(string to, byte[] message, Func<Task<bool>> handOver, CancellationToken stop)
    {
        var international = to.Any(character => character > '~');
        if (international && !greeting.Offers("SMTPUTF8"))
        {
            return new MailFate(Fate.Refused, "The mail server cannot write to an address with these letters.");
        }

        foreach (var (command, expected) in new[] { ($"MAIL FROM:<{server.From}>{(international ? " SMTPUTF8" : "")}", 250), ($"RCPT TO:<{to}>", 250), ("DATA", 354) })
        {
            var reply = await Ask(command, stop);
            if (reply.Code == expected || (expected == 250 && reply.Code == 251))
            {
                continue;
            }

            return await Refused(reply, stop);
        }

        await Say(Stuffed(message), stop);
        if (!await handOver())
        {
            return new MailFate(Fate.Abandoned, "");
        }

        // From here on nobody stops it: an answer that is not waited for is a mail whose fate is not known.
        try
        {
            await Say(".\r\n"u8.ToArray(), CancellationToken.None);
            var reply = await Guarded(server.Timeout * 10, time, "answer the end of the mail", token => SmtpReply.Read(lines, token), CancellationToken.None);
            return reply.Good ? new MailFate(Fate.Accepted, reply.Sentence)
                : reply.Permanent ? new MailFate(Fate.Refused, reply.Sentence)
                : new MailFate(Fate.Later, reply.Sentence, Server: reply.Code == 421);
        }
        catch (SmtpTroubleException trouble)
        {
            return new MailFate(Fate.Unknown, $"The mail was handed over, but the answer was lost: {trouble.Message}");
        }
    }

    /// <summary>Ends it as the protocol asks, without waiting for what the server thinks of that.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Say("QUIT\r\n"u8.ToArray(), CancellationToken.None);
        }
        catch (SmtpTroubleException)
        {
            // It is over either way.
        }

        await Drop();
    }

    /// <summary>Ends it at once: what was said of a mail that has no end yet is not delivered (RFC 5321 section 4.1.1.4).</summary>
    public async ValueTask Drop()
    {
        await stream.DisposeAsync();
        tcp.Dispose();
    }

    private async Task Begin(CancellationToken stop)
    {
        if (server.Security == SmtpSecurity.Tls)
        {
            await Encrypt(stop);
        }

        Expect(await Read("greet", stop), 220);
        await Hello(stop);
        if (server.Security == SmtpSecurity.StartTls)
        {
            if (!greeting.Offers("STARTTLS"))
            {
                throw new SmtpTroubleException("The server does not offer STARTTLS, so nothing is said to it.");
            }

            Expect(await Ask("STARTTLS", stop), 220);
            if (lines.Ahead)
            {
                throw new SmtpTroubleException("Somebody spoke before the connection was encrypted.");
            }

            await Encrypt(stop);
            await Hello(stop);
        }

        if (server.User is { } user)
        {
            await SignIn(user, server.Password ?? "", stop);
        }
    }

    private async Task Hello(CancellationToken stop)
    {
        greeting = await Ask($"EHLO {Name()}", stop);
        Expect(greeting, 250);
    }

    private async Task SignIn(string user, string password, CancellationToken stop)
    {
        var ways = greeting.Parameters("AUTH") ?? [];
        if (ways.Contains("PLAIN"))
        {
            Expect(await Ask($"AUTH PLAIN {Encoded($"\0{user}\0{password}")}", stop), 235);
        }
        else if (ways.Contains("LOGIN"))
        {
            Expect(await Ask("AUTH LOGIN", stop), 334);
            Expect(await Ask(Encoded(user), stop), 334);
            Expect(await Ask(Encoded(password), stop), 235);
        }
        else
        {
            throw new SmtpTroubleException("The server does not offer a way to sign in that LiveProctor knows (PLAIN or LOGIN).");
        }

        static string Encoded(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
    }

    private async Task Encrypt(CancellationToken stop)
    {
        var encrypted = new SslStream(stream);
        var options = new SslClientAuthenticationOptions { TargetHost = server.Host };
        if (server.AuthoritiesFile is { } file)
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(file);
            options.CertificateChainPolicy = policy;
        }

        stream = encrypted;
        await Guarded(
            server.Timeout,
            time,
            "encrypt the connection",
            async token =>
            {
                await encrypted.AuthenticateAsClientAsync(options, token);
                return true;
            },
            stop);
        lines = new SmtpLines(stream);
    }

    // A refusal to talk at all concerns every mail and not this one's address: 421 ends the service, 530 to 538 are about signing in and encryption.
    private async Task<MailFate> Refused(SmtpReply reply, CancellationToken stop)
    {
        if (reply.Code is 421 or (>= 530 and <= 538))
        {
            throw new SmtpTroubleException(reply.Sentence);
        }

        if (!(await Ask("RSET", stop)).Good)
        {
            throw new SmtpTroubleException(reply.Sentence);
        }

        return new MailFate(reply.Permanent ? Fate.Refused : Fate.Later, reply.Sentence);
    }

    private async Task<SmtpReply> Ask(string command, CancellationToken stop)
    {
        await Say(Encoding.UTF8.GetBytes(command + "\r\n"), stop);
        return await Read("answer", stop);
    }

    private Task<SmtpReply> Read(string what, CancellationToken stop) => Guarded(server.Timeout, time, what, token => SmtpReply.Read(lines, token), stop);

    private Task Say(byte[] bytes, CancellationToken stop) => Guarded(
        server.Timeout,
        time,
        "listen",
        async token =>
        {
            await stream.WriteAsync(bytes, token);
            await stream.FlushAsync(token);
            return true;
        },
        stop);

    private static void Expect(SmtpReply reply, int code)
    {
        if (reply.Code != code)
        {
            throw new SmtpTroubleException(reply.Sentence);
        }
    }

    // Section 4.5.2: a line that begins with a dot gets another one.
    private static byte[] Stuffed(byte[] message)
    {
        var stuffed = new List<byte>(message.Length + 64);
        for (var index = 0; index < message.Length; index++)
        {
            if (message[index] == '.' && (index == 0 || message[index - 1] == '\n'))
            {
                stuffed.Add((byte)'.');
            }

            stuffed.Add(message[index]);
        }

        return [.. stuffed];
    }

    private string Name()
    {
        var host = Dns.GetHostName();
        return host.Contains('.', StringComparison.Ordinal) && host.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')
            ? host
            : tcp.Client.LocalEndPoint is IPEndPoint { Address: var address }
                ? address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6 ? $"[IPv6:{address}]" : $"[{address.MapToIPv4()}]"
                : "[127.0.0.1]";
    }

    private static async Task<T> Guarded<T>(TimeSpan patience, TimeProvider time, string what, Func<CancellationToken, Task<T>> work, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await work(either.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            throw new SmtpTroubleException($"The server did not {what} within {patience.TotalSeconds:0} s.");
        }
        catch (AuthenticationException fault)
        {
            throw new SmtpTroubleException($"The server's certificate is not trusted: {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or SocketException)
        {
            throw new SmtpTroubleException($"The connection failed: {fault.Message}");
        }
    }
}
