using LiveProctor.Core.Sessions;
using static LiveProctor.Core.Sessions.SessionPhase;
using static LiveProctor.Core.Tests.Sessions.SessionAct;

namespace LiveProctor.Core.Tests.Sessions;

/// <summary>Everything that can be asked of a session's rules.</summary>
internal enum SessionAct
{
    Due,
    OpenWindow,
    Hold,
    Release,
    Stop,
    Idle,
    Reopen,
    Cancel,
    Delete,
    Edit,
}

/// <summary>The table of product.md section 3, written down a second time: from, to, and by which acts. What is marked goes beyond it on purpose.</summary>
internal static class SessionTable
{
    public static readonly IReadOnlyList<(SessionPhase From, SessionPhase To, SessionAct[] By)> Rows =
    [
        (Scheduled, LobbyOpen, [Due, OpenWindow]),
        (LobbyOpen, Open, [Due, OpenWindow]),
        (Open, Held, [Hold]),
        (Held, Open, [Release]),
        (Open, Draining, [Due, Stop, Idle]),
        (Held, Draining, [Due, Stop]),
        (Draining, Closed, [Due]),
        (Closed, Open, [Reopen]),
        (Scheduled, Cancelled, [Cancel]),
        (LobbyOpen, Cancelled, [Cancel]),

        // Beyond the table: a manual window that nobody opened.
        (LobbyOpen, Draining, [Due]),
    ];

    private static readonly HashSet<(SessionPhase, SessionPhase, SessionAct)> Allowed =
        [.. Rows.SelectMany(row => row.By.Select(act => (row.From, row.To, act)))];

    public static bool Allows(SessionPhase from, SessionPhase to, SessionAct by) => Allowed.Contains((from, to, by));
}
