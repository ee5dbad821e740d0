using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P3: the window opens, and everyone who waits gets it by its own feed cursor; size is how many wait. Until the last one has it, the commit included.</summary>
internal static class Bell
{
    private const int AtOnce = 128;
    private const int Rings = 7;

    public static async Task Run(Setting setting, Report report)
    {
        foreach (var size in setting.Sizes([250, 500, 1000], [1000, 3000, 10_000]))
        {
            var bar = setting.Full && size is 1000 or 10_000 || size == 1000;
            var (ours, length) = await Ours(setting, report, size);
            var hub = await Bare(size, length, () => Server.Yardstick("hub"), BareHubClient.Connect);
            var node = await Bare(size, length, () => Server.Node("socketio.mjs"), SocketIoClient.Connect);
            var sockets = await Bare(size, length, () => Server.Yardstick("socket"), BareSocketClient.Connect);
            report.Compare("bell, until the last has it", "ms", size, ours, "SignalR group", hub, bar ? Bar.Times(1.3, 1.1) : null);
            report.Compare("bell, until the last has it", "ms", size, ours, "Socket.IO room", node, bar ? Bar.Times(0.95) : null);
            report.Compare("bell, until the last has it", "ms", size, ours, "bare WebSockets", sockets);
        }

        report.Slope("bell, until the last has it", "SignalR group");
        report.Slope("bell, until the last has it", "Socket.IO room");
    }

    // One real opening, and edits, of which everybody gets a message of the same length in the same way.
    private static async Task<(double Median, int Length)> Ours(Setting setting, Report report, int size)
    {
        await using var world = await World.Start(setting.Postgres);
        await world.Students(size);
        using var hall = await OurHall.Make(world, size);
        await hall.Enter(world.Node.Address, AtOnce);
        await hall.Edit();
        await hall.Edit();
        var opened = await hall.Open();
        var missing = hall.Hall.Missing;
        var rings = new List<double> { opened };
        for (var ring = 1; ring < Rings; ring++)
        {
            rings.Add(await hall.Edit());
            missing += hall.Hall.Missing;
        }

        report.Zero("students who never got it", size, missing);
        report.Tell("the opening itself, once", "ms", size, opened);
        return (Setting.Median(rings), hall.MessageLength);
    }

    private static async Task<double> Bare(int size, int length, Func<Task<Server>> start, Func<System.Net.IPEndPoint, Task<IPushClient>> connect)
    {
        await using var server = await start();
        using var hall = await BareHall.Open(() => connect(server.Address), size, AtOnce);
        await hall.Ring(length);
        await hall.Ring(length);
        var rings = new List<double>();
        for (var ring = 0; ring < Rings; ring++)
        {
            rings.Add(await hall.Ring(length));
        }

        return Setting.Median(rings);
    }
}
