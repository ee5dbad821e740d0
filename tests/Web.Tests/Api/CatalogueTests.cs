using System.Net;
using System.Text.Json;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class CatalogueTests
{
    private const string Test = """{"code":"bio-1","title":"Biology","kind":"operational","sections":[{"title":"A","sealed":false},{"title":"B","sealed":true}],"minutes":60,"proctored":true,"launchUrl":"https://tests.example/bio","delivery":"none"}""";
    private const string Student = """{"externalId":"S-100","givenName":"Ada","familyName":"Lovelace","email":"ada@school.example","groups":["7b"],"settings":{"extraTime":"25"}}""";

    [Theory, ClassData(typeof(Databases))]
    public async Task What_is_added_is_listed_as_it_was_given(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        foreach (var (path, body) in new[] { ("tests", Test), ("students", Student), ("profiles", """{"name":"Calm","settings":{"autoAdmit":true,"closeRule":"pause","idleMinutes":0}}""") })
        {
            var created = await (await administrator.PostJson($"/api/v1/{path}", body)).Is(HttpStatusCode.Created);
            var listed = Assert.Single((await (await administrator.GetAsync($"/api/v1/{path}")).Is(HttpStatusCode.OK)).GetProperty("items").EnumerateArray());
            Assert.Equal(created.GetRawText(), listed.GetRawText());
            foreach (var given in JsonDocument.Parse(body).RootElement.EnumerateObject().Where(field => field.Name != "settings" || path == "students"))
            {
                Assert.Equal(given.Value.GetRawText(), created.GetProperty(given.Name).GetRawText());
            }
        }

        var settings = (await (await administrator.GetAsync("/api/v1/profiles")).Is(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("settings");
        Assert.True(settings.GetProperty("autoAdmit").GetBoolean());
        Assert.Equal("pause", settings.GetProperty("closeRule").GetString());
        Assert.Equal(0, settings.GetProperty("idleMinutes").GetInt32());
        Assert.Equal(240, settings.GetProperty("graceMinutes").GetInt32());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_is_there_already_is_not_added_again_whatever_its_case(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        foreach (var (path, body, other) in new[]
        {
            ("tests", Test, Test.Replace("bio-1", "BIO-1", StringComparison.Ordinal)),
            ("students", Student, Student.Replace("S-100", "s-100", StringComparison.Ordinal)),
            ("profiles", """{"name":"Calm"}""", """{"name":"CALM"}"""),
            ("staff", """{"email":"p@school.example","name":"Pat","role":"proctor"}""", """{"email":"P@School.example","name":"Pat","role":"proctor"}"""),
        })
        {
            var answers = await Task.WhenAll(administrator.PostJson($"/api/v1/{path}", body), administrator.PostJson($"/api/v1/{path}", other));
            Assert.Equal([HttpStatusCode.Created, HttpStatusCode.Conflict], answers.Select(answer => answer.StatusCode).Order());
            await answers.Single(answer => answer.StatusCode == HttpStatusCode.Conflict).IsProblem("duplicate");
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Students_are_found_by_part_of_ID_or_name_and_listed_page_by_page(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        foreach (var index in Enumerable.Range(0, 7))
        {
            await (await administrator.PostJson("/api/v1/students", $$"""{"externalId":"S-{{index}}","givenName":"Ada{{index}}","familyName":"50%_{{(index % 2 == 0 ? "Even" : "Odd")}}"}""")).Is(HttpStatusCode.Created);
        }

        async Task<(List<string?> Ids, string? Next)> List(string query)
        {
            var page = await (await administrator.GetAsync($"/api/v1/students?{query}")).Is(HttpStatusCode.OK);
            return ([.. page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("externalId").GetString())], page.TryGetProperty("next", out var next) ? next.GetString() : null);
        }

        var seen = new List<string?>();
        string? cursor = "";
        for (var pages = 0; cursor is not null && pages < 10; pages++)
        {
            var (ids, next) = await List($"limit=3&cursor={Uri.EscapeDataString(cursor)}");
            seen.AddRange(ids);
            cursor = next;
        }

        Assert.Equal(Enumerable.Range(0, 7).Select(index => $"S-{index}"), seen);
        Assert.Equal(["S-3"], (await List("search=s-3")).Ids);
        Assert.Equal(["S-4"], (await List("search=ADA4")).Ids);
        Assert.Equal(["S-5"], (await List("search=ada5%2050")).Ids);
        Assert.Equal(3, (await List("search=odd")).Ids.Count);
        Assert.Equal(7, (await List("search=%25_")).Ids.Count);
        Assert.Empty((await List("search=%25%25")).Ids);
        await (await administrator.GetAsync("/api/v1/students?limit=100000")).IsProblem("invalid");
        await (await administrator.GetAsync("/api/v1/students?limit=-5")).IsProblem("invalid");
        await (await administrator.GetAsync("/api/v1/students?limit=many")).IsProblem("invalidArguments");
        await (await administrator.GetAsync("/api/v1/students?search=%00")).IsProblem("invalid");
        foreach (var wrong in new[] { "no%20cursor", "AAAA", "%00", "c3R1ZGVudHN8AA", new string('A', 2000) })
        {
            await (await administrator.GetAsync($"/api/v1/students?cursor={wrong}")).IsProblem("invalid");
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_repeated_request_answers_what_the_first_answered_and_adds_once(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        Task<HttpResponseMessage> Create(string body) => administrator.Send(HttpMethod.Post, "/api/v1/delivery-systems", body, ("Idempotency-Key", "one"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Create("""{"name":"Machine"}""")));
        var bodies = await Task.WhenAll(answers.Select(answer => answer.Is(HttpStatusCode.Created)));
        Assert.Single(bodies.Select(body => body.GetRawText()).Distinct());
        Assert.Equal(1, await hub.Count("delivery_systems"));
        await (await Create("""{"name":"Another"}""")).IsProblem("idempotencyKeyReused");
        using var other = await hub.Staff(Core.Role.Administrator);
        await (await other.Send(HttpMethod.Post, "/api/v1/delivery-systems", """{"name":"Machine"}""", ("Idempotency-Key", "one"))).Is(HttpStatusCode.Created);
        Assert.Equal(2, await hub.Count("delivery_systems"));
        await (await administrator.Send(HttpMethod.Post, "/api/v1/tests", Test, ("Idempotency-Key", new string('k', 101)))).IsProblem("invalidArguments");
    }
}
