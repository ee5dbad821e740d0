using System.Globalization;
using System.Runtime.InteropServices;

namespace LiveProctor.Bench.Running;

/// <summary>What the figures are measured on.</summary>
internal static class Machine
{
    // Seconds of processor time in a second: a node at rest with ten thousand connections takes half of that.
    private const double Busy = 0.15;

    public static string Describe()
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown processor";
        return $"{Environment.ProcessorCount} × {processor}, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GB, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
    }

    /// <summary>
    /// Waits until everything on it, the load generator included, has done next to nothing for a second: whoever was busy goes on for some time after its
    /// answers, and compiles anew what it called often. What follows a rest in the field is measured after one here. On a machine that never rests: half a minute.
    /// </summary>
    public static async Task Rest()
    {
        const int most = 30;
        for (var (seconds, before) = (0, Worked()); seconds < most; seconds++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System);
            var now = Worked();
            if (now - before < Busy)
            {
                return;
            }

            before = now;
        }
    }

    // Of all processors: everything but idle time and waiting for the disk, which are the fourth and the fifth (proc(5)).
    private static double Worked() => File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..9]
        .Select(field => double.Parse(field, CultureInfo.InvariantCulture)).Where((_, place) => place is not (3 or 4)).Sum() / ProcessUse.TicksPerSecond;
}
