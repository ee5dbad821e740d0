using LiveProctor.Core.Imports.Kinds;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports;

/// <summary>What the rows of each kind mean, and how its files are read.</summary>
public static class RowKinds
{
    private static readonly SessionRows Sessions = new();
    private static readonly StudentRows Students = new(addsGroups: false);
    private static readonly OneRosterRows OneRoster = new();
    private static readonly GroupRows Groups = new();
    private static readonly RegistrationRows Registrations = new();

    internal static IRowKind Of(ImportKind kind) => kind switch
    {
        ImportKind.Sessions => Sessions,
        ImportKind.Students => Students,
        ImportKind.Groups => Groups,
        ImportKind.Registrations => Registrations,
        ImportKind.OneRoster => OneRoster,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };

    /// <summary>The file's rows, those that cannot be taken for what the file itself says already rejected. Problems: importUnreadable, importTooLong.</summary>
    public static Result<(IReadOnlyList<ImportRow> Rows, IReadOnlyList<string> Remarks)> Read(ImportKind kind, byte[] file)
    {
        var rows = Of(kind);
        if (kind == ImportKind.OneRoster)
        {
            return OneRosterZip.Read(file).Then(read => (Numbered(rows, read.Rows), read.Remarks));
        }

        var table = ImportFile.Read(file, header => ColumnMatch.Recognised(rows.Columns, header));
        var named = table.Failed(out var problem) ? problem : ColumnMatch.Read(rows.Columns, table.Value);
        return named.Then(read => (Numbered(rows, read.Rows), read.Remarks));
    }

    // Of rows that speak of the same thing the first counts: which of them is meant cannot be told, and to take the last would undo the first.
    private static IReadOnlyList<ImportRow> Numbered(IRowKind kind, IReadOnlyList<NamedRow> named)
    {
        var first = new Dictionary<string, long>(StringComparer.Ordinal);
        var rows = new List<ImportRow>(named.Count);
        foreach (var row in named)
        {
            var wrong = new List<string>(row.Wrong);
            var key = kind.Key(row.Cells);
            if (key.Length > 0 && wrong.Count == 0 && !first.TryAdd(key, row.Line))
            {
                wrong.Add($"Row {first[key]} of the file is about the same. Keep one of them.");
            }

            rows.Add(new ImportRow
            {
                Position = rows.Count + 1, Line = row.Line, Part = row.Part, Subject = kind.Subject(row.Cells), Cells = row.Cells, Remarks = row.Remarks,
                Outcome = wrong.Count > 0 ? RowOutcome.Reject : RowOutcome.Same, Wrong = wrong,
            });
        }

        return rows;
    }
}
