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

    [Theory]
    [InlineData("tests", "{}", "code,title,kind,sections,minutes,launchUrl")]
    [InlineData("tests", """{"code":" ","title":"","kind":null,"sections":[],"minutes":0,"launchUrl":"x"}""", "code,title,kind,sections,minutes,launchUrl")]
    [InlineData("tests", """{"code":"a b","title":"T","kind":"practice","sections":[{}],"minutes":1441,"launchUrl":"javascript:alert(1)","delivery":"none"}""", "code,sections[0].title,minutes,launchUrl")]
    [InlineData("tests", """{"code":"a","title":"T\u0000","kind":"practice","sections":[null],"minutes":1,"launchUrl":"//host/path"}""", "title,sections[0].title,launchUrl")]
    [InlineData("tests", """{"code":"a","title":"T","kind":"practice","sections":[{"title":"A"}],"minutes":1,"launchUrl":"https://user:secret@host/"}""", "launchUrl")]
    [InlineData("tests", """{"code":"a","title":"T","kind":"practice","sections":[{"title":"A"}],"minutes":1,"launchUrl":"https://host/","delivery":"unknown"}""", "delivery")]
    [InlineData("students", "{}", "externalId,givenName")]
    [InlineData("students", """{"externalId":"S","givenName":"A\u0007","email":"not an address","groups":[""],"settings":{"":"x"}}""", "givenName,email,groups[0],settings")]
    [InlineData("profiles", "{}", "name")]
    [InlineData("profiles", """{"name":"P","settings":{"lobbyLeadMinutes":-1,"graceMinutes":1441,"pauseLimitMinutes":241,"idleMinutes":1441,"admitJitterMilliseconds":30001}}""", "settings.lobbyLeadMinutes,settings.graceMinutes,settings.pauseLimitMinutes,settings.idleMinutes,settings.admitJitterMilliseconds")]
    [InlineData("delivery-systems", """{"name":"","webhookUrl":"file:///etc/passwd"}""", "name,webhookUrl")]
    [InlineData("staff", "{}", "email,name,role")]
    [InlineData("staff", """{"email":"x","name":"N","role":"proctor","password":"short"}""", "email,password")]
    public async Task A_wrong_field_is_named_and_nothing_is_added(string path, string body, string fields)
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var audited = await hub.Count("audit");
        var problem = await (await administrator.PostJson($"/api/v1/{path}", body)).IsProblem("invalid");
        Assert.Equal(fields.Split(',').Order(StringComparer.Ordinal), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Equal(path == "staff" ? 1 : 0, await hub.Count(path.Replace('-', '_')));
        Assert.Equal(audited, await hub.Count("audit"));
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        foreach (var (path, body, field, most) in new[]
        {
            ("tests", Test, "code", 40), ("tests", Test, "title", 200), ("tests", Test, "launchUrl", 2000),
            ("students", Student, "externalId", 64), ("students", Student, "givenName", 100), ("students", Student, "familyName", 100),
        })
        {
            var node = System.Text.Json.Nodes.JsonNode.Parse(body)!;
            node[field] = (field == "launchUrl" ? "https://host/" : "") + new string('x', most + 1);
            var problem = await (await administrator.PostJson($"/api/v1/{path}", node.ToJsonString())).IsProblem("invalid");
            Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        }

        var many = System.Text.Json.Nodes.JsonNode.Parse(Test)!;
        many["sections"] = JsonSerializer.SerializeToNode(Enumerable.Repeat(new { title = "A" }, 51));
        await (await administrator.PostJson("/api/v1/tests", many.ToJsonString())).IsProblem("invalid");
    }

    [Theory]
    [InlineData("", "malformedJson")]
    [InlineData("null", "malformedJson")]
    [InlineData("[]", "malformedJson")]
    [InlineData("\"text\"", "malformedJson")]
    [InlineData("{", "malformedJson")]
    [InlineData("{\"code\":\"\\ud800\"}", "malformedJson")]
    [InlineData("{\"minutes\":\"60\"}", "malformedJson", "minutes")]
    [InlineData("{\"minutes\":1.5}", "malformedJson", "minutes")]
    [InlineData("{\"minutes\":99999999999}", "malformedJson", "minutes")]
    [InlineData("{\"kind\":\"exam\"}", "malformedJson", "kind")]
    [InlineData("{\"kind\":1}", "malformedJson", "kind")]
    [InlineData("{\"sections\":{}}", "malformedJson", "sections")]
    [InlineData("{\"sections\":[{\"title\":1}]}", "malformedJson", "sections[0].title")]
    public async Task What_is_not_the_JSON_of_the_call_is_refused_with_its_place(string body, string code, string? field = null)
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var answer = await administrator.PostJson("/api/v1/tests", body);
        Assert.DoesNotContain("System.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var problem = await answer.IsProblem(code);
        if (field is not null)
        {
            Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        }

        using var form = new FormUrlEncodedContent([new("code", "a")]);
        await (await administrator.PostAsync("/api/v1/tests", form)).IsProblem("unsupportedMediaType");
        Assert.Equal(0, await hub.Count("tests"));
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
        Assert.Equal(7, (await List("limit=100000")).Ids.Count);
        Assert.Equal(["S-0"], (await List("limit=-5")).Ids);
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
