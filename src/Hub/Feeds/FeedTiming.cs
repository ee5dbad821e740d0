namespace LiveProctor.Hub.Feeds;

/// <summary>The patience and the sizes of the feeds of one node.</summary>
public sealed record FeedTiming
{
    /// <summary>How often the log's heads are compared: how late an event is at most whose hint was lost.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a missing hint is waited for before the log is read: nodes and threads overtake each other by less.</summary>
    public TimeSpan GapPatience { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>How often a client is told the heads of what it follows.</summary>
    public TimeSpan Heads { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long recent events stay in memory, for readers that come back.</summary>
    public TimeSpan Recent { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How many messages a reader may be behind before it is cut off.</summary>
    public int MostWaiting { get; init; } = 256;

    /// <summary>How many characters of events a feed keeps in memory.</summary>
    public int MostCharacters { get; init; } = 4 * 1024 * 1024;

    /// <summary>How many missed events are replayed; beyond it a snapshot is sent.</summary>
    public int MostReplayed { get; init; } = 1_000;

    /// <summary>The same of a session list: its events may carry many rows each, and its snapshot costs nothing.</summary>
    public int MostReplayedOfList { get; init; } = 50;

    /// <summary>How many events one message carries.</summary>
    public int MostInMessage { get; init; } = 100;

    /// <summary>How many events one read of the log fetches.</summary>
    public int MostInRead { get; init; } = 500;

    /// <summary>How many feeds are compared in one query.</summary>
    public int MostInPoll { get; init; } = 1_000;
}
