using System.Collections.Concurrent;

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
        ThrottleAnswer? answer;
        while ((answer = places.GetOrAdd(limit.Place(key), _ => new Attempts()).Take(now, limit)) is null)
        {
            // It was forgotten between being found and being counted.
        }

        return ValueTask.FromResult(answer.Value);
    }

    public ValueTask GiveBack(string key, ThrottleLimit limit)
    {
        if (places.TryGetValue(limit.Place(key), out var attempts))
        {
            attempts.GiveBack();
        }

        return ValueTask.CompletedTask;
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

    /// <summary>The attempts of one key that are still remembered, oldest first.</summary>
    private sealed class Attempts
    {
        private readonly Lock gate = new();
        private readonly LinkedList<DateTimeOffset> taken = [];
        private bool closed;
        private long until;

        /// <summary>When the last of them is forgotten.</summary>
        public DateTimeOffset Until => DateTimeOffset.FromUnixTimeMilliseconds(Interlocked.Read(ref until));

        /// <summary>Null when these attempts are no longer the ones that count.</summary>
        public ThrottleAnswer? Take(DateTimeOffset now, ThrottleLimit limit)
        {
            lock (gate)
            {
                if (closed)
                {
                    return null;
                }

                while (taken.First is { } oldest && now - oldest.Value >= limit.Window)
                {
                    taken.RemoveFirst();
                }

                if (taken.Count >= limit.Count)
                {
                    return new(taken.First!.Value + limit.Window - now);
                }

                taken.AddLast(now);
                Interlocked.Exchange(ref until, (now + limit.Window).ToUnixTimeMilliseconds());
                return ThrottleAnswer.Go;
            }
        }

        public void GiveBack()
        {
            lock (gate)
            {
                if (taken.Count > 0)
                {
                    taken.RemoveLast();
                }
            }
        }

        public void Close()
        {
            lock (gate)
            {
                closed = true;
            }
        }
    }
}
