using System.Globalization;

namespace LiveProctor.Core.Notifications;

/// <summary>Mails go to a mail server, several over one connection. Used by one sender at a time.</summary>
public sealed class SmtpCarrier(SmtpServer server, TimeProvider time) : IMailCarrier
{
    private SmtpConversation? open;

    public (TimeSpan Talk, TimeSpan End) Patience => (server.Timeout * 10, server.Timeout * 12);

    public bool Repeatable => false;

    public string From => server.From;

    public MailDelivery Describe() => new("smtp", string.Create(CultureInfo.InvariantCulture, $"{server.Host}:{server.Port}"), server.From);

    public async Task<MailFate> Carry(Mail mail, Func<Task<bool>> handOver, CancellationToken stop)
    {
        if (MimeMessage.AddressFault(mail.To.Address) is { } fault)
        {
            return new MailFate(Fate.Refused, fault);
        }

        if (MimeMessage.Wire(mail.To.Address) is not { } to)
        {
            return new MailFate(Fate.Refused, "The e-mail address has a domain that cannot exist.");
        }

        var message = MimeMessage.Write(mail);
        var handedOver = false;
        var again = open is not null;
        while (true)
        {
            try
            {
                open ??= await SmtpConversation.Open(server, time, stop);
                var fate = await open.Send(to, message, HandOver, stop);
                if (fate.Fate is Fate.Unknown or Fate.Abandoned || fate.Server)
                {
                    await Drop();
                }

                return fate;
            }
            catch (SmtpTroubleException trouble)
            {
                await Drop();
                if (!again || handedOver)
                {
                    return new MailFate(Fate.Later, trouble.Message, Server: true);
                }

                // The connection was kept from the mail before; a server may have ended it for no other reason.
                again = false;
            }
            catch
            {
                await Drop();
                throw;
            }
        }

        Task<bool> HandOver()
        {
            handedOver = true;
            return handOver();
        }
    }

    public async Task Rest()
    {
        if (open is { } conversation)
        {
            open = null;
            await conversation.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Rest();

    private async Task Drop()
    {
        if (open is { } conversation)
        {
            open = null;
            await conversation.Drop();
        }
    }
}
