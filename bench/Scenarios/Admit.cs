using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P1: students join and are approved as in the field, with connected consoles; size is the number of sessions of twenty students.</summary>
internal static class Admit
{
    private const int Each = 20;
    private const int Doors = 32;
    private const int WarmUp = 20;

    public static async Task Run(Setting setting, Report report)
    {
        var sizes = setting.Sizes([2, 4, 8], [12, 25, 50]);

        // The field's own test is 20,000 students over 1,200 s: 17 a second, as many as come to the largest size at full scale.
        var perSession = setting.Full ? 1.0 / 3 : 16.0;
        await using var world = await World.Start(setting.Postgres);
        var stores = await setting.Postgres.NewDatabase();
        await using var hub = await Server.Yardstick("hub", "--postgres", stores, "--redis", world.Redis);
        await using var socketIo = await Server.Node("socketio.mjs", stores, world.Redis);
        await world.Students(((setting.Rounds * sizes.Sum()) + WarmUp) * Each);
        var template = await world.Session("Mathematics, grade 7");
        var firstStudent = 0;
        var length = 0;

        async Task<FieldDay> Ours(int size, double rate)
        {
            using var admission = new OurAdmission(world.Node.Address, world.Token, await world.Sessions(template, size), firstStudent);
            firstStudent += size * Each;
            var day = await Day(admission, admission.Open, size, rate);
            length = admission.MessageLength;
            return day;
        }

        async Task<FieldDay> Bare(Func<Task<IPushClient>> connect, int size, double rate, bool keeps)
        {
            using var admission = new BareAdmission(connect, size, keeps, length);
            return await Day(admission, admission.Open, size, rate);
        }

        Task<IPushClient> Hub() => BareHubClient.Connect(hub.Address);
        Task<IPushClient> SocketIo() => SocketIoClient.Connect(socketIo.Address);

        // What is called often is compiled anew several times before it is as fast as it becomes.
        var (warmUp, warmUpRate) = (WarmUp, setting.Full ? 2.0 : 8.0);
        await Ours(warmUp, warmUpRate);
        await Bare(Hub, warmUp, warmUpRate, keeps: true);
        await Bare(SocketIo, warmUp, warmUpRate, keeps: true);

        foreach (var size in sizes)
        {
            var (ours, bare, node, push) = (new List<FieldDay>(), new List<FieldDay>(), new List<FieldDay>(), new List<FieldDay>());
            for (var round = 0; round < (size == sizes[^1] ? setting.Rounds : 1); round++)
            {
                ours.Add(await Ours(size, perSession));
                bare.Add(await Bare(Hub, size, perSession, keeps: true));
                node.Add(await Bare(SocketIo, size, perSession, keeps: true));
                push.AddRange(size == sizes[^1] && round == 0 ? [await Bare(Hub, size, perSession, keeps: false)] : []);
            }

            report.Zero("students who were missed", size, ours.Sum(day => day.Missing));
            foreach (var (metric, latencies) in new (string, Func<FieldDay, Latencies>)[] { ("join → console", day => day.Seen), ("approve → student", day => day.Decided) })
            {
                foreach (var (name, part, bar) in new[] { ("p50", 0.5, Bar.Times(3, 2)), ("p99", 0.99, Bar.Times(4, 2.5)) })
                {
                    double Of(List<FieldDay> days) => Setting.Median(days.Select(day => latencies(day).Percentile(part)));
                    report.Compare($"{metric} {name}", "µs", size, Of(ours), "SignalR + insert + publish", Of(bare), size == sizes[^1] ? bar : null);
                    report.Compare($"{metric} {name}", "µs", size, Of(ours), "Socket.IO + insert + publish", Of(node));
                    if (push.Count > 0)
                    {
                        report.Compare($"{metric} {name}", "µs", size, Of(ours), "SignalR push alone", Of(push));
                    }
                }
            }
        }

        report.Slope("join → console p50", "SignalR + insert + publish");
        report.Slope("approve → student p50", "SignalR + insert + publish");
    }

    private static async Task<FieldDay> Day(IAdmission admission, Func<int, Task> open, int sessions, double perSession)
    {
        await open(Doors);
        var day = new FieldDay(sessions * Each, sessions * perSession);
        await day.Run(admission);
        return day;
    }
}
