using System.Collections.Concurrent;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Core.Rehearsals;

/// <summary>
/// Plays the simulated students of the rehearsals that were started on this node. A rehearsal whose node is gone is not taken up by another,
/// but ended by whichever notices (<see cref="EndAbandoned"/>): it is a show for whoever watched it start.
/// </summary>
public sealed class RehearsalDriver(
    StudentMeans means, SessionStore sessions, EntryStore entries, IPresence presence, IFeedRelay relay, EndAbandoned abandoned, TimeProvider time,
    ILogger<RehearsalDriver> log) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LookForAbandoned = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<string, Rehearsal> running = new(StringComparer.Ordinal);
    private DateTimeOffset lookedAt = time.Now();

    /// <summary>Plays the students of a session from now on.</summary>
    /// <param name="delivery">The simulated delivery system of its test.</param>
    /// <param name="seed">The same seed makes the same students.</param>
    public void Start(string sessionId, Actor delivery, int seed) =>
        running[sessionId] = new Rehearsal(sessionId, delivery, seed, time.Now(), means, sessions, entries, presence, relay);

    /// <summary>Does once what is due in every rehearsal by now. The running service calls it again and again.</summary>
    public async Task Advance(CancellationToken stop)
    {
        var now = time.Now();
        await Task.WhenAll(running.Select(rehearsal => Advance(rehearsal.Key, rehearsal.Value, now, stop)));
        if (now - lookedAt >= LookForAbandoned)
        {
            lookedAt = now;
            await Guarded(() => abandoned.Run(running.ContainsKey, stop), stop);
        }
    }

    public override void Dispose()
    {
        foreach (var rehearsal in running.Values)
        {
            rehearsal.Dispose();
        }

        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Tick, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await Advance(stoppingToken);
        }
    }

    private Task Advance(string sessionId, Rehearsal rehearsal, DateTimeOffset now, CancellationToken stop) => Guarded(
        async () =>
        {
            if (!await rehearsal.Advance(now, stop) && running.TryRemove(sessionId, out _))
            {
                rehearsal.Dispose();
            }
        },
        stop);

    // Storage that does not answer for a moment ends no rehearsal: what was not done is tried again at the next tick.
    private async Task Guarded(Func<Task> work, CancellationToken stop)
    {
        try
        {
            await work();
        }
        catch (Exception failure) when (!stop.IsCancellationRequested)
        {
            log.LogWarning(failure, "A rehearsal stumbled");
        }
    }
}
