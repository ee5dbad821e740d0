using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.Bench.Results;

/// <summary>One measured figure beside its yardstick.</summary>
/// <param name="Scenario">P1–P11 by its short name.</param>
/// <param name="Metric">What was measured.</param>
/// <param name="Unit">Of both figures.</param>
/// <param name="Size">How large the scenario was; its meaning stands in docs/performance.md.</param>
/// <param name="Ours">The program's figure.</param>
/// <param name="Against">What the yardstick is; empty when the bar is a plain figure.</param>
/// <param name="Yardstick">The yardstick's figure, of the same run.</param>
/// <param name="Ratio">Ours by the yardstick's.</param>
/// <param name="Bar">What is demanded, in words; empty when the figure is only told.</param>
/// <param name="Kept">Whether the bar is kept; null without one.</param>
/// <param name="Beyond">Whether the aim beyond the bar is reached too; null without one.</param>
internal sealed record Row(
    string Scenario, string Metric, string Unit, long Size, double Ours, string Against, double? Yardstick, double? Ratio, string Bar, bool? Kept, bool? Beyond)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The row as one line of JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static Row Parse(string line) => JsonSerializer.Deserialize<Row>(line, Options)!;
}

/// <summary>What a figure must not exceed, or must reach.</summary>
/// <param name="Limit">Of the ratio, or of the figure itself.</param>
/// <param name="Aim">Better than the limit.</param>
/// <param name="AtLeast">More is better.</param>
/// <param name="OfRatio">The limit is one of the ratio.</param>
internal sealed record Bar(double Limit, double? Aim, bool AtLeast, bool OfRatio)
{
    /// <summary>Ours is at most so many times the yardstick.</summary>
    public static Bar Times(double limit, double? aim = null) => new(limit, aim, AtLeast: false, OfRatio: true);

    /// <summary>Ours is at least so many times the yardstick.</summary>
    public static Bar AtLeastTimes(double limit, double? aim = null) => new(limit, aim, AtLeast: true, OfRatio: true);

    /// <summary>The figure is at most this.</summary>
    public static Bar AtMost(double limit, double? aim = null) => new(limit, aim, AtLeast: false, OfRatio: false);

    /// <summary>The figure is at least this.</summary>
    public static Bar Reach(double limit, double? aim = null) => new(limit, aim, AtLeast: true, OfRatio: false);

    public string Text => FormattableString.Invariant($"{(AtLeast ? "≥" : "≤")} {Limit:0.####}{(OfRatio ? "×" : "")}");

    public bool Holds(double value) => Reaches(Limit, value);

    public bool? HoldsBeyond(double value) => Aim is { } aim ? Reaches(aim, value) : null;

    private bool Reaches(double limit, double value) => !double.IsNaN(value) && (AtLeast ? value >= limit : value <= limit);
}
