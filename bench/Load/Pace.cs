using System.Diagnostics;

namespace LiveProctor.Bench.Load;

/// <summary>
/// An open-loop schedule: each thing is done at its intended time whether or not the one before was answered, and its latency counts from
/// that time. A closed loop would slow down with the server and hide what its users wait for.
/// </summary>
internal static class Pace
{
    /// <summary>Does <paramref name="act"/> <paramref name="count"/> times, evenly spread; answers when the last was begun.</summary>
    /// <param name="act">Gets the number from 0 and the intended time as a <see cref="Stopwatch"/> timestamp. Must not wait.</param>
    /// <param name="delay">How long before the first.</param>
    public static Task Evenly(int count, double perSecond, Action<int, long> act, TimeSpan delay = default)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var start = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
        var thread = new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            for (var number = 0; number < count; number++)
            {
                var intended = start + (long)(number / perSecond * Stopwatch.Frequency);
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
