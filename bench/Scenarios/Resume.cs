using System.Diagnostics;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>
/// P5: a node is killed while students wait; all come back to the other one, from where they stood, and what happened meanwhile reaches them.
/// Size is how many were on the node. The yardstick's clients merely connect again.
/// </summary>
internal static class Resume
{
    private const int AtOnce = 256;
    private const int WarmUps = 3;

    public static async Task Run(Setting setting, Report report)
    {
        var sizes = setting.Sizes([250, 500, 1000], [1000, 2500, 5000]);
        foreach (var size in sizes)
        {
            var (ours, missed) = await Ours(setting, size);
            var bare = await Bare(size, () => Server.Yardstick("hub"), BareHubClient.Connect);
            var node = await Bare(size, () => Server.Node("socketio.mjs"), SocketIoClient.Connect);
            report.Zero("students who missed an event", size, missed);
            report.Compare("all back on the other node", "ms", size, ours, "SignalR connects again", bare, size == sizes[^1] ? Bar.Times(1.5, 1.2) : null);
            report.Compare("all back on the other node", "ms", size, ours, "Socket.IO connects again", node);
        }

        report.Slope("all back on the other node", "SignalR connects again");
    }

    private static async Task<(double Milliseconds, int Missed)> Ours(Setting setting, int size)
    {
        await using var world = await World.Start(setting.Postgres, nodes: 2);
        await world.Students(size);
        using var hall = await OurHall.Make(world, size);
        using var other = await HttpDoor.Open(world.Nodes[1].Address);

        await WarmUp(size, async number => await hall.Enter(world.Nodes[1].Address, number, null, null));
        await hall.Enter(world.Node.Address, AtOnce);
        await hall.Edit();
        await hall.Edit(other);
        await Machine.Rest();
        var seen = hall.Pages.Select(page => page!.Lobby!.Seq + 1).ToArray();
        hall.Pushed = (number, message) => Raise(ref seen[number], Digits.After(message.Span, "\"seq\":"u8)!.Value);

        var used = new Use(world);
        var killed = Stopwatch.GetTimestamp();
        world.Node.Kill();
        var happened = hall.Edit(other, expected: 0);
        await Crew.All(size, AtOnce, async number =>
        {
            var page = hall.Pages[number]!;
            await page.Ended;
            var back = await hall.Enter(world.Nodes[1].Address, number, page.Lobby! with { Seq = seen[number] }, page.Me);

            // What was missed stands in the answer; a push may have come before it.
            var answered = back.Lobby!.Seq;
            Raise(ref seen[number], answered);
        });
        var took = Stopwatch.GetElapsedTime(killed).TotalMilliseconds;
        used.Tell();
        await happened;
        await hall.Edit(other);
        var last = seen.Max();
        return (took, seen.Count(seq => seq < last) + hall.Hall.Missing);
    }

    private sealed class Use(World world)
    {
        private readonly double node = ProcessUse.Seconds(world.Nodes[1].ProcessId);
        private readonly double database = ProcessUse.SecondsOfFamily(world.Server.ProcessId);
        private readonly double here = ProcessUse.Seconds(Environment.ProcessId);

        public void Tell()
        {
            if (Profile.Wanted)
            {
                Console.Error.WriteLine(
                    $"    while they came back: node {ProcessUse.Seconds(world.Nodes[1].ProcessId) - node:0.00} s, PostgreSQL {ProcessUse.SecondsOfFamily(world.Server.ProcessId) - database:0.00} s, clients {ProcessUse.Seconds(Environment.ProcessId) - here:0.00} s");
            }
        }
    }

    // The other node is one that has served as many all along: what it does often is compiled, and compiled well.
    private static async Task WarmUp(int size, Func<int, Task<IDisposable>> connect)
    {
        for (var round = 0; round < WarmUps; round++)
        {
            await Crew.All(size, AtOnce, async number => (await connect(number)).Dispose());
            await Machine.Rest();
        }
    }

    private static void Raise(ref long place, long value)
    {
        for (var now = Interlocked.Read(ref place); now < value; now = Interlocked.Read(ref place))
        {
            Interlocked.CompareExchange(ref place, value, now);
        }
    }

    private static async Task<double> Bare(int size, Func<Task<Server>> start, Func<System.Net.IPEndPoint, Task<IPushClient>> connect)
    {
        await using var first = await start();
        await using var second = await start();
        await WarmUp(size, async _ => await connect(second.Address));
        using var hall = await BareHall.Open(() => connect(first.Address), size, AtOnce);
        await Machine.Rest();
        var (node, here) = (ProcessUse.Seconds(second.ProcessId), ProcessUse.Seconds(Environment.ProcessId));
        var killed = Stopwatch.GetTimestamp();
        first.Kill();
        var back = await Crew.All(size, AtOnce, _ => connect(second.Address));
        var took = Stopwatch.GetElapsedTime(killed).TotalMilliseconds;
        if (Profile.Wanted)
        {
            Console.Error.WriteLine($"    bare: server {ProcessUse.Seconds(second.ProcessId) - node:0.00} s, clients {ProcessUse.Seconds(Environment.ProcessId) - here:0.00} s");
        }

        foreach (var client in back)
        {
            client.Dispose();
        }

        return took;
    }
}
