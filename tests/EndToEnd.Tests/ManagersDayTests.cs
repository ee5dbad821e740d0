using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using LiveProctor.EndToEnd.Tests.Browser;
using LiveProctor.EndToEnd.Tests.Running;
using LiveProctor.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>What a coordinator does before and after the day, whole: files, a group to a session, other dates told, tickets, the test, cleaning up.</summary>
public sealed class ManagersDayTests
{
    public static TheoryData<string> Kinds => World.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_day_is_planned_from_files_moved_told_printed_tested_and_cleaned_up(string kind)
    {
        await using var world = await World.Start(kind, students: 0);
        var opening = await Balance(world);

        // From files: six students in two groups, two sessions.
        await Import(world, "kind=students&fileName=students.csv", """
            external_id,given_name,family_name,email,groups
            A1,Ana,Pérez,ana@example.org,7A
            A2,Ben,Smith,ben@example.org,7A
            A3,Chloé,Martin,chloe@example.org,7A
            A4,Dan,Lee,dan@example.org,7A
            A5,Eva,Novak,,7A
            B1,Finn,O'Hara,finn@example.org,7B
            """);
        var now = TimeProvider.System.GetUtcNow();
        await Import(world, "kind=sessions&fileName=plan.csv&tests=PRACTICE&mode=hybrid&timeZone=UTC", string.Join('\n',
            "des,psw,dat_sta_day,dat_sta_month,dat_sta_year,dat_sta_hour,dat_sta_min,dat_end_day,dat_end_month,dat_end_year,dat_end_hour,dat_end_min",
            $"Monday,,{Cells(now.AddHours(2))},{Cells(now.AddHours(5))}",
            $"Tuesday,,{Cells(now.AddHours(26))},{Cells(now.AddHours(29))}"));
        var sessions = (await world.Get("/api/v1/sessions"))["items"]!.AsArray();
        var monday = Text(sessions.Single(row => Text(row!, "name") == "Monday")!, "id");
        var tuesday = sessions.Single(row => Text(row!, "name") == "Tuesday")!;

        // A group to a session in one action; one student to the other.
        var groups = (await world.Get("/api/v1/groups"))["items"]!.AsArray();
        var registered = await world.Post($"/api/v1/groups/{Text(groups.Single(group => Text(group!, "name") == "7A")!, "id")}/register", new { sessionId = monday, testCode = "PRACTICE" });
        Assert.Equal(5, registered["registered"]!.GetValue<int>());
        var finn = Text((await world.Get("/api/v1/students?search=B1"))["items"]!.AsArray().Single()!, "id");
        await world.Post("/api/v1/registrations", new { studentId = finn, testCode = "PRACTICE", sessionId = Text(tuesday, "id") });
        Assert.Equal(opening - 6, await Balance(world));

        // The day moves forward: who is registered is told, once, without anything secret.
        var opensAt = now.AddSeconds(-30);
        var asked = await world.Post($"/api/v1/sessions/{monday}/notice-preview", new { opensAt, closesAt = now.AddHours(3) });
        Assert.Equal((5, true), (asked["candidates"]!.GetValue<int>(), asked["recommended"]!.GetValue<bool>()));
        var moved = await Edit(world, monday, new { name = "Monday", mode = "hybrid", opensAt, closesAt = now.AddHours(3), tests = new[] { "PRACTICE" }, notify = true });
        await Eventually.True(() => Task.FromResult(world.Mails().Count == 4), $"four mails are written\n{world.Logs}");
        Assert.All(world.Mails(), mail => Assert.Contains("text/calendar", mail, StringComparison.Ordinal));
        Assert.All(world.Mails(), mail => Assert.DoesNotContain(Text(moved, "password"), mail, StringComparison.Ordinal));
        Assert.Equal("open", Text(moved, "phase"));

        // Tickets open the assigned test; an old one says why it does not.
        var ticket = Ticket(await world.Post($"/api/v1/sessions/{monday}/tickets", new { }), "A1");
        await world.Post($"/api/v1/sessions/{monday}/password", new { });
        await using var chromium = await Chromium.Start();
        var ana = await chromium.Person(world.Address);
        await JoinByTicket(ana, Text(moved, "joinId"), ticket);
        await Expect(ana.Locator("#password-error")).ToContainTextAsync("new ticket");
        ticket = Ticket(await world.Post($"/api/v1/sessions/{monday}/tickets", new { }), "A1");
        await JoinByTicket(ana, Text(moved, "joinId"), ticket);
        var row = (JsonNode?)null;
        await Eventually.True(
            async () => (row = (await world.Get($"/api/v1/sessions/{monday}/entries"))["entries"]!.AsArray().SingleOrDefault()) is not null, $"she waits\n{world.Logs}");
        await world.Post($"/api/v1/sessions/{monday}/approve", new { entries = new[] { new { id = Text(row!, "id"), version = row!["version"]!.GetValue<long>() } } });
        await ana.TakeTest();
        await Eventually.True(
            async () => (await world.Get($"/api/v1/registrations?sessionId={monday}&status=completed"))["items"]!.AsArray().Count == 1, $"her registration is completed\n{world.Logs}");

        // A session that is deleted leaves its registrations startable.
        var deleted = await world.Post("/api/v1/sessions/delete", new { sessions = new[] { new { id = Text(tuesday, "id"), version = tuesday["version"]!.GetValue<long>() } }, confirm = 1 });
        Assert.Equal(1, deleted["registrations"]!.GetValue<long>());
        Assert.Single((await world.Get("/api/v1/registrations?withoutSession=true&status=pending"))["items"]!.AsArray());

        // What was never started in the past goes, and its credits come back.
        await world.Post($"/api/v1/sessions/{monday}/stop", new { reason = "The day is over" });
        await Eventually.True(async () => Text(await world.Get($"/api/v1/sessions/{monday}"), "phase") == "closed", $"it closes\n{world.Logs}", TimeSpan.FromSeconds(90));
        var past = (await world.Get("/api/v1/clean-up/past-registrations"))["count"]!.GetValue<long>();
        Assert.Equal(4, past);
        var cleaned = await world.Post("/api/v1/clean-up/past-registrations", new { expected = past });
        Assert.Equal((4, 6, 2), (cleaned["removed"]!.GetValue<int>(), cleaned["before"]!.GetValue<int>(), cleaned["after"]!.GetValue<int>()));
        Assert.Equal(opening - 2, await Balance(world));
    }

