namespace LiveProctor.Bench.Results;

/// <summary>Compares a run with the committed figures, as ratios: machines differ, and what stands beside a yardstick of its own run does not.</summary>
internal static class Guard
{
    // Small runs are short and noisy: what is worse by less than this is not told.
    private const double Tolerance = 1.6;

    /// <summary>A line for each figure that is much worse than committed.</summary>
    public static IReadOnlyList<string> Worse(IReadOnlyList<Row> committed, IReadOnlyList<Row> measured)
    {
        var lines = new List<string>();
        foreach (var row in measured.Where(row => row.Bar.Length > 0))
        {
            var before = committed.FirstOrDefault(other =>
                other.Scenario == row.Scenario && other.Metric == row.Metric && other.Size == row.Size && other.Against == row.Against);
            if (before is null)
            {
                continue;
            }

            var (then, now) = (before.Ratio ?? before.Ours, row.Ratio ?? row.Ours);
            var factor = row.Bar.StartsWith('≥') ? then / now : now / then;
            if ((then == 0 && now > 0) || factor > Tolerance)
            {
                lines.Add($"{row.Scenario}, {row.Metric} at {row.Size}: {Figure.Of(now)}, committed {Figure.Of(then)}");
            }
        }

        return lines;
    }
}
