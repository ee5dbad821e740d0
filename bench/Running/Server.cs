using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using LiveProctor.TestSupport;

namespace LiveProctor.Bench.Running;

/// <summary>A server in a process of its own on loopback: the program, or a yardstick. Disposing it kills it.</summary>
internal sealed class Server : IAsyncDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<string> log = new();

    private Server(ProcessStartInfo start, int port)
    {
        Address = new IPEndPoint(IPAddress.Loopback, port);
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.UseShellExecute = false;
        process = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        process.OutputDataReceived += (_, line) => Note(line.Data);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    public int ProcessId => process.Id;

    /// <summary>What it printed last.</summary>
    public string Log => string.Join('\n', log);

    /// <summary>The program, one node.</summary>
    /// <param name="settings">Configuration by key, as environment variables.</param>
    public static Task<Server> Program(IReadOnlyDictionary<string, string> settings)
    {
        var port = Child.FreePort();
        var start = new ProcessStartInfo("dotnet", [Places.Program, "--urls", $"http://127.0.0.1:{port}"]) { WorkingDirectory = Places.Web };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        start.Environment["Logging__LogLevel__Default"] = "Warning";
        return Ready(new Server(start, port));
    }

    /// <summary>A yardstick of this executable, with the program's own runtime settings.</summary>
    /// <param name="arguments">What stands after <c>serve</c>.</param>
    public static Task<Server> Yardstick(params string[] arguments)
    {
        var port = Child.FreePort();
        return Ready(new Server(
            new ProcessStartInfo(
                "dotnet",
                ["exec", "--runtimeconfig", Places.RuntimeSettings, typeof(Server).Assembly.Location, "serve", .. arguments, "--port", $"{port}"]),
            port));
    }

    /// <summary>A yardstick in JavaScript.</summary>
    /// <param name="arguments">What it takes after its port.</param>
    public static async Task<Server> Node(string script, params string[] arguments)
    {
        await Npm.Install(Places.Yardsticks);
        var port = Child.FreePort();
        return await Ready(new Server(new ProcessStartInfo("node", [Path.Combine(Places.Yardsticks, script), $"{port}", .. arguments]), port));
    }

    /// <summary>SIGKILL: no handler runs.</summary>
    public void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<Server> Ready(Server server)
    {
        try
        {
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
        if (process.HasExited)
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
