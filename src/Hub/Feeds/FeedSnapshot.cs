using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;

namespace LiveProctor.Hub.Feeds;

/// <summary>The state that a feed's events have led to.</summary>
/// <param name="Position">Where it was true; null when it says nothing that depends on the position.</param>
/// <param name="Json">A JSON object.</param>
public sealed record FeedSnapshot(FeedPosition? Position, string Json);

/// <summary>Reads the snapshot of one feed. It may be older than the head: what followed it is sent after it.</summary>
/// <param name="fresh">True when the last one was too old to be completed: read from storage.</param>
public delegate Task<Result<FeedSnapshot>> SnapshotSource(bool fresh);

/// <summary>Whether a reader may follow a feed, and where the feed stands in the log: both read after the call.</summary>
public delegate Task<Result<FeedPosition>> FeedDoor();

/// <summary>What one follower gets of an event.</summary>
public enum Passage
{
    /// <summary>The event, and what comes after it.</summary>
    Send,

    /// <summary>The event as the last one of this feed.</summary>
    SendAsLast,

    /// <summary>Nothing any more: the follower lost its right. Its connection is cut off, and what it may still see it follows anew.</summary>
    CutOff,
}

/// <summary>
/// Asked before each event is sent to a follower whose rights an event can end (a proctor who leaves a session, a student's first device).
/// Only this follower waits for the answer.
/// </summary>
public delegate ValueTask<Passage> FeedGate(FeedEvent happened);
