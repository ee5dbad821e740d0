using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>What people write is text: kept as it was written, and never anything else.</summary>
public sealed class TextTests
{
    private static readonly string[] Texts =
    [
        "<script>alert(1)</script>", "<b>bold</b> & \"quoted\" 'text'", "'; DROP TABLE sessions; --", "{{7*7}} ${7*7} %s %n", "../../etc/passwd", "\u202Egnirts a", "👩🏽‍🏫 Ada 🇩🇪",
        "Zoë Ångström-Œ", "علي حسن", "é vs é", new string('W', 80), "\u200B\u200Dx", "null", "\uFFFE\uFFFF?",
    ];

    [Theory, ClassData(typeof(Databases))]
    public async Task Names_reasons_and_messages_come_back_as_they_were_written(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var (hub, ours) = (schools.Hub, schools.Ours);
        foreach (var text in Texts)
        {
            var body = ours.NewSessionBody();
            (body["name"], body["note"]) = (text, text);
            var session = await (await ours.Manager.PostAsJsonAsync("/api/v1/sessions", body)).Is(HttpStatusCode.Created);
            var path = $"/api/v1/sessions/{session.GetProperty("id").GetString()}";
            await (await ours.Manager.PostAsJsonAsync($"{path}/open", new { reason = text })).Is(HttpStatusCode.OK);
            using var nobody = hub.Nobody();
            var joined = await (await nobody.PostAsJsonAsync("/api/v1/lobby/join", new { joinId = session.GetProperty("joinId").GetString(), guestName = text, code = "sesame" }))
                .Is(HttpStatusCode.Created);
            Assert.Equal(text, joined.GetProperty("sessionName").GetString());
            var id = joined.GetProperty("entryId").GetString();
            await (await ours.Manager.PostAsJsonAsync($"{path}/message", new { entries = Array.Empty<object>(), text })).Is(HttpStatusCode.OK);
            await (await ours.Manager.PostAsJsonAsync($"{path}/message", new { entries = new[] { new { id } }, text })).Is(HttpStatusCode.OK);
            using var student = hub.With(joined.GetProperty("token").GetString()!);
            await (await student.PostAsJsonAsync("/api/v1/lobby/say", new { text })).Is(HttpStatusCode.OK);
            await (await ours.Manager.PostAsJsonAsync($"{path}/deny", new { entries = new[] { new { id, version = 3 } }, reason = text })).Is(HttpStatusCode.OK);
            await (await ours.Manager.PostAsJsonAsync($"{path}/hold", new { reason = text })).Is(HttpStatusCode.OK);

            var seen = await (await student.GetAsync("/api/v1/lobby/me")).Is(HttpStatusCode.OK);
            Assert.Equal(text, seen.GetProperty("me").GetProperty("studentName").GetString());
            Assert.Equal(text, seen.GetProperty("me").GetProperty("reason").GetString());
            Assert.Equal([text, text], seen.GetProperty("me").GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("text").GetString()));
            Assert.Equal(text, seen.GetProperty("lobby").GetProperty("sessionName").GetString());
            Assert.Equal(text, seen.GetProperty("lobby").GetProperty("holdReason").GetString());
            Assert.Equal(text, seen.GetProperty("lobby").GetProperty("broadcasts")[0].GetProperty("text").GetString());
            var report = await (await ours.Manager.GetAsync($"{path}/report")).Is(HttpStatusCode.OK);
            Assert.Equal(text, report.GetProperty("session").GetProperty("note").GetString());
            Assert.Equal(text, report.GetProperty("entries")[0].GetProperty("student").GetProperty("givenName").GetString());
            var found = await (await ours.Manager.GetAsync($"/api/v1/sessions?search={Uri.EscapeDataString(text)}")).Is(HttpStatusCode.OK);
            Assert.Contains(found.GetProperty("items").EnumerateArray(), row => row.GetProperty("name").GetString() == text);

            var code = await ours.Manager.GetAsync($"{path}/qr.svg");
            Assert.Equal("image/svg+xml", code.Content.Headers.ContentType?.MediaType);
            var svg = await code.Content.ReadAsStringAsync();
            Assert.StartsWith("<svg", svg, StringComparison.Ordinal);
            Assert.DoesNotContain("script", svg, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task A_host_that_a_caller_makes_up_reaches_nobody_else()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var path = $"/api/v1/sessions/{schools.Ours.SessionId}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "evil.example" } };
        await schools.Ours.Proctor.SendAsync(request);
        var link = (await schools.Ours.Manager.GetFromJsonAsync<JsonElement>(path)).GetProperty("joinLink").GetString()!;
        Assert.StartsWith(schools.Hub.Address.AbsoluteUri, link, StringComparison.Ordinal);
    }
}
