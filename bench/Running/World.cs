using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.TestSupport;
using Npgsql;

namespace LiveProctor.Bench.Running;

/// <summary>
/// The program as it runs in production: nodes in processes of their own, on a PostgreSQL that waits for the disk and a Redis, with an administrator and a test.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private const string Email = "admin@example.org";
    private const string Password = "a long enough password 7";

    private readonly string data = Directory.CreateTempSubdirectory("liveproctor-bench-").FullName;
    private readonly List<Server> nodes = [];
    private readonly RedisServer redis;

    private World(DurablePostgres server, string postgres, RedisServer redis)
    {
        this.redis = redis;
        Server = server;
        Postgres = postgres;
        Sql = NpgsqlDataSource.Create(postgres);
    }

    /// <summary>The database server, shared by the worlds of a run.</summary>
    public DurablePostgres Server { get; }

    /// <summary>The database's connection string.</summary>
    public string Postgres { get; }

    /// <summary>The bench's own way to the database.</summary>
    public NpgsqlDataSource Sql { get; }

    /// <summary>Redis' connection string.</summary>
    public string Redis => redis.ConnectionString;

    public IReadOnlyList<Server> Nodes => nodes;

    /// <summary>The first node.</summary>
    public Server Node => nodes[0];

    /// <summary>The administrator's client, on the first node.</summary>
    public HttpClient Admin { get; private set; } = null!;

    /// <summary>The administrator's API token.</summary>
    public string Token { get; private set; } = "";

    public string OrganisationId { get; private set; } = "";

    /// <summary>Starts a world of its own database.</summary>
    public static async Task<World> Start(DurablePostgres server, int nodes = 1)
    {
        var world = new World(server, await server.NewDatabase(), await RedisServer.New());
        try
        {
            for (var count = 0; count < nodes; count++)
            {
                await world.AddNode();
            }

            await world.SignIn();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more node.</summary>
    public async Task AddNode() => nodes.Add(await Running.Server.Program(new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["ConnectionStrings__Postgres"] = Postgres,
        ["ConnectionStrings__Redis"] = Redis,
        ["LiveProctor__DataDirectory"] = Path.Combine(data, $"node{nodes.Count}"),
        ["LiveProctor__Bootstrap__AdminEmail"] = Email,
        ["LiveProctor__Bootstrap__AdminPassword"] = Password,
    }));

    public async Task<JsonNode> Post(string path, object body)
    {
        var answer = await Admin.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path}: {(int)answer.StatusCode} {text}");
    }

    public async Task<JsonNode> Get(string path) => (await Admin.GetFromJsonAsync<JsonNode>(path))!;

    /// <summary>A session that opens in an hour unless told otherwise, with its lobby open.</summary>
    public Task<JsonNode> Session(string name, TimeSpan? opensIn = null, object? more = null)
    {
        var opens = TimeProvider.System.GetUtcNow() + (opensIn ?? TimeSpan.FromMinutes(20));
        var body = JsonSerializer.SerializeToNode(new { name, mode = "inPerson", opensAt = opens, closesAt = opens.AddHours(2), tests = new[] { "BENCH" }, startMode = "manual" })!.AsObject();
        foreach (var (key, value) in JsonSerializer.SerializeToNode(more ?? new { })!.AsObject())
        {
            body[key] = value?.DeepClone();
        }

        return Post("/api/v1/sessions", body);
    }

    /// <summary>Runs SQL.</summary>
    public async Task<int> Execute(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = Sql.CreateCommand(sql);
        command.CommandTimeout = 600;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value);
        }

        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>Asks for one value.</summary>
    public async Task<T> Ask<T>(string sql)
    {
        await using var command = Sql.CreateCommand(sql);
        command.CommandTimeout = 600;
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Seconds of processor time of the nodes, the database and Redis so far.</summary>
    public double Processor() => nodes.Sum(node => ProcessUse.Seconds(node.ProcessId)) + ProcessUse.SecondsOfFamily(Server.ProcessId);

    public async ValueTask DisposeAsync()
    {
        await Profile.Tell(this);
        Admin?.Dispose();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        await Sql.DisposeAsync();
        await redis.DisposeAsync();
        Directory.Delete(data, recursive: true);
    }

    private async Task SignIn()
    {
        Admin = new HttpClient { BaseAddress = new Uri($"http://{Node.Address}"), Timeout = TimeSpan.FromMinutes(5) };
        var answer = await Post("/api/v1/tokens", new { email = Email, password = Password });
        Token = answer["token"]!.GetValue<string>();
        Admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        OrganisationId = (await Get("/api/v1/account/me"))["organisation"]!["id"]!.GetValue<string>();
        await Post("/api/v1/tests", new
        {
            code = "BENCH",
            title = "Mathematics, grade 7",
            kind = "operational",
            minutes = 60,
            proctored = true,
            sections = new[] { new { title = "Numbers", @sealed = false } },
            launchUrl = "https://tests.example.org/take",
            delivery = "none",
        });
    }
}
