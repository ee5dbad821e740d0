namespace LiveProctor.Bench.Load;

/// <summary>Many things done at once, a bounded number at a time.</summary>
internal static class Crew
{
    /// <summary>Does <paramref name="act"/> for 0 to <paramref name="count"/> − 1.</summary>
    public static async Task<T[]> All<T>(int count, int atOnce, Func<int, Task<T>> act)
    {
        var done = new T[count];
        var next = -1;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(atOnce, count)).Select(_ => Task.Run(async () =>
        {
            for (var number = Interlocked.Increment(ref next); number < count; number = Interlocked.Increment(ref next))
            {
                done[number] = await act(number);
            }
        })));
        return done;
    }

    /// <inheritdoc cref="All{T}"/>
    public static Task All(int count, int atOnce, Func<int, Task> act) => All(count, atOnce, async number =>
    {
        await act(number);
        return true;
    });
}
