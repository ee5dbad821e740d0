using System.Diagnostics;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Load;

/// <summary>Counts who has heard the bell: how long from the ring until the last of many has it.</summary>
internal sealed class Hall(int everybody)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TaskCompletionSource<long> all = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int size = everybody;
    private int expected = everybody;
    private int heard;

    /// <summary>How many did not hear the last ring in time.</summary>
    public int Missing => expected - Volatile.Read(ref heard);

    /// <summary>One of them hears it.</summary>
    public void Hear()
    {
        if (Interlocked.Increment(ref heard) == expected)
        {
            all.TrySetResult(Stopwatch.GetTimestamp());
        }
    }

    /// <summary>Rings, and answers after how many milliseconds the last has heard it; not a number when somebody never did.</summary>
    /// <param name="ring">Rings it.</param>
    /// <param name="connected">How many are there to hear it; all when left out. Where there is nobody it is not waited for.</param>
    public async Task<double> Ring(Func<Task> ring, int? connected = null)
    {
        expected = connected ?? size;
        all = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref heard, 0);
        var started = Stopwatch.GetTimestamp();
        var rung = ring();
        if (expected > 0)
        {
            await Task.WhenAny(all.Task, Task.Delay(Patience, TimeProvider.System));
        }

        await rung;
        return all.Task.IsCompleted ? (await all.Task - started) * 1000.0 / Stopwatch.Frequency : double.NaN;
    }
}

/// <summary>Everyone in a hall of a yardstick that pushes.</summary>
internal sealed class BareHall : IDisposable
{
    private readonly IReadOnlyList<IPushClient> clients;
    private readonly IPushClient ringer;

    private BareHall(IReadOnlyList<IPushClient> clients, IPushClient ringer, Hall hall)
    {
        this.clients = clients;
        this.ringer = ringer;
        Hall = hall;
    }

    public Hall Hall { get; }

    public static async Task<BareHall> Open(Func<Task<IPushClient>> connect, int count, int atOnce)
    {
        var hall = new Hall(count);
        var opened = await Crew.All(count, atOnce, async number =>
        {
            var client = await connect();
            client.Pushed = _ => hall.Hear();
            await client.Register($"student{number}", hears: true);
            return client;
        });
        var bell = await connect();
        await bell.Register("ringer", hears: false);
        return new BareHall(opened, bell, hall);
    }

    /// <summary>Rings with a message of this length.</summary>
    public Task<double> Ring(int length) => Hall.Ring(() =>
    {
        ringer.Ring("".PadRight(length, 'x'));
        return Task.CompletedTask;
    });

    public void Dispose()
    {
        ringer.Dispose();
        foreach (var client in clients)
        {
            client.Dispose();
        }
    }
}
