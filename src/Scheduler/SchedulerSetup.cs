using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Quartz;

namespace LiveProctor.Scheduler;

/// <summary>Registers the timers of a process that has the scheduler role.</summary>
public static class SchedulerSetup
{
    /// <summary>How often entries are watched; also how long a session may wait for a step that no timer was set for.</summary>
    internal static readonly TimeSpan WatchEvery = TimeSpan.FromSeconds(2);

    internal static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    /// <param name="services">They hold the use cases, the relay and the clock.</param>
    /// <param name="postgres">
    /// The database whose nodes share the timers: each fires on one of them, and a dead node's on another. Null: the timers are this process' own.
    /// </param>
    public static IServiceCollection AddScheduler(this IServiceCollection services, string? postgres)
    {
        services.AddQuartz(quartz =>
        {
            quartz.ConfigureScheduler(options =>
            {
                options.InstanceName = "LiveProctor";
                options.GenerateInstanceId = true;
                options.ShutdownJobInterruption = ShutdownJobInterruption.Always;
            });
            if (postgres is null)
            {
                quartz.UseInMemoryStore();
            }
            else
            {
                quartz.UsePersistentStore(store => Persist(store, postgres));
            }

            quartz.AddJob<WindowJob>(job => job.WithIdentity(WindowJob.Key).StoreDurably());
            quartz.ScheduleJob<WatchJob>(trigger => trigger.WithIdentity("watch").StartNow().WithSimpleSchedule(schedule => Every(schedule, WatchEvery)), job => job.WithIdentity("watch"));
            quartz.ScheduleJob<SweepJob>(trigger => trigger.WithIdentity("sweep").StartNow().WithSimpleSchedule(schedule => Every(schedule, SweepEvery)), job => job.WithIdentity("sweep"));
        });
        services.AddQuartzHostedService<SchedulerHost>(options => options.WaitForJobsToComplete = true);
        services.AddSingleton<ShelveOldSessions>();
        services.AddSingleton<ForgetOld>();
        services.AddSingleton<ForgetMails>();
        services.AddSingleton<DueSessions>();
        services.AddSingleton<DueTriggers>();
        services.AddSingleton<WarmUp>();
        services.AddHostedService<WarmUpAtStart>();
        services.AddHostedService<SessionPlanner>();
        services.AddHostedService<MailRounds>();
        return services;
    }

    private static void Persist(IPersistentStoreBuilder store, string postgres)
    {
        store.UsePostgres(NpgsqlFactory.Instance, postgres);
        store.UseSystemTextJsonSerializer();
        store.ConfigureStore(options =>
        {
            options.StoreJobDataAsStrings = true;
            options.UseBackgroundThreads = true;
        });
        store.ProvisionSchema();
        store.UseClustering(cluster =>
        {
            // A node that died is replaced within seconds; one that was only slow does no harm, since every job may run twice.
            cluster.CheckinInterval = TimeSpan.FromSeconds(2);
            cluster.CheckinMisfireThreshold = TimeSpan.FromSeconds(4);
        });
    }

    // What was missed is not made up for: the next run does the work of all before it.
    private static void Every(SimpleScheduleBuilder schedule, TimeSpan interval) => schedule
        .WithInterval(interval)
        .RepeatForever()
        .WithMisfireInstruction(SimpleTriggerMisfireInstruction.NextWithRemainingCount);
}
