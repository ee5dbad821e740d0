using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Core;
using LiveProctor.Core.Entries;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P8: a console opens on a session; size is how many entries it has. The yardstick is writing the same rows as JSON, and nothing else.</summary>
internal static class Board
{
    public static async Task Run(Setting setting, Report report)
    {
        var times = setting.Full ? 21 : 7;
        var sizes = setting.Sizes([100, 1000, 3000], [1000, 3000, 10_000]);
        foreach (var size in sizes)
        {
            await using var world = await World.Start(setting.Postgres);
            await world.Students(size);
            var session = await world.Session("Board");
            await world.Entries(session, size);
            var id = session["id"]!.GetValue<string>();
            var judged = size == sizes[^1];
            var (first, again, rows) = await Open(world, id, times);
            if (setting.Full || judged)
            {
                var reads = await Reads(world);
                await Follow(world, id);
                report.Zero("rows of entries that storage read for it", size, await Reads(world) - reads);
            }

            var file = Path.GetTempFileName();
            await File.WriteAllTextAsync(file, rows);
            await using var bare = await Server.Yardstick("hub", "--board", file);
            report.Compare("snapshot of a console, p50", "ms", size, again, "writing its rows", Write(rows, times), judged ? Bar.Times(2) : null);
            report.Compare("snapshot of a console, p50", "ms", size, again, "SignalR that answers the same rows", await Bare(bare, times));
            report.Tell("the first console, from storage", "ms", size, first);
            File.Delete(file);
            if (judged)
            {
                var seconds = double.Parse(await Npm.Run("screen.mjs", $"http://{world.Node.Address}", id, "admin@example.org", "a long enough password 7"), CultureInfo.InvariantCulture);
                report.Tell("first screen in the browser", "s", size, seconds, Bar.AtMost(1, 0.4));
            }
        }

        report.Slope("snapshot of a console, p50", "writing its rows");
    }

    private static async Task<(double First, double Again, string Rows)> Open(World world, string session, int times)
    {
        var (first, answer) = await Follow(world, session);
        using var parsed = JsonDocument.Parse(answer);
        var rows = parsed.RootElement.GetProperty("result").GetProperty("snapshot").GetProperty("entries").GetRawText();
        var again = new List<double>();
        for (var time = 0; time < times; time++)
        {
            again.Add((await Follow(world, session)).Milliseconds);
        }

        return (first, Setting.Median(again), rows);
    }

    private static async Task<(double Milliseconds, byte[] Answer)> Follow(World world, string session)
    {
        using var console = await HubClient.Connect(world.Node.Address, $"/hubs/dashboard?access_token={world.Token}");
        await console.Invoke("Clock");
        var started = Stopwatch.GetTimestamp();
        var answer = await console.Invoke("Follow", $"session:{session}", null);
        return (Stopwatch.GetElapsedTime(started).TotalMilliseconds, answer);
    }

    private static double Write(string json, int times)
    {
        var rows = Json.Read<List<EntryRow>>(json);
        var taken = new List<double>();
        for (var time = -3; time < times; time++)
        {
            var started = Stopwatch.GetTimestamp();
            _ = JsonSerializer.SerializeToUtf8Bytes(rows, Json.Options);
            taken.AddRange(time < 0 ? [] : [Stopwatch.GetElapsedTime(started).TotalMilliseconds]);
        }

        return Setting.Median(taken);
    }

    private static async Task<double> Bare(Server server, int times)
    {
        var taken = new List<double>();
        for (var time = -3; time < times; time++)
        {
            using var client = await HubClient.Connect(server.Address, "/hub");
            await client.Invoke("Register", "console", false);
            var started = Stopwatch.GetTimestamp();
            await client.Invoke("Board");
            taken.AddRange(time < 0 ? [] : [Stopwatch.GetElapsedTime(started).TotalMilliseconds]);
        }

        return Setting.Median(taken);
    }

    // The statistics of a connection that has gone idle arrive up to ten seconds later.
    private static async Task<long> Reads(World world)
    {
        await Task.Delay(TimeSpan.FromSeconds(11), TimeProvider.System);
        return await world.Ask<long>("SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::bigint FROM pg_stat_user_tables WHERE relname = 'entries'");
    }
}
