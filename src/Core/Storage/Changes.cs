using System.Data.Common;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using Npgsql;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Runs use cases: one transaction each, or one for several that come at once, then the hints. What is acknowledged is committed;
/// what is relayed is committed; a Problem leaves nothing behind.
/// </summary>
public sealed class Changes
{
    // SQLSTATE; SQLite has one writer and never comes to it.
    private const string DeadlockDetected = "40P01";
    private const int MostAttempts = 5;

    // Real time, whatever clock the program runs on. The sessions of all commands of a transaction are locked meanwhile.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Db db;
    private readonly IFeedRelay relay;
    private readonly ILiveBoard board;
    private readonly TimeProvider time;
    private readonly Turns turns;
    private Action<IReadOnlyList<FeedBatch>>? committed;

    public Changes(Db db, IFeedRelay relay, ILiveBoard board, TimeProvider time)
    {
        (this.db, this.relay, this.board, this.time) = (db, relay, board, time);
        turns = new Turns(Alone, Together);
    }

    /// <summary>Calls somebody with what this process has just committed, who must neither wait nor throw.</summary>
    internal void WhenCommitted(Action<IReadOnlyList<FeedBatch>> take) => committed += take;

    /// <summary>
    /// Runs <paramref name="body"/> in a transaction that commits only when it answers a value. Of transactions that wait for each other in a circle the
    /// database ends one, of which nothing is left: its body runs again.
    /// </summary>
    /// <param name="once">Makes the change happen once per key: a repetition answers what the first call answered.</param>
    public Task<Result<T>> Run<T>(Actor actor, Func<Change, Task<Result<T>>> body, Once? once = null) => Run(actor, body, once, sessionId: null, ahead: null);

    /// <summary>The same for a command on one session, which is locked and known before <paramref name="body"/> runs, with what it reads ahead.</summary>
    internal async Task<Result<T>> Run<T>(Actor actor, Func<Change, Task<Result<T>>> body, Once? once, string? sessionId, IReadAhead? ahead)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RunOnce(actor, body, once, sessionId, ahead);
            }
            catch (DbException circle) when (circle.SqlState == DeadlockDetected && attempt < MostAttempts)
            {
                // Whoever it waited for goes on; this one waits for it to end.
            }
        }
    }

    /// <summary>
    /// The same for a command on one session, in a transaction that it may share with others that come at the same time (<see cref="Turns"/>),
    /// each with its own outcome. <paramref name="body"/> may run again when what it did could not be kept together with the others'.
    /// </summary>
    internal Task<Result<T>> RunInTurn<T>(string sessionId, Actor actor, Func<Change, Task<Result<T>>> body, Once? once = null, IReadAhead? ahead = null)
    {
        var turn = new Turn<T>(this, sessionId, actor, body, once, ahead);
        turns.Add(turn);
        return turn.Answer;
    }

    private async Task<Result<T>> RunOnce<T>(Actor actor, Func<Change, Task<Result<T>>> body, Once? once, string? sessionId, IReadAhead? ahead)
    {
        IReadOnlyList<FeedBatch> batches = [];
        var result = await db.Write(async (connection, transaction) =>
        {
            var change = new Change(actor, time.Now(), db.Dialect, connection, transaction);
            if (once is not null && await once.Earlier<T>(change) is { } earlier)
            {
                return (earlier, Ending.Rollback);
            }

            if (sessionId is not null && Id.Plausible(sessionId))
            {
                await SessionStore.LockAndKnow(change, [sessionId], ahead is null ? [] : [ahead]);
            }

            var outcome = await WhyOut(actor) is { } wayOut ? wayOut : await body(change);
            if (outcome.Failed(out _))
            {
                return (outcome, Ending.Rollback);
            }

            if (once is not null)
            {
                once.Remember(change, outcome.Value);
            }

            batches = await change.FlushAndCommit();
            return (outcome, change.Ending);
        });
        await Tell(batches);
        return result;
    }

    /// <summary>Why the actor may do nothing any more; null when that is not so. What cannot be learned in two seconds ends the command.</summary>
    internal static async Task<Problem?> WhyOut(Actor actor) =>
        actor.StillIn is null || await actor.StillIn.WaitAsync(Patience, TimeProvider.System) ? null : StaffAccess.Ended;

    private static async Task Alone(Turn turn)
    {
        try
        {
            await turn.RunAlone();
            turn.Complete();
        }
        catch (Exception fault)
        {
            turn.Fail(fault);
        }
    }

    private async Task<bool> Together(IReadOnlyList<Turn> all)
    {
        IReadOnlyList<FeedBatch> batches = [];
        var apart = new List<Turn>();
        Change? whole = null;
        var committing = false;
        try
        {
            await db.Write(async (connection, transaction) =>
            {
                whole = new Change(Actor.System, time.Now(), db.Dialect, connection, transaction, shared: true);
                var keyed = all.Where(turn => turn.Once is not null).ToList();
                var claimed = await Once.Claim(whole, [.. keyed.Select(turn => turn.Once!)]);
                apart.AddRange(keyed.Where(turn => !claimed.Contains(turn.Once!)));
                var together = all.Except(apart).ToList();
                var ahead = together.Select(turn => turn.Ahead).OfType<IReadAhead>().ToList();
                await SessionStore.LockAndKnow(whole, [.. together.Select(turn => turn.SessionId).Where(Id.Plausible).Distinct(StringComparer.Ordinal)], ahead);
                await Decide(whole, together);
                batches = await whole.FlushAndCommit();
                committing = true;
                return (true, whole.Ending);
            });
        }
        catch (Exception fault)
        {
            if (!(committing || whole?.Ending == Ending.Committed) || IsRefused(fault))
            {
                return false;
            }

            // Whether it was committed is not known, so nothing of it may be done again here.
            foreach (var turn in all)
            {
                turn.Fail(fault);
            }

            return true;
        }

        await Tell(batches);
        foreach (var turn in all.Except(apart))
        {
            turn.Complete();
        }

        foreach (var turn in apart)
        {
            await Alone(turn);
        }

        return true;
    }

    // The database answered that it did not do it, and with it not what comes after: a commit in the same command.
    private static bool IsRefused(Exception fault) => fault is PostgresException { InvariantSeverity: "ERROR" };

    private async Task Decide(Change whole, IReadOnlyList<Turn> turns)
    {
        foreach (var turn in turns)
        {
            var part = whole.Part(turn.Actor, time.Now());
            if (await turn.Decide(part))
            {
                whole.Take(part);
            }
            else if (part.Written)
            {
                throw new NotTogetherException();
            }
            else
            {
                turn.Once?.Forget(whole);
            }
        }
    }

    private async Task Tell(IReadOnlyList<FeedBatch> batches)
    {
        if (batches.Count > 0)
        {
            committed?.Invoke(batches);
            await Task.WhenAll(relay.Publish(batches).AsTask(), board.Apply(batches).AsTask());
        }
    }

    /// <summary>A refused command has written something: the others are done again without it.</summary>
    private sealed class NotTogetherException : Exception;
}
