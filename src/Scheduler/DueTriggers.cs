using System.Globalization;
using LiveProctor.Core;
using LiveProctor.Core.Sessions;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>
/// The projection of the database's due instants: one trigger for each, whose key is the instant, so that whichever node plans it, it is the same.
/// </summary>
internal sealed class DueTriggers(ISchedulerFactory schedulers, SessionStore sessions, TimeProvider time)
{
    internal const string Group = "due";

    private const int Most = 2000;

    private static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    /// <summary>Sets the triggers that are missing and takes away those that nothing is due at any more.</summary>
    /// <returns>The earliest instant at which something is due, also when it has passed; null when nothing is.</returns>
    public async Task<DateTimeOffset?> Plan(CancellationToken stop)
    {
        var scheduler = await schedulers.GetScheduler(stop);

        // Listed before the instants are read: another node's trigger is set after its session was written, so what is listed here
        // and not due below has become stale, and is not merely too new to be seen.
        var listed = await scheduler.QueryTriggers(new TriggerQuery { Group = GroupMatcher<TriggerKey>.GroupEquals(Group), Take = int.MaxValue }, stop);
        var planned = listed.Items.Select(trigger => trigger.Key).ToHashSet();
        var now = time.Now();
        var instants = await sessions.DueInstants(now + Horizon, Most);
        foreach (var instant in instants.Where(instant => instant > now && !planned.Contains(KeyOf(instant))))
        {
            await scheduler.ScheduleTrigger(TriggerAt(instant), TriggerConflict.Keep, stop);
        }

        var wanted = instants.Select(KeyOf).ToHashSet();
        var end = instants.Count == Most ? instants[^1] : now + Horizon;
        var stale = planned.Where(key => !wanted.Contains(key) && InstantOf(key) is var instant && instant > now && instant < end).ToList();
        if (stale.Count > 0)
        {
            await scheduler.UnscheduleJobs(stale, stop);
        }

        return instants.Count > 0 ? instants[0] : null;
    }

    private static TriggerKey KeyOf(DateTimeOffset instant) =>
        new($"due:{instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture)}", Group);

    private static DateTimeOffset InstantOf(TriggerKey key) =>
        DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(key.Name[(key.Name.IndexOf(':', StringComparison.Ordinal) + 1)..], CultureInfo.InvariantCulture));

    private ITrigger TriggerAt(DateTimeOffset instant) => TriggerBuilder.Create(time)
        .WithIdentity(KeyOf(instant))
        .ForJob(WindowJob.Key)
        .StartAt(instant)
        .WithPriority(TriggerConstants.DefaultPriority + 1)
        .WithSimpleSchedule(schedule => schedule.WithRepeatCount(0).WithMisfireInstruction(SimpleTriggerMisfireInstruction.FireNow))
        .Build();
}
