using System.Text.Json.Nodes;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P11: bytes that travel to a student's browser until the lobby works. Of one size.</summary>
internal static class LobbyWeight
{
    public static async Task Run(Setting setting, Report report)
    {
        await using var world = await World.Start(setting.Postgres);
        await world.Students(1);
        var session = await world.Session("Weight");
        var weight = JsonNode.Parse(await Npm.Run("weight.mjs", $"http://{world.Node.Address}", session["joinId"]!.GetValue<string>(), "B0", "Ada"))!;
        report.Tell("page loaded", "KB", 1, weight["loaded"]!.GetValue<double>() / 1024);
        report.Tell("until the lobby works", "KB", 1, weight["total"]!.GetValue<double>() / 1024, Bar.AtMost(45, 30));
    }
}
