using LiveProctor.Core.Feeds;

namespace LiveProctor.Hub.Feeds;

/// <summary>Consecutive events of a feed that are sent in one message.</summary>
internal sealed class Frame(string epoch, IReadOnlyList<FeedEvent> events, long arrived)
{
    private FeedMessage? message;

    public IReadOnlyList<FeedEvent> Events => events;

    public long First => events[0].Seq;

    public long Last => events[^1].Seq;

    public int Characters { get; } = events.Sum(item => item.Data.Length);

    /// <summary>The time provider's timestamp of its arrival on this node.</summary>
    public long Arrived => arrived;

    /// <summary>The message for those who follow under this name: nearly always the same name, and then the same message.</summary>
    public FeedMessage Message(string shownName)
    {
        var known = message;
        return known?.Feed == shownName ? known : message = new FeedMessage(shownName, epoch, events);
    }

    /// <summary>The events after a position within it.</summary>
    public Frame After(long seq) => seq < First ? this : new Frame(epoch, [.. events.Where(item => item.Seq > seq)], arrived);

    /// <summary>Its first events.</summary>
    public Frame Until(int count) => new(epoch, [.. events.Take(count)], arrived);
}

/// <summary>
/// The unbroken end of one feed, as far as it is in memory: the queue of every pump of the feed at once, and what readers resume from.
/// Not safe for threads; its feed guards it.
/// </summary>
internal sealed class RecentEvents(FeedTiming timing)
{
    private readonly List<Frame> frames = [];
    private int characters;

    /// <summary>The number of the oldest event in memory; the next to come when there is none.</summary>
    public long First { get; private set; } = 1;

    /// <summary>Forgets everything; the next event will be the one after <paramref name="seq"/>.</summary>
    public void Reset(long seq)
    {
        frames.Clear();
        characters = 0;
        First = seq + 1;
    }

    /// <summary>Adds what comes next; answers whether older events had to go for it.</summary>
    public bool Add(Frame frame)
    {
        frames.Add(frame);
        characters += frame.Characters;
        var surplus = 0;
        while (frames.Count - surplus > 1 && (frames.Count - surplus > timing.MostWaiting || characters > timing.MostCharacters))
        {
            characters -= frames[surplus].Characters;
            surplus++;
        }

        Drop(surplus);
        return surplus > 0;
    }

    /// <summary>Adds what comes before the oldest, if it joins on to it and there is room.</summary>
    public void Precede(string epoch, IReadOnlyList<FeedEvent> events, long arrived)
    {
        var parts = events.TakeWhile(item => item.Seq < First).Chunk(timing.MostInMessage).Select(part => new Frame(epoch, part, arrived)).ToList();
        var more = parts.Sum(part => part.Characters);
        if (parts.Count > 0 && parts[^1].Last == First - 1 && frames.Count + parts.Count <= timing.MostWaiting && characters + more <= timing.MostCharacters)
        {
            frames.InsertRange(0, parts);
            characters += more;
            First = parts[0].First;
        }
    }

    /// <summary>Drops what arrived before a timestamp; answers whether anything went.</summary>
    public bool DropBefore(long timestamp)
    {
        var old = frames.TakeWhile(frame => frame.Arrived < timestamp).Count();
        characters -= frames.Take(old).Sum(frame => frame.Characters);
        Drop(old);
        return old > 0;
    }

    /// <summary>What is sent next to who holds <paramref name="seq"/>; null when that is everything. <paramref name="seq"/> is at least <see cref="First"/> − 1.</summary>
    public Frame? After(long seq)
    {
        var (low, high) = (0, frames.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = frames[middle].Last > seq ? (low, middle) : (middle + 1, high);
        }

        return low < frames.Count ? frames[low].After(seq) : null;
    }

    /// <summary>Every event after <paramref name="seq"/>, which is at least <see cref="First"/> − 1.</summary>
    public IReadOnlyList<FeedEvent> AllAfter(long seq) => [.. frames.SelectMany(frame => frame.Events).Where(item => item.Seq > seq)];

    private void Drop(int count)
    {
        if (count > 0)
        {
            First = frames[count - 1].Last + 1;
            frames.RemoveRange(0, count);
        }
    }
}
