using System.Net;
using System.Net.Http.Json;
using LiveProctor.Core;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class StaffTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_new_member_of_staff_signs_in_by_the_password_that_was_shown_once(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var generated = await (await administrator.PostAsJsonAsync("/api/v1/staff", new { email = "a@school.example", name = "A", role = "manager" })).Is(HttpStatusCode.Created);
        await hub.Token("a@school.example", generated.GetProperty("password").GetString()!);
        var chosen = await (await administrator.PostAsJsonAsync("/api/v1/staff", new { email = "b@school.example", name = "B", role = "observer", password = "chosen by somebody" })).Is(HttpStatusCode.Created);
        Assert.False(chosen.TryGetProperty("password", out _));
        await hub.Token("b@school.example", "chosen by somebody");
        var listed = await administrator.GetStringAsync("/api/v1/staff");
        Assert.DoesNotContain("password", listed, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(3, (await (await administrator.GetAsync("/api/v1/staff/names")).Is(HttpStatusCode.OK)).GetProperty("items").GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "name,role,disabled")]
    [InlineData("""{"name":"","role":"proctor","disabled":null}""", "name,disabled")]
    public async Task An_edit_says_everything(string body, string fields)
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var problem = await (await administrator.Send(HttpMethod.Put, "/api/v1/staff/somebody", body)).IsProblem("invalid");
        Assert.Equal(fields.Split(','), problem.GetProperty("errors").EnumerateObject().Select(error => error.Name));
        await (await administrator.Send(HttpMethod.Put, "/api/v1/staff/somebody", """{"name":"X","role":"king","disabled":false}""")).IsProblem("malformedJson");
        await (await administrator.Send(HttpMethod.Put, "/api/v1/staff/somebody", """{"name":"X","role":"proctor","disabled":false}""")).IsProblem("notFound");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Administrators_who_demote_each_other_at_once_leave_one(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var first = await hub.Administrator();
        using var second = await hub.Staff(Role.Administrator);
        var people = new List<(HttpClient Client, string Id)>();
        foreach (var client in new[] { first, second })
        {
            people.Add((client, (await (await client.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK)).GetProperty("id").GetString()!));
        }

        await (await first.PutAsJsonAsync($"/api/v1/staff/{people[0].Id}", new { name = "Me", role = "manager", disabled = false })).IsProblem("forbidden");
        await (await first.PutAsJsonAsync($"/api/v1/staff/{people[0].Id}", new { name = "Me", role = "administrator", disabled = true })).IsProblem("forbidden");
        await Task.WhenAll(
            first.PutAsJsonAsync($"/api/v1/staff/{people[1].Id}", new { name = "Other", role = "observer", disabled = false }),
            second.PutAsJsonAsync($"/api/v1/staff/{people[0].Id}", new { name = "Other", role = "observer", disabled = false }));
        Assert.Single(new[] { await first.GetAsync("/api/v1/staff"), await second.GetAsync("/api/v1/staff") }, answer => answer.IsSuccessStatusCode);
    }
}
