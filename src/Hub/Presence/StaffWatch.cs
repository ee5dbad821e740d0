using LiveProctor.Core.Accounts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Presence;

/// <summary>
/// Closes the consoles of people whose account was disabled or given another role: a connection keeps the rights it was opened with,
/// so it must be opened anew.
/// </summary>
public sealed class StaffWatch(Attendance attendance, StaffStore staff, TimeProvider time, ILogger<StaffWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                foreach (var consoles in attendance.Staff.Values.GroupBy(console => console.Actor.Id, StringComparer.Ordinal))
                {
                    var account = await staff.ById(consoles.Key);
                    foreach (var console in consoles.Where(console => account is null || account.Disabled || account.Role != console.Actor.Role))
                    {
                        console.Abort();
                    }
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning(fault, "The staff's accounts could not be looked at; the next look is soon");
            }
        }
    }
}
