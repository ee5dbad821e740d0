using System.Security.Cryptography;

namespace LiveProctor.PracticeDelivery.Hub;

/// <summary>Waiting longer after each failure, up to a limit, and never in step with anyone else.</summary>
public sealed class BackOff(TimeProvider clock, TimeSpan longest)
{
    int failures;

    /// <summary>It worked: the next wait is short again.</summary>
    public void Reset() => failures = 0;

    /// <summary>Waits after a failure, at least as long as the other side asked for.</summary>
    public Task Wait(TimeSpan? asked, CancellationToken stop)
    {
        var most = Math.Min(longest.TotalMilliseconds, 500 * Math.Pow(2, Math.Min(failures++, 20)));
        var jittered = RandomNumberGenerator.GetInt32((int)(most / 2), (int)most + 1);
        return Task.Delay(TimeSpan.FromMilliseconds(Math.Max(jittered, asked?.TotalMilliseconds ?? 0)), clock, stop);
    }
}
