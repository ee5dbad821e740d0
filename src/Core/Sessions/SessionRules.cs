using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Sessions;

/// <summary>What a rule makes of a session.</summary>
/// <param name="Next">The session afterwards.</param>
/// <param name="Kind">The kind of the event (docs/protocol.md section 2).</param>
/// <param name="Late">How long after its time a timed step was taken; null for a step that has no time of its own.</param>
public sealed record SessionStep(Session Next, string Kind, TimeSpan? Late = null);

/// <summary>
/// Where every "may this happen to a session?" lives (product.md section 3). Pure: (session, command, now) → the step, or the Problem.
/// A clock that runs backwards does not make a session's times do so.
/// </summary>
public static class SessionRules
{
    /// <summary>The longest window.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(90);

    /// <summary>Every phase change that exists. Whatever is not here cannot happen.</summary>
    public static readonly IReadOnlySet<(SessionPhase From, SessionPhase To)> Transitions = new HashSet<(SessionPhase, SessionPhase)>
    {
        (SessionPhase.Scheduled, SessionPhase.LobbyOpen),
        (SessionPhase.LobbyOpen, SessionPhase.Open),
        (SessionPhase.Open, SessionPhase.Held),
        (SessionPhase.Held, SessionPhase.Open),
        (SessionPhase.Open, SessionPhase.Draining),
        (SessionPhase.Held, SessionPhase.Draining),
        (SessionPhase.LobbyOpen, SessionPhase.Draining), // a manual window that nobody opened: docs/decisions/0002
        (SessionPhase.Draining, SessionPhase.Closed),
        (SessionPhase.Closed, SessionPhase.Open),
        (SessionPhase.Scheduled, SessionPhase.Cancelled),
        (SessionPhase.LobbyOpen, SessionPhase.Cancelled),
    };

    /// <summary>When the scheduler must look at the session again; null when time alone changes nothing.</summary>
    public static DateTimeOffset? NextDue(Session session) => session.Phase switch
    {
        _ when session.Deleted => null,
        SessionPhase.Scheduled => session.LobbyOpensAt,
        SessionPhase.LobbyOpen => session.StartMode == StartMode.Automatic ? session.OpensAt : session.ClosesAt,
        SessionPhase.Open or SessionPhase.Held => session.ClosesAt,
        SessionPhase.Draining => session.DrainsUntil,
        _ => null,
    };

    /// <summary>The next step that time demands; null when nothing is due. Call it again with its result to catch up on what was missed, in order.</summary>
    /// <param name="settled">True when no entry of the session runs any more.</param>
    public static SessionStep? Due(Session session, bool settled, DateTimeOffset now) => session.Phase switch
    {
        _ when session.Deleted => null,
        SessionPhase.Scheduled when now >= session.LobbyOpensAt => Timed(session, SessionPhase.LobbyOpen, "lobbyOpened", session.LobbyOpensAt, now),
        SessionPhase.LobbyOpen when session.StartMode == StartMode.Automatic && now >= session.OpensAt =>
            Timed(session, SessionPhase.Open, "windowOpened", session.OpensAt, now),
        SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held when now >= session.ClosesAt =>
            Drained(Timed(session, SessionPhase.Draining, "draining", session.ClosesAt, now), now),
        SessionPhase.Draining when settled => Moved(session, SessionPhase.Closed, "closed", now),
        SessionPhase.Draining when session.DrainsUntil is { } end && now >= end => Timed(session, SessionPhase.Closed, "closed", end, now),
        _ => null,
    };

    /// <summary>The proctor lets the students in: at the time of a manual window, or early.</summary>
    public static Result<SessionStep[]> Open(Session session, DateTimeOffset now)
    {
        if (session.Deleted || session.Phase is not (SessionPhase.Scheduled or SessionPhase.LobbyOpen))
        {
            return Refuse(session, "opened");
        }

        if (now >= session.ClosesAt)
        {
            return new Problem(ProblemKind.WindowClosed, "The window has ended: give the session a later end first.");
        }

        var lobby = session.Phase == SessionPhase.Scheduled ? Moved(session, SessionPhase.LobbyOpen, "lobbyOpened", now) : null;
        var open = Moved(lobby?.Next ?? session, SessionPhase.Open, "windowOpened", now);
        SessionStep[] steps = lobby is null ? [open] : [lobby, open];
        return steps;
    }

    /// <summary>"Pause everyone": nobody is admitted until it is released.</summary>
    public static Result<SessionStep> Hold(Session session, string reason, DateTimeOffset now)
    {
        var moved = Step(session, SessionPhase.Held, "held", "paused", now);
        return moved.Then(step => step with { Next = step.Next with { HoldReason = reason } });
    }

