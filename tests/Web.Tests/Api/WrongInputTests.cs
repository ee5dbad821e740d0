using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class WrongInputTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private const string Test = """{"code":"bio-1","title":"Biology","kind":"operational","sections":[{"title":"A","sealed":false},{"title":"B","sealed":true}],"minutes":60,"proctored":true,"launchUrl":"https://tests.example/bio","delivery":"none"}""";
    private const string Student = """{"externalId":"S-100","givenName":"Ada","familyName":"Lovelace","email":"ada@school.example","groups":["7b"],"settings":{"extraTime":"25"}}""";

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
        var (hub, administrator) = (shared.Hub, shared.Administrator);
        var audited = await hub.Count("audit");
        var problem = await (await administrator.PostJson($"/api/v1/{path}", body)).IsProblem("invalid");
        Assert.Equal(fields.Split(',').Order(StringComparer.Ordinal), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name).Order(StringComparer.Ordinal));
        Assert.Equal(path == "staff" ? 1 : 0, await hub.Count(path.Replace('-', '_')));
        Assert.Equal(audited, await hub.Count("audit"));
    }

    [Fact]
    public async Task What_is_too_long_is_refused()
    {
        var administrator = shared.Administrator;
        foreach (var (path, body, field, most) in new[]
        {
            ("tests", Test, "code", 40), ("tests", Test, "title", 200), ("tests", Test, "launchUrl", 2000),
            ("students", Student, "externalId", 64), ("students", Student, "givenName", 100), ("students", Student, "familyName", 100),
        })
        {
            var node = JsonNode.Parse(body)!;
            node[field] = (field == "launchUrl" ? "https://host/" : "") + new string('x', most + 1);
            var problem = await (await administrator.PostJson($"/api/v1/{path}", node.ToJsonString())).IsProblem("invalid");
            Assert.Equal(field, problem.GetProperty("errors").EnumerateObject().Single().Name);
        }

        var many = JsonNode.Parse(Test)!;
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
        var (hub, administrator) = (shared.Hub, shared.Administrator);
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
}
