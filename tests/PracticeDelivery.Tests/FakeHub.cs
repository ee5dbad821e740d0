using System.Collections.Concurrent;
using System.Text.Json;
using LiveProctor.Core.Delivery;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace LiveProctor.PracticeDelivery.Tests;

/// <summary>The hub's side of docs/protocol.md section 7, as small as it can be: one state per entry, and everything that it was told.</summary>
public sealed class FakeHub : IAsyncDisposable
{
    public const string Key = "delivery-key";
    public const string Audience = "practice";

    readonly WebApplication app;
    readonly ManualClock clock;
    readonly ConcurrentDictionary<string, EntryTokenClaims> unredeemed = new();
    readonly ConcurrentDictionary<string, string> states = new();
    readonly ConcurrentDictionary<string, long> sequences = new();
    readonly ConcurrentDictionary<string, JsonElement> commands = new();
    readonly Lock gate = new();
    readonly List<Told> told = [];

    SigningKey key;
    TaskCompletionSource commanded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    FakeHub(WebApplication app, ManualClock clock)
    {
        this.app = app;
        this.clock = clock;
        key = SigningKey.Create(clock.GetUtcNow());
    }

    /// <summary>One report that arrived, whether or not the hub answered.</summary>
    public sealed record Told(string Entry, int Attempt, long Sequence, string Kind, int? Answered, int? Total, string? Section, string? CommandId);

    public string Url => app.Urls.First();

    /// <summary>Answers 503 to everything.</summary>
    public bool Away { get; set; }

    /// <summary>Takes reports but answers 503, as if the answer were lost.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Kinds that are refused with 409.</summary>
    public HashSet<string> Refuses { get; } = [];

    /// <summary>What redeeming says is left.</summary>
    public int SecondsLeft { get; set; } = 600;

    /// <summary>Whether the second section is sealed.</summary>
    public bool SealsReading { get; set; }

    public int JwksReads { get; private set; }

    public string StateOf(string entry) => states[entry];

    public IReadOnlyList<Told> Reports(string entry)
    {
        lock (gate)
        {
            return [.. told.Where(report => report.Entry == entry)];
        }
    }

    public string[] Kinds(string entry) => [.. Reports(entry).Select(report => report.Kind).Where(kind => kind != "position")];

