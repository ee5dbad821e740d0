namespace LiveProctor.Core.Registrations;

/// <summary>How far a registration has come (product.md section 4).</summary>
public enum RegistrationStatus
{
    /// <summary>Never started.</summary>
    Pending,

    /// <summary>The test was started.</summary>
    Started,

    /// <summary>The test was submitted, or has ended otherwise.</summary>
    Completed,

    /// <summary>Taken back; its credit was returned when it had never started.</summary>
    Cancelled,
}

/// <summary>A student entitled to a test. Without a session it can be started at any time; with one, within the session's window.</summary>
public sealed record Registration
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string StudentId { get; init; }

    /// <summary>The test, by its code. A student has at most one registration to a test that is pending or started.</summary>
    public required string TestCode { get; init; }

    /// <summary>Null: no session, so it can be started at any time.</summary>
    public string? SessionId { get; init; }

    public RegistrationStatus Status { get; init; } = RegistrationStatus.Pending;

    /// <summary>Test settings that apply in this test, over the student's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The entry by which it was started; null before.</summary>
    public string? EntryId { get; init; }

    /// <summary>When the student was last sent the link of the own page; null when never.</summary>
    public DateTimeOffset? InvitedAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;
}
