using System.Diagnostics;

namespace LiveProctor.Bench.Load;

/// <summary>Measured times, added from any thread.</summary>
internal sealed class Latencies(int capacity)
{
    private readonly long[] ticks = new long[capacity];
    private int count;

    /// <summary>How many were measured.</summary>
    public int Count => Math.Min(Volatile.Read(ref count), capacity);

    /// <summary>Adds the time from a <see cref="Stopwatch"/> timestamp until now.</summary>
    public void Since(long start) => Add(Stopwatch.GetTimestamp() - start);

    /// <summary>Adds a time in ticks of the <see cref="Stopwatch"/>.</summary>
    public void Add(long elapsed)
    {
        var at = Interlocked.Increment(ref count) - 1;
        if (at < capacity)
        {
            ticks[at] = elapsed;
        }
    }

    /// <summary>The time that this part of them does not exceed, in microseconds; not a number when none was measured.</summary>
    /// <param name="part">0–1.</param>
    public double Percentile(double part)
    {
        var sorted = ticks.AsSpan(0, Count).ToArray();
        if (sorted.Length == 0)
        {
            return double.NaN;
        }

        Array.Sort(sorted);
        return sorted[Math.Min(sorted.Length - 1, (int)Math.Ceiling(part * sorted.Length) - 1 is var at && at < 0 ? 0 : at)] * 1e6 / Stopwatch.Frequency;
    }
}
