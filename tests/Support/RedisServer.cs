using System.Net.Sockets;
using System.Text;

namespace LiveProctor.TestSupport;

/// <summary>A private Redis that keeps nothing on disk, so that a restart loses everything. It ends with the process at the latest.</summary>
public sealed class RedisServer : IAsyncDisposable
{
    private const string Script = """
        redis-server --port "$1" --bind 127.0.0.1 --save "" --appendonly no --dir "${TMPDIR:-/tmp}" > /dev/null &
        server=$!
        echo "$server"
        cat > /dev/null
        kill -KILL $server
        wait $server 2> /dev/null
        """;

    private readonly int port;
    private Child? child;

    private RedisServer(int port) => this.port = port;

    /// <summary>As <c>ConnectionStrings:Redis</c> takes it.</summary>
    public string ConnectionString => $"127.0.0.1:{port}";

    /// <summary>Starts a new server on a free port.</summary>
    public static async Task<RedisServer> New()
    {
        var server = new RedisServer(Child.FreePort());
        await server.Start();
        return server;
    }

    /// <summary>Starts the server again, empty, on the same port.</summary>
    public async Task Start()
    {
        child = await Child.Start(user: null, Script, $"{port}");
        await Eventually.True(async () => await Command("PING") == "+PONG", "Redis answers");
    }

    /// <summary>Kills the server: connections break, data is lost.</summary>
    public async Task Stop()
    {
        if (child is not null)
        {
            await child.Stop();
            child.Dispose();
            child = null;
        }
    }

    /// <summary>Kills the server and starts it again, empty.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>Forgets all keys and scripts while connections stay.</summary>
    public async Task FlushAll()
    {
        await Command("FLUSHALL");
        await Command("SCRIPT FLUSH");
    }

    /// <summary>Sends one inline command over its own connection; answers the first line of the reply, null when the server is not there.</summary>
    public async Task<string?> Command(string command)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            await using var stream = client.GetStream();
            await stream.WriteAsync(Encoding.ASCII.GetBytes(command + "\r\n"));
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return await reader.ReadLineAsync();
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync() => await Stop();
}
