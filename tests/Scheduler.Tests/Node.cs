using LiveProctor.Core;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Quartz;

namespace LiveProctor.Scheduler.Tests;

/// <summary>A process with the scheduler role: its own host, connections and timers.</summary>
internal sealed class Node : IAsyncDisposable
{
    private readonly IHost host;

    private Node(IHost host)
    {
        this.host = host;
    }

    public static async Task<Node> Start(School school, string? postgres)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        var services = builder.Services;
        services.AddSingleton(school.Time);
        services.AddSingleton(_ => postgres is null ? school.Database.Open() : Db.Postgres(postgres));
        services.AddSingleton<IFeedRelay>(school.Relay);
        services.AddSingleton<ILiveBoard, LocalBoard>(_ => new LocalBoard());
        services.AddSingleton<IPresence, LocalPresence>();
        services.AddSingleton<Changes>();
        services.AddSingleton<FeedLog>();
        services.AddSingleton<SessionStore>();
        services.AddSingleton<EntryStore>();
        services.AddSingleton<RunDueSessions>();
        services.AddSingleton<DrainIdleSessions>();
        services.AddSingleton<WatchEntries>();
        services.AddSingleton<ProfileStore>();
        services.AddSingleton<FollowProfiles>();
        services.AddSingleton<IMailCarrier>(new FileCarrier(Path.Combine(Path.GetTempPath(), "liveproctor-no-mail")));
        services.AddSingleton(new PublicAddress(null));
        services.AddSingleton<OutboxStore>();
        services.AddSingleton<SendMails>();
        services.AddScheduler(postgres);
        var node = new Node(builder.Build());
        await node.host.StartAsync();
        return node;
    }

    /// <summary>The instants that it has timers for.</summary>
    public async Task<IReadOnlyList<DateTimeOffset>> Planned()
    {
        var scheduler = await Scheduler();
        var triggers = await scheduler.QueryTriggers(new TriggerQuery { Group = GroupMatcher<TriggerKey>.GroupEquals("due"), Take = int.MaxValue });
        return [.. triggers.Items.Select(trigger => trigger.StartTimeUtc).Order()];
    }

    /// <summary>Fires the timer of windows out of turn, as a stale or doubled trigger would.</summary>
    public async Task FireForNothing() => await (await Scheduler()).TriggerJob(new JobKey("window"));

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    private ValueTask<IScheduler> Scheduler() => host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
}