    public static async Task<FakeHub> Start(ManualClock clock)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var web = builder.Build();
        var hub = new FakeHub(web, clock);
        web.Use(async (http, next) =>
        {
            if (hub.Away)
            {
                http.Response.StatusCode = 503;
            }
            else if (http.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) && http.Request.Headers.Authorization != $"Bearer {Key}")
            {
                http.Response.StatusCode = 401;
            }
            else
            {
                await next(http);
            }
        });
        web.MapGet("/.well-known/jwks.json", hub.Jwks);
        web.MapPost("/api/v1/delivery/redeem", hub.Redeem);
        web.MapPost("/api/v1/delivery/progress", hub.Progress);
        web.MapGet("/api/v1/delivery/commands", hub.Commands);
        await web.StartAsync();
        return hub;
    }

    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    /// <summary>Another signing key from now on; the old one is forgotten.</summary>
    public void Rotate() => key = SigningKey.Create(clock.GetUtcNow());

    /// <summary>An entry token for an entry that was approved.</summary>
    public string Token(string entry, int attempt = 1, string audience = Audience, SigningKey? signedBy = null)
    {
        var now = clock.GetUtcNow();
        var claims = new EntryTokenClaims
        {
            Issuer = Url,
            Audience = audience,
            Subject = $"student of {entry}",
            TokenId = Guid.CreateVersion7(now).ToString(),
            IssuedAt = now,
            NotBefore = now,
            ExpiresAt = now.AddSeconds(120),
            Organisation = "org",
            Session = "session",
            Entry = entry,
            Attempt = attempt,
            ScheduleVersion = 1,
            Test = "PRACTICE",
            Sections = [],
            Settings = new Dictionary<string, string>(),
        };
        var token = EntryTokens.Sign(claims, signedBy ?? key);
        unredeemed[token] = claims;
        return token;
    }

    /// <summary>The proctor commands something.</summary>
    public void Command(string entry, string id, string kind, int? seconds = null, string? reason = null, int attempt = 1, string? section = null)
    {
        commands[id] = JsonSerializer.SerializeToElement(new { id, entryId = entry, attempt, kind, seconds, reason, section, requestedAt = clock.GetUtcNow() });
        Interlocked.Exchange(ref commanded, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    object Jwks()
    {
        JwksReads++;
        return new { keys = new[] { key.ToJwk() } };
    }

    IResult Redeem(JsonElement body)
    {
        if (!unredeemed.TryRemove(body.GetProperty("token").GetString()!, out var claims))
        {
            return Refuse(409, "tokenUsed");
        }

        var resumed = !states.TryAdd(claims.Entry, "entering");
        states[claims.Entry] = "entering";
        return Results.Json(new
        {
            entryId = claims.Entry,
            attempt = claims.Attempt,
            sessionId = "session",
            sessionName = "Morning <b>class</b>",
            test = new { code = "PRACTICE", title = "Practice test", minutes = 30, sections = new[] { new { title = "Numbers", @sealed = false }, new { title = "Reading", @sealed = SealsReading } } },
            student = new { name = "Ada <script>", externalId = "S1" },
            settings = new { },
            secondsLeft = SecondsLeft,
            resumed,
            lastSequence = sequences.GetValueOrDefault(claims.Entry),
            returnUrl = $"{Url}/lobby",
        });
    }

    IResult Progress(JsonElement body)
    {
        string? Text(string name) => body.TryGetProperty(name, out var value) ? value.GetString() : null;
        int? Number(string name) => body.TryGetProperty(name, out var value) ? value.GetInt32() : null;

        var report = new Told(
            Text("entryId")!, Number("attempt")!.Value, body.GetProperty("sequence").GetInt64(), Text("kind")!, Number("answered"), Number("total"), Text("section"), Text("commandId"));
        lock (gate)
        {
            told.Add(report);
            var last = sequences.GetValueOrDefault(report.Entry);
            if (report.Sequence < last)
            {
                return Refuse(409, "sequenceTooOld");
            }

            if (Refuses.Contains(report.Kind))
            {
                return Refuse(409, "approvalNeeded");
            }

            if (report.Sequence > last)
            {
                sequences[report.Entry] = report.Sequence;
                states[report.Entry] = After(report);
            }

            return LosesAnswers
                ? Results.StatusCode(503)
                : Results.Json(new { state = states[report.Entry], accepted = report.Sequence > last });
        }
    }

    string After(Told report)
    {
        var command = report.CommandId is { } id && commands.TryRemove(id, out var found) ? found.GetProperty("kind").GetString() : null;
        return (report.Kind, command) switch
        {
            ("started", _) when states[report.Entry] == "atSeal" => "atSeal",
            ("started" or "resumed", _) or ("confirmed", "releaseSeal") => "testing",
            ("atSeal", _) => "atSeal",
            ("paused", _) => "paused",
            ("exited", _) => "interrupted",
            ("submitted", _) => "submitted",
            ("confirmed", "terminate") => "terminated",
            _ => states[report.Entry],
        };
    }

    // Kept open only as long as nothing happens; the waiting time of the caller does not matter here.
    async Task<IResult> Commands(string? after, CancellationToken gone)
    {
        var news = commanded.Task;
        if (after is null ? commands.IsEmpty : !commands.Keys.Any(id => string.CompareOrdinal(id, after) > 0))
        {
            await news.WaitAsync(gone);
        }

        var batch = commands.Where(command => string.CompareOrdinal(command.Key, after) > 0).OrderBy(command => command.Key, StringComparer.Ordinal).ToList();
        return Results.Json(new { commands = batch.Select(command => command.Value), next = batch.LastOrDefault().Key ?? after });
    }

    static IResult Refuse(int status, string code) => Results.Problem(code, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
