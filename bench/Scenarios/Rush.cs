using System.Diagnostics;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Yardsticks;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P2: as many joins a second as the program takes; size is how many are under way at once, spread over sessions of twenty students.</summary>
internal static class Rush
{
    private const int Each = 20;
    private const int Connecting = 64;

    public static async Task Run(Setting setting, Report report)
    {
        var sizes = setting.Sizes([16, 64, 256], [64, 256, 1024]);
        var time = TimeSpan.FromSeconds(setting.Full ? 8 : 3);
        var stock = new Stock(setting.Full ? 400_000 : 60_000);
        await using var world = await World.Start(setting.Postgres);
        await using var bare = await Server.Yardstick("hub");
        await using var socketIo = await Server.Node("socketio.mjs");
        await world.Students(stock.Count);
        stock.Sessions = await world.Sessions(await world.Session("Rush"), stock.Count / Each);
        await world.Execute("ANALYZE");
        await using var stores = new BareStores(await setting.Postgres.NewDatabase(), "");
        await stores.Prepare();

        // What is called often is compiled anew several times before it is as fast as it becomes.
        await OverOpenConnections(world, stock, Connecting, TimeSpan.FromSeconds(setting.Full ? 20 : 8));

        // And what was planned for empty tables is planned anew, as the database does by itself within a minute.
        await world.Execute("ANALYZE");
        foreach (var size in sizes)
        {
            var before = stock.Acknowledged;
            var inserts = new List<double>();
            var joins = new List<double>();
            for (var round = 0; round < setting.Rounds; round++)
            {
                inserts.Add(await Rate(Connecting, time, async () => { await stores.Insert(Payload); return true; }));
                joins.Add(await OverOpenConnections(world, stock, size, time));
            }

            report.Compare(
                "joins over open connections", "a second", size, Setting.Median(joins), "single inserts, 64 at once", Setting.Median(inserts),
                size == sizes[^1] ? Bar.AtLeastTimes(1, 1.5) : null);
            await Prove(world, report, stock, size, before);
        }

        await Fresh(setting, report, world, stock, bare, socketIo, time);
        report.Slope("joins over open connections", "single inserts, 64 at once");
    }

    private static readonly string Payload = new('x', 300);

    private static async Task<double> OverOpenConnections(World world, Stock stock, int atOnce, TimeSpan time)
    {
        var doors = new Queue<HttpDoor>(await Crew.All(atOnce, Connecting, _ => HttpDoor.Open(world.Node.Address)));
        try
        {
            return await Rate(atOnce, time, () =>
            {
                HttpDoor door;
                lock (doors)
                {
                    door = doors.Dequeue();
                }

                return Join(door);
            });
        }
        finally
        {
            foreach (var door in doors)
            {
                door.Dispose();
            }
        }

        async Task<bool> Join(HttpDoor door)
        {
            var joined = await stock.Join(door);
            lock (doors)
            {
                doors.Enqueue(door);
            }

            return joined;
        }
    }

    /// <summary>With a connection of its own each, beside what merely connecting costs.</summary>
    private static async Task Fresh(Setting setting, Report report, World world, Stock stock, Server bare, Server socketIo, TimeSpan time)
    {
        var (joins, arrivals, connects, others) = (new List<double>(), new List<double>(), new List<double>(), new List<double>());
        var slowest = new Latencies(stock.Count);
        for (var round = 0; round < setting.Rounds; round++)
        {
            connects.Add(await Rate(Connecting, time, async () =>
            {
                using var client = await BareHubClient.Connect(bare.Address);
                return true;
            }));
            joins.Add(await Rate(Connecting, time, async () =>
            {
                var started = Stopwatch.GetTimestamp();
                using var door = await HttpDoor.Open(world.Node.Address);
                slowest.Since(started);
                return await stock.Join(door);
            }));
            others.Add(await Rate(Connecting, time, async () =>
            {
                using var client = await SocketIoClient.Connect(socketIo.Address);
                return true;
            }));
            arrivals.Add(await Rate(Connecting, time, async () =>
            {
                using var door = await HttpDoor.Open(world.Node.Address);
                using var page = await stock.JoinAndFollow(door, world);
                return page is not null;
            }));
        }

        report.Compare(
            "joins with a fresh connection each", "a second", Connecting, Setting.Median(joins), "SignalR connects", Setting.Median(connects), Bar.AtLeastTimes(0.75, 0.9));
        report.Compare("joins with a fresh connection each", "a second", Connecting, Setting.Median(joins), "Socket.IO connects", Setting.Median(others));
        report.Tell("slowest connect", "ms", Connecting, slowest.Percentile(1) / 1000, Bar.AtMost(1000));
        report.Compare("joins, each with its page connected and both feeds followed", "a second", Connecting, Setting.Median(arrivals), "SignalR connects", Setting.Median(connects));
    }

    /// <summary>What was acknowledged is stored, audited and in the session's feed.</summary>
    private static async Task Prove(World world, Report report, Stock stock, int size, long before)
    {
        var acknowledged = stock.Acknowledged - before;
        const string count = """
            SELECT abs(@acknowledged - count(*)) FROM {0}
            """;
        foreach (var (metric, rows) in new[]
        {
            ("acknowledged joins that are not stored", "entries"),
            ("acknowledged joins that are not audited", "audit WHERE action = 'joined'"),
            ("acknowledged joins that are not fed", "feed_events WHERE kind = 'joined' AND feed LIKE 'session:%'"),
        })
        {
            var sql = string.Format(System.Globalization.CultureInfo.InvariantCulture, count, rows).Replace("@acknowledged", $"{stock.Acknowledged}", StringComparison.Ordinal);
            report.Zero(metric, size, acknowledged == 0 ? 1 : await world.Ask<long>(sql));
        }
    }

    /// <summary>How often a second something succeeds, done over and over by many at once.</summary>
    private static async Task<double> Rate(int atOnce, TimeSpan time, Func<Task<bool>> act)
    {
        var started = Stopwatch.GetTimestamp();
        var done = 0L;
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(started) < time && await act())
            {
                Interlocked.Increment(ref done);
            }
        })));
        return done / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>Students who have not come yet, and where they go.</summary>
    private sealed class Stock(int count)
    {
        private int next = -1;
        private long acknowledged;

        public int Count => count;

        public IReadOnlyList<(string Id, string JoinId)> Sessions { get; set; } = [];

        public long Acknowledged => Interlocked.Read(ref acknowledged);

        /// <summary>The next student joins; false when there is none.</summary>
        public async Task<bool> Join(HttpDoor door) => await Answer(door) is not null;

        /// <summary>The next student joins and opens the page's connection; null when there is none.</summary>
        public async Task<LobbyPage?> JoinAndFollow(HttpDoor door, World world) => await Answer(door) is { } answer
            ? await LobbyPage.Open(world.Node.Address, Digits.TextAfter(System.Text.Encoding.UTF8.GetBytes(answer), "\"token\":\""u8)!)
            : null;

        private async Task<string?> Answer(HttpDoor door)
        {
            var student = Interlocked.Increment(ref next);
            if (student >= count)
            {
                return null;
            }

            var (status, body) = await door.Post(
                "/api/v1/lobby/join", $"{{\"joinId\":\"{Sessions[student % Sessions.Count].JoinId}\",\"studentId\":\"B{student}\",\"firstName\":\"Ada\"}}");
            if (status != 201)
            {
                throw new InvalidOperationException($"join: {status} {body}");
            }

            Interlocked.Increment(ref acknowledged);
            return body;
        }
    }
}
