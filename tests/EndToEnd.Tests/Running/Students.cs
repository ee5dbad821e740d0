using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using LiveProctor.TestSupport;

namespace LiveProctor.EndToEnd.Tests.Running;

/// <summary>Something that happened to a student of <c>students.mjs</c>.</summary>
internal sealed record StudentEvent(string Student, string Event, JsonElement Details)
{
    public string? Text(string name) => Details.TryGetProperty(name, out var value) ? value.ToString() : null;
}

/// <summary>Many students on the official JavaScript client, in one process of Node.</summary>
internal sealed class Students : IDisposable
{
    private readonly Process process;
    private readonly ConcurrentQueue<StudentEvent> events = new();
    private readonly ConcurrentQueue<string> errors = new();

    private Students(Process process) => this.process = process;

    public IReadOnlyCollection<StudentEvent> Events => events;

    /// <param name="plan">See the head of <c>students.mjs</c>.</param>
    public static Students Start(object plan)
    {
        var start = new ProcessStartInfo(
            "node", [Path.Combine(AppContext.BaseDirectory, "Running", "students.mjs"), Repository.Pages, JsonSerializer.Serialize(plan, JsonSerializerOptions.Web)])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        var students = new Students(Process.Start(start) ?? throw new InvalidOperationException("Node did not start."));
        students.process.OutputDataReceived += (_, line) => students.Take(line.Data);
        students.process.ErrorDataReceived += (_, line) => students.errors.Enqueue(line.Data ?? "");
        students.process.BeginOutputReadLine();
        students.process.BeginErrorReadLine();
        return students;
    }

    /// <summary>Students to whom this happened, each once.</summary>
    public IReadOnlySet<string> Who(string happened, Func<StudentEvent, bool>? which = null) =>
        events.Where(item => item.Event == happened && which?.Invoke(item) != false).Select(item => item.Student).ToHashSet(StringComparer.Ordinal);

    /// <summary>Waits until it happened to so many students.</summary>
    public Task Until(string happened, int count, TimeSpan within, Func<StudentEvent, bool>? which = null) => Eventually.True(
        () => !process.HasExited || process.ExitCode == 0
            ? Who(happened, which).Count >= count
            : throw new InvalidOperationException($"The students' process failed:\n{string.Join('\n', errors)}"),
        $"{count} students: {happened}. Last heard:\n{string.Join('\n', events.TakeLast(30).Select(item => $"{item.Student} {item.Event} {item.Details}"))}",
        within);

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.Dispose();
    }

    private void Take(string? line)
    {
        if (line is { Length: > 0 })
        {
            var details = JsonDocument.Parse(line).RootElement;
            events.Enqueue(new StudentEvent(details.GetProperty("student").GetString()!, details.GetProperty("event").GetString()!, details));
        }
    }
}

/// <summary>Where things are in the source tree that these tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = Find();

#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    /// <summary>The folder of the pages' npm packages.</summary>
    public static string Pages => Path.Combine(Root, "src", "Web", "ClientApp");

    /// <summary>A built program's assembly.</summary>
    public static string Assembly(string folder, string name) => Path.Combine(Root, folder, "bin", Configuration, "net10.0", $"LiveProctor.{name}.dll");

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "LiveProctor.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar)) ?? throw new InvalidOperationException("Not inside the source tree.");
        }

        return folder;
    }
}
