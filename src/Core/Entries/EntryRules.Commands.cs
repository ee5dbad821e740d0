using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>What the delivery system must confirm. Until then the entry keeps its state and says what is pending.</summary>
public static partial class EntryRules
{
    /// <summary>A command that is not confirmed within this time raises an alert.</summary>
    public static readonly TimeSpan ConfirmWithin = TimeSpan.FromSeconds(15);

    /// <summary>The longest single extension: four hours.</summary>
    public const int LongestExtension = 4 * 60 * 60;

    /// <summary>When time alone changes the entry; null when it does not.</summary>
    public static DateTimeOffset? NextDue(Entry entry) => entry switch
    {
        { Pending: { Overdue: false } pending } => pending.RequestedAt + ConfirmWithin,
        { State: EntryState.Entering, HandedOverAt: null, Grant: { } grant } => grant.ExpiresAt,
        _ => null,
    };

    /// <summary>What time demands of the entry; null when nothing is due.</summary>
    public static EntryStep? Due(Entry entry, DateTimeOffset now)
    {
        if (NextDue(entry) is not { } due || now < due)
        {
            return null;
        }

        return entry.Pending is { Overdue: false } pending
            ? Changed(entry, entry with { Pending = pending with { Overdue = true } }, "commandUnconfirmed")
            : LetTokenExpire(entry, now).Value;
    }

    /// <summary>Stops the test for a while.</summary>
    public static Result<EntryStep> RequestPause(Entry entry, CommandSource source, string? reason, string commandId, DateTimeOffset now)
    {
        if (EntryTransitions.After(entry.State, EntryMove.Pause) is null)
        {
            return Refuse(entry, "paused");
        }

        return entry.HandedOverAt is null
            ? Move(entry, EntryMove.Pause, "paused", now, next => next with { PausedBy = source })
            : Request(entry, CommandKind.Pause, source, null, reason, commandId, now);
    }

    /// <summary>Lets a paused test go on: in place when the pause was short, else by waiting for approval.</summary>
    public static Result<EntryStep> RequestResume(Entry entry, Session session, CommandSource source, string commandId, DateTimeOffset now)
    {
        if (entry.State != EntryState.Paused)
        {
            return Refuse(entry, "resumed");
        }

        if (source == CommandSource.Student && entry.PausedBy != CommandSource.Student)
        {
            return new Problem(ProblemKind.NotPermitted, "Your proctor paused this test and will resume it.");
        }

        if (session.Phase == SessionPhase.Held)
        {
            return new Problem(ProblemKind.SessionHeld, "Everyone is paused. Release the session first.");
        }

        if (entry.Pending is { } pending)
        {
            return Already(pending);
        }

        // While the session drains nobody can be approved any more, so the proctor who resumes lets the student in again with that.
        if (!WithinPauseLimit(entry, session, now) && !(session.Phase == SessionPhase.Draining && source == CommandSource.Proctor))
        {
            return AskForApproval(entry, now);
        }

        return entry.HandedOverAt is null
            ? Move(entry, EntryMove.Resume, "resumed", now)
            : Request(entry, CommandKind.Resume, source, null, null, commandId, now);
    }

    /// <summary>
    /// What "pause everyone" and its release demand of the entry as it is now; null when nothing. To be asked again after every step of the entry:
    /// who comes into a session that is held, and whose pause was confirmed only after the release, is caught up then.
    /// </summary>
    public static EntryStep? FollowHold(Entry entry, Session session, string commandId, DateTimeOffset now) => (session.Phase, entry) switch
    {
        (SessionPhase.Held, { State: EntryState.Testing, Pending: null }) =>
            RequestPause(entry, CommandSource.Hold, session.HoldReason, commandId, now).Value,
        (SessionPhase.Open, { State: EntryState.Paused, PausedBy: CommandSource.Hold, Pending: null }) =>
            RequestResume(entry, session, CommandSource.Hold, commandId, now).Value,
        _ => null,
    };

