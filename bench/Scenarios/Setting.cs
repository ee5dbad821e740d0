using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>What a scenario is run with.</summary>
/// <param name="Full">At the sizes that the bars are judged by; otherwise small, within a minute.</param>
/// <param name="Postgres">The database server of the run.</param>
/// <param name="Only">The one size to run at; null for those of the scale.</param>
internal sealed record Setting(bool Full, DurablePostgres Postgres, int? Only = null)
{
    /// <summary>How often what is quick is measured; the median counts.</summary>
    public int Rounds => Full ? 3 : 1;

    /// <summary>The sizes of this scale, smallest first.</summary>
    public int[] Sizes(int[] small, int[] full) => Only is { } only ? [only] : Full ? full : small;

    /// <summary>The median.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
