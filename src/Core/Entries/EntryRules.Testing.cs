using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>What a delivery system reports.</summary>
public enum ReportKind
{
    Started,
    Position,
    AtSeal,
    Paused,
    Resumed,
    Exited,
    Submitted,

    /// <summary>A terminate or extend command was carried out.</summary>
    Confirmed,
}

/// <summary>One report of a delivery system about one entry.</summary>
/// <param name="Sequence">Strictly growing per entry.</param>
/// <param name="CommandId">The command it confirms, if any.</param>
public sealed record DeliveryReport(ReportKind Kind, int Attempt, long Sequence, int? Answered, int? Total, string? Section, string? CommandId);

/// <summary>The test itself: from the entry token to its end.</summary>
public static partial class EntryRules
{
    /// <summary>How long an entry token may be redeemed.</summary>
    public static readonly TimeSpan TokenLife = TimeSpan.FromSeconds(120);

    /// <summary>How long the student may be out of sight before a test counts as interrupted.</summary>
    public static readonly TimeSpan LostFor = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The student's page fetches an entry token: at first to enter, later to find back into a test that is under way.
    /// The token before it can no longer be redeemed.
    /// </summary>
    public static Result<EntryStep> FetchToken(Entry entry, Session session, string jti, DateTimeOffset now)
    {
        if (WhyNoToken(entry, session, now) is { } problem)
        {
            return problem;
        }

        var grant = new EntryGrant(jti, now + TokenLife, session.ScheduleVersion, RedeemedAt: null);
        var entered = entry.State == EntryState.Approved ? Required(entry, EntryMove.Enter, now) : entry;
        entered = entered with { Grant = grant, LaunchedAt = entry.LaunchedAt ?? now };

        // Nobody will report from a test without a delivery system, so it counts as started, or as resumed.
        if (entry.Test.Delivery is null)
        {
            switch (entered.State)
            {
                case EntryState.Entering:
                    return Changed(entry, Required(entered, EntryMove.Start, now), "started", material: true);
                case EntryState.Interrupted:
                    return Changed(entry, Required(entered, EntryMove.Resume, now), "resumed", material: true);
            }
        }

        return Changed(entry, entered, "entering", material: entered.State != entry.State);
    }

    /// <summary>Why no entry token is handed out now; null when one is.</summary>
    public static Problem? WhyNoToken(Entry entry, Session session, DateTimeOffset now)
    {
        switch (entry.State)
        {
            case EntryState.Waiting or EntryState.Denied or EntryState.Withdrawn:
                return new Problem(ProblemKind.NotApproved, "Your proctor has not let you in yet.");
            case EntryState.Approved:
                return SessionRules.WhyNoStart(session);
            case EntryState.Entering when entry.HandedOverAt is null:
                return SessionRules.WhyNoStart(session);
            case EntryState.Entering or EntryState.Testing or EntryState.AtSeal or EntryState.Paused:
                return WhyNoReturn(session);
            case EntryState.Interrupted when !WithinPauseLimit(entry, session, now):
                return new Problem(ProblemKind.ApprovalNeeded, "You were away for long. Your proctor must let you in again.");
            case EntryState.Interrupted:
                return WhyNoReturn(session);
            default:
                return Refuse(entry, "entered");
        }
    }

    /// <summary>A delivery system redeems the token: once, in time, for the window as it is now.</summary>
    public static Result<EntryStep> Redeem(Entry entry, Session session, string jti, DateTimeOffset now)
    {
        if (!entry.Started || entry.Grant is not { } grant || grant.Jti != jti)
        {
            return ProblemKind.TokenRevoked;
        }

        if (grant.RedeemedAt is not null)
        {
            return ProblemKind.TokenUsed;
        }

        if (now >= grant.ExpiresAt)
        {
            return ProblemKind.TokenExpired;
        }

        if (grant.ScheduleVersion != session.ScheduleVersion)
        {
            return ProblemKind.TokenRevoked;
        }

        if ((entry.HandedOverAt is null ? SessionRules.WhyNoStart(session) : WhyNoReturn(session)) is { } problem)
        {
            return problem;
        }

        return Changed(entry, entry with { Grant = grant with { RedeemedAt = now }, HandedOverAt = entry.HandedOverAt ?? now }, "redeemed");
    }

