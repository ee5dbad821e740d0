using LiveProctor.Core;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>An instant has come at which something is due in some sessions: lobbies and windows open, windows close. The database says in which.</summary>
internal sealed class WindowJob(DueSessions due, TimeProvider time) : IJob
{
    public static readonly JobKey Key = new("window");

    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default)
    {
        // A trigger may fire a millisecond early, when nothing is due yet.
        while (context.ScheduledFireTimeUtc is { } instant && instant - time.Now() is { Ticks: > 0 } early)
        {
            await Task.Delay(early, time, cancellationToken);
        }

        await due.Run(cancellationToken);
    }
}
