namespace LiveProctor.Core.Live;

/// <summary>
/// Bounds guessing, counted over all nodes. A permit is taken before the check, so guesses made at the same time cannot overrun the limit,
/// and afterwards it is either given back, so that correct attempts cost nothing, or counted as a failure.
/// Two implementations: <c>RedisThrottle</c>, and <c>LocalThrottle</c> within one process; one contract suite for both. Neither throws.
/// </summary>
public interface IThrottle
{
    /// <summary>Takes a permit for one attempt. A refused attempt is not counted.</summary>
    /// <param name="key">Who or what is guessing or guessed, such as an address; any text.</param>
    ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit);

    /// <summary>The attempt succeeded, or was no guess: gives its permit back.</summary>
    ValueTask GiveBack(string key, ThrottleLimit limit);

    /// <summary>The attempt was a wrong guess: its permit is gone for the length of the window. One that is never decided counts as wrong after a while.</summary>
    ValueTask Fail(string key, ThrottleLimit limit);
}

/// <summary>Whether the attempt may go on.</summary>
/// <param name="RetryAfter">How long until a permit may be free; zero when one was given.</param>
public readonly record struct ThrottleAnswer(TimeSpan RetryAfter)
{
    /// <summary>A permit was given.</summary>
    public static readonly ThrottleAnswer Go = new(TimeSpan.Zero);

    public bool Allowed => RetryAfter == TimeSpan.Zero;
}