    /// <summary>Gives the student more time.</summary>
    /// <param name="seconds">1 to <see cref="LongestExtension"/>.</param>
    public static Result<EntryStep> Extend(Entry entry, int seconds, string? reason, string commandId, DateTimeOffset now)
    {
        if (entry.Ended)
        {
            return Refuse(entry, "extended");
        }

        if (seconds is < 1 or > LongestExtension)
        {
            return Problem.Invalid(("seconds", $"An extension is from 1 to {LongestExtension} seconds."));
        }

        // A delivery system that has not redeemed the token learns the time when it does.
        return entry.HandedOverAt is null
            ? Changed(entry, entry with { AllowedSeconds = Sum(entry.AllowedSeconds, seconds) }, "extended")
            : Request(entry, CommandKind.Extend, CommandSource.Proctor, seconds, reason, commandId, now);
    }

    /// <summary>Ends the test. It outranks any other command that is still unconfirmed.</summary>
    public static Result<EntryStep> Terminate(Entry entry, CommandSource source, string reason, string commandId, DateTimeOffset now)
    {
        if (EntryTransitions.After(entry.State, EntryMove.Terminate) is null)
        {
            return Refuse(entry, "terminated");
        }

        if (entry.Pending is { Kind: CommandKind.Terminate })
        {
            return Already(entry.Pending);
        }

        return entry.HandedOverAt is null
            ? Ended(entry, source, reason, now)
            : Request(entry with { Pending = null }, CommandKind.Terminate, source, null, reason, commandId, now);
    }

    /// <summary>The command was handed to the delivery system. Null when it is no longer pending, or was handed over before.</summary>
    public static EntryStep? Delivered(Entry entry, string commandId, DateTimeOffset now) =>
        entry.Pending is { DeliveredAt: null } pending && pending.Id == commandId
            ? Changed(entry, entry with { Pending = pending with { DeliveredAt = now } }, "commandDelivered")
            : null;

    private static Result<EntryStep> Confirmed(Entry entry, string? commandId, DateTimeOffset now)
    {
        if (entry.Pending is not { } pending || pending.Id != commandId)
        {
            return new Problem(ProblemKind.WrongState, "No such command is pending.");
        }

        var done = entry with { Pending = null };
        return pending.Kind switch
        {
            CommandKind.Terminate => Ended(done, pending.Source, pending.Reason ?? "", now),
            CommandKind.Extend => Changed(done, done with { AllowedSeconds = Sum(done.AllowedSeconds, pending.Seconds ?? 0) }, "extended"),
            CommandKind.Pause when done.State == EntryState.Testing =>
                Move(done, EntryMove.Pause, "paused", now, next => next with { PausedBy = pending.Source }),
            CommandKind.Resume when done.State == EntryState.Paused => Move(done, EntryMove.Resume, "resumed", now),
            CommandKind.ReleaseSeal when done.State == EntryState.AtSeal => Move(done, EntryMove.ReleaseSeal, "sealReleased", now),
            _ => Changed(done, done, "position"),
        };
    }

    // What the close rule ends has expired; what a person ends was terminated.
    private static Result<EntryStep> Ended(Entry entry, CommandSource source, string reason, DateTimeOffset now)
    {
        var move = source == CommandSource.Close && entry.Started ? EntryMove.Expire : EntryMove.Terminate;
        return Move(entry, move, move == EntryMove.Expire ? "expired" : "terminated", now, next => next with
        {
            EndReason = reason,
        });
    }

    private static Result<EntryStep> Request(
        Entry entry, CommandKind kind, CommandSource source, int? seconds, string? reason, string commandId, DateTimeOffset now) => entry.Pending is { } pending
        ? Already(pending)
        : Changed(
            entry,
            entry with { Pending = new PendingCommand(commandId, kind, source, seconds, reason, now, DeliveredAt: null, Overdue: false) },
            "commandRequested");

    private static string Word(CommandKind kind) => kind == CommandKind.ReleaseSeal ? "open the seal" : kind.ToString().ToLowerInvariant();

    private static Problem Already(PendingCommand pending) =>
        new(ProblemKind.CommandPending, $"The delivery system has not confirmed the last command yet ({Word(pending.Kind)}).");
}
