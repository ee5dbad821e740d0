using System.Net;
using LiveProctor.Core;
using LiveProctor.Core.Delivery;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class RightsTests
{
    private const string Test = """{"code":"bio-1","title":"Biology","kind":"practice","sections":[{"title":"A"}],"minutes":60,"launchUrl":"https://tests.example/bio"}""";

    /// <summary>Every call with the lowest role that may make it, and a body that would succeed.</summary>
    private static readonly (string Method, string Path, string? Body, Role Lowest)[] Calls =
    [
        ("GET", "/api/v1/account/me", null, Role.Observer),
        ("GET", "/api/v1/tests", null, Role.Observer),
        ("GET", "/api/v1/students", null, Role.Observer),
        ("GET", "/api/v1/profiles", null, Role.Observer),
        ("POST", "/api/v1/tests", Test, Role.Manager),
        ("POST", "/api/v1/students", """{"externalId":"S1","givenName":"Ada"}""", Role.Manager),
        ("POST", "/api/v1/profiles", """{"name":"Calm"}""", Role.Manager),
        ("GET", "/api/v1/staff/names", null, Role.Manager),
        ("GET", "/api/v1/staff", null, Role.Administrator),
        ("POST", "/api/v1/staff", """{"email":"new@school.example","name":"New","role":"proctor"}""", Role.Administrator),
        ("GET", "/api/v1/delivery-systems", null, Role.Administrator),
        ("POST", "/api/v1/delivery-systems", """{"name":"Machine"}""", Role.Administrator),
        ("PUT", "/api/v1/staff/nobody", """{"name":"New","role":"proctor","disabled":false}""", Role.Administrator),
    ];

    [Fact]
    public async Task A_call_is_for_its_role_and_every_higher_one_and_changes_nothing_for_others()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        foreach (var role in Enum.GetValues<Role>())
        {
            using var client = await hub.Staff(role);
            foreach (var (method, path, body, lowest) in Calls.Where(call => role < call.Lowest))
            {
                await (await client.Send(new HttpMethod(method), path, body)).IsProblem("forbidden");
            }
        }

        using var nobody = hub.Nobody();
        foreach (var (method, path, body, _) in Calls)
        {
            await (await nobody.Send(new HttpMethod(method), path, body)).IsProblem("signInRequired");
        }

        foreach (var table in new[] { "tests", "students", "profiles", "delivery_systems" })
        {
            Assert.Equal(0, await hub.Count(table));
        }

        foreach (var (method, path, body, lowest) in Calls.Where(call => call.Method != "PUT"))
        {
            using var client = await hub.Staff(lowest);
            var answer = await client.Send(new HttpMethod(method), path, body);
            Assert.True(answer.IsSuccessStatusCode, $"{method} {path}: {answer.StatusCode}");
        }
    }

    [Fact]
    public async Task A_delivery_system_is_no_staff_and_staff_is_no_delivery_system()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var created = await (await administrator.PostJson("/api/v1/delivery-systems", """{"name":"Machine"}""")).Is(HttpStatusCode.Created);
        var key = created.GetProperty("key").GetString()!;
        Assert.StartsWith(DeliveryKeys.Prefix, key, StringComparison.Ordinal);
        using var machine = hub.With(key);
        await (await machine.GetAsync("/api/v1/tests")).IsProblem("forbidden");
        await (await machine.GetAsync("/api/v1/delivery/commands")).Is(HttpStatusCode.OK);
        await (await administrator.GetAsync("/api/v1/delivery/commands")).IsProblem("forbidden");
        await (await administrator.GetAsync("/api/v1/lobby/me")).IsProblem("forbidden");
        var listed = await administrator.GetStringAsync("/api/v1/delivery-systems");
        Assert.DoesNotContain(key, listed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_one_organisation_is_there_for_another()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        using var stranger = await hub.Stranger();
        foreach (var (method, path, body, _) in Calls.Where(call => call.Method == "POST"))
        {
            await (await administrator.Send(new HttpMethod(method), path, body)).Is(HttpStatusCode.Created);
        }

        foreach (var path in new[] { "tests", "students", "profiles", "delivery-systems" })
        {
            Assert.Empty((await (await stranger.GetAsync($"/api/v1/{path}")).Is(HttpStatusCode.OK)).GetProperty("items").EnumerateArray());
        }

        var staff = (await (await administrator.GetAsync("/api/v1/staff")).Is(HttpStatusCode.OK)).GetProperty("items");
        foreach (var person in staff.EnumerateArray())
        {
            await (await stranger.Send(HttpMethod.Put, $"/api/v1/staff/{person.GetProperty("id").GetString()}", """{"name":"X","role":"observer","disabled":true}""")).IsProblem("notFound");
        }

        var machine = (await (await administrator.GetAsync("/api/v1/delivery-systems")).Is(HttpStatusCode.OK)).GetProperty("items")[0].GetProperty("id").GetString();
        var body2 = Test.Replace("\"minutes\"", $"\"delivery\":\"{machine}\",\"minutes\"", StringComparison.Ordinal);
        var problem = await (await stranger.PostJson("/api/v1/tests", body2)).IsProblem("invalid");
        Assert.True(problem.GetProperty("errors").TryGetProperty("delivery", out _));
        // Codes, IDs and names are one organisation's own; the e-mail that somebody signs in by is everybody's.
        await (await stranger.PostJson("/api/v1/tests", Test)).Is(HttpStatusCode.Created);
        await (await stranger.PostJson("/api/v1/students", """{"externalId":"S1","givenName":"Ada"}""")).Is(HttpStatusCode.Created);
        await (await stranger.PostJson("/api/v1/staff", """{"email":"new@school.example","name":"New","role":"proctor"}""")).IsProblem("duplicate");
    }
}
