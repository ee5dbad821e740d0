using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>What a scenario is run with.</summary>
/// <param name="Full">At the sizes that the bars are judged by; otherwise small, within a minute.</param>
/// <param name="Postgres">The database server of the run.</param>
internal sealed record Setting(bool Full, DurablePostgres Postgres)
{
    /// <summary>How often what is quick is measured; the median counts.</summary>
    public int Rounds => Full ? 3 : 1;

    /// <summary>The sizes of this scale, smallest first.</summary>
    public T[] Sizes<T>(T[] small, T[] full) => Full ? full : small;

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
