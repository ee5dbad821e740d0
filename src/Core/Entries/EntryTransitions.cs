namespace LiveProctor.Core.Entries;

/// <summary>What can happen to an entry's state.</summary>
public enum EntryMove
{
    Approve,
    Deny,
    AskAgain,
    Withdraw,
    Return,
    Revoke,

    /// <summary>The entry token was not redeemed in time.</summary>
    LetTokenExpire,

    /// <summary>The window changed, so the entry token that was handed out is void.</summary>
    VoidToken,
    Enter,
    Start,
    Pause,
    Resume,
    Interrupt,

    /// <summary>The pause or interruption lasted too long, or another device took over: a proctor must approve again.</summary>
    AskForApproval,
    ReachSeal,
    ReleaseSeal,
    Submit,
    Terminate,
    MarkNoShow,
    Expire,
    MoveAway,
    Remove,
    Reinstate,
}

/// <summary>The one table of state changes (product.md section 5). Whatever is not here cannot happen.</summary>
public static class EntryTransitions
{
    private static readonly EntryState[] BeforeTesting =
        [EntryState.Waiting, EntryState.Approved, EntryState.Denied, EntryState.Withdrawn, EntryState.Entering];

    private static readonly EntryState[] Live =
        [.. BeforeTesting, EntryState.Testing, EntryState.Paused, EntryState.AtSeal, EntryState.Interrupted];

    /// <summary>From a state, by a move, to a state.</summary>
    public static readonly IReadOnlyDictionary<(EntryState From, EntryMove Move), EntryState> Table = Build();

    /// <summary>Where the move leads; null when the state does not allow it.</summary>
    public static EntryState? After(EntryState from, EntryMove move) => Table.TryGetValue((from, move), out var to) ? to : null;

    private static Dictionary<(EntryState From, EntryMove Move), EntryState> Build()
    {
        var table = new Dictionary<(EntryState, EntryMove), EntryState>();
        void Row(EntryMove move, EntryState to, params EntryState[] from)
        {
            foreach (var state in from)
            {
                table.Add((state, move), to);
            }
        }

        Row(EntryMove.Approve, EntryState.Approved, EntryState.Waiting);
        Row(EntryMove.Deny, EntryState.Denied, EntryState.Waiting);
        Row(EntryMove.AskAgain, EntryState.Waiting, EntryState.Denied);
        Row(EntryMove.Withdraw, EntryState.Withdrawn, EntryState.Waiting, EntryState.Approved);
        Row(EntryMove.Return, EntryState.Waiting, EntryState.Withdrawn);
        Row(EntryMove.Revoke, EntryState.Waiting, EntryState.Approved, EntryState.Entering);
        Row(EntryMove.LetTokenExpire, EntryState.Waiting, EntryState.Entering);
        Row(EntryMove.VoidToken, EntryState.Approved, EntryState.Entering);
        Row(EntryMove.Enter, EntryState.Entering, EntryState.Approved);
        Row(EntryMove.Start, EntryState.Testing, EntryState.Entering);
        Row(EntryMove.Pause, EntryState.Paused, EntryState.Testing);
        Row(EntryMove.Resume, EntryState.Testing, EntryState.Paused, EntryState.Interrupted);
        Row(EntryMove.Interrupt, EntryState.Interrupted, EntryState.Testing);
        Row(EntryMove.AskForApproval, EntryState.Waiting, EntryState.Approved, EntryState.Entering, EntryState.Paused, EntryState.Interrupted);
        Row(EntryMove.ReachSeal, EntryState.AtSeal, EntryState.Testing);
        Row(EntryMove.ReleaseSeal, EntryState.Testing, EntryState.AtSeal);
        Row(EntryMove.Submit, EntryState.Submitted, EntryState.Testing, EntryState.Paused, EntryState.Interrupted);
        Row(EntryMove.Terminate, EntryState.Terminated, Live);
        Row(EntryMove.MarkNoShow, EntryState.NoShow, EntryState.Waiting, EntryState.Approved);

        // A student who was tested before and waits for approval again at the close is no no-show, and an administrator can reinstate them.
        Row(EntryMove.Expire, EntryState.Expired, EntryState.Waiting, EntryState.Approved);
        Row(EntryMove.Expire, EntryState.Expired, EntryState.Entering, EntryState.Testing, EntryState.Paused, EntryState.AtSeal, EntryState.Interrupted);
        Row(EntryMove.MoveAway, EntryState.Moved, BeforeTesting);
        Row(EntryMove.Remove, EntryState.Removed, BeforeTesting);
        Row(EntryMove.Reinstate, EntryState.Waiting, EntryState.Terminated, EntryState.Expired);
        return table;
    }
}
