using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>The load generator's own client beside the official JavaScript client, for the same lobby: both must see the same, at about the same time.</summary>
internal static class Clients
{
    private const int Edits = 20;

    public static async Task Run(Setting setting, Report report)
    {
        await Npm.Install(Places.Yardsticks);
        await using var world = await World.Start(setting.Postgres);
        await world.Students(2);
        using var hall = await OurHall.Make(world, 2);
        var seen = new ConcurrentQueue<(JsonNode Event, double At)>();
        hall.Pushed = (_, message) =>
        {
            var at = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            foreach (var happened in JsonNode.Parse(message.Span)!["arguments"]![0]!["events"]!.AsArray())
            {
                seen.Enqueue((happened!.DeepClone(), at));
            }
        };
        await hall.Enter(world.Node.Address, 0, null, null);
        using var official = Process.Start(new ProcessStartInfo("node", [Path.Combine(Places.Yardsticks, "official.mjs"), $"http://{world.Node.Address}", hall.Tokens[1]])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        })!;
        if (await official.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException("The official client did not connect.");
        }

        for (var edit = 0; edit < Edits; edit++)
        {
            await hall.Edit(expected: 1);
        }

        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
        official.StandardInput.Close();
        var theirs = JsonNode.Parse((await official.StandardOutput.ReadLineAsync())!)!["lobby"]!.AsArray();
        await official.WaitForExitAsync();
        string Of(JsonNode happened) => $"{happened["seq"]} {happened["kind"]} {happened["data"]!.ToJsonString()}";
        var different = seen.Select(item => Of(item.Event)).Except(theirs.Select(item => Of(item!)), StringComparer.Ordinal).Count()
            + Math.Abs(seen.Count - theirs.Count) + (seen.Count < Edits ? 1 : 0);
        report.Zero("events that the two clients see differently", Edits, different);
        var apart = seen.Zip(theirs, (item, other) => other!["at"]!.GetValue<double>() - item.At);
        report.Tell("the official client gets them later by, p50", "ms", Edits, Setting.Median(apart));
    }
}
