using System.Net;
using System.Net.Http.Json;
using LiveProctor.Core.Delivery;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveProctor.Web.Tests.Hosting;

public sealed class TwoNodesTests
{
    [Fact]
    public async Task Nodes_that_start_at_the_same_moment_make_one_administrator_one_cookie_key_and_one_signing_key()
    {
        await using var site = await HubSite.New("postgres");
        var nodes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => site.Start())));
        var keys = await Task.WhenAll(nodes.Select(node => node.App.Services.GetRequiredService<SigningKeys>().Current()));
        Assert.Single(keys.Select(key => key.Kid).Distinct());
        foreach (var table in new[] { "organisations", "staff", "data_protection_keys", "signing_keys" })
        {
            Assert.Equal(1, await nodes[0].Count(table));
        }
    }

    [Fact]
    public async Task A_person_signed_in_at_one_node_is_signed_in_at_all()
    {
        await using var site = await HubSite.New("postgres");
        var first = await site.Start();
        var second = await site.Start();
        var cookies = new CookieContainer();
        using var here = first.Browser(cookies);
        using var there = second.Browser(cookies);
        await (await here.PostAsJsonAsync("/api/v1/account/sign-in", new { email = HubSite.AdminEmail, password = HubSite.AdminPassword })).Is(HttpStatusCode.OK);
        // Cookies are kept by host, whatever the port.
        await (await there.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        using var program = second.With(await first.Token(HubSite.AdminEmail, HubSite.AdminPassword));
        await (await program.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_restart_changes_nothing_for_who_is_signed_in()
    {
        await using var site = await HubSite.New("sqlite");
        var before = await site.Start();
        var cookies = new CookieContainer();
        using var browser = before.Browser(cookies);
        await browser.PostAsJsonAsync("/api/v1/account/sign-in", new { email = HubSite.AdminEmail, password = HubSite.AdminPassword });
        await before.Stop();
        var after = await site.Start(settings: "--LiveProctor:Bootstrap:AdminPassword=another long password");
        using var again = after.Browser(cookies);
        await (await again.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        Assert.Equal(1, await after.Count("staff"));
    }
}
