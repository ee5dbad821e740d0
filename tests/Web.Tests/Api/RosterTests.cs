using System.Net;
using System.Text.Json;
using LiveProctor.Core;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

/// <summary>Students, groups, registrations and credits over REST.</summary>
public sealed class RosterTests
{
    private const string Test = """{"code":"bio-1","title":"Biology","kind":"operational","sections":[{"title":"A"}],"minutes":60,"launchUrl":"https://tests.example/bio"}""";
    private const string Window = "\"mode\":\"inPerson\",\"opensAt\":\"2036-11-22T09:00:00Z\",\"closesAt\":\"2036-11-22T17:00:00Z\",\"timeZone\":\"Europe/Paris\",\"tests\":[\"bio-1\"]";

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_is_registered_moved_and_taken_back(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var manager = await hub.Staff(Role.Manager);
        await Created(manager, "tests", Test);
        var student = await Created(manager, "students", """{"externalId":"S-1","givenName":"Ada","groups":["7b"],"language":"fr"}""");
        var session = await Created(manager, "sessions", $$"""{"name":"Room 4",{{Window}},"capacity":1}""");
        var registered = await Created(manager, "registrations", $$"""{"studentId":"{{Id(student)}}","testCode":"BIO-1","settings":{ "time":"+25%" } }""");
        Assert.Equal(("pending", student.GetProperty("userId").GetString()), (registered.GetProperty("status").GetString(), registered.GetProperty("userId").GetString()));
        Assert.False(registered.TryGetProperty("sessionId", out _));

        var path = $"/api/v1/registrations/{Id(registered)}";
        var moved = await (await manager.Send(HttpMethod.Put, path, $$"""{"sessionId":"{{Id(session)}}"}""")).Is(HttpStatusCode.OK);
        Assert.Equal(("Room 4", "+25%", 2), (moved.GetProperty("sessionName").GetString(), moved.GetProperty("settings").GetProperty("time").GetString(), moved.GetProperty("version").GetInt32()));
        await (await manager.Send(HttpMethod.Put, path, "{}", ("If-Match", "\"1\""))).IsProblem("stale");
        await (await manager.PostJson("/api/v1/registrations", $$"""{"studentId":"{{Id(student)}}","testCode":"bio-1"}""")).IsProblem("duplicate");

        await Created(manager, "students", """{"externalId":"S-2","givenName":"Bo","groups":["7B"]}""");
        var group = Assert.Single((await Get(manager, "groups")).GetProperty("items").EnumerateArray());
        var whole = await (await manager.PostJson($"/api/v1/groups/{Id(group)}/register", $$"""{"testCode":"bio-1","sessionId":"{{Id(session)}}"}""")).Is(HttpStatusCode.OK);
        Assert.Equal("""{"registered":1,"moved":0,"already":1,"refused":[],"overCapacity":1}""", whole.GetRawText());
        Assert.Equal(["S-1", "S-2"], (await Get(manager, $"registrations?sessionId={Id(session)}")).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("student").GetProperty("externalId").GetString()));
        Assert.Equal(2, (await Get(manager, $"groups/{Id(group)}/students")).GetProperty("items").GetArrayLength());

        Assert.Equal(HttpStatusCode.NoContent, (await manager.DeleteAsync(path)).StatusCode);
        var credits = await Get(manager, "credits");
        Assert.Equal((99_999, "returned"), (credits.GetProperty("balance").GetInt64(), credits.GetProperty("items")[0].GetProperty("kind").GetString()));
        Assert.Equal(1, (await Get(manager, "registrations?status=cancelled")).GetProperty("items").GetArrayLength());
        await (await manager.GetAsync("/api/v1/registrations?status=1")).IsProblem("invalid");
        await (await manager.PostJson("/api/v1/credits", """{"amount":5,"note":"Contract"}""")).IsProblem("forbidden");
        Assert.Equal("""{"count":0,"sessions":0}""", (await Get(manager, "clean-up/past-registrations")).GetRawText());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Two_who_edit_a_student_do_not_overwrite_each_other(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var manager = await hub.Staff(Role.Manager);
        var path = $"/api/v1/students/{Id(await Created(manager, "students", """{"externalId":"S-1","givenName":"Ada"}"""))}";
        var seen = (await manager.GetAsync(path)).Headers.ETag!.Tag;
        Task<HttpResponseMessage> Put(string name) => manager.Send(HttpMethod.Put, path, $$"""{"externalId":"S-1","givenName":"{{name}}"}""", ("If-Match", seen));
        var first = await Put("Ida");
        Assert.Equal((HttpStatusCode.OK, "\"2\""), (first.StatusCode, first.Headers.ETag!.Tag));
        await (await Put("Eda")).IsProblem("stale");
        await (await manager.Send(HttpMethod.Put, path, """{"externalId":"S-1","givenName":"Eda"}""")).IsProblem("versionRequired");
        Assert.Equal(HttpStatusCode.NoContent, (await manager.Send(HttpMethod.Delete, path, null, ("If-Match", "\"2\""))).StatusCode);
        await (await manager.GetAsync(path)).IsProblem("notFound");
    }

    private static string Id(JsonElement thing) => thing.GetProperty("id").GetString()!;

    private static async Task<JsonElement> Get(HttpClient client, string path) => await (await client.GetAsync($"/api/v1/{path}")).Is(HttpStatusCode.OK);

    private static async Task<JsonElement> Created(HttpClient client, string path, string body) => await (await client.PostJson($"/api/v1/{path}", body)).Is(HttpStatusCode.Created);
}
