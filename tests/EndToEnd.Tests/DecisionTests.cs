using System.Text.Json.Nodes;
using LiveProctor.EndToEnd.Tests.Running;
using LiveProctor.TestSupport;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>Two proctors, one class; and a window that moves while everybody waits for it.</summary>
public sealed class DecisionTests
{
    public static TheoryData<string> Kinds => World.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Two_proctors_who_decide_on_the_same_thirty_at_once_make_thirty_decisions(string kind)
    {
        await using var world = await World.Start(kind);
        var (mara, first) = await world.Staff("Mara", "proctor");
        var (noel, second) = await world.Staff("Noel", "proctor");
        var session = await world.Session("Both at once", opensIn: TimeSpan.FromMinutes(10), more: new { proctors = new[] { mara, noel } });
        var id = session["id"]!.GetValue<string>();
        using var students = Students.Start(new { hub = world.Address, students = World.Class(session, Enumerable.Range(1, 30)), takeTest = false });
        await students.Until("joined", 30, TimeSpan.FromSeconds(30));
        var rows = (await world.Get($"/api/v1/sessions/{id}/entries"))["entries"]!.AsArray();

        // Ten commands of three each, from both, crosswise: one from the front, the other from the back.
        var commands = rows.Select(row => new { id = row!["id"]!.GetValue<string>(), version = row["version"]!.GetValue<long>() }).Chunk(3).ToList();
        var answers = await Task.WhenAll(
            commands.Select(chunk => world.Post($"/api/v1/sessions/{id}/approve", new { entries = chunk }, first))
                .Concat(Enumerable.Reverse(commands).Select(chunk => world.Post($"/api/v1/sessions/{id}/deny", new { entries = chunk, reason = "Not today" }, second))));

        var outcomes = answers.SelectMany(answer => answer["results"]!.AsArray()).Select(result => result!).ToList();
        var won = outcomes.Where(result => Text(result, "outcome") is "approved" or "denied").ToDictionary(result => Text(result, "id"), result => Text(result, "outcome"));
        var lost = outcomes.Where(result => Text(result, "outcome") == "alreadyDecided").ToList();
        Assert.Equal(30, won.Count);
        Assert.Equal(30, lost.Count);
        Assert.All(lost, result => Assert.Equal(won[Text(result, "id")] == "approved" ? "Mara" : "Noel", Text(result["by"]!, "name")));
        var after = (await world.Get($"/api/v1/sessions/{id}/entries"))["entries"]!.AsArray();
        Assert.All(after, row => Assert.Equal(won[Text(row!, "id")], Text(row!, "state")));
        await students.Until("sees", 30, TimeSpan.FromSeconds(20), item => item.Text("state") == won[EntryOf(students, item.Student)]);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_moved_window_is_followed_by_the_timer_the_lobby_and_the_tokens(string kind)
    {
        await using var world = await World.Start(kind, students: 3);
        var session = await world.Session("Moved", opensIn: TimeSpan.FromSeconds(12));
        var id = session["id"]!.GetValue<string>();
        using var students = Students.Start(new { hub = world.Address, students = World.Class(session, [1, 2, 3]), takeTest = true, jitterMs = 0 });
        await students.Until("joined", 3, TimeSpan.FromSeconds(20));
        var rows = (await world.Get($"/api/v1/sessions/{id}/entries"))["entries"]!.AsArray();
        await world.Post($"/api/v1/sessions/{id}/approve", new { entries = rows.Select(row => new { id = Text(row!, "id"), version = row!["version"]!.GetValue<long>() }) });

        var opensAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromSeconds(18);
        var current = await world.Get($"/api/v1/sessions/{id}");
        var moved = await Put(world, id, current["version"]!.GetValue<long>(), new
        {
            name = "Moved", mode = "hybrid", opensAt, closesAt = opensAt.AddHours(1), tests = new[] { "PRACTICE" },
        });

        Assert.Equal(current["scheduleVersion"]!.GetValue<long>() + 1, moved["scheduleVersion"]!.GetValue<long>());
        await students.Until("sees", 3, TimeSpan.FromSeconds(20), item => item.Text("opensAt") == Text(moved, "opensAt"));
        await students.Until("admitted", 3, TimeSpan.FromSeconds(30));
        var opened = (await world.Get($"/api/v1/sessions/{id}"))["phaseSince"]!.GetValue<DateTimeOffset>();
        Assert.True(opened >= moved["opensAt"]!.GetValue<DateTimeOffset>(), $"Opened at {opened:O}, before {Text(moved, "opensAt")}.");
        await students.Until("ended", 3, TimeSpan.FromSeconds(40), item => item.Text("state") == "submitted");
    }

    private static async Task<JsonNode> Put(World world, string id, long version, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sessions/{id}") { Content = System.Net.Http.Json.JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        var answer = await world.Admin.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }

    private static string EntryOf(Students students, string student) =>
        students.Events.First(item => item.Event == "joined" && item.Student == student).Text("entryId")!;

    private static string Text(JsonNode node, string name) => node[name]!.ToString();
}
