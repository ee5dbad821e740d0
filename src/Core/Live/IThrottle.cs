namespace LiveProctor.Core.Live;

/// <summary>
/// Bounds guessing, counted over all nodes. A permit is taken before the check and given back when the check succeeds,
/// so guesses made at the same time cannot overrun the limit, and correct attempts cost nothing.
/// Two implementations: <c>RedisThrottle</c>, and <c>LocalThrottle</c> within one process; one contract suite for both.
/// </summary>
public interface IThrottle
{
    /// <summary>Takes a permit for one attempt. A refused attempt is not counted. Never throws.</summary>
    /// <param name="key">Who or what is guessing or guessed, such as an address; any text.</param>
    ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit);

    /// <summary>The attempt succeeded, or was no guess: gives its permit back. Never throws.</summary>
    ValueTask GiveBack(string key, ThrottleLimit limit);
}

/// <summary>Whether the attempt may go on.</summary>
/// <param name="RetryAfter">How long until a permit is free; zero when one was given.</param>
public readonly record struct ThrottleAnswer(TimeSpan RetryAfter)
{
    /// <summary>A permit was given.</summary>
    public static readonly ThrottleAnswer Go = new(TimeSpan.Zero);

    public bool Allowed => RetryAfter == TimeSpan.Zero;
}