    /// <summary>Ends a hold.</summary>
    public static Result<SessionStep> Release(Session session, DateTimeOffset now) =>
        session is { Deleted: false, Phase: SessionPhase.Held } ? Step(session, SessionPhase.Open, "released", "released", now) : Refuse(session, "released");

    /// <summary>The proctor's Stop: no new starts, running tests follow the close rule.</summary>
    public static Result<SessionStep> Stop(Session session, DateTimeOffset now) =>
        session is { Deleted: false, Phase: SessionPhase.Open or SessionPhase.Held }
            ? Drained(Moved(session, SessionPhase.Draining, "draining", now), now)
            : Refuse(session, "stopped");

    /// <summary>How long before it drains an idle session warns.</summary>
    public static readonly TimeSpan IdleWarning = TimeSpan.FromMinutes(5);

    /// <summary>What being left alone does to an ad-hoc session: it notes since when, warns, then drains. Null when nothing changes.</summary>
    /// <param name="busy">True when a proctor is connected or a test runs.</param>
    public static SessionStep? Idle(Session session, bool busy, DateTimeOffset now)
    {
        var limit = TimeSpan.FromMinutes(session.Profile.IdleMinutes);
        if (!session.AdHoc || session.Phase != SessionPhase.Open || limit == TimeSpan.Zero || (busy && session.IdleSince is null))
        {
            return null;
        }

        var noted = session with { Version = session.Version + 1, IdleWarned = false };
        if (busy)
        {
            return new SessionStep(noted with { IdleSince = null }, "attended");
        }

        if (session.IdleSince is not { } since)
        {
            return new SessionStep(noted with { IdleSince = now }, "idle");
        }

        if (now - since >= limit)
        {
            return Drained(Moved(session, SessionPhase.Draining, "draining", now), now);
        }

        return !session.IdleWarned && now - since >= limit - IdleWarning
            ? new SessionStep(noted with { IdleWarned = true }, "idleWarning")
            : null;
    }

    /// <summary>An administrator opens a closed session again until <paramref name="closesAt"/>.</summary>
    public static Result<SessionStep> Reopen(Session session, DateTimeOffset closesAt, DateTimeOffset now)
    {
        if (session.Deleted || session.Phase != SessionPhase.Closed)
        {
            return Refuse(session, "reopened");
        }

        if (closesAt <= now)
        {
            return Problem.Invalid(("closesAt", "The new end must lie in the future."));
        }

        // A session that was opened and stopped early may be reopened before its window would have begun.
        if (CheckWindow(session.OpensAt, closesAt).ToArray() is { Length: > 0 } wrong)
        {
            return Problem.Invalid(wrong);
        }

        var step = Moved(session, SessionPhase.Open, "reopened", now);
        return step with { Next = step.Next with { ClosesAt = closesAt, ScheduleVersion = session.ScheduleVersion + 1 } };
    }

    /// <summary>A session that has not opened will not take place.</summary>
    public static Result<SessionStep> Cancel(Session session, DateTimeOffset now) => Step(session, SessionPhase.Cancelled, "cancelled", "cancelled", now);

    /// <summary>A session that does not run may be deleted; its record stays.</summary>
    public static Result<SessionStep> Delete(Session session) => session switch
    {
        { Deleted: true } => Refuse(session, "deleted"),
        { Running: true } => new Problem(ProblemKind.SessionRunning, "The session is running. Stop it first."),
        _ => new SessionStep(session with { Deleted = true, Version = session.Version + 1 }, "deleted"),
    };

    /// <summary>Other fields and another window. A changed window raises the schedule version.</summary>
    /// <param name="wanted">The session with the fields as they shall be. What only happens to a session, and is nobody's to enter, stays as it is.</param>
    public static Result<SessionStep> Edit(Session session, Session wanted, DateTimeOffset now)
    {
        if (session.Deleted || session.Phase is SessionPhase.Draining or SessionPhase.Closed or SessionPhase.Cancelled)
        {
            return Refuse(session, "changed");
        }

        if (session.Phase is SessionPhase.Open or SessionPhase.Held && wanted.OpensAt != session.OpensAt)
        {
            return Problem.Invalid(("opensAt", "The window is open already; only its end can change."));
        }

        var window = wanted.OpensAt != session.OpensAt || wanted.ClosesAt != session.ClosesAt;
        if (window && wanted.ClosesAt <= now)
        {
            return Problem.Invalid(("closesAt", "The end must lie in the future. To end the session now, stop it."));
        }

        if (window && CheckWindow(wanted.OpensAt, wanted.ClosesAt).ToArray() is { Length: > 0 } wrong)
        {
            return Problem.Invalid(wrong);
        }

        return new SessionStep(
            wanted with
            {
                Id = session.Id,
                OrganisationId = session.OrganisationId,
                Phase = session.Phase,
                PhaseSince = session.PhaseSince,
                FormerPasswords = SessionPassword.FormerAfter(session, wanted.Password),
                HoldReason = session.HoldReason,
                DrainsUntil = session.DrainsUntil,
                AdHoc = session.AdHoc,
                IdleSince = session.IdleSince,
                IdleWarned = session.IdleWarned,
                Simulated = session.Simulated,
                Deleted = session.Deleted,
                Broadcasts = session.Broadcasts,
                CreatedAt = session.CreatedAt,
                Version = session.Version + 1,
                ScheduleVersion = session.ScheduleVersion + (window ? 1 : 0),
            },
            "sessionEdited");
    }

