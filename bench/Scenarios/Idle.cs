using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P4: what one waiting student costs the server in memory, and in processor time; size is how many wait.</summary>
internal static class Idle
{
    private const int AtOnce = 128;
    private const int Broadcasts = 13;
    private const int WarmUp = 100;

    public static async Task Run(Setting setting, Report report)
    {
        var settle = TimeSpan.FromSeconds(setting.Full ? 10 : 1);
        var sizes = setting.Sizes([250, 500, 1000], [1000, 3000, 10_000]);
        foreach (var size in sizes)
        {
            var ours = await Ours(setting, size, settle);
            var (idle, after) = await Bare(size, settle, ours.Length, () => Server.Yardstick("hub"), BareHubClient.Connect);
            var (socketIoIdle, socketIoAfter) = await Bare(size, settle, ours.Length, () => Server.Node("socketio.mjs"), SocketIoClient.Connect);
            var judged = size == sizes[^1];
            report.Compare("memory of a waiting student", "KB", size, ours.Idle, "SignalR", idle, judged ? Bar.Times(1.25, 1.1) : null);
            report.Compare("memory of a waiting student", "KB", size, ours.Idle, "Socket.IO", socketIoIdle);
            report.Compare("memory after 13 broadcasts", "KB", size, ours.After, "SignalR", after);
            report.Compare("memory after 13 broadcasts", "KB", size, ours.After, "Socket.IO", socketIoAfter);
            report.Tell("memory after 13 broadcasts, in itself", "KB", size, ours.After, judged ? Bar.AtMost(36, 31) : null);
            report.Tell("processor of 1,000 waiting students who ping", "ms a second", size, ours.Processor);
        }

        report.Slope("memory of a waiting student", "SignalR");
    }

    private static async Task<(double Idle, double After, double Processor, int Length)> Ours(Setting setting, int size, TimeSpan settle)
    {
        await using var world = await World.Start(setting.Postgres);
        await world.Students(size + WarmUp);
        using var hall = await OurHall.Make(world, size + WarmUp);

        // What the first connections bring along is the program's, not a student's.
        await Crew.All(WarmUp, AtOnce, async number => (await hall.Enter(world.Node.Address, number, null, null)).Dispose());
        await Task.Delay(settle, TimeProvider.System);
        var empty = ProcessUse.Resident(world.Node.ProcessId);
        await Crew.All(size, AtOnce, number => hall.Enter(world.Node.Address, WarmUp + number, null, null));
        await Task.Delay(settle, TimeProvider.System);
        hall.KeepPinging();
        var before = ProcessUse.Seconds(world.Node.ProcessId);
        await Task.Delay(settle, TimeProvider.System);
        var used = ProcessUse.Seconds(world.Node.ProcessId) - before;
        var idle = ProcessUse.Resident(world.Node.ProcessId);
        for (var broadcast = 0; broadcast < Broadcasts; broadcast++)
        {
            await hall.Edit(expected: size);
        }

        await Task.Delay(settle, TimeProvider.System);
        var after = ProcessUse.Resident(world.Node.ProcessId);
        return (Each(idle - empty, size), Each(after - empty, size), used * 1000 / settle.TotalSeconds * 1000 / size, hall.MessageLength);
    }

    private static async Task<(double Idle, double After)> Bare(
        int size, TimeSpan settle, int length, Func<Task<Server>> start, Func<System.Net.IPEndPoint, Task<IPushClient>> connect)
    {
        await using var server = await start();
        using (await BareHall.Open(() => connect(server.Address), WarmUp, AtOnce))
        {
        }

        await Task.Delay(settle, TimeProvider.System);
        var empty = ProcessUse.Resident(server.ProcessId);
        using var hall = await BareHall.Open(() => connect(server.Address), size, AtOnce);
        await Task.Delay(settle + settle, TimeProvider.System);
        var idle = ProcessUse.Resident(server.ProcessId);
        for (var broadcast = 0; broadcast < Broadcasts; broadcast++)
        {
            await hall.Ring(length);
        }

        await Task.Delay(settle, TimeProvider.System);
        return (Each(idle - empty, size), Each(ProcessUse.Resident(server.ProcessId) - empty, size));
    }

    private static double Each(long bytes, int count) => bytes / 1024.0 / count;
}
