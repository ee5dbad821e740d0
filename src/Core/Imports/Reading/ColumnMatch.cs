using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>A column of a template.</summary>
/// <param name="Name">As it stands in the header; compared without case, blanks, dashes and underscores.</param>
/// <param name="Needed">Whether a file without it makes no sense.</param>
/// <param name="About">What to enter, for the template's second sheet.</param>
public sealed record ImportColumn(string Name, bool Needed, string About);

/// <summary>Finds a template's columns in a file, in whatever order they stand. Problems: importUnreadable.</summary>
internal static class ColumnMatch
{
    /// <summary>How many of the cells name a column.</summary>
    public static int Recognised(IReadOnlyList<ImportColumn> columns, IReadOnlyList<string> header) =>
        header.Select(Plain).Distinct(StringComparer.Ordinal).Count(name => columns.Any(column => Plain(column.Name) == name));

    /// <summary>The rows with their cells by column, and what is to be said about the file.</summary>
    public static Result<(IReadOnlyList<NamedRow> Rows, IReadOnlyList<string> Remarks)> Read(IReadOnlyList<ImportColumn> columns, FileTable table)
    {
        if (table.Rows.Count == 0)
        {
            return new Problem(ProblemKind.ImportUnreadable, "The file is empty.");
        }

        var header = table.Rows[0];
        if (header.Wrong.Count > 0)
        {
            return new Problem(ProblemKind.ImportUnreadable, $"The row with the names of the columns cannot be read: {header.Wrong[0]}");
        }

        var names = header.Cells.Select(Plain).ToList();
        var places = columns.ToDictionary(column => column.Name, column => names.IndexOf(Plain(column.Name)), StringComparer.Ordinal);
        var twice = columns.FirstOrDefault(column => names.Count(name => name == Plain(column.Name)) > 1);
        if (twice is not null)
        {
            return new Problem(ProblemKind.ImportUnreadable, $"The column {twice.Name} is there twice. Keep one of them.");
        }

        var missing = columns.Where(column => column.Needed && places[column.Name] < 0).Select(column => column.Name).ToList();
        if (missing.Count > 0)
        {
            return new Problem(ProblemKind.ImportUnreadable, places.Values.All(place => place < 0)
                ? $"The first row must hold the names of the columns, as in the template: {string.Join(", ", columns.Select(column => column.Name))}."
                : $"{(missing.Count == 1 ? "A column is" : "Columns are")} missing: {string.Join(", ", missing)}.");
        }

        if (table.Rows.Count == 1)
        {
            return new Problem(ProblemKind.ImportUnreadable, "The file holds the names of the columns and no rows.");
        }

        var taken = places.Where(place => place.Value >= 0).Select(place => (place.Key, place.Value)).ToList();
        var ignored = header.Cells.Where((cell, index) => !string.IsNullOrWhiteSpace(cell) && !places.ContainsValue(index)).Select(cell => cell.Trim()).ToList();
        var remarks = new List<string>(table.Remarks);
        if (ignored.Count > 0)
        {
            remarks.Add($"Not looked at, because the template has no such column: {string.Join(", ", ignored.Take(20))}.");
        }

        return (table.Rows.Skip(1).Select(row => Named(row, taken, names)).ToList(), remarks);
    }

    private static NamedRow Named(FileRow row, List<(string Name, int Place)> taken, List<string> names)
    {
        var cells = new Dictionary<string, string>(StringComparer.Ordinal);
        var wrong = new List<string>(row.Wrong);
        foreach (var (name, place) in taken)
        {
            var text = place < row.Cells.Count ? row.Cells[place].Trim() : "";
            if (text.Length > FileLimits.Characters || !Check.CanBeShown(text, lines: true) || HasHalfCharacter(text))
            {
                wrong.Add($"{name} holds something that cannot be shown.");
                text = "";
            }

            // The same letter can be written in two ways (macOS writes the other one), and names are compared.
            cells[name] = text.Normalize();
        }

        if (row.Cells.Where((cell, index) => !string.IsNullOrWhiteSpace(cell) && (index >= names.Count || names[index].Length == 0)).Any())
        {
            wrong.Add("The row has cells that stand under no column: one may have slipped to the right.");
        }

        return new NamedRow(row.Line, cells) { Wrong = wrong, Remarks = row.Remarks };
    }

    private static bool HasHalfCharacter(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]) && (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[++at])))
            {
                return true;
            }
        }

        return false;
    }

    private static string Plain(string name) => new([.. name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant)]);
}

/// <summary>A row with its cells by the template's column names.</summary>
internal sealed record NamedRow(long Line, IReadOnlyDictionary<string, string> Cells)
{
    /// <summary>The file that it stands in, where there are several.</summary>
    public string Part { get; init; } = "";

    public IReadOnlyList<string> Wrong { get; init; } = [];

    public IReadOnlyList<string> Remarks { get; init; } = [];
}