    /// <summary>What is wrong with a window, by field; empty when it is good.</summary>
    public static IEnumerable<(string Field, string Sentence)> CheckWindow(DateTimeOffset opensAt, DateTimeOffset closesAt)
    {
        if (closesAt <= opensAt)
        {
            yield return ("closesAt", "The end must be after the beginning.");
        }
        else if (closesAt - opensAt > LongestWindow)
        {
            yield return ("closesAt", "The window may last 90 days at most.");
        }
    }

    /// <summary>Why a student cannot come into the lobby now; null when the lobby is open.</summary>
    public static Problem? WhyNoEntrance(Session session) => session.Phase switch
    {
        _ when session.Deleted => Problem.NotFound("session"),
        SessionPhase.Scheduled => new Problem(ProblemKind.LobbyNotOpen, "The lobby is not open yet."),
        SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held => null,
        SessionPhase.Cancelled => new Problem(ProblemKind.SessionCancelled, "This session was cancelled."),
        _ => new Problem(ProblemKind.SessionEnded, "This session has ended."),
    };

    /// <summary>Why an approved student cannot start now; null while the window is open.</summary>
    public static Problem? WhyNoStart(Session session) => session.Phase switch
    {
        _ when session.Deleted => Problem.NotFound("session"),
        SessionPhase.Scheduled or SessionPhase.LobbyOpen => new Problem(ProblemKind.WindowNotOpen, "The window is not open yet."),
        SessionPhase.Open => null,
        SessionPhase.Held => new Problem(ProblemKind.SessionHeld, "Your proctor has paused everyone for a moment."),
        _ => new Problem(ProblemKind.WindowClosed, "The window is closed."),
    };

    private static SessionStep Timed(Session session, SessionPhase to, string kind, DateTimeOffset dueAt, DateTimeOffset now) =>
        Moved(session, to, kind, now) with { Late = now - dueAt };

    private static SessionStep Drained(SessionStep step, DateTimeOffset now) => step with
    {
        Next = step.Next with { DrainsUntil = now + TimeSpan.FromMinutes(step.Next.Profile.GraceMinutes) },
    };

    private static Result<SessionStep> Step(Session session, SessionPhase to, string kind, string verb, DateTimeOffset now) =>
        !session.Deleted && Transitions.Contains((session.Phase, to)) ? Moved(session, to, kind, now) : Refuse(session, verb);

    private static SessionStep Moved(Session session, SessionPhase to, string kind, DateTimeOffset now)
    {
        if (!Transitions.Contains((session.Phase, to)))
        {
            throw new InvalidOperationException($"No rule takes a session from {session.Phase} to {to}.");
        }

        return new SessionStep(
            session with
            {
                Phase = to,
                PhaseSince = now > session.PhaseSince ? now : session.PhaseSince,
                Version = session.Version + 1,
                HoldReason = null,
                DrainsUntil = null,
                IdleSince = null,
                IdleWarned = false,
                // What is ending or over takes no new settings.
                NewerProfile = to is SessionPhase.Draining or SessionPhase.Closed or SessionPhase.Cancelled ? null : session.NewerProfile,
            },
            kind);
    }

    private static Problem Refuse(Session session, string verb) => session.Deleted
        ? Problem.NotFound("session")
        : new Problem(ProblemKind.WrongPhase, $"The session {Is(session.Phase)} and cannot be {verb}.");

    private static string Is(SessionPhase phase) => phase switch
    {
        SessionPhase.Scheduled => "has not begun",
        SessionPhase.LobbyOpen => "has its lobby open",
        SessionPhase.Open => "is open",
        SessionPhase.Held => "is paused",
        SessionPhase.Draining => "is ending",
        SessionPhase.Closed => "is closed",
        _ => "was cancelled",
    };
}
