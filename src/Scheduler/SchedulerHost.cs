using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>
/// Starts and stops the timers with the program. While the database does not answer, the library would wait for it before it stops, without end;
/// a process must be able to end all the same. What it leaves behind another node, or its next start, takes over.
/// </summary>
internal sealed class SchedulerHost(
    IHostApplicationLifetime lifetime, IServiceProvider services, IOptionsMonitor<QuartzHostedServiceOptions> options, TimeProvider time)
    : QuartzHostedService(lifetime, services, options), IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    Task IHostedService.StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAny(StopAsync(cancellationToken), Task.Delay(Patience, time, CancellationToken.None));
}
