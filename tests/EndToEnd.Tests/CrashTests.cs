using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using LiveProctor.EndToEnd.Tests.Running;
using LiveProctor.TestSupport;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>Nothing acknowledged is ever lost: the power fails while a class joins and the proctor decides.</summary>
public sealed class CrashTests
{
    public static TheoryData<string> Kinds => World.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Every_acknowledged_join_and_decision_survives_a_killed_process_once(string kind)
    {
        const int size = 60;
        await using var world = await World.Start(kind, size);
        var session = await world.Session("Killed", opensIn: TimeSpan.FromMinutes(10));
        var id = session["id"]!.GetValue<string>();
        using var students = Students.Start(new { hub = world.Address, students = World.Class(session, Enumerable.Range(1, size)), takeTest = false });
        using var over = new CancellationTokenSource();
        var decided = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var proctor = Decide(world, id, decided, over.Token);

        // At a moment of its own each time: after some joins and some decisions, before all of them.
        var moment = RandomNumberGenerator.GetInt32(8, 30);
        await students.Until("joined", moment, TimeSpan.FromSeconds(30));
        await Eventually.True(() => !decided.IsEmpty, "a decision is acknowledged");
        var node = world.Nodes[RandomNumberGenerator.GetInt32(world.Nodes.Count)];
        await node.Kill();
        var before = new Dictionary<string, string>(decided, StringComparer.Ordinal);
        await node.Start("/healthz/ready");

        await students.Until("joined", size, TimeSpan.FromSeconds(60));
        await Eventually.True(() => decided.Count == size || proctor.IsCompleted, $"everybody is decided on, killed after {moment} joins\n{world.Logs}", TimeSpan.FromSeconds(60));
        await over.CancelAsync();
        await proctor;
        Assert.Equal(size, decided.Count);

        // Each client is back and right, without having been told to reload.
        await students.Until("sees", size, TimeSpan.FromSeconds(60), item => item.Text("state") is "approved" or "denied");
        var rows = (await world.Get($"/api/v1/sessions/{id}/entries"))["entries"]!.AsArray();
        Assert.Equal(size, rows.Count);
        Assert.Equal(size, rows.Select(row => row!["student"]!["externalId"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count());
        var joined = students.Events.Where(item => item.Event == "joined").Select(item => item.Text("entryId")!).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(joined, rows.Select(row => row!["id"]!.GetValue<string>()).ToHashSet(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            var entry = row!["id"]!.GetValue<string>();
            Assert.Equal(decided[entry], row["state"]!.GetValue<string>());
            Assert.Equal(1, row["device"]!.GetValue<int>());
        }

        Assert.All(before, decision => Assert.Equal(decision.Value, decided[decision.Key]));
    }

    // Approves and denies whoever waits, a few at a time, until told to stop. What is acknowledged is written down.
    private static async Task Decide(World world, string sessionId, ConcurrentDictionary<string, string> decided, CancellationToken over)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!over.IsCancellationRequested && await pace.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                var rows = (await world.Get($"/api/v1/sessions/{sessionId}/entries"))["entries"]!.AsArray();
                var waiting = rows.Where(row => row!["state"]!.GetValue<string>() == "waiting").Take(5).ToList();
                var deny = waiting.Count % 2 == 1;
                foreach (var row in rows.Where(row => row!["state"]!.GetValue<string>() is "approved" or "denied"))
                {
                    // A decision whose answer was lost shows itself here.
                    decided.TryAdd(row!["id"]!.GetValue<string>(), row["state"]!.GetValue<string>());
                }

                if (waiting.Count == 0)
                {
                    continue;
                }

                var answer = await world.Admin.PostAsJsonAsync(
                    $"/api/v1/sessions/{sessionId}/{(deny ? "deny" : "approve")}",
                    new { entries = waiting.Select(row => new { id = row!["id"]!.GetValue<string>(), version = row["version"]!.GetValue<long>() }), reason = "by turns" },
                    CancellationToken.None);
                if (answer.IsSuccessStatusCode)
                {
                    var results = (await answer.Content.ReadFromJsonAsync<JsonNode>(CancellationToken.None))!["results"]!.AsArray();
                    foreach (var result in results.Where(result => result!["outcome"]!.GetValue<string>() is "approved" or "denied"))
                    {
                        Assert.True(decided.TryAdd(result!["id"]!.GetValue<string>(), result["outcome"]!.GetValue<string>()), "Decided on twice.");
                    }
                }
            }
            catch (Exception cut) when (cut is HttpRequestException or IOException)
            {
                // The node is down; the next look tries again.
            }
        }
    }
}
