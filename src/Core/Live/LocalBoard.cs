using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Live;

/// <summary>The board of a program that is one process. Holds the sessions used last; the others are rebuilt when somebody reads them again.</summary>
/// <param name="capacity">How many sessions are held.</param>
public sealed class LocalBoard(int capacity = LocalBoard.DefaultCapacity) : ILiveBoard
{
    private const int DefaultCapacity = 2000;

    /// <summary>How many batches wait for a gap to fill, and how wide a gap may be, before rebuilding is the shorter way. board.lua says the same.</summary>
    private const int MostAside = 256;

    private readonly ConcurrentDictionary<string, Slot> slots = new(StringComparer.Ordinal);
    private long uses;

    public ValueTask Apply(IReadOnlyList<FeedBatch> batches)
    {
        foreach (var batch in batches)
        {
            if (!BoardBatch.IsOfBoard(batch.Feed, out var sessionId) || !slots.TryGetValue(sessionId, out var slot))
            {
                continue;
            }

            slot.LastUse = Interlocked.Increment(ref uses);
            if (!BoardBatch.TryRead(sessionId, batch, out var read) || !slot.Apply(read))
            {
                slots.TryRemove(new(sessionId, slot));
            }
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<BoardSnapshot?> Read(string sessionId) => ValueTask.FromResult(SlotOf(sessionId).Snapshot());

    public ValueTask Put(string sessionId, BoardSnapshot board)
    {
        SlotOf(sessionId).Put(board);
        return ValueTask.CompletedTask;
    }

    private Slot SlotOf(string sessionId)
    {
        var slot = slots.GetOrAdd(sessionId, _ => new Slot());
        slot.LastUse = Interlocked.Increment(ref uses);
        if (slots.Count > capacity)
        {
            // A tenth at once, so that a full board does not search at every read.
            foreach (var oldest in slots.OrderBy(each => each.Value.LastUse).Take(Math.Max(slots.Count - capacity, capacity / 10)).ToList())
            {
                slots.TryRemove(oldest);
            }
        }

        return slot;
    }

    /// <summary>One session. Without a position it awaits the Put of whoever found it missing.</summary>
    private sealed class Slot
    {
        private readonly Lock gate = new();
        private readonly Dictionary<(string Epoch, long First), BoardBatch> aside = [];
        private FeedPosition? position;
        private string session = "";
        private ImmutableDictionary<string, string> entries = ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal);

        public long LastUse;

        public BoardSnapshot? Snapshot()
        {
            lock (gate)
            {
                return position is { } at ? new BoardSnapshot(at, session, entries) : null;
            }
        }

        /// <summary>False when the board must be forgotten.</summary>
        public bool Apply(BoardBatch batch)
        {
            lock (gate)
            {
                if (position is not { } at)
                {
                    return KeepAside(batch);
                }

                if (at.Epoch != batch.Epoch)
                {
                    return false;
                }

                if (batch.First > at.Seq + 1)
                {
                    return batch.First - at.Seq <= MostAside && KeepAside(batch);
                }

                if (batch.Last > at.Seq)
                {
                    Take(batch);
                    CatchUp();
                }

                return true;
            }
        }

        public void Put(BoardSnapshot board)
        {
            lock (gate)
            {
                if (position is { } at && at.Epoch == board.Position.Epoch && at.Seq >= board.Position.Seq)
                {
                    return;
                }

                position = board.Position;
                session = board.Session;
                entries = entries.Clear().SetItems(board.Entries);
                CatchUp();
            }
        }

        private bool KeepAside(BoardBatch batch)
        {
            aside[(batch.Epoch, batch.First)] = batch;
            return aside.Count <= MostAside;
        }

        private void Take(BoardBatch batch)
        {
            position = new FeedPosition(batch.Epoch, batch.Last);
            session = batch.Session.Length > 0 ? batch.Session : session;
            entries = entries.SetItems(batch.Entries);
        }

        private void CatchUp()
        {
            if (aside.Count == 0)
            {
                return;
            }

            while (aside.Remove((position!.Value.Epoch, position.Value.Seq + 1), out var next))
            {
                Take(next);
            }

            foreach (var useless in aside.Keys.Where(key => key.Epoch != position.Value.Epoch || key.First <= position.Value.Seq).ToList())
            {
                aside.Remove(useless);
            }
        }
    }
}
