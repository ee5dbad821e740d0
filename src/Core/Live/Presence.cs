namespace LiveProctor.Core.Live;

/// <summary>Whether somebody's browser is there, product.md section 5. Ephemeral: never in the durable log except where it changes an entry's state.</summary>
public enum Presence
{
    /// <summary>No ping was seen, as far as is remembered.</summary>
    Never,

    /// <summary>The last ping is recent.</summary>
    Online,

    /// <summary>No ping for more than 5 s.</summary>
    Lagging,

    /// <summary>No ping for more than 15 s.</summary>
    Lost,
}

/// <summary>What the silence of a browser means.</summary>
public static class PresenceRules
{
    public static readonly TimeSpan LaggingAfter = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan LostAfter = TimeSpan.FromSeconds(15);

    /// <summary>Presence at <paramref name="now"/> of one who was last seen at <paramref name="lastSeen"/>, null when never.</summary>
    public static Presence Of(DateTimeOffset? lastSeen, DateTimeOffset now) => lastSeen is not { } seen
        ? Presence.Never
        : (now - seen) switch
        {
            var silence when silence > LostAfter => Presence.Lost,
            var silence when silence > LaggingAfter => Presence.Lagging,
            _ => Presence.Online,
        };
}

/// <summary>When each entry of a session was last seen.</summary>
/// <param name="Since">
/// From when on every ping is in here. What happened before is not known: the record may have been lost, or out of reach.
/// </param>
/// <param name="LastSeen">By entry id; entries without a ping are missing.</param>
public sealed record SessionPresence(DateTimeOffset Since, IReadOnlyDictionary<string, DateTimeOffset> LastSeen)
{
    /// <summary>The entry's presence as the screen shows it.</summary>
    public Presence Of(string entryId, DateTimeOffset now) => PresenceRules.Of(LastSeenAt(entryId), now);

    /// <summary>The last ping of the entry; null when there is none.</summary>
    public DateTimeOffset? LastSeenAt(string entryId) => LastSeen.TryGetValue(entryId, out var at) ? at : null;

    /// <summary>
    /// For how long the entry has certainly been silent: what a test may be interrupted for. Time in which pings could not be recorded does not count,
    /// so neither an unreachable Redis nor one that lost its memory interrupts anybody.
    /// </summary>
    public TimeSpan CertainSilence(string entryId, DateTimeOffset now)
    {
        var from = LastSeenAt(entryId) is { } seen && seen > Since ? seen : Since;
        return now > from ? now - from : TimeSpan.Zero;
    }
}
