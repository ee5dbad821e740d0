using LiveProctor.Core.Notifications;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Scheduler;

/// <summary>
/// Sends what is due, every two seconds, on every node that has the role: who takes a mail is decided row by row. No timer of the library does this,
/// for a conversation with a mail server may take minutes and must not hold up windows.
/// </summary>
internal sealed class MailRounds(SendMails mails, TimeProvider time, ILogger<MailRounds> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            try
            {
                await mails.Run(stoppingToken);
            }
            catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
            {
                // What was begun is taken up again when its hold ends.
                log.LogError(failure, "The mails could not be sent");
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
