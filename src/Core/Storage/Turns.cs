using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Storage;

/// <summary>
/// Commands on one session wait for each other in any case: those that wait on this node share the next transaction, which locks, numbers and commits
/// once for all of them. Each keeps its own outcome: what is refused leaves nothing behind, and what goes wrong in company is done again alone.
/// </summary>
/// <param name="alone">Runs one turn in a transaction of its own. Never throws.</param>
/// <param name="together">Runs several in one transaction; false when nothing of it was kept.</param>
internal sealed class Turns(Func<Turn, Task> alone, Func<IReadOnlyList<Turn>, Task<bool>> together)
{
    // More would make the first of them wait for the last.
    private const int MostAtOnce = 128;

    private readonly Lock gate = new();
    private readonly Dictionary<string, List<Turn>> waiting = new(StringComparer.Ordinal);

    /// <summary>Runs the turn now, or with the next ones of its session.</summary>
    public void Add(Turn turn)
    {
        lock (gate)
        {
            if (waiting.TryGetValue(turn.SessionId, out var queue))
            {
                queue.Add(turn);
                return;
            }

            waiting[turn.SessionId] = [];
        }

        _ = Work(turn);
    }

    private async Task Work(Turn first)
    {
        for (IReadOnlyList<Turn> next = [first]; next.Count > 0; next = Next(first.SessionId))
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

    // Those that wait, in their order; of turns that could disturb each other only the first.
    private List<Turn> Next(string sessionId)
    {
        lock (gate)
        {
            var queue = waiting[sessionId];
            if (queue.Count == 0)
            {
                waiting.Remove(sessionId);
                return [];
            }

            var taken = new List<Turn>();
            var apart = new HashSet<string>(StringComparer.Ordinal);
            while (taken.Count < Math.Min(queue.Count, MostAtOnce) && (queue[taken.Count].Ahead is not { } ahead || apart.Add(ahead.Apart)))
            {
                taken.Add(queue[taken.Count]);
            }

            queue.RemoveRange(0, taken.Count);
            return taken;
        }
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

    public override async Task RunAlone() => outcome = await changes.Run(Actor, body, Once);

    public override async Task<bool> Decide(Change change)
    {
        outcome = await body(change);
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
