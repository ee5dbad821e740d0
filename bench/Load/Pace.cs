using System.Diagnostics;

namespace LiveProctor.Bench.Load;

/// <summary>
/// An open-loop schedule: each thing is done at its intended time whether or not the one before was answered, and its latency counts from
/// that time. A closed loop would slow down with the server and hide what its users wait for.
/// </summary>
internal static class Pace
{
    /// <summary>Does <paramref name="act"/> <paramref name="count"/> times, evenly spread; answers when the last was begun.</summary>
    /// <param name="act">Gets the number from 0 and the intended time as a <see cref="Stopwatch"/> timestamp.</param>
    public static Task Evenly(int count, double perSecond, Action<int, long> act)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            using var never = new ManualResetEventSlim();
            var start = Stopwatch.GetTimestamp();
            for (var number = 0; number < count; number++)
            {
                var intended = start + (long)(number / perSecond * Stopwatch.Frequency);
                var ahead = (intended - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
                if (ahead >= 1)
                {
                    never.Wait((int)ahead);
                }

                act(number, intended);
            }

            done.SetResult();
        }) { IsBackground = true, Name = "pace" };
        thread.Start();
        return done.Task;
    }
}
