using System.Globalization;
using LiveProctor.TestSupport;
using Npgsql;

namespace LiveProctor.Bench.Running;

/// <summary>
/// A private PostgreSQL that waits for the disk as one in production does: every commit that is acknowledged survives a power cut.
/// It ends, and its data with it, when the bench does.
/// </summary>
internal sealed class DurablePostgres : IAsyncDisposable
{
    private const string Script = """
        set -e
        directory=$(mktemp -d "${TMPDIR:-/tmp}/liveproctor-bench.XXXXXX")
        "$1/initdb" -D "$directory/data" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-sync > "$directory/initdb.log"
        "$1/postgres" -D "$directory/data" -p "$2" -k "$directory" -h 127.0.0.1 \
          -c fsync=on -c synchronous_commit=on -c full_page_writes=on -c max_connections=400 -c shared_buffers=256MB -c max_wal_size=4GB -c maintenance_work_mem=512MB \
          -c shared_preload_libraries=pg_stat_statements -c pg_stat_statements.track=all > "$directory/log" 2>&1 &
        server=$!
        echo "$server"
        cat > /dev/null
        kill -INT $server
        wait $server || true
        rm -rf "$directory"
        """;

    private readonly Child child;
    private readonly int port;
    private int databases;

    private DurablePostgres(Child child, int port)
    {
        this.child = child;
        this.port = port;
    }

    /// <summary>The id of its first process.</summary>
    public int ProcessId { get; private set; }

    public static async Task<DurablePostgres> Start()
    {
        var free = Child.FreePort();
        var server = new DurablePostgres(await Child.Start("postgres", Script, Binaries(), $"{free}"), free);
        await Eventually.True(server.Answers, "PostgreSQL takes connections", TimeSpan.FromSeconds(60));
        server.ProcessId = int.Parse((await server.Ask("postgres", "SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1)")).Trim(), CultureInfo.InvariantCulture);
        return server;
    }

    /// <summary>A new database with nothing in it; answers its connection string.</summary>
    public async Task<string> NewDatabase()
    {
        var name = $"bench_{Interlocked.Increment(ref databases)}";
        await Ask("postgres", $"CREATE DATABASE {name}");
        await Ask(name, "CREATE EXTENSION pg_stat_statements");
        return ConnectionString(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await child.Stop();
        child.Dispose();
    }

    private static string Binaries() =>
        Environment.GetEnvironmentVariable("POSTGRES_BIN")
        ?? Directory.GetDirectories("/usr/lib/postgresql").OrderBy(path => path.Length).ThenBy(path => path, StringComparer.Ordinal).Last() + "/bin";

    private string ConnectionString(string database) => $"Host=127.0.0.1;Port={port};Username=postgres;Database={database}";

    private async Task<bool> Answers()
    {
        if (child.Ended)
        {
            throw new InvalidOperationException("PostgreSQL ended while it started.");
        }

        try
        {
            await Ask("postgres", "SELECT 1");
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    private async Task<string> Ask(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture) ?? "";
    }
}
