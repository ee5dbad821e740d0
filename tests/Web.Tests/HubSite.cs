using Dapper;
using LiveProctor.TestSupport;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LiveProctor.Web.Tests;

/// <summary>What the nodes of one installation share: a database, a data directory and, if asked for, Redis. Disposing it stops its nodes and deletes everything.</summary>
public sealed class HubSite : IAsyncDisposable
{
    /// <summary>The administrator that the first start makes.</summary>
    public const string AdminEmail = "admin@school.example";

    /// <summary>Its password.</summary>
    public const string AdminPassword = "correct horse battery";

    private readonly string folder = Directory.CreateTempSubdirectory("liveproctor-").FullName;
    private readonly List<HubApp> nodes = [];
    private string? postgres;
    private RedisServer? redis;

    private HubSite()
    {
    }

    /// <summary>A site with nothing in its database.</summary>
    /// <param name="database">A value of <see cref="Databases"/>.</param>
    public static async Task<HubSite> New(string database, bool withRedis = false) => new()
    {
        postgres = database == "postgres" ? await (await PostgresServer.Shared).NewDatabase() : null,
        redis = withRedis ? await RedisServer.New() : null,
    };

    /// <summary>The site's Redis.</summary>
    public RedisServer Redis => redis ?? throw new InvalidOperationException("This site has no Redis.");

    /// <summary>The folder that the nodes keep their files in.</summary>
    public string Folder => folder;

    /// <summary>Starts a node, the real program with a real port.</summary>
    /// <param name="clock">Its time; null for the real one.</param>
    /// <param name="map">Adds to the program, before it starts.</param>
    /// <param name="webRoot">The folder that the pages are served from; null for the built ones.</param>
    /// <param name="settings">More of the command line, such as <c>--LiveProctor:PublicUrl=…</c>.</param>
    public async Task<HubApp> Start(TimeProvider? clock = null, Action<WebApplication>? map = null, string? webRoot = null, params string[] settings)
    {
        var app = await LiveProctorHost.Build([.. Arguments(), .. settings], builder =>
        {
            builder.Logging.ClearProviders();
            // Hashing slowly is of no use to a test.
            builder.Services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000);
            if (webRoot is not null)
            {
                builder.Environment.WebRootFileProvider = new PhysicalFileProvider(webRoot);
            }

            if (clock is not null)
            {
                builder.Services.AddSingleton(clock);
            }
        });
        map?.Invoke(app);
        await app.StartAsync();
        var node = new HubApp(app);
        lock (nodes)
        {
            nodes.Add(node);
        }

        return node;
    }

    /// <summary>Takes PostgreSQL away from the nodes until disposed: connections are cut, new ones refused.</summary>
    public async Task<IAsyncDisposable> WithoutDatabase()
    {
        var builder = new NpgsqlConnectionStringBuilder(postgres);
        var name = builder.Database;
        builder.Database = "postgres";
        builder.Pooling = false;
        async Task Execute(string sql)
        {
            await using var connection = new NpgsqlConnection(builder.ConnectionString);
            await connection.OpenAsync();
            await connection.ExecuteAsync(sql);
        }

        await Execute($"ALTER DATABASE {name} ALLOW_CONNECTIONS false");
        await Execute($"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        return new Undo(() => Execute($"ALTER DATABASE {name} ALLOW_CONNECTIONS true"));
    }

    /// <summary>The command line of a node.</summary>
    public IEnumerable<string> Arguments()
    {
        yield return "--urls=http://127.0.0.1:0";
        yield return $"--LiveProctor:DataDirectory={folder}";
        yield return $"--LiveProctor:Bootstrap:AdminEmail={AdminEmail}";
        yield return $"--LiveProctor:Bootstrap:AdminPassword={AdminPassword}";
        if (postgres is not null)
        {
            yield return $"--ConnectionStrings:Postgres={postgres}";
        }

        if (redis is not null)
        {
            yield return $"--ConnectionStrings:Redis={redis.ConnectionString}";
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }

        if (redis is not null)
        {
            await redis.DisposeAsync();
        }

        if (postgres is not null)
        {
            await (await PostgresServer.Shared).Drop(postgres);
        }

        Directory.Delete(folder, recursive: true);
    }

    private sealed class Undo(Func<Task> undo) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await undo();
    }
}
