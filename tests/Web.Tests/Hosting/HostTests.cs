using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LiveProctor.Core.Accounts;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveProctor.Web.Tests.Hosting;

public sealed class HostTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_ready_node_says_so(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var client = hub.Nobody();
        await (await client.GetAsync("/healthz/live")).Is(HttpStatusCode.OK);
        var ready = await (await client.GetAsync("/healthz/ready")).Is(HttpStatusCode.OK);
        Assert.Equal("ok", ready.GetProperty("database").GetString());
        Assert.False(ready.TryGetProperty("redis", out _));
    }

    [Fact]
    public async Task Without_Redis_a_node_is_degraded_but_ready()
    {
        await using var site = await HubSite.New("sqlite", withRedis: true);
        var hub = await site.Start();
        using var client = hub.Nobody();
        async Task<string?> Redis() => (await (await client.GetAsync("/healthz/ready")).Is(HttpStatusCode.OK)).GetProperty("redis").GetString();
        await Eventually.True(async () => await Redis() == "ok");
        await site.Redis.Stop();
        await Eventually.True(async () => await Redis() == "degraded");
        await hub.Token(HubSite.AdminEmail, HubSite.AdminPassword);
    }

    [Fact]
    public async Task A_lost_database_is_a_problem_that_passes_and_makes_the_node_unready()
    {
        await using var site = await HubSite.New("postgres");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        await using (await site.WithoutDatabase())
        {
            var answer = await administrator.GetAsync("/api/v1/tests");
            await answer.IsProblem("unavailable");
            Assert.NotNull(answer.Headers.RetryAfter);
            await (await administrator.GetAsync("/healthz/ready")).Is(HttpStatusCode.ServiceUnavailable);
            await (await administrator.GetAsync("/healthz/live")).Is(HttpStatusCode.OK);
        }

        await Eventually.True(async () => (await administrator.GetAsync("/api/v1/tests")).IsSuccessStatusCode);
        await (await administrator.GetAsync("/healthz/ready")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_fault_of_ours_is_told_without_its_message_in_every_environment()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(
            map: app => app.MapGet("/boom", string () => throw new InvalidOperationException("secret detail")).AllowAnonymous(),
            settings: "--environment=Development");
        using var client = hub.Nobody();
        var answer = await client.GetAsync("/boom");
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.True((await answer.IsProblem("unexpected")).TryGetProperty("traceId", out _));
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_that_protect_it()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var client = hub.Nobody();
        foreach (var path in new[] { "/", "/join", "/api/v1/time", "/api/v1/tests", "/nothing" })
        {
            var answer = await client.Send(HttpMethod.Get, path, null, ("X-Forwarded-Proto", "https"));
            var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
            Assert.False(answer.Headers.Contains("Server"));
        }

        Assert.False((await client.GetAsync("/api/v1/time")).Headers.Contains("Strict-Transport-Security"));
        Assert.True((await client.GetAsync("/api/v1/time")).Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Pages_are_asked_for_anew_and_their_files_kept_for_ever_in_the_smallest_form()
    {
        await using var site = await HubSite.New("sqlite");
        var root = Directory.CreateDirectory(Path.Combine(site.Folder, "wwwroot", "assets")).Parent!.FullName;
        foreach (var (name, text) in new[] { ("index.html", "console"), ("join.html", "lobby"), ("assets/app-1a2b.js", "script"), ("assets/app-1a2b.js.br", "small"), ("assets/app-1a2b.js.gz", "smaller") })
        {
            await File.WriteAllTextAsync(Path.Combine(root, name), text);
        }

        var hub = await site.Start(webRoot: root);
        using var client = hub.Nobody();
        foreach (var (path, text) in new[] { ("/", "console"), ("/sign-in", "console"), ("/sessions/abc/students", "console"), ("/join", "lobby"), ("/join/K7QM-3XPA", "lobby"), ("/j/secret", "lobby") })
        {
            var page = await client.GetAsync(path);
            Assert.Equal(text, await page.Content.ReadAsStringAsync());
            Assert.Equal("text/html; charset=utf-8", page.Content.Headers.ContentType?.ToString());
            Assert.True(page.Headers.CacheControl!.NoCache);
            Assert.Equal(HttpStatusCode.OK, (await client.Send(HttpMethod.Head, path, null)).StatusCode);
        }

        foreach (var (accepted, text, encoding) in new[] { ("br, gzip", "small", "br"), ("gzip", "smaller", "gzip"), ("br;q=0", "script", null), ("identity", "script", null) })
        {
            var file = await client.Send(HttpMethod.Get, "/assets/app-1a2b.js", null, ("Accept-Encoding", accepted));
            Assert.Equal(text, await file.Content.ReadAsStringAsync());
            Assert.Equal("text/javascript", file.Content.Headers.ContentType?.MediaType);
            Assert.Equal(encoding, file.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Equal("public, max-age=31536000, immutable", file.Headers.GetValues("Cache-Control").Single());
            Assert.Contains("Accept-Encoding", file.Headers.Vary);
        }

        await (await client.GetAsync("/assets/../../liveproctor.db")).IsProblem("notFound");
        await (await client.GetAsync("/assets/%2e%2e/%2e%2e/liveproctor.db")).IsProblem("notFound");
    }

    [Fact]
    public async Task A_body_is_at_most_256_KB_whether_or_not_it_says_so()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var administrator = await hub.Administrator();
        var large = new string(' ', 1_000_000);
        await (await administrator.PostJson("/api/v1/tests", large)).IsProblem("tooLarge");
        await (await administrator.Send(HttpMethod.Post, "/api/v1/tests", large, ("Idempotency-Key", "one"))).IsProblem("tooLarge");
        using var stream = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes(large)));
        stream.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, "/api/v1/tests") { Content = stream };
        chunked.Headers.TransferEncodingChunked = true;
        await (await administrator.SendAsync(chunked)).IsProblem("tooLarge");
    }

    [Fact]
    public async Task Who_is_asked_for_by_a_proxy_is_believed_only_of_one_that_is_trusted()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(map: app => app.MapGet("/address", (HttpContext http) => Web.Hosting.ClientAddress.Of(http)).AllowAnonymous());
        using var client = hub.Nobody();
        async Task<string> Address(string forwarded) => await (await client.Send(HttpMethod.Get, "/address", null, ("X-Forwarded-For", forwarded))).Content.ReadAsStringAsync();
        Assert.Equal("203.0.113.7", await Address("203.0.113.7"));
        // The nearest that is not trusted is the caller; what it says of others is its own invention.
        Assert.Equal("203.0.113.7", await Address("198.51.100.1, 203.0.113.7"));
        Assert.Equal("2001:db8:1:2::/64", await Address("2001:db8:1:2:3:4:5:6"));
        var behind = await site.Start(
            map: app => app.MapGet("/address", (HttpContext http) => Web.Hosting.ClientAddress.Of(http)).AllowAnonymous(), settings: "--LiveProctor:TrustedProxies=203.0.113.0/24,2001:db8::1");
        using var other = behind.Nobody();
        Assert.Equal("198.51.100.1", await (await other.Send(HttpMethod.Get, "/address", null, ("X-Forwarded-For", "192.0.2.9, 198.51.100.1, 203.0.113.7"))).Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_process_without_the_web_role_serves_nothing_but_health()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(settings: "--LiveProctor:Roles=scheduler");
        using var client = hub.Nobody();
        await (await client.GetAsync("/healthz/ready")).Is(HttpStatusCode.OK);
        await (await client.GetAsync("/api/v1/time")).IsProblem("notFound");
        await (await client.GetAsync("/openapi/v1.json")).IsProblem("notFound");
    }

    [Fact]
    public async Task Every_endpoint_says_who_may_call_it_and_one_that_does_not_is_closed()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start(map: app => app.MapGet("/forgotten", () => "open"));
        var silent = hub.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null && endpoint.Metadata.GetMetadata<IAuthorizeData>() is null)
            .Select(endpoint => endpoint.RoutePattern.RawText);
        Assert.Equal(["/forgotten"], silent.Distinct());
        using var administrator = await hub.Administrator();
        await (await administrator.GetAsync("/forgotten")).IsProblem("forbidden");
    }

    [Fact]
    public async Task The_REST_description_names_every_call_with_its_problems_and_who_may_call_it()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var client = hub.Nobody();
        var document = await (await client.GetAsync("/openapi/v1.json")).Is(HttpStatusCode.OK);
        var described = document.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => $"{operation.Name.ToUpperInvariant()} {path.Name}")).ToHashSet(StringComparer.Ordinal);
        var mapped = hub.App.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}"));
        Assert.Empty(mapped.Except(described));

        var create = document.GetProperty("paths").GetProperty("/api/v1/tests").GetProperty("post");
        Assert.True(create.GetProperty("responses").GetProperty("default").GetProperty("content").TryGetProperty("application/problem+json", out _));
        Assert.Equal(["staffToken", "staffCookie"], create.GetProperty("security").EnumerateArray().Select(item => item.EnumerateObject().Single().Name));
        Assert.False(document.GetProperty("paths").GetProperty("/api/v1/tokens").GetProperty("post").TryGetProperty("security", out _));
        var kinds = document.GetProperty("components").GetProperty("schemas").GetProperty("TestKind").GetProperty("enum");
        Assert.Equal(["operational", "practice", "training"], kinds.EnumerateArray().Select(kind => kind.GetString()));
    }
}
