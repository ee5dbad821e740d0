using LiveProctor.Core.Storage;
using Npgsql;

namespace LiveProctor.TestSupport;

/// <summary>
/// A private PostgreSQL cluster, one for all tests of a process. It ends with the process.
/// It does not wait for the disk; everything else is as in production.
/// </summary>
public sealed class PostgresServer
{
    private const string Template = "liveproctor_template";

    private const string Script = """
        set -e
        directory=$(mktemp -d "${TMPDIR:-/tmp}/liveproctor-postgres.XXXXXX")
        "$1/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$directory/initdb.log"
        "$1/postgres" -D "$directory/data" -p "$2" -k "$directory" -h 127.0.0.1 \
          -c fsync=off -c full_page_writes=off -c max_connections=400 -c shared_buffers=64MB > "$directory/log" 2>&1 &
        server=$!
        echo "$directory"
        cat > /dev/null
        kill -QUIT $server
        wait $server || true
        rm -rf "$directory"
        """;

    private static readonly Lazy<Task<PostgresServer>> Started = new(Start);
    private static int databases;

    private readonly Child child;
    private readonly int port;

    private PostgresServer(Child child, int port)
    {
        this.child = child;
        this.port = port;
    }

    /// <summary>The cluster of this process, started by the first who asks.</summary>
    public static Task<PostgresServer> Shared => Started.Value;

    /// <summary>A new database with every migration applied; answers its connection string.</summary>
    public Task<string> NewDatabase() => Create($"TEMPLATE {Template}");

    /// <summary>A new database with nothing in it; answers its connection string.</summary>
    public Task<string> NewEmptyDatabase() => Create("");

    /// <summary>Drops a database that this server made; whoever is connected is cut off.</summary>
    public Task Drop(string connectionString) =>
        Execute($"DROP DATABASE {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    private static async Task<PostgresServer> Start()
    {
        var free = Child.FreePort();
        var server = new PostgresServer(await Child.Start("postgres", Script, Binaries(), $"{free}"), free);
        await Eventually.True(server.Answers, "PostgreSQL takes connections", TimeSpan.FromSeconds(60));
        await server.Execute($"CREATE DATABASE {Template}");
        await using var db = Db.Postgres(server.ConnectionString(Template) + ";Pooling=false");
        await new Migrator(db).Run();
        return server;
    }

    private static string Binaries() =>
        Environment.GetEnvironmentVariable("POSTGRES_BIN")
        ?? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).Last() + "/bin";

    private async Task<string> Create(string how)
    {
        var name = $"test_{Interlocked.Increment(ref databases)}";
        await Execute($"CREATE DATABASE {name} {how}");
        return ConnectionString(name);
    }

    private string ConnectionString(string database) =>
        $"Host=127.0.0.1;Port={port};Username=postgres;Database={database};Include Error Detail=true";

    private async Task<bool> Answers()
    {
        if (child.Ended)
        {
            throw new InvalidOperationException("PostgreSQL ended while it started.");
        }

        try
        {
            await Execute("SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
