using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Commands that come while others of their lane are carried out share the next transaction, which locks, numbers and commits once for all of them.
/// Each keeps its own outcome: what is refused leaves nothing behind, and what goes wrong in company is done again alone.
/// All commands on a session have the same lane, where they keep their order; they would wait for each other in any case.
/// </summary>
/// <param name="alone">Runs one turn in a transaction of its own. Never throws.</param>
/// <param name="together">Runs several in one transaction; false when nothing of it was kept.</param>
internal sealed class Turns(Func<Turn, Task> alone, Func<IReadOnlyList<Turn>, Task<bool>> together)
{
    // More would make the first of them wait for the last.
    private const int MostAtOnce = 128;

    // Fewer would share more, and let more sessions wait where one waits for another node.
    private const int Lanes = 8;

    private readonly Lane[] lanes = [.. Enumerable.Range(0, Lanes).Select(_ => new Lane())];

    /// <summary>Runs the turn now, or with the next ones of its lane.</summary>
    public void Add(Turn turn)
    {
        var lane = lanes[(uint)StringComparer.Ordinal.GetHashCode(turn.SessionId) % lanes.Length];
        lock (lane)
        {
            lane.Waiting.Add(turn);
            if (lane.Working)
            {
                return;
            }

            lane.Working = true;
        }

        Detached.Start(() => Work(lane));
    }

    private async Task Work(Lane lane)
    {
        while (Next(lane) is { Count: > 0 } next)
        {
            if (next.Count > 1 && await together(next))
            {
                continue;
            }

            foreach (var turn in next)
            {
                await alone(turn);
            }
        }
    }

    // In their order those of the first one's kind, up to the first of another; without those that could have read ahead what one before them changes.
    private static List<Turn> Next(Lane lane)
    {
        lock (lane)
        {
            var apart = new HashSet<string>(StringComparer.Ordinal);
            var taken = lane.Waiting.TakeWhile(turn => turn.Ahead?.GetType() == lane.Waiting[0].Ahead?.GetType())
                .Where((turn, place) => apart.Add(turn.Ahead?.Apart ?? $"{place}")).Take(MostAtOnce).ToList();
            lane.Waiting = [.. lane.Waiting.Except(taken)];
            lane.Working = taken.Count > 0;
            return taken;
        }
    }

    private sealed class Lane
    {
        public List<Turn> Waiting { get; set; } = [];

        public bool Working { get; set; }
    }
}

/// <summary>One command that waits for its turn.</summary>
internal abstract class Turn(string sessionId, Actor actor, Once? once, IReadAhead? ahead)
{
    public string SessionId => sessionId;

    public Actor Actor => actor;

    public Once? Once => once;

    /// <summary>What the command reads, where many can read it together.</summary>
    public IReadAhead? Ahead => ahead;

    /// <summary>Does it in a transaction of its own.</summary>
    public abstract Task RunAlone();

    /// <summary>Does it in a transaction with others; false when it is refused.</summary>
    public abstract Task<bool> Decide(Change change);

    /// <summary>Answers the caller: what was done is committed, or refused.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that something went wrong.</summary>
    public abstract void Fail(Exception fault);
}

/// <summary>A command with its answer.</summary>
internal sealed class Turn<T>(Changes changes, string sessionId, Actor actor, Func<Change, Task<Result<T>>> body, Once? once, IReadAhead? ahead)
    : Turn(sessionId, actor, once, ahead)
{
    private readonly TaskCompletionSource<Result<T>> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Result<T> outcome;

    public Task<Result<T>> Answer => answered.Task;

    public override async Task RunAlone() => outcome = await changes.Run(Actor, body, Once, SessionId, Ahead);

    public override async Task<bool> Decide(Change change)
    {
        outcome = await Changes.WhyOut(Actor) is { } wayOut ? wayOut : await body(change);
        if (outcome.Failed(out _))
        {
            return false;
        }

        Once?.Remember(change, outcome.Value);
        return true;
    }

    public override void Complete() => answered.SetResult(outcome);

    public override void Fail(Exception fault) => answered.SetException(fault);
}