    /// <summary>The token's time is over and nobody came: the place is given up until the proctor approves again.</summary>
    public static Result<EntryStep> LetTokenExpire(Entry entry, DateTimeOffset now) =>
        entry is { State: EntryState.Entering, HandedOverAt: null, Grant: { } grant } && now >= grant.ExpiresAt
            ? Move(entry, EntryMove.LetTokenExpire, "tokenExpired", now, next => Flagged(next, "returning", "Did not open the test in time"))
            : Refuse(entry, "given up");

    /// <summary>The window changed, or everyone is paused: a token that nobody redeemed is void, and the page fetches another when it may.</summary>
    public static Result<EntryStep> VoidToken(Entry entry, DateTimeOffset now) =>
        entry is { State: EntryState.Entering, HandedOverAt: null }
            ? Move(entry, EntryMove.VoidToken, "approved", now)
            : Refuse(entry, "given another token");

    /// <summary>True while a pause or interruption is short enough to resume in place. What the proctor did to everyone is not held against anyone.</summary>
    public static bool WithinPauseLimit(Entry entry, Session session, DateTimeOffset now) =>
        entry.StoppedSince is not { } since
        || entry.PausedBy is CommandSource.Hold
        || now - since <= TimeSpan.FromMinutes(session.ProfileFor(entry.Test).PauseLimitMinutes);

    /// <summary>A report of the delivery system. Null when it is a repetition without effect.</summary>
    public static Result<EntryStep?> Report(Entry entry, Session session, DeliveryReport report, DateTimeOffset now)
    {
        if (report.Sequence < 1)
        {
            return Problem.Invalid(("sequence", "The sequence of an entry's reports starts at 1."));
        }

        if (report.Attempt != entry.Attempt)
        {
            return ProblemKind.WrongAttempt;
        }

        if (report.Sequence == entry.LastSequence)
        {
            return (EntryStep?)null!;
        }

        if (report.Sequence < entry.LastSequence)
        {
            return ProblemKind.SequenceTooOld;
        }

        var reported = entry with
        {
            LastSequence = report.Sequence,
            Progress = report is { Answered: { } answered, Total: { } total } ? new EntryProgress(answered, total, report.Section) : entry.Progress,
        };
        var step = report.Kind switch
        {
            ReportKind.Started => Started(reported, session, now),
            ReportKind.Position => AtPosition(reported, session, now),
            ReportKind.AtSeal => ReachedSeal(reported, report.Section, now),
            ReportKind.Paused => PausedByDelivery(reported, now),
            ReportKind.Resumed => ResumedByDelivery(reported, session, now),
            ReportKind.Exited => Exited(reported, now),
            ReportKind.Submitted => Submitted(reported, now),
            _ => Confirmed(reported, report.CommandId, now),
        };
        return step.Then<EntryStep?>(value => value);
    }

    /// <summary>The student has been out of sight for too long.</summary>
    public static Result<EntryStep> Interrupt(Entry entry, DateTimeOffset now) => Move(entry, EntryMove.Interrupt, "interrupted", now);

    /// <summary>A student whose pause or interruption lasted too long comes back and waits for the proctor.</summary>
    public static Result<EntryStep> AskForApproval(Entry entry, DateTimeOffset now) => entry switch
    {
        { State: not (EntryState.Paused or EntryState.Interrupted) } => Refuse(entry, "returned to"),
        { Pending: { Kind: CommandKind.Terminate } ending } => Already(ending),
        _ => Move(entry, EntryMove.AskForApproval, "returned", now, next => Flagged(next, "returning", "Was away for longer than the pause limit")),
    };

    /// <summary>The session drains: who waits did not start in time, who holds an unused token may no longer use it. Null when it concerns neither.</summary>
    public static EntryStep? AtDraining(Entry entry, DateTimeOffset now) => entry switch
    {
        { State: EntryState.Waiting or EntryState.Approved, Begun: false } => Move(entry, EntryMove.MarkNoShow, "noShow", now).Value,
        { State: EntryState.Waiting or EntryState.Approved } or { State: EntryState.Entering, HandedOverAt: null } => Expired(entry, now),
        _ => null,
    };

