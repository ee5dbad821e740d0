using System.Net.Http.Json;
using System.Text.Json;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveProctor.PracticeDelivery.Tests;

/// <summary>PracticeDelivery itself, on a clock that the test moves.</summary>
public sealed class Practice(FakeHub? hub, ManualClock clock, string folder, string key = FakeHub.Key) : WebApplicationFactory<Program>
{
    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(folder);
        builder.UseSetting("Hub:Audience", FakeHub.Audience);
        if (hub is not null)
        {
            builder.UseSetting("Hub:Url", hub.Url);
            builder.UseSetting("Hub:Key", key);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(clock));
    }

    /// <summary>A student's browser; the same one as before keeps its cookie.</summary>
    public Browser Browser(Browser? before = null) =>
        new(CreateClient(new WebApplicationFactoryClientOptions { HandleCookies = false })) { Cookie = before?.Cookie };
}

/// <summary>What a student's page does, without the page.</summary>
public sealed class Browser(HttpClient http)
{
    public string? Cookie { get; set; }

    public async Task<(int Status, JsonElement Body)> Start(string? token, string? back = null) => await Post("start", new { token, @return = back });

    public async Task<(int Status, JsonElement Body)> Answer(int question, string? answer) => await Post("answer", new { question, answer });

    public Task<(int Status, JsonElement Body)> Submit() => Post("submit", new { });

    public async Task<(int Status, JsonElement Body)> State() => await Read(await Get("/api/state"));

    public async Task<string> Phase() => (await State()).Body.GetProperty("phase").GetString()!;

    public async Task<(int Status, JsonElement Body)> Post(string path, object body) =>
        await Read(await Send(new HttpRequestMessage(HttpMethod.Post, $"/api/{path}") { Content = JsonContent.Create(body) }));

    public Task<HttpResponseMessage> Get(string path) => Send(new HttpRequestMessage(HttpMethod.Get, path));

    async Task<HttpResponseMessage> Send(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Add("Cookie", Cookie is null ? [] : [Cookie]);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
            {
                Cookie = cookies.Single().Split(';')[0];
            }

            return response;
        }
    }

    static async Task<(int Status, JsonElement Body)> Read(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonElement.Parse(text));
    }
}
