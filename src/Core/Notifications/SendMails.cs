using System.Data.Common;
using System.Security.Cryptography;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>
/// Sends what is due, one mail after the other; every node may do so at the same time. Nobody gets the same change twice and nobody is forgotten:
/// a crash before a mail's end was said leaves a row that is tried again, a crash after it one that people see (docs/decisions/0100).
/// </summary>
public sealed class SendMails(OutboxStore outbox, IMailCarrier carrier, TimeProvider time)
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RecordAgain = TimeSpan.FromSeconds(1);
    private DateTimeOffset pausedUntil = DateTimeOffset.MinValue;

    /// <summary>Works until nothing is due, the server is in trouble, or it is stopped. A mail whose end is being said is seen through.</summary>
    /// <returns>How many mails were carried.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        await outbox.TellUnconfirmed();
        // A clock that was put back does not make the pause longer.
        if (time.Now() < pausedUntil && pausedUntil - time.Now() <= 2 * Pause)
        {
            return 0;
        }

        var carried = 0;
        try
        {
            while (!stop.IsCancellationRequested && await outbox.Claim(carrier.Patience.Talk + Margin) is { } mail)
            {
                if (mail.Facts is not { } facts)
                {
                    continue;
                }

                var fate = await Carry(mail, facts, stop);
                if (fate is null)
                {
                    await outbox.Release(mail);
                    break;
                }

                await Record(mail, fate);
                carried++;
                if (fate.Server)
                {
                    // Every other mail would meet the same: the server is left alone for a while.
                    pausedUntil = time.Now() + (Pause * (1 + Jitter()));
                    break;
                }
            }
        }
        finally
        {
            await carrier.Rest();
        }

        return carried;
    }

    // Null when it was stopped before anything happened.
    private async Task<MailFate?> Carry(ClaimedMail mail, MailFacts facts, CancellationToken stop)
    {
        using var late = new CancellationTokenSource(carrier.Patience.Talk, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await carrier.Carry(MailWriter.Write(facts, carrier.From, time.Now()), HandOver, either.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
        catch (OperationCanceledException)
        {
            return new MailFate(Fate.Later, "The conversation with the mail server took too long.", Server: true);
        }
        catch (DbException fault)
        {
            // Only handing over asks the database, and its end was not said.
            return new MailFate(Fate.Later, $"The hand-over could not be written down: {fault.Message}", Server: true);
        }

        Task<bool> HandOver() => carrier.Repeatable ? outbox.KeepHold(mail, Margin) : outbox.MarkHandingOver(mail, carrier.Patience.End + Margin);
    }

    private async Task Record(ClaimedMail mail, MailFate fate)
    {
        if (fate.Fate == Fate.Abandoned)
        {
            return;
        }

        var now = time.Now();
        var next = fate.Fate == Fate.Later ? OutboxRules.NextTry(mail.Attempts, mail.FirstTriedAt, now, Jitter()) : null;
        var (state, reply) = fate.Fate switch
        {
            Fate.Accepted => (MailState.Sent, fate.Reply),
            Fate.Written => (MailState.Written, fate.Reply),
            Fate.Unknown => (MailState.Unconfirmed, fate.Reply),
            Fate.Later when next is not null => (MailState.Waiting, fate.Reply),
            Fate.Later => (MailState.Failed, $"Given up after {OutboxRules.GiveUp.TotalDays:0} days. The last answer: {fate.Reply}"),
            _ => (MailState.Failed, fate.Reply),
        };

        // An answer that is there must not be lost because the database blinks: without it the mail would be unconfirmed.
        var until = now + carrier.Patience.End;
        while (true)
        {
            try
            {
                await outbox.Record(mail, state, reply, next);
                return;
            }
            catch (DbException) when (time.Now() < until)
            {
                await Task.Delay(RecordAgain, time);
            }
        }
    }

    private static double Jitter() => RandomNumberGenerator.GetInt32(1000) / 1000.0;
}
