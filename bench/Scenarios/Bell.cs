using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P3: the window opens, and everyone who waits gets it by its own feed cursor; size is how many wait. Until the last one has it, the commit included.</summary>
internal static class Bell
{
    private const int AtOnce = 128;
    private const int Rings = 9;

    public static async Task Run(Setting setting, Report report)
    {
        foreach (var size in setting.Sizes([250, 500, 1000], [1000, 3000, 10_000]))
        {
            var bar = size is 1000 or 10_000;
            var (ours, hub, node, sockets) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
            var (opened, missing) = (new List<double>(), 0);
            for (var round = 0; round < setting.Rounds; round++)
            {
                var rung = await Ours(setting, size);
                ours.Add(rung.Median);
                opened.Add(rung.Opened);
                missing += rung.Missing;
                hub.Add(await Bare(size, rung.Length, () => Server.Yardstick("hub"), BareHubClient.Connect));
                node.Add(await Bare(size, rung.Length, () => Server.Node("socketio.mjs"), SocketIoClient.Connect));
                sockets.Add(await Bare(size, rung.Length, () => Server.Yardstick("socket"), BareSocketClient.Connect));
            }

            report.Zero("students who never got it", size, missing);
            report.Tell("the opening itself, once", "ms", size, Setting.Median(opened));
            Compare(hub, "SignalR group", bar ? Bar.Times(1.3, 1.1) : null);
            Compare(node, "Socket.IO room", bar ? Bar.Times(0.95) : null);
            Compare(sockets, "bare WebSockets", null);

            void Compare(List<double> others, string name, Bar? wanted) =>
                report.Compare("bell, until the last has it", "ms", size, Setting.Median(ours), name, Setting.Median(others), wanted);
        }

        report.Slope("bell, until the last has it", "SignalR group");
        report.Slope("bell, until the last has it", "Socket.IO room");
    }

    // One real opening, and edits, of which everybody gets a message of the same length in the same way.
    private static async Task<(double Median, double Opened, int Missing, int Length)> Ours(Setting setting, int size)
    {
        await using var world = await World.Start(setting.Postgres);
        await world.Students(size);
        using var hall = await OurHall.Make(world, size);
        await hall.Enter(world.Node.Address, AtOnce);
        await Machine.Rest();
        await hall.Edit();
        await hall.Edit();
        await Machine.Rest();
        var opened = await hall.Open();
        var missing = hall.Hall.Missing;
        var rings = new List<double> { opened };
        for (var ring = 1; ring < Rings; ring++)
        {
            rings.Add(await hall.Edit());
            missing += hall.Hall.Missing;
        }

        return (Setting.Median(rings), opened, missing, hall.MessageLength);
    }

    private static async Task<double> Bare(int size, int length, Func<Task<Server>> start, Func<System.Net.IPEndPoint, Task<IPushClient>> connect)
    {
        await using var server = await start();
        using var hall = await BareHall.Open(() => connect(server.Address), size, AtOnce);
        await Machine.Rest();
        await hall.Ring(length);
        await hall.Ring(length);
        await Machine.Rest();
        var rings = new List<double>();
        for (var ring = 0; ring < Rings; ring++)
        {
            rings.Add(await hall.Ring(length));
        }

        return Setting.Median(rings);
    }
}
