using LiveProctor.Core.Sessions;

namespace LiveProctor.Web.Hosting;

/// <summary>Lets the order of the session lists follow the numbers of their sessions, once more when the program ends, and from end to end each day.</summary>
internal sealed class CountRounds(CountOrder order, TimeProvider time, ILogger<CountRounds> log) : BackgroundService
{
    private static readonly TimeSpan Whole = TimeSpan.FromDays(1);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Try(order.Follow);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CountOrder.Rest(TimeSpan.Zero), time);
        DateTimeOffset? madeGood = null;
        do
        {
            if (madeGood is null || time.GetUtcNow() - madeGood >= Whole)
            {
                madeGood = time.GetUtcNow();
                await Try(order.MakeGood);
            }

            var began = time.GetTimestamp();
            await Try(order.Follow);
            timer.Period = CountOrder.Rest(time.GetElapsedTime(began));
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Try(Func<Task<int>> step)
    {
        try
        {
            await step();
        }
#pragma warning disable CA1031 // The order is behind until the next round, or the next day; nothing else is.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            log.LogWarning(failure, "The order of the session lists is behind their numbers");
        }
    }
}