    /// <summary>The session closes: nobody is left waiting or running in it. Null when that concerns the entry no more.</summary>
    public static EntryStep? AtClosing(Entry entry, DateTimeOffset now) => AtDraining(entry, now) ?? (entry.Started ? Expired(entry, now) : null);

    /// <summary>The session closes over a test that still runs, or the close rule ended it.</summary>
    public static Result<EntryStep> Expire(Entry entry, DateTimeOffset now) =>
        entry.Started ? Expired(entry, now) : Refuse(entry, "expired");

    private static EntryStep Expired(Entry entry, DateTimeOffset now) => Move(entry, EntryMove.Expire, "expired", now).Value;

    private static Problem? WhyNoReturn(Session session) =>
        session.Phase is SessionPhase.Open or SessionPhase.Held or SessionPhase.Draining ? null : SessionRules.WhyNoStart(session);

    private static Result<EntryStep> Started(Entry entry, Session session, DateTimeOffset now) => entry.State switch
    {
        EntryState.Entering when entry.HandedOverAt is null => Refuse(entry, "started before its token is redeemed"),
        EntryState.AtSeal => Changed(entry, entry, "atSeal"),
        EntryState.Testing => Changed(entry, entry, "position"),
        EntryState.Paused or EntryState.Interrupted => ResumedByDelivery(entry, session, now),
        _ => Move(entry, EntryMove.Start, "started", now),
    };

    private static Result<EntryStep> AtPosition(Entry entry, Session session, DateTimeOffset now) => entry.State switch
    {
        EntryState.Testing or EntryState.Paused or EntryState.AtSeal => Changed(entry, entry, "position"),
        EntryState.Interrupted => ResumedByDelivery(entry, session, now),
        _ => Refuse(entry, "reported on"),
    };

    private static Result<EntryStep> PausedByDelivery(Entry entry, DateTimeOffset now)
    {
        var pending = entry.Pending is { Kind: CommandKind.Pause } command ? command : null;
        var source = pending?.Source ?? entry.PausedBy ?? CommandSource.Student;
        return entry.State switch
        {
            EntryState.Paused => Changed(entry, entry with { Pending = pending is null ? entry.Pending : null, PausedBy = source }, "paused"),

            // Where the time stands still already, the command is done and changes nothing.
            EntryState.AtSeal or EntryState.Interrupted when pending is not null => Changed(entry, entry with { Pending = null }, "position"),
            _ => Move(entry, EntryMove.Pause, "paused", now, next => next with { Pending = pending is null ? next.Pending : null, PausedBy = source }),
        };
    }

    private static Result<EntryStep> ResumedByDelivery(Entry entry, Session session, DateTimeOffset now)
    {
        var pending = entry.Pending is { Kind: CommandKind.Resume };
        if (entry.State == EntryState.Testing)
        {
            return Changed(entry, entry with { Pending = pending ? null : entry.Pending }, "resumed");
        }

        // Only the one who paused everyone, or this student, lets them go on: a delivery system alone does not.
        if (entry is { State: EntryState.Paused, PausedBy: not CommandSource.Student } && !pending)
        {
            return new Problem(ProblemKind.ApprovalNeeded, "The proctor paused this test and has not resumed it.");
        }

        if (entry.State == EntryState.Paused && !pending && session.Phase == SessionPhase.Held)
        {
            return new Problem(ProblemKind.SessionHeld, "Everyone is paused.");
        }

        if (!pending && !WithinPauseLimit(entry, session, now))
        {
            return new Problem(ProblemKind.ApprovalNeeded, "The pause was too long to resume in place.");
        }

        return Move(entry, EntryMove.Resume, "resumed", now, next => next with { Pending = pending ? null : next.Pending });
    }

    private static Result<EntryStep> Exited(Entry entry, DateTimeOffset now) => entry.State switch
    {
        EntryState.Testing => Move(entry, EntryMove.Interrupt, "exited", now),
        EntryState.Paused or EntryState.Interrupted or EntryState.AtSeal => Changed(entry, entry, "exited"),
        _ => Refuse(entry, "left"),
    };

    private static Result<EntryStep> Submitted(Entry entry, DateTimeOffset now)
    {
        var unsealed = entry.State == EntryState.AtSeal ? Required(entry, EntryMove.ReleaseSeal, now) : entry;
        return Move(unsealed, EntryMove.Submit, "submitted", now);
    }
}
