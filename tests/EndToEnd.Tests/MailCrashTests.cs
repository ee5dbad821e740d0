using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using LiveProctor.Core.Storage;
using LiveProctor.EndToEnd.Tests.Running;
using LiveProctor.TestSupport;
using LiveProctor.TestSupport.Mail;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>The power fails while the program talks to a mail server.</summary>
public sealed class MailCrashTests
{
    [Fact]
    public async Task Wherever_the_process_is_killed_nobody_gets_the_same_change_twice_and_nobody_is_forgotten()
    {
        await using var server = await MailServer.Start();
        await using var world = await World.Start("embedded", students: 0, settings: new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["LiveProctor__Smtp__Host"] = "127.0.0.1",
            ["LiveProctor__Smtp__Port"] = $"{server.Port}",
            ["LiveProctor__Smtp__Security"] = "none",
            ["LiveProctor__Smtp__From"] = "exams@school.example",
        });

        foreach (var stage in new[] { "connect", "ehlo", "mail", "rcpt", "data", "end", "accepted" })
        {
            var address = $"{stage}@school.example";
            var session = await Class(world, stage, address);
            await server.When(stage, "hold");
            await Move(world, session);
            await server.Held(stage);
            await world.Nodes[0].Kill();
            await server.Forget();
            await server.Go();
            await EndHolds(world);
            await world.Nodes[0].Start("/healthz/ready");

            var told = stage is "end" or "accepted" ? "unconfirmed" : "sent";
            await Eventually.True(async () => await State(world, session) == told, $"after a kill at {stage} the mail is {told}\n{world.Logs}", TimeSpan.FromSeconds(40));
            // This server forgets a mail when the connection ends before it has answered; another might keep it. Nobody outside can know.
            Assert.Equal(stage == "end" ? 0 : 1, (await server.Mails()).Count(mail => mail.To == address));
        }

        // Nothing more comes by itself.
        await EndHolds(world);
        await world.Nodes[0].Kill();
        await world.Nodes[0].Start("/healthz/ready");
        var last = await Class(world, "last", "last@school.example");
        await Move(world, last);
        await Eventually.True(async () => await State(world, last) == "sent", "a mail after all the kills is sent", TimeSpan.FromSeconds(40));
        Assert.Equal(7, (await server.Mails()).Count);
    }

    private static async Task<JsonNode> Class(World world, string name, string email)
    {
        var student = await world.Post("/api/v1/students", new { externalId = name, givenName = "Mia", familyName = "Berg", email });
        var session = await world.Session(name, TimeSpan.FromDays(2));
        await world.Post("/api/v1/registrations", new { studentId = student["id"]!.GetValue<string>(), testCode = "PRACTICE", sessionId = session["id"]!.GetValue<string>() });
        return session;
    }

    private static async Task Move(World world, JsonNode session)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sessions/{session["id"]}");
        request.Headers.IfMatch.Add(new EntityTagHeaderValue($"\"{session["version"]}\""));
        request.Content = JsonContent.Create(new
        {
            name = session["name"]!.GetValue<string>(),
            mode = "hybrid",
            opensAt = session["opensAt"]!.GetValue<DateTimeOffset>().AddHours(1),
            closesAt = session["closesAt"]!.GetValue<DateTimeOffset>().AddHours(1),
            tests = new[] { "PRACTICE" },
            notify = true,
        });
        var answer = await world.Admin.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task<string?> State(World world, JsonNode session) =>
        Assert.Single((await world.Get($"/api/v1/outbox?sessionId={session["id"]}"))["items"]!.AsArray())!["state"]!.GetValue<string>();

    // As if the minutes had passed for which a node may keep a mail.
    private static async Task EndHolds(World world)
    {
        await using var db = Db.Sqlite(world.EmbeddedFile);
        await db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("UPDATE outbox SET due_at = 1 WHERE state IN ('Sending', 'HandingOver')", null, transaction), Commit: true));
    }
}
