using System.Collections.Frozen;
using System.Threading.Channels;
using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Scheduler;

/// <summary>
/// The database says when; the triggers are a projection of it. The planner makes it at the start, whenever a session list's feed brings a hint,
/// and every half minute whatever happened to the hints. What passed while everything was switched off is run at the start.
/// </summary>
internal sealed class SessionPlanner(DueTriggers triggers, DueSessions due, IFeedRelay relay, TimeProvider time, ILogger<SessionPlanner> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    // Between two plans: a thousand sessions created in a row are planned in a few goes.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // What time itself did to sessions: their next instant is hours away as a rule, so a bell that rings in thousands is planned when it has rung.
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(1);

    private static readonly FrozenSet<string> ByTime = new[] { "lobbyOpened", "windowOpened", "draining", "closed" }.ToFrozenSet(StringComparer.Ordinal);

    // An instant that has just passed is being dealt with by the node whose trigger fired.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly string AnyList = FeedNames.Sessions("");

    // Any number of hints that come during a plan are one more plan.
    private readonly Channel<bool> hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var waiting = 0;
        await using var later = time.CreateTimer(_ => HintAndWaitNoMore(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        using var subscription = relay.Subscribe(batch =>
        {
            if (!batch.Feed.StartsWith(AnyList, StringComparison.Ordinal))
            {
                return;
            }

            if (batch.Events.All(item => ByTime.Contains(item.Kind)))
            {
                if (Interlocked.Exchange(ref waiting, 1) == 0)
                {
                    later.Change(Calm, Timeout.InfiniteTimeSpan);
                }
            }
            else
            {
                Hint();
            }
        });
        await using var timer = time.CreateTimer(_ => Hint(), null, TimeSpan.Zero, Every);

        void HintAndWaitNoMore()
        {
            Interlocked.Exchange(ref waiting, 0);
            Hint();
        }

        await foreach (var _ in hints.Reader.ReadAllAsync(stoppingToken))
        {
            await Plan(stoppingToken);
            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private void Hint() => hints.Writer.TryWrite(true);

    private async Task Plan(CancellationToken stop)
    {
        try
        {
            if (await triggers.Plan(stop) is { } earliest && time.Now() - earliest > Patience)
            {
                await due.Run(stop);
            }
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            // The next plan makes it good, in half a minute at the latest.
            log.LogError(failure, "The sessions' timers could not be planned");
        }
    }
}
