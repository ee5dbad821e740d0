using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using LiveProctor.Core;
using LiveProctor.Core.Audit;
using LiveProctor.TestSupport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class SignInTests
{
    private static readonly object Right = new { email = HubSite.AdminEmail, password = HubSite.AdminPassword };

    [Theory, ClassData(typeof(Databases))]
    public async Task A_person_signs_in_by_browser_is_known_and_signs_out(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var browser = hub.Browser();
        await (await browser.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");

        var answer = await browser.PostAsJsonAsync("/api/v1/account/sign-in", new { email = HubSite.AdminEmail.ToUpperInvariant(), password = HubSite.AdminPassword });
        var me = (await answer.Is(HttpStatusCode.OK)).GetProperty("staff");
        Assert.Equal("administrator", me.GetProperty("role").GetString());
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(me.GetProperty("id").GetString(), (await (await browser.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK)).GetProperty("id").GetString());

        await (await browser.PostAsync("/api/v1/account/sign-out", null)).Is(HttpStatusCode.NoContent);
        await (await browser.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
    }

    [Fact]
    public async Task The_cookie_lasts_twelve_hours_after_the_last_use()
    {
        await using var site = await HubSite.New("sqlite");
        var clock = new ManualClock();
        var hub = await site.Start(clock);
        using var browser = hub.Browser();
        await browser.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        clock.Advance(TimeSpan.FromHours(11));
        await (await browser.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromHours(11));
        await (await browser.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromHours(13));
        await (await browser.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Five_failures_lock_for_five_minutes_whether_or_not_the_account_exists(string database)
    {
        await using var site = await HubSite.New(database);
        var clock = new ManualClock();
        var hub = await site.Start(clock);
        using var client = hub.Nobody();
        foreach (var email in new[] { HubSite.AdminEmail, "nobody@school.example" })
        {
            for (var attempt = 0; attempt < 5; attempt++)
            {
                await (await client.PostAsJsonAsync("/api/v1/tokens", new { email, password = "a wrong password" })).IsProblem("signInFailed");
            }

            var locked = await client.PostAsJsonAsync("/api/v1/account/sign-in", new { email, password = HubSite.AdminPassword });
            var problem = await locked.IsProblem("lockedOut");
            Assert.Equal(300, problem.GetProperty("retryAfterSeconds").GetInt32());
            Assert.Equal(TimeSpan.FromMinutes(5), locked.Headers.RetryAfter?.Delta);
        }

        clock.Advance(TimeSpan.FromMinutes(5));
        await (await client.PostAsJsonAsync("/api/v1/tokens", Right)).Is(HttpStatusCode.Created);
        await (await client.PostAsJsonAsync("/api/v1/tokens", new { email = "nobody@school.example", password = "a wrong password" })).IsProblem("signInFailed");
    }

    [Fact]
    public async Task A_success_ends_the_row_of_failures()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var client = hub.Nobody();
        for (var attempt = 0; attempt < 12; attempt++)
        {
            var right = attempt % 4 == 3;
            var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { email = HubSite.AdminEmail, password = right ? HubSite.AdminPassword : "a wrong password" });
            Assert.Equal(right ? HttpStatusCode.Created : HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Fact]
    public async Task Guesses_made_at_once_on_two_nodes_are_counted_together()
    {
        await using var site = await HubSite.New("postgres");
        var first = await site.Start();
        var second = await site.Start();
        using var left = first.Nobody();
        using var right = second.Nobody();
        var wrong = new { email = HubSite.AdminEmail, password = "a wrong password" };
        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(index => (index % 2 == 0 ? left : right).PostAsJsonAsync("/api/v1/tokens", wrong)));
        // One guess may be under way on the other node when the fifth is counted.
        Assert.InRange(answers.Count(answer => answer.StatusCode == HttpStatusCode.Unauthorized), 5, 6);
        await (await right.PostAsJsonAsync("/api/v1/tokens", Right)).IsProblem("lockedOut");
    }

    [Fact]
    public async Task Failures_from_one_network_are_throttled_and_successes_cost_nothing()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(new ManualClock());
        using var client = hub.Nobody();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            await (await client.PostAsJsonAsync("/api/v1/tokens", Right)).Is(HttpStatusCode.Created);
        }

        var answers = new List<HttpStatusCode>();
        for (var attempt = 0; attempt < 60; attempt++)
        {
            answers.Add((await client.PostAsJsonAsync("/api/v1/tokens", new { email = $"nobody{attempt}@school.example", password = "a wrong password" })).StatusCode);
        }

        Assert.Equal(50, answers.Count(status => status == HttpStatusCode.Unauthorized));
        var throttled = await client.PostAsJsonAsync("/api/v1/tokens", Right);
        await throttled.IsProblem("throttled");
        Assert.NotNull(throttled.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_call_by_cookie_that_changes_something_needs_our_header()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        var cookies = new CookieContainer();
        using var page = hub.Browser(cookies);
        await page.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        using var foreign = hub.Browser(cookies);
        foreign.DefaultRequestHeaders.Clear();

        await (await foreign.PostJson("/api/v1/students", """{"externalId":"S1","givenName":"Ada"}""")).IsProblem("headerRequired");
        await (await foreign.PostAsync("/api/v1/account/sign-out", null)).IsProblem("headerRequired");
        await (await foreign.DeleteAsync("/api/v1/tokens/current")).IsProblem("headerRequired");
        Assert.Equal(0, await hub.Count("students"));
        await (await foreign.GetAsync("/api/v1/students")).Is(HttpStatusCode.OK);
        await (await page.PostJson("/api/v1/students", """{"externalId":"S1","givenName":"Ada"}""")).Is(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_cookie_counts_only_from_our_own_origin()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(settings: "--LiveProctor:PublicUrl=https://exams.school.example");
        using var page = hub.Browser();
        await page.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        foreach (var foreign in new[] { "https://evil.example", "null", "http://exams.school.example", $"http://127.0.0.1:1" })
        {
            await (await page.Send(HttpMethod.Get, "/api/v1/account/me", null, ("Origin", foreign))).IsProblem("forbidden");
        }

        foreach (var own in new[] { "https://exams.school.example", hub.Address.GetLeftPart(UriPartial.Authority) })
        {
            await (await page.Send(HttpMethod.Get, "/api/v1/account/me", null, ("Origin", own))).Is(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_hub_is_opened_by_cookie_from_our_own_pages_only()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        var cookies = new CookieContainer();
        using var page = hub.Browser(cookies);
        await page.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        const string path = "/hubs/dashboard/negotiate?negotiateVersion=1";
        page.DefaultRequestHeaders.Clear();
        await (await page.Send(HttpMethod.Post, path, null, ("Origin", "https://evil.example"))).IsProblem("forbidden");
        await (await page.Send(HttpMethod.Post, path, null, ("Origin", hub.Address.GetLeftPart(UriPartial.Authority)))).Is(HttpStatusCode.OK);
        using var nobody = hub.Nobody();
        await (await nobody.Send(HttpMethod.Post, path, null)).IsProblem("signInRequired");
        await (await nobody.Send(HttpMethod.Post, $"{path}&access_token={await hub.Token(HubSite.AdminEmail, HubSite.AdminPassword)}", null)).Is(HttpStatusCode.OK);
        using var program = await hub.Administrator();
        await (await program.Send(HttpMethod.Post, "/hubs/lobby/negotiate?negotiateVersion=1", null)).IsProblem("forbidden");

        using var foreign = new ClientWebSocket();
        foreign.Options.Cookies = cookies;
        foreign.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => foreign.ConnectAsync(new Uri($"ws://{hub.Address.Authority}/hubs/dashboard"), CancellationToken.None));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_disabled_person_is_out_at_the_next_request(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var created = await (await administrator.PostAsJsonAsync("/api/v1/staff", new { email = "p@school.example", name = "Pat", role = "proctor" })).Is(HttpStatusCode.Created);
        var credentials = new { email = "p@school.example", password = created.GetProperty("password").GetString() };
        using var browser = hub.Browser();
        await (await browser.PostAsJsonAsync("/api/v1/account/sign-in", credentials)).Is(HttpStatusCode.OK);
        using var program = hub.With(await hub.Token(credentials.email, credentials.password!));
        await (await program.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);

        var path = $"/api/v1/staff/{created.GetProperty("id").GetString()}";
        await (await administrator.PutAsJsonAsync(path, new { name = "Pat", role = "observer", disabled = false })).Is(HttpStatusCode.OK);
        Assert.Equal("observer", (await (await browser.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK)).GetProperty("role").GetString());

        await (await administrator.PutAsJsonAsync(path, new { name = "Pat", role = "observer", disabled = true })).Is(HttpStatusCode.OK);
        await (await browser.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
        await (await program.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
        await (await browser.PostAsJsonAsync("/api/v1/account/sign-in", credentials)).IsProblem("signInFailed");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Another_password_ends_every_other_sign_in(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var here = hub.Browser();
        using var there = hub.Browser();
        await here.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        await there.PostAsJsonAsync("/api/v1/account/sign-in", Right);
        using var program = await hub.Administrator();

        var wrong = await (await here.PostAsJsonAsync("/api/v1/account/password", new { current = "not my password", next = "a better password" })).IsProblem("invalid");
        Assert.True(wrong.GetProperty("errors").TryGetProperty("current", out _));
        foreach (var refused in new[] { "short", HubSite.AdminEmail, new string('a', 40), new string('x', 201) })
        {
            var problem = await (await here.PostAsJsonAsync("/api/v1/account/password", new { current = HubSite.AdminPassword, next = refused })).IsProblem("invalid");
            Assert.True(problem.GetProperty("errors").TryGetProperty("next", out _));
        }

        await (await here.PostAsJsonAsync("/api/v1/account/password", new { current = HubSite.AdminPassword, next = "a better password" })).Is(HttpStatusCode.NoContent);
        await (await here.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        await (await there.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
        await (await program.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
        await hub.Token(HubSite.AdminEmail, "a better password");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_API_token_lasts_thirty_days_or_until_it_is_given_up(string database)
    {
        await using var site = await HubSite.New(database);
        var clock = new ManualClock();
        var hub = await site.Start(clock);
        using var first = await hub.Administrator();
        using var second = await hub.Administrator();
        await (await first.DeleteAsync("/api/v1/tokens/current")).Is(HttpStatusCode.NoContent);
        await (await first.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
        clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        await (await second.GetAsync("/api/v1/account/me")).Is(HttpStatusCode.OK);
        clock.Advance(TimeSpan.FromSeconds(1));
        await (await second.GetAsync("/api/v1/account/me")).IsProblem("signInRequired");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Every_sign_in_is_in_an_unbroken_audit_chain(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var browser = hub.Browser();
        await browser.PostAsJsonAsync("/api/v1/account/sign-in", new { email = HubSite.AdminEmail, password = "a wrong password" });
        await browser.PostAsJsonAsync("/api/v1/account/sign-in", new { email = "nobody@school.example", password = "a wrong password" });
        var me = (await (await browser.PostAsJsonAsync("/api/v1/account/sign-in", Right)).Is(HttpStatusCode.OK)).GetProperty("staff");
        await browser.PostAsync("/api/v1/account/sign-out", null);
        await hub.Administrator();

        var organisation = me.GetProperty("organisation").GetProperty("id").GetString()!;
        Assert.Equal(
            ["organisationCreated", "staffCreated", "signInFailed", "signedIn", "signedOut", "signedIn", "tokenCreated"],
            await hub.Audited(AuditLog.Organisation(organisation)));
        Assert.Equal(["signInFailed"], await hub.Audited(AuditLog.Organisation("")));
        Assert.Null(await hub.App.Services.GetRequiredService<AuditLog>().FirstBroken(AuditLog.Organisation(organisation)));
    }
}
