using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.PracticeDelivery.Hub;

/// <summary>The three calls of docs/protocol.md section 7. Never throws for what the network or the hub does.</summary>
public sealed class HubClient : IDisposable
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(25);

    readonly TimeProvider clock;
    readonly HttpClient http;

    public HubClient(HubSettings settings, TimeProvider clock)
    {
        this.clock = clock;
        http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false })
        {
            BaseAddress = settings.Url,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = 1 << 20,
        };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key ?? "");
    }

    /// <summary>Redeems an entry token. The same token asked again by this call's retry is answered as the first time.</summary>
    public Task<HubReply<Redeemed>> Redeem(string token, CancellationToken stop)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/delivery/redeem") { Content = JsonContent.Create(new { token }, options: Json) };
        request.Headers.Add("Idempotency-Key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))));
        return Ask<Redeemed>(request, Patience, stop);
    }

    /// <summary>Reports progress.</summary>
    public Task<HubReply<ProgressAnswer>> Report(Progress progress, CancellationToken stop) =>
        Ask<ProgressAnswer>(
            new HttpRequestMessage(HttpMethod.Post, "/api/v1/delivery/progress") { Content = JsonContent.Create(progress, options: Json) }, Patience, stop);

    /// <summary>Waits for commands after a position; without one, the hub repeats whatever is not confirmed.</summary>
    public Task<HubReply<CommandBatch>> Commands(string? after, CancellationToken stop)
    {
        var wait = LongPoll.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        var query = after is null ? $"?wait={wait}" : $"?after={Uri.EscapeDataString(after)}&wait={wait}";
        return Ask<CommandBatch>(new HttpRequestMessage(HttpMethod.Get, "/api/v1/delivery/commands" + query), LongPoll + Patience, stop);
    }

    /// <summary>The hub's public keys, as text.</summary>
    public async Task<string?> Jwks(CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(Patience, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            return await http.GetStringAsync(new Uri("/.well-known/jwks.json", UriKind.Relative), patience.Token);
        }
        catch (Exception e) when (IsNetwork(e, stop))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    async Task<HubReply<T>> Ask<T>(HttpRequestMessage request, TimeSpan limit, CancellationToken stop) where T : class
    {
        using var message = request;
        using var timer = new CancellationTokenSource(limit, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop, timer.Token);
        try
        {
            using var response = await http.SendAsync(message, patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                return new(null, await Problem(response, patience.Token));
            }

            return await response.Content.ReadFromJsonAsync<T>(Json, patience.Token) is { } value
                ? new(value, null)
                : Away<T>("The hub's answer was empty.");
        }
        catch (Exception e) when (IsNetwork(e, stop))
        {
            return Away<T>(e.Message);
        }
    }

    static bool IsNetwork(Exception e, CancellationToken stop) =>
        e is HttpRequestException or JsonException or IOException || (e is OperationCanceledException && !stop.IsCancellationRequested);

    static HubReply<T> Away<T>(string why) where T : class =>
        new(null, new HubProblem { Code = "hubAway", Detail = why, Retry = true });

    static async Task<HubProblem> Problem(HttpResponseMessage response, CancellationToken stop)
    {
        var status = response.StatusCode;
        var said = await Said(response, stop);
        var refused = status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden;
        return new HubProblem
        {
            // A refused key is a setting that somebody is about to mend: nothing is given up for it.
            Code = refused ? "keyRefused" : said?.Code ?? $"http{(int)status}",
            Detail = refused ? "The hub refused the key: set Hub:Key to this delivery system's key." : said?.Detail ?? said?.Title ?? $"The hub answered {(int)status}.",
            Retry = refused || (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests,
            After = said?.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(Math.Clamp(seconds, 0, 60)) : response.Headers.RetryAfter?.Delta,
        };
    }

    static async Task<ProblemDetails?> Said(HttpResponseMessage response, CancellationToken stop)
    {
        try
        {
            return await response.Content.ReadFromJsonAsync<ProblemDetails>(Json, stop);
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            return null;
        }
    }

    sealed record ProblemDetails(string? Code, string? Title, string? Detail, double? RetryAfterSeconds);
}
