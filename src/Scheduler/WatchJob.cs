using LiveProctor.Core.Entries;
using LiveProctor.Core.Profiles;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>Every few seconds: unused tokens, unconfirmed commands, students out of sight, sessions whose last test has ended, and profiles that changed.</summary>
[DisallowConcurrentExecution]
internal sealed class WatchJob(WatchEntries entries, DueSessions due, FollowProfiles profiles) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await EachStep.Run(
        () => due.Run(cancellationToken),
        () => entries.RunDue(cancellationToken),
        () => entries.InterruptLost(cancellationToken),
        () => profiles.Run(cancellationToken));
}
