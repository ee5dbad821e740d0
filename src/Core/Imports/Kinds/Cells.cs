namespace LiveProctor.Core.Imports.Kinds;

/// <summary>How the cells of every kind are read: an empty one leaves what is there, a dash empties it.</summary>
internal static class Cells
{
    /// <summary>The cell's text; empty when the file has no such column.</summary>
    public static string Get(this IReadOnlyDictionary<string, string> cells, string column) => cells.GetValueOrDefault(column, "");

    /// <summary>What the field shall be.</summary>
    /// <param name="now">What it is.</param>
    public static string Or(this string cell, string now) => cell switch { "" => now, "-" => "", _ => cell };

    /// <summary>The parts of a cell that holds several, with a semicolon or a bar between them.</summary>
    public static IReadOnlyList<string> Several(this string cell) =>
        [.. cell.Split([';', '|', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Adds a change when there is one.</summary>
    public static void Note(this List<FieldChange> changes, string field, string from, string to)
    {
        if (from != to)
        {
            changes.Add(new FieldChange(field, from, to));
        }
    }
}
