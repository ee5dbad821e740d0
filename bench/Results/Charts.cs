using System.Globalization;
using System.Net;
using System.Text;
using LiveProctor.Bench.Scenarios;

namespace LiveProctor.Bench.Results;

/// <summary>Draws figures: one picture a scenario, a panel a metric, bars of the program and its yardsticks at each size; and tables of all of them.</summary>
internal static class Charts
{
    private const int PanelWidth = 440;
    private const int PanelHeight = 250;
    private const int PlotTop = 46;
    private const int PlotHeight = 150;
    private const string Ours = "LiveProctor";

    // Readable on light and dark pages, and told apart without colour by their order.
    private const string Style = """
        text{font:12px system-ui,sans-serif;fill:#1f2933}.title{font-weight:600}.small{font-size:10px;fill:#52606d}.value{font-size:9px}.line{stroke:#9aa5b1}
        .s0{fill:#1f6feb}.s1{fill:#8b98a5}.s2{fill:#c08a3e}.s3{fill:#6a9f58}.s4{fill:#a56cb0}
        @media (prefers-color-scheme:dark){text{fill:#e4e7eb}.small{fill:#9aa5b1}.line{stroke:#52606d}.s0{fill:#5b9dff}}
        """;

    /// <summary>Writes <c>NAME.svg</c> for each scenario and <c>figures.md</c> into a folder.</summary>
    public static void Write(IReadOnlyList<Row> rows, string folder)
    {
        Directory.CreateDirectory(folder);
        var tables = new StringBuilder("# Figures\n\nWritten by the bench; [performance.md](../performance.md) says what they mean.\n");
        foreach (var scenario in rows.GroupBy(row => row.Scenario, StringComparer.Ordinal))
        {
            var panels = scenario
                .Where(row => row.Unit.Length > 0 && !double.IsNaN(row.Ours))
                .GroupBy(row => row.Metric, StringComparer.Ordinal)
                .Where(metric => metric.Any(row => row.Yardstick is not null))
                .ToList();
            tables.Append(CultureInfo.InvariantCulture, $"\n## {Catalogue.Title(scenario.Key)}\n\n");
            if (panels.Count > 0)
            {
                File.WriteAllText(Path.Combine(folder, $"{scenario.Key}.svg"), Picture(panels));
                tables.Append(CultureInfo.InvariantCulture, $"![{Catalogue.Title(scenario.Key)}]({scenario.Key}.svg)\n\n");
            }

            Table(tables, scenario);
        }

        File.WriteAllText(Path.Combine(folder, "figures.md"), tables.ToString());
    }

    private static void Table(StringBuilder text, IEnumerable<Row> rows)
    {
        text.Append("| metric | size | ours | yardstick | ratio | bar | kept |\n|---|---:|---:|---|---:|---|---|\n");
        foreach (var row in rows)
        {
            var yardstick = row.Yardstick is { } figure ? $"{Figure.Of(figure, row.Unit)} {row.Against}" : "";
            var kept = row.Kept switch { true => row.Beyond == true ? "yes, beyond" : "yes", false => "**no**", null => "" };
            text.Append(CultureInfo.InvariantCulture, $"| {row.Metric} | {row.Size:#,0} | {Figure.Of(row.Ours, row.Unit)} | {yardstick} | {(row.Ratio is { } ratio ? Figure.Of(ratio) + "×" : "")} | {row.Bar} | {kept} |\n");
        }
    }

    private static string Picture(IReadOnlyList<IGrouping<string, Row>> panels)
    {
        var rows = (panels.Count + 1) / 2;
        var width = panels.Count == 1 ? PanelWidth : PanelWidth * 2;
        var svg = new StringBuilder($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {rows * PanelHeight}\" width=\"{width}\" role=\"img\"><style>{Style}</style>\n");
        for (var index = 0; index < panels.Count; index++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<g transform=\"translate({index % 2 * PanelWidth},{index / 2 * PanelHeight})\">");
            Panel(svg, panels[index]);
            svg.Append("</g>\n");
        }

        return svg.Append("</svg>\n").ToString();
    }

    private static void Panel(StringBuilder svg, IGrouping<string, Row> metric)
    {
        var sizes = metric.Select(row => row.Size).Distinct().Order().ToList();
        var series = metric.Select(row => row.Against).Where(against => against.Length > 0).Distinct(StringComparer.Ordinal).Prepend(Ours).ToList();
        double? Value(string name, long size) => name == Ours
            ? metric.First(row => row.Size == size).Ours
            : metric.FirstOrDefault(row => row.Size == size && row.Against == name)?.Yardstick;
        var most = sizes.SelectMany(size => series.Select(name => Value(name, size) ?? 0)).Max();
        svg.Append(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"16\" y=\"18\">{WebUtility.HtmlEncode(metric.Key)}, {metric.First().Unit}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<line class=\"line\" x1=\"16\" x2=\"{PanelWidth - 16}\" y1=\"{PlotTop + PlotHeight}\" y2=\"{PlotTop + PlotHeight}\"/>");
        var group = (PanelWidth - 32.0) / sizes.Count;
        var bar = Math.Min(34, (group - 20) / series.Count);
        for (var at = 0; at < sizes.Count; at++)
        {
            var left = 16 + (at * group) + ((group - (bar * series.Count)) / 2);
            for (var number = 0; number < series.Count; number++)
            {
                if (Value(series[number], sizes[at]) is { } value && !double.IsNaN(value))
                {
                    var height = most > 0 ? Math.Max(1, value / most * PlotHeight) : 1;
                    var x = left + (number * bar);
                    svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{number}\" x=\"{x:0.#}\" y=\"{PlotTop + PlotHeight - height:0.#}\" width=\"{bar - 3:0.#}\" height=\"{height:0.#}\"><title>{WebUtility.HtmlEncode(series[number])}: {Figure.Of(value, metric.First().Unit)}</title></rect>");
                    svg.Append(CultureInfo.InvariantCulture, $"<text class=\"small value\" text-anchor=\"middle\" x=\"{x + ((bar - 3) / 2):0.#}\" y=\"{PlotTop + PlotHeight - height - 4:0.#}\">{Figure.Of(value)}</text>");
                }
            }

            svg.Append(CultureInfo.InvariantCulture, $"<text text-anchor=\"middle\" x=\"{16 + ((at + 0.5) * group):0.#}\" y=\"{PlotTop + PlotHeight + 16}\">{sizes[at]:#,0}</text>");
        }

        var (legend, below) = (16.0, PanelHeight - 28);
        for (var number = 0; number < series.Count; number++)
        {
            var name = WebUtility.HtmlEncode(series[number]);
            var wide = 24 + (series[number].Length * 5.3);
            if (legend + wide > PanelWidth)
            {
                (legend, below) = (16.0, below + 14);
            }

            svg.Append(CultureInfo.InvariantCulture, $"<rect class=\"s{number}\" x=\"{legend:0.#}\" y=\"{below}\" width=\"9\" height=\"9\"/><text class=\"small\" x=\"{legend + 13:0.#}\" y=\"{below + 8}\">{name}</text>");
            legend += wide;
        }
    }
}
