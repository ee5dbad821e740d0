using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace LiveProctor.TestSupport;

/// <summary>
/// A server started through a shell that ends it as soon as the tests' end of a pipe is closed: however the tests end, nothing stays behind.
/// </summary>
public sealed class Child : IDisposable
{
    private readonly Process process;

    private Child(Process process) => this.process = process;

    /// <summary>True once the server and its shell are gone.</summary>
    public bool Ended => process.HasExited;

    /// <summary>Runs a shell script that starts the server in the background, answers one line, and ends it when its input ends.</summary>
    /// <param name="user">The user to run as when the tests run as root; null for the same.</param>
    /// <param name="script">A POSIX shell script.</param>
    /// <param name="arguments">Its <c>$1</c>, <c>$2</c>, …</param>
    public static async Task<Child> Start(string? user, string script, params string[] arguments)
    {
        IEnumerable<string> command = ["sh", "-c", script, "sh", .. arguments];
        if (user is not null && Environment.IsPrivilegedProcess)
        {
            command = ["runuser", "-u", user, "--", .. command];
        }

        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            WorkingDirectory = "/",
        };
        var child = new Child(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start."));
        _ = await child.process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The server did not start: {string.Join(' ', arguments)}");
        return child;
    }

    /// <summary>A port that was free a moment ago.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Ends the server and waits until it is gone.</summary>
    public async Task Stop()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
    }

    public void Dispose() => process.Dispose();
}
