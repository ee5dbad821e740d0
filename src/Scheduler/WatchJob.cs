using LiveProctor.Core.Entries;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>Every few seconds: unused tokens, unconfirmed commands, students out of sight, and sessions whose last test has ended.</summary>
[DisallowConcurrentExecution]
internal sealed class WatchJob(WatchEntries entries, DueSessions due) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await EachStep.Run(
        () => due.Run(cancellationToken),
        () => entries.RunDue(cancellationToken),
        () => entries.InterruptLost(cancellationToken));
}
