using LiveProctor.Core.Entries;
using static LiveProctor.Core.Entries.EntryState;
using static LiveProctor.Core.Tests.Entries.EntryAct;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>Everything that can be asked of an entry's rules.</summary>
internal enum EntryAct
{
    Approve,
    Deny,
    Revoke,
    AskAgain,
    Withdraw,
    Return,
    TakeOver,
    RaiseHand,
    Say,
    Reinstate,
    MoveAway,
    Remove,
    FetchToken,
    Redeem,
    LetTokenExpire,
    VoidToken,
    Interrupt,
    AskForApproval,
    AtDraining,
    AtClosing,
    Expire,
    Due,
    RequestPause,
    RequestResume,
    FollowHold,
    Extend,
    Terminate,
    ReleaseSeal,
    Delivered,
    ReportStarted,
    ReportPosition,
    ReportAtSeal,
    ReportPaused,
    ReportResumed,
    ReportExited,
    ReportSubmitted,
    ReportConfirmed,
}

/// <summary>
/// The table of product.md section 5, written down a second time: from, to, and by which acts. What is marked goes beyond that table on purpose.
/// </summary>
internal static class EntryTable
{
    public static readonly IReadOnlyList<(EntryState From, EntryState To, EntryAct[] By)> Rows =
    [
        (Waiting, Approved, [Approve]),
        (Waiting, Denied, [Deny]),
        (Denied, Waiting, [AskAgain]),
        (Waiting, Withdrawn, [Withdraw]),
        (Approved, Withdrawn, [Withdraw]),
        (Withdrawn, Waiting, [Return, TakeOver]),
        (Approved, Waiting, [Revoke, TakeOver]),
        (Approved, Entering, [FetchToken]),
        (Entering, Testing, [ReportStarted]),
        (Testing, Paused, [RequestPause, FollowHold, ReportPaused, ReportConfirmed]),
        (Paused, Testing, [RequestResume, FollowHold, ReportResumed, ReportStarted, ReportConfirmed]),
        (Paused, Waiting, [RequestResume, AskForApproval, TakeOver]),
        (Testing, Interrupted, [Interrupt, ReportExited]),
        (Interrupted, Testing, [FetchToken, ReportStarted, ReportPosition, ReportResumed]),
        (Interrupted, Waiting, [AskForApproval, TakeOver]),
        (Testing, AtSeal, [ReportAtSeal]),
        (AtSeal, Testing, [ReportConfirmed]),
        (Testing, Submitted, [ReportSubmitted]),
        (Paused, Submitted, [ReportSubmitted]),
        (Interrupted, Submitted, [ReportSubmitted]),
        (Waiting, Terminated, [Terminate]),
        (Approved, Terminated, [Terminate]),
        (Denied, Terminated, [Terminate]),
        (Withdrawn, Terminated, [Terminate]),
        (Entering, Terminated, [Terminate, ReportConfirmed]),
        (Testing, Terminated, [Terminate, ReportConfirmed]),
        (Paused, Terminated, [Terminate, ReportConfirmed]),
        (AtSeal, Terminated, [ReportConfirmed]),
        (Interrupted, Terminated, [Terminate, ReportConfirmed]),
        (Waiting, NoShow, [AtDraining, AtClosing]),
        (Approved, NoShow, [AtDraining, AtClosing]),
        (Entering, Expired, [AtDraining, AtClosing, Expire, Terminate, ReportConfirmed]),
        (Testing, Expired, [AtClosing, Expire, Terminate, ReportConfirmed]),
        (Paused, Expired, [AtClosing, Expire, Terminate, ReportConfirmed]),
        (AtSeal, Expired, [AtClosing, Expire, ReportConfirmed]),
        (Interrupted, Expired, [AtClosing, Expire, Terminate, ReportConfirmed]),
        (Waiting, Moved, [MoveAway]),
        (Approved, Moved, [MoveAway]),
        (Denied, Moved, [MoveAway]),
        (Withdrawn, Moved, [MoveAway]),
        (Entering, Moved, [MoveAway]),
        (Waiting, Removed, [Remove]),
        (Approved, Removed, [Remove]),
        (Denied, Removed, [Remove]),
        (Withdrawn, Removed, [Remove]),
        (Entering, Removed, [Remove]),
        (Terminated, Waiting, [Reinstate]),
        (Expired, Waiting, [Reinstate]),

        // Beyond the table: the window changed (or everyone is paused), so the token is void.
        (Entering, Approved, [VoidToken]),

        // Beyond the table: the token expired unused, was revoked before it was redeemed, or another device took over.
        (Entering, Waiting, [LetTokenExpire, Due, Revoke, TakeOver]),

        // Beyond the table: who was tested before and waits again at the close is no no-show.
        (Waiting, Expired, [AtDraining, AtClosing]),
        (Approved, Expired, [AtDraining, AtClosing]),

        // Several rows of the table in one step: a test without a delivery system starts when it is entered,
        // a take-over interrupts and asks for approval, a test handed in at a seal has left the seal.
        (Approved, Testing, [FetchToken]),
        (Testing, Waiting, [TakeOver]),
        (AtSeal, Waiting, [TakeOver]),
        (AtSeal, Submitted, [ReportSubmitted]),
    ];

    /// <summary>The rows that are several moves in one step; no single move leads there.</summary>
    public static readonly IReadOnlySet<(EntryState From, EntryState To)> Compound =
        new HashSet<(EntryState, EntryState)> { (Approved, Testing), (Testing, Waiting), (AtSeal, Waiting), (AtSeal, Submitted) };

    private static readonly HashSet<(EntryState, EntryState, EntryAct)> Allowed =
        [.. Rows.SelectMany(row => row.By.Select(act => (row.From, row.To, act)))];

    public static bool Allows(EntryState from, EntryState to, EntryAct by) => Allowed.Contains((from, to, by));

    /// <summary>The acts that can change the state.</summary>
    public static readonly ILookup<EntryState, EntryAct> ActsFrom =
        Rows.SelectMany(row => row.By.Select(act => (row.From, act))).ToLookup(pair => pair.From, pair => pair.act);
}
