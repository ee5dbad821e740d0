using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveProctor.TestSupport;

namespace LiveProctor.Bench.Running;

/// <summary>
/// A server in a process of its own on loopback: the program, or a yardstick. Disposing it kills it, and so does the end of the bench, whatever that is:
/// a shell waits beside it for the end of a pipe.
/// </summary>
internal sealed class Server : IAsyncDisposable
{
    private const string Script = """
        "$@" < /dev/null &
        server=$!
        echo "$server"
        cat > /dev/null
        kill -KILL $server 2> /dev/null
        wait $server 2> /dev/null
        """;

    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();
    private readonly TaskCompletionSource<int> told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private Server(string[] command, string? folder, IReadOnlyDictionary<string, string> settings, int port)
    {
        Address = new IPEndPoint(IPAddress.Loopback, port);
        var start = new ProcessStartInfo("sh", ["-c", Script, "sh", .. command])
        {
            WorkingDirectory = folder ?? "/", RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        process.OutputDataReceived += (_, line) =>
        {
            // The shell's own line is the first.
            if (!told.Task.IsCompleted && int.TryParse(line.Data, System.Globalization.CultureInfo.InvariantCulture, out var id))
            {
                told.SetResult(id);
            }

            Note(line.Data);
        };
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>The server's own, not that of the shell beside it.</summary>
    public int ProcessId { get; private set; }

    private static IReadOnlyDictionary<string, string> Nothing { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What it printed last.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>The program, one node.</summary>
    /// <param name="settings">Configuration by key, as environment variables.</param>
    public static Task<Server> Program(IReadOnlyDictionary<string, string> settings)
    {
        var port = Child.FreePort();
        var all = new Dictionary<string, string>(settings, StringComparer.Ordinal) { ["Logging__LogLevel__Default"] = "Warning" };
        return Ready(new Server(["dotnet", Places.Program, "--urls", $"http://127.0.0.1:{port}"], Places.Web, all, port));
    }

    /// <summary>A yardstick of this executable, with the program's own runtime settings.</summary>
    /// <param name="arguments">What stands after <c>serve</c>.</param>
    public static Task<Server> Yardstick(params string[] arguments)
    {
        var port = Child.FreePort();
        string[] command = ["dotnet", "exec", "--runtimeconfig", Places.RuntimeSettings, typeof(Server).Assembly.Location, "serve", .. arguments, "--port", $"{port}"];
        return Ready(new Server(command, null, Nothing, port));
    }

    /// <summary>A yardstick in JavaScript.</summary>
    /// <param name="arguments">What it takes after its port.</param>
    public static async Task<Server> Node(string script, params string[] arguments)
    {
        await Npm.Install(Places.Yardsticks);
        var port = Child.FreePort();
        return await Ready(new Server(["node", Path.Combine(Places.Yardsticks, script), $"{port}", .. arguments], null, Nothing, port));
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill()
    {
        try
        {
            using var server = Process.GetProcessById(ProcessId);
            server.Kill();
        }
        catch (ArgumentException)
        {
            // It is gone.
        }
    }

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Server> Ready(Server server)
    {
        try
        {
            server.ProcessId = await server.told.Task.WaitAsync(TimeSpan.FromSeconds(60), TimeProvider.System);
            await Eventually.True(() => server.Answers(), $"A server listens at {server.Address}", TimeSpan.FromSeconds(60));
            return server;
        }
        catch (Exception)
        {
            Console.Error.WriteLine(server.Log);
            await server.DisposeAsync();
            throw;
        }
    }

    private bool Answers()
    {
        if (!Directory.Exists($"/proc/{ProcessId}"))
        {
            throw new InvalidOperationException("The server ended while it started.");
        }

        try
        {
            using var probe = new Socket(SocketType.Stream, ProtocolType.Tcp);
            probe.Connect(Address);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Note(string? line)
    {
        log.Enqueue(line ?? "");
        while (log.Count > 100)
        {
            log.TryDequeue(out _);
        }
    }
}
