using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.TestSupport;

namespace LiveProctor.EndToEnd.Tests.Running;

/// <summary>
/// LiveProctor and a delivery system, running: on the embedded default, or as two nodes on PostgreSQL and Redis behind a round-robin proxy;
/// with an administrator, a practice test and a class of students.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    public const string AdminEmail = "admin@example.org";
    public const string AdminPassword = "a long enough password 7";

    private readonly string data = Directory.CreateTempSubdirectory("liveproctor-e2e-").FullName;
    private readonly List<RunningProgram> nodes = [];
    private RunningProgram practice = null!;
    private RoundRobinProxy? proxy;
    private RedisServer? redis;
    private string? database;

    /// <summary>Both ways to run it, for <c>[Theory, MemberData]</c>.</summary>
    public static TheoryData<string> Kinds => ["embedded", "cluster"];

    /// <summary>Where people reach it.</summary>
    public string Address { get; private set; } = "";

    public IReadOnlyList<RunningProgram> Nodes => nodes;

    /// <summary>The administrator's own client.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <param name="kind">A value of <see cref="Kinds"/>.</param>
    /// <param name="students">How many students the organisation has: external ids S1, S2, …, first names Student1, Student2, …</param>
    /// <param name="settings">More settings of every node, as environment variables.</param>
    public static async Task<World> Start(string kind, int students = 30, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var world = new World();
        try
        {
            await world.StartHub(kind, settings);
            world.Admin = await world.SignIn(AdminEmail, AdminPassword);
            await world.StartPractice();
            await Task.WhenAll(Enumerable.Range(1, students).Select(number => world.Post(
                "/api/v1/students", new { externalId = $"S{number}", givenName = $"Student{number}", familyName = "Example" })));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client with an API token of the account.</summary>
    public async Task<HttpClient> SignIn(string email, string password)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address) };
        var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { email, password });
        answer.EnsureSuccessStatusCode();
        client.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", (await answer.Content.ReadFromJsonAsync<JsonNode>())!["token"]!.GetValue<string>());
        return client;
    }

    /// <summary>Another member of the staff, signed in.</summary>
    public async Task<(string Id, HttpClient Client)> Staff(string name, string role)
    {
        var email = $"{name.ToLowerInvariant()}@example.org";
        var made = await Post("/api/v1/staff", new { email, name, role, password = AdminPassword });
        return (made["id"]!.GetValue<string>(), await SignIn(email, AdminPassword));
    }

    /// <summary>A session of the practice test.</summary>
    public Task<JsonNode> Session(string name, TimeSpan opensIn, string mode = "hybrid", object? more = null)
    {
        var opens = TimeProvider.System.GetUtcNow() + opensIn;
        var body = JsonSerializer.SerializeToNode(new { name, mode, opensAt = opens, closesAt = opens.AddHours(1), tests = new[] { "PRACTICE" } })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        return Post("/api/v1/sessions", body);
    }

    /// <summary>Adds the test SEALED to the catalogue: the practice test with its second section sealed.</summary>
    public async Task SealedTest()
    {
        var practiceTest = (await Get("/api/v1/tests"))["items"]!.AsArray().Single(test => test!["code"]!.GetValue<string>() == "PRACTICE")!;
        await Post("/api/v1/tests", new
        {
            code = "SEALED",
            title = "Sealed test",
            kind = "operational",
            minutes = 20,
            sections = new[] { new { title = "Numbers", @sealed = false }, new { title = "Reading", @sealed = true } },
            launchUrl = practiceTest["launchUrl"]!.GetValue<string>(),
            delivery = practiceTest["delivery"]!.GetValue<string>(),
        });
    }

    /// <summary>How students come in, half by join ID and half by link.</summary>
    public static object[] Class(JsonNode session, IEnumerable<int> numbers) =>
    [
        .. numbers.Select(number => (object)new
        {
            name = $"S{number}",
            join = number % 2 == 0
                ? new { joinId = (string?)session["joinId"]!.GetValue<string>().ToLowerInvariant(), link = (string?)null, studentId = $"S{number}", firstName = $"student{number}" }
                : new { joinId = (string?)null, link = (string?)session["joinLink"]!.GetValue<string>(), studentId = $"S{number}", firstName = $"Student{number}" },
        }),
    ];

    public async Task<JsonNode> Post(string path, object body, HttpClient? client = null)
    {
        var answer = await (client ?? Admin).PostAsJsonAsync(path, body);
        return answer.IsSuccessStatusCode
            ? (await answer.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }

    public async Task<JsonNode> Get(string path, HttpClient? client = null) => (await (client ?? Admin).GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>The mails that were written as files, for there is no mail server.</summary>
    public IReadOnlyList<string> Mails() => [.. Directory.EnumerateFiles(data, "*.eml", SearchOption.AllDirectories).Select(File.ReadAllText)];

    /// <summary>What the nodes printed, for the message of a test that fails.</summary>
    public string Logs => string.Join("\n---\n", nodes.Select(node => node.Log).Append(practice.Log));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        if (practice is not null)
        {
            await practice.DisposeAsync();
        }

        proxy?.Dispose();
        Admin?.Dispose();
        if (redis is not null)
        {
            await redis.DisposeAsync();
        }

        if (database is not null)
        {
            await (await PostgresServer.Shared).Drop(database);
        }

        Directory.Delete(data, recursive: true);
    }

    /// <summary>The database file of the embedded kind.</summary>
    public string EmbeddedFile => Path.Combine(data, "node0", "liveproctor.db");

    private async Task StartHub(string kind, IReadOnlyDictionary<string, string?>? more)
    {
        var settings = new Dictionary<string, string?>(more ?? new Dictionary<string, string?>(), StringComparer.Ordinal)
        {
            ["LiveProctor__Bootstrap__AdminEmail"] = AdminEmail,
            ["LiveProctor__Bootstrap__AdminPassword"] = AdminPassword,
        };
        if (kind == "cluster")
        {
            database = await (await PostgresServer.Shared).NewEmptyDatabase();
            redis = await RedisServer.New();
            settings["ConnectionStrings__Postgres"] = database;
            settings["ConnectionStrings__Redis"] = redis.ConnectionString;
        }

        var addresses = Enumerable.Range(0, kind == "cluster" ? 2 : 1).Select(_ => $"http://127.0.0.1:{Child.FreePort()}").ToList();
        proxy = kind == "cluster" ? new RoundRobinProxy([.. addresses.Select(address => new Uri(address))]) : null;
        Address = proxy?.Address ?? addresses[0];
        settings["LiveProctor__PublicUrl"] = Address;
        foreach (var address in addresses)
        {
            var own = new Dictionary<string, string?>(settings, StringComparer.Ordinal) { ["LiveProctor__DataDirectory"] = Path.Combine(data, $"node{nodes.Count}") };
            var node = new RunningProgram(Repository.Assembly("src/Web", "Web"), Path.Combine(Repository.Pages, ".."), address, own);
            nodes.Add(node);
        }

        await Task.WhenAll(nodes.Select(node => node.Start("/healthz/ready")));
    }

    private async Task StartPractice()
    {
        var system = await Post("/api/v1/delivery-systems", new { name = "Practice" });
        var address = $"http://127.0.0.1:{Child.FreePort()}";
        await Post("/api/v1/tests", new
        {
            code = "PRACTICE",
            title = "Practice test",
            kind = "operational",
            minutes = 20,
            proctored = true,
            sections = new[] { new { title = "Numbers", @sealed = false }, new { title = "Reading", @sealed = false } },
            launchUrl = $"{address}/take",
            delivery = system["id"]!.GetValue<string>(),
        });
        practice = new RunningProgram(Repository.Assembly("samples/PracticeDelivery", "PracticeDelivery"), data, address, new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Hub__Url"] = Address,
            ["Hub__Key"] = system["key"]!.GetValue<string>(),
            ["Hub__Audience"] = system["id"]!.GetValue<string>(),
            ["DataDirectory"] = Path.Combine(data, "practice"),
        });
        await practice.Start("/healthz");
    }
}
