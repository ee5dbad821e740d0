using System.Collections.Concurrent;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Live;

/// <summary>Counts attempts within one process.</summary>
/// <param name="capacity">How many keys are remembered; beyond it those used longest ago are forgotten first.</param>
public sealed class LocalThrottle(TimeProvider time, int capacity = LocalThrottle.DefaultCapacity) : IThrottle
{
    private const int DefaultCapacity = 100_000;

    private readonly ConcurrentDictionary<string, Attempts> places = new(StringComparer.Ordinal);

    public ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit)
    {
        var now = time.Now();
        MakeRoom(now);
        return ValueTask.FromResult(OnCounted(key, limit, attempts => attempts.Take(now, limit)));
    }

    public ValueTask GiveBack(string key, ThrottleLimit limit)
    {
        if (places.TryGetValue(limit.Place(key), out var attempts))
        {
            attempts.GiveBack();
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask Fail(string key, ThrottleLimit limit)
    {
        var now = time.Now();
        OnCounted(key, limit, attempts => attempts.Fail(now, limit));
        return ValueTask.CompletedTask;
    }

    /// <summary>Repeats while the attempts found were forgotten before they were counted.</summary>
    private T OnCounted<T>(string key, ThrottleLimit limit, Func<Attempts, T?> count)
        where T : struct
    {
        T? counted;
        do
        {
            counted = count(places.GetOrAdd(limit.Place(key), _ => new Attempts()));
        }
        while (counted is null);

        return counted.Value;
    }

    private void MakeRoom(DateTimeOffset now)
    {
        if (places.Count < capacity)
        {
            return;
        }

        foreach (var place in places.Where(place => place.Value.Until <= now).ToList())
        {
            Forget(place);
        }

        if (places.Count >= capacity)
        {
            foreach (var place in places.OrderBy(place => place.Value.Until).Take(Math.Max(1, capacity / 10)).ToList())
            {
                Forget(place);
            }
        }
    }

    private void Forget(KeyValuePair<string, Attempts> place)
    {
        if (places.TryRemove(place))
        {
            place.Value.Close();
        }
    }

    /// <summary>The attempts of one key that are still remembered, oldest first. Its methods answer null once it is closed: others are counted in its place.</summary>
    private sealed class Attempts
    {
        private readonly Lock gate = new();
        private readonly LinkedList<DateTimeOffset> failed = [];
        private readonly LinkedList<DateTimeOffset> undecided = [];
        private bool closed;
        private long until;

        /// <summary>When the last of them is forgotten.</summary>
        public DateTimeOffset Until => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref until));

        public ThrottleAnswer? Take(DateTimeOffset now, ThrottleLimit limit)
        {
            lock (gate)
            {
                if (closed)
                {
                    return null;
                }

                while (undecided.First is { } oldest && now - oldest.Value >= ThrottleLimit.Patience)
                {
                    undecided.RemoveFirst();
                    if (now - oldest.Value < limit.Window)
                    {
                        failed.AddLast(now);
                    }
                }

                while (failed.First is { } oldest && now - oldest.Value >= limit.Window)
                {
                    failed.RemoveFirst();
                }

                if (failed.Count >= limit.Count)
                {
                    return new(failed.First!.Value + limit.Window - now);
                }

                if (failed.Count + undecided.Count >= limit.Count + limit.AtOnce)
                {
                    return new(TimeSpan.FromSeconds(1));
                }

                undecided.AddLast(now);
                Keep(now + limit.Window + ThrottleLimit.Patience);
                return ThrottleAnswer.Go;
            }
        }

        public void GiveBack()
        {
            lock (gate)
            {
                Decide();
            }
        }

        public Done? Fail(DateTimeOffset now, ThrottleLimit limit)
        {
            lock (gate)
            {
                if (closed)
                {
                    return null;
                }

                Decide();
                failed.AddLast(now);
                Keep(now + limit.Window);
                return default(Done);
            }
        }

        public void Close()
        {
            lock (gate)
            {
                closed = true;
            }
        }

        // The newest stands for any: permits of one key are the same but for their instants.
        private void Decide()
        {
            if (undecided.Count > 0)
            {
                undecided.RemoveLast();
            }
        }

        private void Keep(DateTimeOffset end) =>
            Interlocked.Exchange(ref until, Math.Max(Interlocked.Read(ref until), end.ToUnixTimeMilliseconds()));
    }
}
