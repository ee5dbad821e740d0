using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Bench.Scenarios;

namespace LiveProctor.Bench;

/// <summary>What the command line asks for.</summary>
internal static class Runs
{
    /// <summary>Runs scenarios; answers 0 when every bar is kept.</summary>
    public static async Task<int> Run(string list, bool full, int? size, string? json, string? charts)
    {
        var rows = await Measure(Catalogue.Choose(list), full, size, json);
        Report.Print(rows);
        if (charts is not null)
        {
            Charts.Write(rows, charts);
        }

        var missed = rows.Count(row => row.Kept == false);
        Console.WriteLine(missed == 0 ? "Every bar is kept." : $"{missed} bars are not kept.");
        return missed == 0 ? 0 : 1;
    }

    /// <summary>Draws figures that were measured before.</summary>
    public static Task<int> Draw(string figures, string folder)
    {
        var rows = Read(figures);
        Report.Print(rows);
        Charts.Write(rows, folder);
        return Task.FromResult(0);
    }

    /// <summary>Measures at small scale and compares with the committed figures; answers 0 when nothing has become much worse.</summary>
    /// <param name="json">Where the new figures go, for whoever means them to be the committed ones.</param>
    public static async Task<int> Guard(string? json)
    {
        var committed = Read(Path.Combine(Places.Root, "bench", "figures", "small.json"));
        var rows = await Measure(Catalogue.Choose("all"), full: false, size: null, json);
        var worse = Results.Guard.Worse(committed, rows);
        Report.Print(rows);
        foreach (var line in worse)
        {
            Console.WriteLine(line);
        }

        Console.WriteLine(worse.Count == 0 ? "Nothing has become worse." : $"{worse.Count} figures have become worse.");
        return worse.Count == 0 ? 0 : 1;
    }

    private static List<Row> Read(string file) => [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Row.Parse)];

    private static async Task<List<Row>> Measure(
        IReadOnlyList<(string Name, string Title, Func<Setting, Report, Task> Run)> scenarios, bool full, int? size, string? json)
    {
        var rows = new List<Row>();
        await Published.Make();
        await using var postgres = await DurablePostgres.Start();
        await using var lines = json is null ? null : new StreamWriter(json, append: false) { AutoFlush = true };
        Console.Error.WriteLine(Machine.Describe());
        foreach (var (name, title, run) in scenarios)
        {
            Console.Error.WriteLine($"{title} ({(full ? "full" : "small")})");
            var report = new Report(name);
            var started = TimeProvider.System.GetTimestamp();
            try
            {
                await run(new Setting(full, postgres, size), report);
            }
#pragma warning disable CA1031 // A scenario that cannot be run must not take the others with it; it counts as not kept.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                Console.Error.WriteLine(fault);
                report.Zero($"failed: {fault.Message.Split('\n')[0]}", 0, 1);
            }

            foreach (var row in report.Rows)
            {
                lines?.WriteLine(row.ToJson());
            }

            rows.AddRange(report.Rows);
            Console.Error.WriteLine($"  {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s");
        }

        return rows;
    }
}
