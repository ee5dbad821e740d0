using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>An entry as staff see it: <c>EntryRow</c> of docs/protocol.md section 3.</summary>
public sealed record EntryRow(
    string Id, long Version, long Arrival, int Attempt, EntryState State, DateTimeOffset StateSince, DateTimeOffset ArrivedAt, WayIn WayIn,
    StudentView Student, bool Guest, bool Simulated, string TestCode, string TestTitle, IReadOnlyList<EntryFlag> Flags, int Device,
    IReadOnlyDictionary<string, string> Settings, EntryDecision? Decision, EntryProgress? Progress, int AllowedSeconds, int UsedSeconds,
    DateTimeOffset? RunningSince, DateTimeOffset? PausedSince, int PausedSeconds, CommandSource? PausedBy, PendingCommandView? PendingCommand,
    bool HandRaised, IReadOnlyList<EntryMessage> Messages, string? EndReason, string? Seal)
{
    public static EntryRow Of(Entry entry) => new(
        entry.Id, entry.Version, entry.Arrival, entry.Attempt, entry.State, entry.StateSince, entry.ArrivedAt, entry.WayIn,
        new StudentView(entry.Student.Id, entry.Student.ExternalId, entry.Student.GivenName, entry.Student.FamilyName), entry.Student.Guest, entry.Simulated,
        entry.Test.Code, entry.Test.Title, entry.Flags, entry.Device, entry.Settings, entry.Decision, entry.Progress, entry.AllowedSeconds, entry.UsedSeconds,
        entry.RunningSince, entry.StoppedSince, entry.PausedSeconds, entry.PausedBy, PendingCommandView.Of(entry.Pending), entry.HandRaised, entry.Messages,
        entry.EndReason, entry.Seal);
}

/// <summary>Who the student of a row is.</summary>
public sealed record StudentView(string? Id, string? ExternalId, string GivenName, string FamilyName);

/// <summary>A command that is not confirmed yet.</summary>
public sealed record PendingCommandView(
    string Id, CommandKind Kind, int? Seconds, string? Reason, DateTimeOffset RequestedAt, DateTimeOffset? DeliveredAt, bool Overdue)
{
    public static PendingCommandView? Of(PendingCommand? pending) => pending is null
        ? null
        : new(pending.Id, pending.Kind, pending.Seconds, pending.Reason, pending.RequestedAt, pending.DeliveredAt, pending.Overdue);
}

/// <summary>An entry as its student sees it: <c>Me</c> of docs/protocol.md section 3.</summary>
public sealed record MeView(
    string EntryId, long Version, EntryState State, DateTimeOffset StateSince, string StudentName, string TestCode, string TestTitle, int Attempt, int Device,
    string? Reason, int DeniedTimes, DateTimeOffset? AskAgainAt, bool MayAskAgain, bool HandRaised, IReadOnlyList<EntryMessage> Messages,
    CommandKind? PendingCommand, bool MayPause, bool MayReturn, EntryProgress? Progress, DateTimeOffset? LaunchedAt, bool Simulated, string? Seal)
{
    public static MeView Of(Entry entry, Session session) => new(
        entry.Id, entry.Version, entry.State, entry.StateSince, entry.Student.Name, entry.Test.Code, entry.Test.Title, entry.Attempt, entry.Device,
        entry.EndReason ?? (entry.State is EntryState.Denied or EntryState.Waiting ? entry.Decision?.Reason : null),
        entry.DeniedTimes, EntryRules.AskAgainAt(entry), EntryRules.AskAgainAt(entry) is not null, entry.HandRaised, entry.Messages,
        entry.Pending?.Kind, session.ProfileFor(entry.Test).StudentMayPause && entry.State is EntryState.Testing || (entry is { State: EntryState.Paused, PausedBy: CommandSource.Student }),
        entry.Started && !session.Ended, entry.Progress, entry.LaunchedAt, entry.Simulated, entry.Seal);
}
