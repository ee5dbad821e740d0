using LiveProctor.Core.Feeds;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Feeds;

/// <summary>
/// One feed that somebody on this node follows: how far the node knows it, its recent events, and the pumps that carry them on.
/// Events enter in the order of their numbers and without holes, whatever the hints do; at most one read of the log is under way.
/// </summary>
internal sealed class FollowedFeed(
    string name, FeedLog log, FeedTiming timing, TimeProvider time, ILogger logger, Action<FollowedFeed> forget)
{
    // A hint that the log does not bear out after this many reads belongs to another database.
    private const int MostFruitlessReads = 3;

    private const long FirstLook = -1;

    private readonly int mostReplayed = FeedNames.IsList(name) ? timing.MostReplayedOfList : timing.MostReplayed;
    private readonly Lock gate = new();
    private readonly RecentEvents recent = new(timing);
    private readonly List<FeedPump> pumps = [];
    private FeedPump[]? copy;
    private SortedList<long, FeedBatch>? early;
    private FeedPosition? head;
    private Task? reading;
    private Task? lookingBack;
    private bool readAgain;
    private int holders;
    private bool forgotten;

    public string Name => name;

    /// <summary>How far this node knows the feed; null before it has first looked.</summary>
    public FeedPosition? Head
    {
        get
        {
            lock (gate)
            {
                return head;
            }
        }
    }

    /// <summary>Keeps the feed followed until <see cref="Release"/>; false when it was just forgotten.</summary>
    public bool Hold()
    {
        lock (gate)
        {
            holders += forgotten ? 0 : 1;
            return !forgotten;
        }
    }

    /// <summary>Takes back a <see cref="Hold"/>; a feed that nobody holds is forgotten.</summary>
    public void Release()
    {
        lock (gate)
        {
            forgotten = --holders == 0;
            if (!forgotten)
            {
                return;
            }
        }

        forget(this);
    }

    /// <summary>
    /// Adds a pump, which takes over one <see cref="Hold"/>. False when the pump would have a hole before it:
    /// what follows its position is no longer in memory, or of another history.
    /// </summary>
    public bool Attach(FeedPump pump, string epoch)
    {
        lock (gate)
        {
            if (head?.Epoch != epoch || pump.Position < recent.First - 1)
            {
                return false;
            }

            pumps.Add(pump);
            copy = null;
        }

        pump.Wake();
        return true;
    }

    /// <summary>Ends a pump and takes back its <see cref="Hold"/>.</summary>
    public void Detach(FeedPump pump)
    {
        pump.End();
        lock (gate)
        {
            pumps.Remove(pump);
            copy = null;
        }

        Release();
    }

    /// <summary>Everyone who follows the feed on this node.</summary>
    public FeedPump[] Pumps()
    {
        lock (gate)
        {
            return copy ??= [.. pumps];
        }
    }

    /// <summary>What is sent next after a position; null when that is everything. False when it is no longer in memory.</summary>
    public bool Next(long position, out Frame? frame)
    {
        lock (gate)
        {
            frame = null;
            if (position < recent.First - 1)
            {
                return false;
            }

            frame = recent.After(position);
            return true;
        }
    }

    /// <summary>The events after a position up to the head, from memory where it has them; null when they cannot or should not be replayed.</summary>
    public async Task<IReadOnlyList<FeedEvent>?> Missed(FeedPosition from)
    {
        // Those who come back after a node is gone all missed the same: what the first of them reads is in memory for the others.
        Task looking;
        lock (gate)
        {
            if (Remembered(from) is { } known)
            {
                return known;
            }

            looking = lookingBack ??= Task.Run(() => LookBack(from.Seq));
        }

        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (gate)
        {
            if (Remembered(from) is { } since)
            {
                return since;
            }
        }

        return await log.Read(name, from.Seq, mostReplayed) is { } page
            && ResumeRule.Decide(from, page.Head, page.OldestKept, mostReplayed) is Resume.Replay
            ? page.Events
            : null;
    }

    /// <summary>
    /// Takes the log's head from whoever has just read it, after <see cref="Hold"/>; what is known better already is kept.
    /// A hint that came meanwhile may be beyond it, so the log is then read again.
    /// </summary>
    public void Look(FeedPosition stored)
    {
        lock (gate)
        {
            if (head is null && reading is null)
            {
                head = stored;
                recent.Reset(stored.Seq);
                if (readAgain)
                {
                    _ = Read(patient: false);
                }
            }
        }
    }

    /// <summary>Reads what the log has beyond this node's knowledge; ends after a read that began after this call.</summary>
    public Task CatchUp()
    {
        lock (gate)
        {
            return Read(patient: false);
        }
    }

    /// <summary>A hint: committed events, perhaps doubled, too early or too late.</summary>
    public void Take(FeedBatch batch)
    {
        var arrivals = default(Arrivals);
        lock (gate)
        {
            if (head is not { } known)
            {
                // The first look at the log may have been before this batch.
                readAgain = true;
            }
            else if (batch.Epoch != known.Epoch)
            {
                _ = Read(patient: false);
            }
            else if (batch.Start > known.Seq + 1)
            {
                early ??= [];
                if (early.Count < timing.MostWaiting)
                {
                    early.TryAdd(batch.Start, batch);
                }

                if (reading is null)
                {
                    _ = Read(patient: true);
                }
            }
            else
            {
                Append(batch.Events, ref arrivals);
                TakeEarly(ref arrivals);
            }
        }

        arrivals.Deliver();
    }

    /// <summary>What the log's head was at some moment: when it is ahead of what this node knows, a hint was lost.</summary>
    public void Compare(FeedPosition stored)
    {
        lock (gate)
        {
            if (head is { } known && (known.Epoch != stored.Epoch || known.Seq < stored.Seq) && reading is null)
            {
                _ = Read(patient: false);
            }
        }
    }

    /// <summary>Lets go of events that nobody will resume from, and of readers that still have not taken them.</summary>
    public void DropBefore(long timestamp)
    {
        var arrivals = default(Arrivals);
        lock (gate)
        {
            if (recent.DropBefore(timestamp))
            {
                CutOffSlow(ref arrivals);
            }
        }

        arrivals.Deliver();
    }

    // Under the gate.
    private Task Read(bool patient)
    {
        // A patient read is for the events that came early, and not needed once their gap is closed.
        readAgain |= !patient;
        return reading ??= Task.Run(() => ReadLog(patient));
    }

    private async Task ReadLog(bool patient)
    {
        try
        {
            if (patient)
            {
                await Task.Delay(timing.GapPatience, time);
            }

            var fruitless = 0;
            while (NextRead(fruitless) is { } after)
            {
                var page = after == FirstLook
                    ? new FeedPage(await log.Head(name) ?? await log.Begin(name), 1, [])
                    : await log.Read(name, after, timing.MostInRead) ?? new FeedPage(await log.Begin(name), 1, []);
                fruitless = TakePage(page) ? 0 : fruitless + 1;
            }
        }
        catch (Exception failure)
        {
            // Whoever waits for this read is told; otherwise the next look at the heads tries again.
            logger.LogWarning(failure, "The log of {Feed} could not be read", name);
            lock (gate)
            {
                reading = null;
            }

            throw;
        }
    }

    // Under the gate. Null when memory does not reach back so far, or events would not do.
    private IReadOnlyList<FeedEvent>? Remembered(FeedPosition from) =>
        head is { } known && ResumeRule.Decide(from, known, recent.First, mostReplayed) is Resume.Replay ? recent.AllAfter(from.Seq) : null;

    private async Task LookBack(long seq)
    {
        FeedPage? page = null;
        try
        {
            page = await log.Read(name, seq, mostReplayed);
        }
        finally
        {
            lock (gate)
            {
                lookingBack = null;
                if (page is { } found && found.Head.Epoch == head?.Epoch)
                {
                    recent.Precede(found.Head.Epoch, found.Events, time.GetTimestamp());
                }
            }
        }
    }

    /// <summary>The position to read after; null when nothing more is asked for, and then reading is over.</summary>
    private long? NextRead(int fruitless)
    {
        lock (gate)
        {
            early = fruitless < MostFruitlessReads ? early : null;
            if (!readAgain && early is null)
            {
                reading = null;
                return null;
            }

            readAgain = false;
            return head?.Seq ?? FirstLook;
        }
    }

    private bool TakePage(FeedPage page)
    {
        var arrivals = default(Arrivals);
        bool progress;
        lock (gate)
        {
            var before = head;
            if (before is not { } known)
            {
                head = page.Head;
                recent.Reset(page.Head.Seq);
            }
            else if (page.Head.Epoch != known.Epoch
                || page.Head.Seq - known.Seq > timing.MostReplayed
                || (page.Head.Seq > known.Seq && (page.Events.Count == 0 || page.Events[0].Seq > known.Seq + 1)))
            {
                Jump(page.Head, ref arrivals);
            }
            else
            {
                Append(page.Events, ref arrivals);
                readAgain |= head!.Value.Seq < page.Head.Seq;
            }

            TakeEarly(ref arrivals);
            progress = head != before;
        }

        arrivals.Deliver();
        return progress;
    }

    // Under the gate, like everything below.
    private void Append(IReadOnlyList<FeedEvent> events, ref Arrivals arrivals)
    {
        var (epoch, seq) = head!.Value;
        var dropped = false;
        foreach (var part in events.SkipWhile(item => item.Seq <= seq).Chunk(timing.MostInMessage))
        {
            dropped |= recent.Add(new Frame(epoch, part, time.GetTimestamp()));
            head = new FeedPosition(epoch, part[^1].Seq);
        }

        if (dropped)
        {
            CutOffSlow(ref arrivals);
        }

        arrivals.Woken = copy ??= [.. pumps];
    }

    private void TakeEarly(ref Arrivals arrivals)
    {
        while (early is { Count: > 0 } && early.GetValueAtIndex(0) is var batch && head is { } known && batch.Start <= known.Seq + 1)
        {
            early.RemoveAt(0);
            if (batch.Epoch == known.Epoch)
            {
                Append(batch.Events, ref arrivals);
            }
        }

        if (early is { Count: 0 })
        {
            early = null;
        }
    }

    /// <summary>Goes on from a position that cannot be reached by events. The followers are told the head, which is not theirs, and follow again.</summary>
    private void Jump(FeedPosition to, ref Arrivals arrivals)
    {
        head = to;
        early = null;
        recent.Reset(to.Seq);
        arrivals.Stranded = copy ??= [.. pumps];
        pumps.Clear();
        copy = null;
    }

    private void CutOffSlow(ref Arrivals arrivals)
    {
        var slow = pumps.FindAll(pump => pump.Position < recent.First - 1);
        if (slow.Count > 0)
        {
            arrivals.Slow = slow;
            pumps.RemoveAll(slow.Contains);
            copy = null;
        }
    }

    /// <summary>What follows from a change, done after the gate is left.</summary>
    private struct Arrivals
    {
        // So many pumps are woken by whoever brings the event; more are woken beside it, so that other feeds need not wait.
        private const int FewPumps = 16;

        public FeedPump[]? Woken { get; set; }

        public FeedPump[]? Stranded { get; set; }

        public List<FeedPump>? Slow { get; set; }

        public readonly void Deliver()
        {
            foreach (var pump in Slow ?? [])
            {
                pump.CutOff();
            }

            foreach (var pump in Stranded ?? [])
            {
                pump.End();
                pump.Reader.TellHeads();
            }

            if (Woken is { Length: > FewPumps } many)
            {
                ThreadPool.UnsafeQueueUserWorkItem(static pumps => Wake(pumps), many, preferLocal: false);
            }
            else
            {
                Wake(Woken ?? []);
            }
        }

        private static void Wake(FeedPump[] pumps)
        {
            foreach (var pump in pumps)
            {
                pump.Wake();
            }
        }
    }
}