    private static async Task Import(World world, string how, string csv)
    {
        using var body = new ByteArrayContent(Encoding.UTF8.GetBytes(csv));
        body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var sent = await world.Admin.PostAsync($"/api/v1/imports?{how}", body);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync());
        var id = Text((await sent.Content.ReadFromJsonAsync<JsonNode>())!, "id");
        await Until(world, id, "previewed");
        await world.Post($"/api/v1/imports/{id}/apply", new { });
        var done = await Until(world, id, "applied");
        Assert.Equal(0, done["counts"]!["reject"]!.GetValue<int>());
    }

    private static async Task<JsonNode> Until(World world, string import, string state)
    {
        JsonNode? seen = null;
        await Eventually.True(
            async () => Text(seen = await world.Get($"/api/v1/imports/{import}"), "state") == state, $"the import is {state}\n{seen}\n{world.Logs}", TimeSpan.FromSeconds(60));
        return seen!;
    }

    private static async Task<JsonNode> Edit(World world, string id, object body)
    {
        var current = await world.Get($"/api/v1/sessions/{id}");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sessions/{id}") { Content = JsonContent.Create(body) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{current["version"]}\"");
        var answer = await world.Admin.SendAsync(request);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new InvalidOperationException(await answer.Content.ReadAsStringAsync());
    }

    private static async Task JoinByTicket(IPage page, string joinId, JsonNode ticket)
    {
        await page.GotoAsync($"/join/{joinId}");
        await page.GetByLabel("I have a ticket").CheckAsync();
        await page.Locator("#userId").FillAsync(Text(ticket, "userId").ToLowerInvariant());
        await page.Locator("#password").FillAsync(Text(ticket, "password"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask to join" }).ClickAsync();
    }

    private static JsonNode Ticket(JsonNode sheet, string externalId)
    {
        var items = sheet["items"]!.AsArray();
        Assert.Equal(5, items.Count);
        return items.Single(item => Text(item!["student"]!, "externalId") == externalId)!;
    }

    private static async Task<long> Balance(World world) => (await world.Get("/api/v1/credits"))["balance"]!.GetValue<long>();

    private static string Cells(DateTimeOffset at) => $"{at.Day},{at.Month},{at.Year},{at.Hour},{at.Minute}";

    private static string Text(JsonNode node, string name) => node[name]?.ToString() ?? "";
}
