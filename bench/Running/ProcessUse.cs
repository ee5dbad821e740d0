using System.Globalization;

namespace LiveProctor.Bench.Running;

/// <summary>What processes use, as the kernel counts it (proc(5)).</summary>
internal static class ProcessUse
{
    /// <summary>Of the counters below /proc; the same on every Linux that .NET runs on.</summary>
    public const double TicksPerSecond = 100;

    /// <summary>Seconds of processor time that the process has used, in user and kernel mode; 0 when it is gone.</summary>
    public static double Seconds(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[11], CultureInfo.InvariantCulture) + double.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>The same of a process and all that it started, those that are gone by now included.</summary>
    public static double SecondsOfFamily(int id) => Seconds(id) + SecondsOfEnded(id) + Children(id).Sum(SecondsOfFamily);

    /// <summary>Bytes of memory that the process holds in RAM.</summary>
    public static long Resident(int id) => Kilobytes(id, "VmRSS:") * 1024;

    private static double SecondsOfEnded(int id)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (double.Parse(fields[13], CultureInfo.InvariantCulture) + double.Parse(fields[14], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static IEnumerable<int> Children(int id)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{id}/task/{id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static long Kilobytes(int id, string name) => long.Parse(
        File.ReadLines($"/proc/{id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(),
        CultureInfo.InvariantCulture);
}
