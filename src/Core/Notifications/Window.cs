namespace LiveProctor.Core.Notifications;

/// <summary>From when until when a session's tests may be started.</summary>
public sealed record Window(DateTimeOffset OpensAt, DateTimeOffset ClosesAt)
{
    /// <summary>How long it is.</summary>
    public TimeSpan Length => ClosesAt - OpensAt;
}
