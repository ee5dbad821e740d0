using System.Threading.Channels;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Feeds;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Presence;

/// <summary>
/// Closes the consoles of people who are no longer let in as they were: disabled, with another role or password, or with a token that was made worthless.
/// A connection keeps the rights it was opened with, so it must be opened anew. It looks as soon as it hears of a change, and from time to time,
/// since what it hears by may be lost.
/// </summary>
public sealed class StaffWatch(Attendance attendance, StaffAccess access, IFeedRelay relay, TimeProvider time, ILogger<StaffWatch> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private readonly Channel<bool> looks = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = relay.Subscribe(batch =>
        {
            if (batch.Feed.StartsWith(FeedNames.StaffPrefix, StringComparison.Ordinal))
            {
                looks.Writer.TryWrite(true);
            }
        });
        await using var timer = time.CreateTimer(_ => looks.Writer.TryWrite(true), null, Every, Every);
        await foreach (var _ in looks.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                foreach (var console in attendance.Staff.Values)
                {
                    if (!await access.Holds(console.User))
                    {
                        console.Abort();
                    }
                }
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                log.LogWarning(fault, "The staff's accounts could not be looked at; the next look is soon");
            }
        }
    }
}
