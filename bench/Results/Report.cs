using Spectre.Console;

namespace LiveProctor.Bench.Results;

/// <summary>Collects the figures of a run, says each as soon as it is known, and prints the table at the end.</summary>
internal sealed class Report(string scenario)
{
    private readonly List<Row> rows = [];

    public IReadOnlyList<Row> Rows => rows;

    /// <summary>A figure without a yardstick.</summary>
    public void Tell(string metric, string unit, long size, double ours, Bar? bar = null) => Add(metric, unit, size, ours, "", null, bar);

    /// <summary>A figure beside its yardstick.</summary>
    public void Compare(string metric, string unit, long size, double ours, string against, double yardstick, Bar? bar = null) =>
        Add(metric, unit, size, ours, against, yardstick, bar);

    /// <summary>How the figure grows with the size: the exponent between the smallest and the largest size measured. 1 is proportional, 0 is constant.</summary>
    public void Slope(string metric, string against = "")
    {
        var measured = rows.Where(row => row.Metric == metric && row.Against == against && row.Ours > 0).OrderBy(row => row.Size).ToList();
        if (measured.Count > 1 && measured[^1].Size > measured[0].Size)
        {
            var (first, last) = (measured[0], measured[^1]);
            var theirs = first.Yardstick > 0 && last.Yardstick > 0 ? Exponent(first.Size, first.Yardstick.Value, last.Size, last.Yardstick.Value) : (double?)null;
            rows.Add(new Row(
                scenario, $"{metric}: grows as size to the power of", "", last.Size, Exponent(first.Size, first.Ours, last.Size, last.Ours), against, theirs, null, "", null, null));
        }
    }

    /// <summary>Something that must be so: 0 is demanded.</summary>
    public void Zero(string metric, long size, double ours) => Add(metric, "", size, ours, "", null, Bar.AtMost(0));

    /// <summary>The table of many scenarios' figures.</summary>
    public static void Print(IEnumerable<Row> rows)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in (string[])["scenario", "metric", "size", "ours", "yardstick", "ratio", "bar", "kept"])
        {
            table.AddColumn(new TableColumn(column) { NoWrap = column is not ("metric" or "yardstick"), Alignment = column is "ours" or "ratio" or "size" ? Justify.Right : Justify.Left });
        }

        foreach (var row in rows)
        {
            table.AddRow(
                new Text(row.Scenario), new Text(row.Metric), new Text($"{row.Size:#,0}"), new Text(Figure.Of(row.Ours, row.Unit)),
                new Text(row.Yardstick is { } yardstick ? $"{Figure.Of(yardstick, row.Unit)} {row.Against}".Trim() : ""),
                new Text(row.Ratio is { } ratio ? Figure.Of(ratio) + "×" : ""), new Text(row.Bar), Kept(row));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect });
        console.Profile.Width = Math.Max(console.Profile.Width, 160);
        console.Write(table);
    }

    private static Text Kept(Row row) => row.Kept switch
    {
        true => new Text(row.Beyond == true ? "yes, beyond" : "yes", new Style(Color.Green)),
        false => new Text("NO", new Style(Color.Red, decoration: Decoration.Bold)),
        null => new Text(""),
    };

    private static double Exponent(double size, double value, double largerSize, double largerValue) => Math.Log(largerValue / value) / Math.Log(largerSize / size);

    private void Add(string metric, string unit, long size, double ours, string against, double? yardstick, Bar? bar)
    {
        var ratio = yardstick is { } divisor && divisor != 0 ? ours / divisor : (double?)null;
        var judged = bar is { OfRatio: true } ? ratio ?? double.NaN : ours;
        var row = new Row(scenario, metric, unit, size, ours, against, yardstick, ratio, bar?.Text ?? "", bar?.Holds(judged), bar?.HoldsBeyond(judged));
        rows.Add(row);
        Console.Error.WriteLine(
            $"  {scenario} {metric} at {size}: {Figure.Of(ours, unit)}{(yardstick is null ? "" : $", {against} {Figure.Of(yardstick.Value, unit)}, {Figure.Of(ratio ?? double.NaN)}×")}{(row.Kept is { } kept ? $" ({row.Bar} {(kept ? "kept" : "NOT kept")})" : "")}");
    }
}

/// <summary>Figures as people read them: three digits that count, and a unit.</summary>
internal static class Figure
{
    public static string Of(double value, string unit = "")
    {
        if (double.IsNaN(value))
        {
            return "–";
        }

        var text = Math.Abs(value) switch
        {
            0 => "0",
            >= 1000 => FormattableString.Invariant($"{value:#,0}"),
            >= 100 => FormattableString.Invariant($"{value:0}"),
            >= 10 => FormattableString.Invariant($"{value:0.0}"),
            _ => FormattableString.Invariant($"{value:0.00}"),
        };
        return unit.Length > 0 ? $"{text} {unit}" : text;
    }
}
