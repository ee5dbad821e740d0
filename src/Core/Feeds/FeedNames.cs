namespace LiveProctor.Core.Feeds;

/// <summary>One feed per audience. Nothing is filtered inside a feed, so a gap always means loss.</summary>
public static class FeedNames
{
    /// <summary>Staff who may see the session.</summary>
    public static string Session(string sessionId) => $"{SessionPrefix}{sessionId}";

    /// <summary>True for <see cref="Session"/>, which is also the name of the session's audit chain.</summary>
    public static bool IsSession(string feed) => feed.StartsWith(SessionPrefix, StringComparison.Ordinal);

    /// <summary>Every student in the session's lobby.</summary>
    public static string Lobby(string sessionId) => $"lobby:{sessionId}";

    /// <summary>The student of one entry.</summary>
    public static string Entry(string entryId) => $"entry:{entryId}";

    /// <summary>The session list of those who may see every session of the organisation.</summary>
    public static string Sessions(string organisationId) => $"{SessionsPrefix}{organisationId}";

    /// <summary>The session list of one proctor, who sees only the sessions it belongs to.</summary>
    public static string ProctorSessions(string staffId) => $"{ProctorPrefix}{staffId}";

    /// <summary>True for <see cref="Sessions"/> and <see cref="ProctorSessions"/>, of which an event may carry many rows.</summary>
    public static bool IsList(string feed) => feed.StartsWith(SessionsPrefix, StringComparison.Ordinal) || feed.StartsWith(ProctorPrefix, StringComparison.Ordinal);

    /// <summary>The commands to one delivery system.</summary>
    public static string Delivery(string deliverySystemId) => $"delivery:{deliverySystemId}";

    /// <summary>That a person's account changed, for the nodes that hold the person's connections. Nobody outside follows it.</summary>
    public static string Staff(string staffId) => StaffPrefix + staffId;

    private const string SessionPrefix = "session:";
    private const string SessionsPrefix = "sessions:";
    private const string ProctorPrefix = "proctor:";

    /// <summary>How the feeds of accounts begin.</summary>
    public const string StaffPrefix = "staff:";

    /// <summary>
    /// The order in which feeds are locked in a transaction. Every transaction follows it, so two of them never wait for each other in a circle:
    /// first the sessions, which serialise the commands on a session, last the feeds that many sessions share.
    /// </summary>
    public static int LockRank(string feed) => feed[..feed.IndexOf(':', StringComparison.Ordinal)] switch
    {
        "session" => 0,
        "entry" => 1,
        "lobby" => 2,
        "delivery" => 3,
        "proctor" => 4,
        "sessions" => 5,
        "staff" => 6,
        _ => throw new ArgumentException($"No such kind of feed: {feed}", nameof(feed)),
    };
}
