using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Dapper;
using LiveProctor.Core;
using LiveProctor.Core.Storage;
using LiveProctor.Web.Auth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LiveProctor.Web.Tests;

/// <summary>One running node: the real program behind a real port.</summary>
public sealed class HubApp : IAsyncDisposable
{
    private bool stopped;

    internal HubApp(WebApplication app)
    {
        App = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
    }

    /// <summary>The program.</summary>
    public WebApplication App { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Its database.</summary>
    public Db Db => App.Services.GetRequiredService<Db>();

    /// <summary>A client that carries nothing.</summary>
    public HttpClient Nobody() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };

    /// <summary>A browser with one of our pages: keeps cookies and sends our header.</summary>
    public HttpClient Browser(CookieContainer? cookies = null)
    {
        var client = new HttpClient(new SiteCookies(cookies ?? new CookieContainer())) { BaseAddress = Address };
        client.DefaultRequestHeaders.Add("X-LiveProctor", "1");
        return client;
    }

    /// <summary>A client with this bearer token.</summary>
    public HttpClient With(string token)
    {
        var client = Nobody();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    /// <summary>The administrator of the first start, by API token.</summary>
    public async Task<HttpClient> Administrator() => With(await Token(HubSite.AdminEmail, HubSite.AdminPassword));

    /// <summary>A new member of the administrator's staff, by API token.</summary>
    public async Task<HttpClient> Staff(Role role)
    {
        using var administrator = await Administrator();
        var me = await administrator.GetFromJsonAsync<JsonElement>("/api/v1/account/me");
        return await StaffOf(me.GetProperty("organisation").GetProperty("id").GetString()!, role);
    }

    /// <summary>An administrator of another organisation, by API token.</summary>
    public async Task<HttpClient> Stranger()
    {
        var organisation = Id.New(TimeProvider.System.Now());
        await Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("INSERT INTO organisations (id, name, created_at) VALUES (@organisation, 'Elsewhere', 0)", new { organisation }, transaction), Commit: true));
        return await StaffOf(organisation, Role.Administrator);
    }

    /// <summary>Gets an API token.</summary>
    public async Task<string> Token(string email, string password)
    {
        using var client = Nobody();
        var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { email, password });
        return (await answer.Is(HttpStatusCode.Created)).GetProperty("token").GetString()!;
    }

    /// <summary>How many rows a table has.</summary>
    public Task<long> Count(string table) => Db.Read(connection => connection.ExecuteScalarAsync<long>($"SELECT count(*) FROM {table}"));

    /// <summary>What an audit chain says was done, in order.</summary>
    public Task<IReadOnlyList<string>> Audited(string chain) => Db.Read(async connection =>
        (IReadOnlyList<string>)(await connection.QueryAsync<string>("SELECT action FROM audit WHERE chain = @chain ORDER BY seq", new { chain })).AsList());

    /// <summary>Stops the node as an operator does.</summary>
    public async Task Stop()
    {
        if (!stopped)
        {
            stopped = true;
            await App.StopAsync();
            await App.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync() => await Stop();

    private async Task<HttpClient> StaffOf(string organisation, Role role)
    {
        const string sql = """
            INSERT INTO staff (id, organisation_id, email, email_key, name, role, password_hash, security_stamp, disabled, created_at)
            VALUES (@id, @organisation, @email, @email, @name, @role, @hash, 'stamp', false, 0)
            """;
        var id = Id.New(TimeProvider.System.Now());
        var email = $"{id}@school.example";
        var hash = App.Services.GetRequiredService<Passwords>().Hash(HubSite.AdminPassword);
        await Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(
            sql, new { id, organisation, email, name = $"A {role}", role = role.ToString().ToLowerInvariant(), hash }, transaction), Commit: true));
        return With(await Token(email, HubSite.AdminPassword));
    }
}

/// <summary>What tests ask of answers.</summary>
public static class Answers
{
    /// <summary>Sends text as JSON, whatever it is.</summary>
    public static Task<HttpResponseMessage> PostJson(this HttpClient client, string path, string json) =>
        client.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Sends a request with a header.</summary>
    public static Task<HttpResponseMessage> Send(this HttpClient client, HttpMethod method, string path, string? json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return client.SendAsync(request);
    }

    /// <summary>The JSON of an answer with this status; fails with what was answered instead.</summary>
    public static async Task<JsonElement> Is(this HttpResponseMessage answer, HttpStatusCode status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == status, $"{(int)answer.StatusCode} instead of {(int)status}: {text}");
        return text.Length == 0 ? default : JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The problem details of a refusal with this code, whose status agrees with the table of problems.</summary>
    public static async Task<JsonElement> IsProblem(this HttpResponseMessage answer, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(text.Contains($"\"code\":\"{code}\"", StringComparison.Ordinal), $"not {code} but {(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var kind = Core.Problems.ProblemKind.All.Single(kind => kind.Code == code);
        Assert.Equal(kind.Status, (int)answer.StatusCode);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal(kind.Status, problem.GetProperty("status").GetInt32());
        Assert.Equal(kind.Retry, problem.GetProperty("retry").GetBoolean());
        Assert.Equal(kind.Title, problem.GetProperty("title").GetString());
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        return problem;
    }
}
