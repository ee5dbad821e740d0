using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>Where an entry stands (product.md section 5).</summary>
public enum EntryState
{
    Waiting,
    Approved,
    Denied,
    Withdrawn,
    Entering,
    Testing,
    Paused,
    AtSeal,
    Interrupted,
    Submitted,
    Terminated,
    NoShow,
    Expired,
    Moved,
    Removed,
}

/// <summary>By which of the ways in a student came.</summary>
public enum WayIn
{
    JoinId,
    Link,
    Guest,

    /// <summary>User ID and session password.</summary>
    Ticket,

    /// <summary>The student's own page.</summary>
    OwnPage,
}

/// <summary>One student's attempt to be admitted and take one test in one session: the row on the proctor's screen.</summary>
public sealed record Entry
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string SessionId { get; init; }

    public required EntryStudent Student { get; init; }

    public required SessionTest Test { get; init; }

    public required WayIn WayIn { get; init; }

    public required DateTimeOffset ArrivedAt { get; init; }

    /// <summary>The order of arrival within the session; unique there.</summary>
    public required long Arrival { get; init; }

    public bool Simulated { get; init; }

    /// <summary>Counts the student's tries at the test in this session, from 1.</summary>
    public int Attempt { get; init; } = 1;

    public EntryState State { get; init; } = EntryState.Waiting;

    public required DateTimeOffset StateSince { get; init; }

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>The version of the last change that a decision would rest on. A decision made on an older screen is stale.</summary>
    public long DecidedOn { get; init; } = 1;

    /// <summary>Which of the student's devices holds the entry: 1, 2, … raised at each take-over.</summary>
    public int Device { get; init; } = 1;

    /// <summary>Hash of the token that the device holds.</summary>
    public required string TokenHash { get; init; }

    /// <summary>What differs from normal.</summary>
    public IReadOnlyList<EntryFlag> Flags { get; init; } = [];

    /// <summary>The registration by which the student takes the test; null for guests and for who has none.</summary>
    public string? RegistrationId { get; init; }

    /// <summary>Test settings of this student, by name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public EntryDecision? Decision { get; init; }

    public int DeniedTimes { get; init; }

    /// <summary>Why it ended, as shown to the student.</summary>
    public string? EndReason { get; init; }

    public EntryGrant? Grant { get; init; }

    /// <summary>
    /// Since when the delivery system has the test: it redeemed a token after the last approval. Null before, after, and where there is no such system.
    /// From then on what is decided must be sent to it, also while the student's page holds another token that nobody redeemed.
    /// </summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    public EntryProgress? Progress { get; init; }

    /// <summary>The title of the sealed section that the student waits at; null elsewhere, and empty where the delivery system names none.</summary>
    public string? Seal { get; init; }

    /// <summary>The delivery system's last sequence for this entry; 0 before its first report.</summary>
    public long LastSequence { get; init; }

    /// <summary>Time that the test may take, credits included.</summary>
    public required int AllowedSeconds { get; init; }

    /// <summary>Time used up to the last pause or interruption.</summary>
    public int UsedSeconds { get; init; }

    /// <summary>Since when the test's time runs; null while it stands still.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Since when it is paused or interrupted.</summary>
    public DateTimeOffset? StoppedSince { get; init; }

    public int PausedSeconds { get; init; }

    /// <summary>Who paused it; null unless paused.</summary>
    public CommandSource? PausedBy { get; init; }

    public PendingCommand? Pending { get; init; }

    public bool HandRaised { get; init; }

    public IReadOnlyList<EntryMessage> Messages { get; init; } = [];

    public DateTimeOffset? LaunchedAt { get; init; }

    /// <summary>True when the test's time has run at least once in this attempt.</summary>
    public bool Begun => RunningSince is not null || UsedSeconds > 0;

    /// <summary>True while the student waits or is tested.</summary>
    public bool Active => State is EntryState.Waiting or EntryState.Approved || Started;

    /// <summary>True from the first entry token until the test has ended.</summary>
    public bool Started => State is EntryState.Entering or EntryState.Testing or EntryState.Paused or EntryState.AtSeal or EntryState.Interrupted;

    /// <summary>True when nothing but an administrator changes it any more.</summary>
    public bool Ended => State is EntryState.Submitted or EntryState.Terminated or EntryState.NoShow or EntryState.Expired or EntryState.Moved or EntryState.Removed;
}

/// <summary>Who the student is, as known when they joined.</summary>
/// <param name="Key">Identifies the student within the organisation: the student's id, or the guest's own entry.</param>
/// <param name="Id">The student's id; null for a guest.</param>
public sealed record EntryStudent(string Key, string? Id, string? ExternalId, string GivenName, string FamilyName)
{
    public bool Guest => Id is null;

    public string Name => FamilyName.Length == 0 ? GivenName : $"{GivenName} {FamilyName}";
}

/// <summary>Something that differs from normal.</summary>
/// <param name="Code">secondDevice, askedAgain, returning, nameDiffers or notRegistered.</param>
/// <param name="Text">The same in a sentence for the proctor.</param>
public sealed record EntryFlag(string Code, string Text);

/// <summary>What was decided, by whom.</summary>
/// <param name="Outcome">approved, denied or revoked.</param>
/// <param name="By">Null when the profile decided.</param>
public sealed record EntryDecision(string Outcome, Person? By, DateTimeOffset At, string? Reason);

/// <summary>The last entry token that was handed out.</summary>
/// <param name="Jti">The token's id; only this one may be redeemed.</param>
/// <param name="ScheduleVersion">The window it was handed out for.</param>
public sealed record EntryGrant(string Jti, DateTimeOffset ExpiresAt, long ScheduleVersion, DateTimeOffset? RedeemedAt);

/// <summary>How far the student is.</summary>
public sealed record EntryProgress(int Answered, int Total, string? Section);

/// <summary>A message between proctor and student.</summary>
/// <param name="From">proctor or student.</param>
public sealed record EntryMessage(DateTimeOffset At, string From, string Name, string Text);

/// <summary>What a delivery system can be told to do.</summary>
public enum CommandKind
{
    Pause,
    Resume,
    Extend,
    Terminate,

    /// <summary>Opens the sealed section that the student waits at.</summary>
    ReleaseSeal,
}

/// <summary>What a command comes from.</summary>
public enum CommandSource
{
    Proctor,
    Student,

    /// <summary>"Pause everyone", or its release.</summary>
    Hold,

    /// <summary>The close rule of the profile.</summary>
    Close,
}

/// <summary>A command that the delivery system has not confirmed; until then the entry keeps its state.</summary>
/// <param name="Overdue">True when it stayed unconfirmed for <see cref="EntryRules.ConfirmWithin"/>.</param>
public sealed record PendingCommand(
    string Id, CommandKind Kind, CommandSource Source, int? Seconds, string? Reason, DateTimeOffset RequestedAt, DateTimeOffset? DeliveredAt, bool Overdue)
{
    /// <summary>The sealed section that opens; null for any other command.</summary>
    public string? Section { get; init; }
}
