namespace LiveProctor.Core.Feeds;

/// <summary>How a reader that holds a position comes to the head of a feed.</summary>
public abstract record Resume
{
    private Resume()
    {
    }

    /// <summary>By the events <paramref name="From"/> to <paramref name="To"/>, both included; none when <paramref name="To"/> is smaller.</summary>
    public sealed record Replay(long From, long To) : Resume;

    /// <summary>By a snapshot: what it missed is not kept, not of its history, or too much.</summary>
    public sealed record Snapshot : Resume;
}

/// <summary>Decides whether a reader can be brought up to date by the events that it missed.</summary>
public static class ResumeRule
{
    /// <param name="held">The position after the last event that the reader took; null when it has none.</param>
    /// <param name="head">The feed's position.</param>
    /// <param name="oldestKept">The number of the oldest event that can still be read; one above the head when none can.</param>
    /// <param name="limit">The most events that are replayed: beyond it a snapshot is cheaper for both ends.</param>
    public static Resume Decide(FeedPosition? held, FeedPosition head, long oldestKept, int limit) =>
        held is { } position
        && position.Epoch == head.Epoch
        && position.Seq >= 0
        && position.Seq <= head.Seq
        && head.Seq - position.Seq <= limit
        && (position.Seq == head.Seq || oldestKept <= position.Seq + 1)
            ? new Resume.Replay(position.Seq + 1, head.Seq)
            : new Resume.Snapshot();
}
