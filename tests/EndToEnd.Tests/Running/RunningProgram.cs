using System.Collections.Concurrent;
using System.Diagnostics;

namespace LiveProctor.EndToEnd.Tests.Running;

/// <summary>A program of this repository as its own process, as it is deployed. It can be killed as a power cut would, and started again.</summary>
internal sealed class RunningProgram(string assembly, string folder, string address, IReadOnlyDictionary<string, string?> environment) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> log = new();
    private Process? process;

    /// <summary>Where it listens.</summary>
    public string Address => address;

    /// <summary>What it printed, for the message of a test that fails.</summary>
    public string Log => string.Join('\n', log.TakeLast(60));

    public bool Running => process is { HasExited: false };

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task Start(string health)
    {
        var start = new ProcessStartInfo("dotnet", [assembly, "--urls", address])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        process = Process.Start(start) ?? throw new InvalidOperationException($"{assembly} did not start.");
        process.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await TestSupport.Eventually.True(() => Answers(health), $"{Path.GetFileName(assembly)} answers at {address}\n{Log}", TimeSpan.FromSeconds(60));
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task Kill()
    {
        if (process is { HasExited: false } running)
        {
            running.Kill();
            await running.WaitForExitAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process?.Dispose();
    }

    private async Task<bool> Answers(string health)
    {
        if (process!.HasExited)
        {
            throw new InvalidOperationException($"{Path.GetFileName(assembly)} ended while it started:\n{Log}");
        }

        try
        {
            using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
            return (await http.GetAsync(new Uri(address + health))).IsSuccessStatusCode;
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
