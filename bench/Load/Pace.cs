using System.Diagnostics;

namespace LiveProctor.Bench.Load;

/// <summary>
/// An open-loop schedule: each thing is done at its intended time whether or not the one before was answered, and its latency counts from
/// that time. A closed loop would slow down with the server and hide what its users wait for.
/// </summary>
internal static class Pace
{
    /// <summary>
    /// When people come who do not know of each other: at random, so that now and then several come at once. The same moments each time, so that
    /// everyone who is measured meets the same crowd.
    /// </summary>
    /// <returns>In order, from the beginning of <c>count / perSecond</c> seconds.</returns>
    public static IReadOnlyList<TimeSpan> Moments(int count, double perSecond)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => TimeSpan.FromSeconds(random.NextDouble() * count / perSecond)).Order()];
    }

    /// <summary>Does <paramref name="act"/> at each of the moments; answers when the last was begun.</summary>
    /// <param name="moments">In order, from when this is called.</param>
    /// <param name="act">Gets the number from 0 and the intended time as a <see cref="Stopwatch"/> timestamp. Must not wait.</param>
    public static Task At(IReadOnlyList<TimeSpan> moments, Action<int, long> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp();
        var thread = new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            for (var number = 0; number < moments.Count; number++)
            {
                var intended = start + (long)(moments[number].TotalSeconds * Stopwatch.Frequency);
                while ((intended - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency is >= 1 and var ahead)
                {
                    never.Wait((int)ahead);
                }

                // The rest is shorter than the shortest sleep. What is done early would look quicker than it is, and what is done late slower.
                while (Stopwatch.GetTimestamp() < intended)
                {
                    Thread.Yield();
                }

                act(number, intended);
            }

            done.SetResult();
        }) { IsBackground = true, Name = "pace" };
        thread.Start();
        return done.Task;
    }
}
