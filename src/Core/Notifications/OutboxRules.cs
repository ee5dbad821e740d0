using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Notifications;

/// <summary>When a mail is tried again, and what people may do with one. Pure.</summary>
public static class OutboxRules
{
    /// <summary>How long a mail is tried before it has failed.</summary>
    public static readonly TimeSpan GiveUp = TimeSpan.FromDays(3);

    private static readonly TimeSpan First = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(4);

    /// <summary>When to try again: after 1, 2, 4 … minutes, at most 4 hours, a quarter more or less; null when it was tried for long enough.</summary>
    /// <param name="attempts">How often it was tried, at least 1.</param>
    /// <param name="firstTried">When that began.</param>
    /// <param name="jitter">From 0 to 1.</param>
    public static DateTimeOffset? NextTry(long attempts, DateTimeOffset firstTried, DateTimeOffset now, double jitter)
    {
        if (now - firstTried >= GiveUp)
        {
            return null;
        }

        var doubled = First * Math.Pow(2, Math.Min(attempts - 1, 20));
        var wait = doubled < Longest ? doubled : Longest;
        return Instant.Truncate(now + (wait * (0.75 + (0.5 * jitter))));
    }

    /// <summary>Why a mail has nothing to say that is still so, and where that leaves it; null when it is to be sent.</summary>
    /// <param name="session">Whose dates it tells; null when it is about none.</param>
    /// <param name="student">True while the student is on the list.</param>
    /// <param name="registered">True when the student has registrations that are not done: in that session, or without one.</param>
    internal static (string Why, MailState State)? WhyNot(MailKind kind, Session? session, bool registered, bool student)
    {
        var invites = kind is MailKind.Moved or MailKind.Reassigned or MailKind.Invited or MailKind.Unassigned;
        return session switch
        {
            _ when !student || (invites && !registered) => ("The student is no longer registered.", MailState.Superseded),
            _ when kind == MailKind.Removed && registered => ("The student is registered again.", MailState.Superseded),
            { Phase: SessionPhase.Cancelled } when invites => ("The session was cancelled.", MailState.Superseded),

            // Somebody was to be told and was not: that is to be seen.
            { Phase: SessionPhase.Draining or SessionPhase.Closed } when invites => ("The session was over before this e-mail could be sent.", MailState.Failed),
            _ => null,
        };
    }

    /// <summary>True when a person may ask for the mail to be sent, or tried at once. What a server has taken is never sent again, and what is on its way cannot be.</summary>
    public static bool MaySend(MailState state) => state is MailState.Waiting or MailState.Failed or MailState.Unconfirmed or MailState.Written;

    /// <summary>True when a person may say that the mail has arrived.</summary>
    public static bool MaySettle(MailState state) => state is MailState.Unconfirmed or MailState.Failed or MailState.Written;
}
