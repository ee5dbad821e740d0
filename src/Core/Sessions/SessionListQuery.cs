using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Sessions;

/// <summary>What the session list is asked for: the query of <c>GET /api/v1/sessions</c>.</summary>
public sealed record SessionListQuery
{
    /// <summary>In name, code and join ID; at most 120 characters.</summary>
    public string? Search { get; init; }

    /// <summary>Without closed and cancelled sessions.</summary>
    public bool HidePast { get; init; }

    /// <summary>With those that ended more than three months ago.</summary>
    public bool ShowOld { get; init; }

    /// <summary>Only sessions in one of these phases; every phase when empty.</summary>
    public IReadOnlyList<SessionPhase> Phases { get; init; } = [];

    /// <summary>Only sessions of this proctor: a staff id, or <c>me</c>.</summary>
    public string? Proctor { get; init; }

    /// <summary>Only sessions whose window ends after this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Only sessions whose window begins before this.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>A column's name, <c>-</c> in front for descending; by name when left out.</summary>
    public string? Sort { get; init; }

    /// <summary>Where the page before ended.</summary>
    public string? Cursor { get; init; }

    /// <summary>1–200; 50 when left out.</summary>
    public int? Limit { get; init; }

    internal Problem? Wrong()
    {
        var check = new Check();
        check.That(SessionListSort.Of(Sort) is not null, "sort", $"The list sorts by {string.Join(", ", SessionListSort.Names)}; with - in front descending.");
        check.That(Limit is null or (>= 1 and <= 200), "limit", "A page has 1 to 200 rows.");
        check.That(Search is null || (Search.Length <= 120 && !Search.Any(char.IsControl)), "search", "Search for at most 120 characters, on one line.");
        check.That(string.IsNullOrEmpty(Proctor) || Id.Plausible(Proctor), "proctor", "Name a proctor by an id, or me.");
        check.That(From is null || To is null || From < To, "to", "The end of the range must be after its beginning.");
        return check.Failed(out var problem) ? problem : null;
    }
}

/// <summary>A column that the list can be ordered by, in one direction.</summary>
/// <param name="Table">Where it stands; of the phase, where its shelf does.</param>
/// <param name="Column">Its name there.</param>
/// <param name="Number">Whether its values are whole numbers.</param>
internal sealed record SessionListSort(string Table, string Column, bool Number, bool Descending)
{
    private static readonly Dictionary<string, (string Table, string Column, bool Number)> Columns = new(StringComparer.Ordinal)
    {
        ["name"] = ("session_list", "name_key", false),
        ["phase"] = ("session_list", "phase", true),
        ["opensAt"] = ("session_list", "opens_at", true),
        ["closesAt"] = ("session_list", "closes_at", true),
        ["code"] = ("session_list", "code_key", false),
        ["mode"] = ("session_list", "mode", false),
        ["joinId"] = ("session_list", "join_id", false),
        ["entries"] = ("session_counts", "entries", true),
        ["waiting"] = ("session_counts", "entries", true), // the same order: who waits comes first in it
        ["testing"] = ("session_counts", "testing", true),
        ["done"] = ("session_counts", "done", true),
    };

    /// <summary>The columns' names, as they are asked for.</summary>
    public static IEnumerable<string> Names => Columns.Keys;

    /// <summary>What was asked for; null when there is no such column.</summary>
    public static SessionListSort? Of(string? asked) =>
        Columns.TryGetValue(asked?.TrimStart('-') ?? "name", out var column)
            ? new SessionListSort(column.Table, column.Column, column.Number, asked?.StartsWith('-') == true)
            : null;
}
