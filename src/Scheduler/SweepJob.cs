using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>Each minute: whatever a trigger missed, sessions that nobody is in any more, sessions that ended long ago, and what need not be kept longer.</summary>
[DisallowConcurrentExecution]
internal sealed class SweepJob(DueSessions due, DrainIdleSessions idle, ShelveOldSessions shelve, ForgetOld old, ForgetMails mails) : IJob
{
    public async ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => await EachStep.Run(
        () => due.Run(cancellationToken),
        () => idle.Run(cancellationToken),
        () => shelve.Run(cancellationToken),
        () => old.Run(cancellationToken),
        () => mails.Run());
}
