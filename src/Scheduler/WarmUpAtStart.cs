using LiveProctor.Core.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Scheduler;

/// <summary>Makes the first bell of this process as quick as the second.</summary>
internal sealed class WarmUpAtStart(WarmUp warmUp, ILogger<WarmUpAtStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Not in the way of what else starts.
        await Task.Yield();
        try
        {
            await warmUp.Run();
        }
#pragma warning disable CA1031 // The first bell takes a moment longer; whatever is wrong is told by those who need it.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            log.LogDebug(failure, "The warm-up failed");
        }
    }
}
