using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class NobodyTests(SharedHub shared) : IClassFixture<SharedHub>
{
    [Theory]
    [InlineData("lps_wrong")]
    [InlineData("lpe_wrong")]
    [InlineData("lpd_wrong")]
    [InlineData("neither")]
    public async Task An_unknown_token_is_nobody_of_any_kind(string token)
    {
        var hub = shared.Hub;
        using var client = hub.With(token);
        var answer = await client.GetAsync("/api/v1/account/me");
        await answer.IsProblem("signInRequired");
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.Single().Scheme);
        using var carrier = hub.Nobody();
        await (await carrier.GetAsync($"/api/v1/account/me?access_token={await hub.Token(HubSite.AdminEmail, HubSite.AdminPassword)}")).IsProblem("signInRequired");
    }

    [Theory]
    [InlineData("{}", "email")]
    [InlineData("""{"email":"a@b.example"}""", "password")]
    [InlineData("""{"email":null,"password":""}""", "email")]
    public async Task Missing_credentials_are_named(string body, string field)
    {
        var hub = shared.Hub;
        using var client = hub.Nobody();
        var problem = await (await client.PostJson("/api/v1/tokens", body)).IsProblem("invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _));
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", "notFound")]
    [InlineData("GET", "/nothing", "notFound")]
    [InlineData("GET", "/assets/nothing.js", "notFound")]
    [InlineData("GET", "/hubs/nothing", "notFound")]
    [InlineData("POST", "/api/v1/time", "methodNotAllowed")]
    [InlineData("DELETE", "/api/v1/tests", "methodNotAllowed")]
    public async Task What_does_not_exist_is_told_as_a_problem(string method, string path, string code)
    {
        using var client = shared.Hub.Nobody();
        await (await client.Send(new HttpMethod(method), path, null)).IsProblem(code);
    }
}
