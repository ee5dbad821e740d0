using System.Globalization;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Imports.Writing;

namespace LiveProctor.Core.Imports;

/// <summary>The files that managers download: templates to fill in, and the report of an import, row for row.</summary>
public static class ImportFiles
{
    /// <summary>The media type of .xlsx.</summary>
    public const string XlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    public const string CsvType = "text/csv; charset=utf-8";

    /// <summary>An empty file with exactly the columns of the kind; null for a kind whose files other programs make.</summary>
    public static byte[]? Template(ImportKind kind, bool xlsx)
    {
        if (kind == ImportKind.OneRoster)
        {
            return null;
        }

        var columns = RowKinds.Of(kind).Columns;
        IReadOnlyList<string>[] header = [[.. columns.Select(column => column.Name)]];
        return xlsx
            ? Spreadsheet.Xlsx(new SheetText(XlsxTable.Sheet, header), new SheetText("Columns", columns.Select(column => new[] { column.Name, column.About }).Prepend(["Column", "What to enter"])))
            : Spreadsheet.Csv(header);
    }

    /// <summary>What became of each row, in the order of the file.</summary>
    public static byte[] Report(Import import, IReadOnlyList<ImportRow> rows, bool xlsx)
    {
        string[] columns = import.Kind == ImportKind.OneRoster ? [.. Kinds.StudentColumns.All.Select(column => column.Name)] : [.. RowKinds.Of(import.Kind).Columns.Select(column => column.Name)];
        var lines = rows.Select(row => (IReadOnlyList<string>)
        [
            row.Line.ToString(CultureInfo.InvariantCulture), row.Part, Word(import, row), string.Join(" ", row.Wrong), string.Join(" ", row.Remarks),
            string.Join("; ", row.Changes.Select(change => $"{change.Field}: {change.From} → {change.To}")), row.SubjectId ?? "",
            .. columns.Select(column => row.Cells.GetValueOrDefault(column, "")),
        ]).Prepend(["row", "file", "outcome", "problems", "remarks", "changes", "id", .. columns]);
        return xlsx ? Spreadsheet.Xlsx(new SheetText("Report", lines)) : Spreadsheet.Csv(lines);
    }

    // What has not happened must not read as if it had.
    private static string Word(Import import, ImportRow row) => (row.Outcome, row.Applied) switch
    {
        (RowOutcome.Reject, _) => "rejected",
        (RowOutcome.Same, _) => "left alone",
        (RowOutcome.Create, true) => "created",
        (RowOutcome.Update, true) => "updated",
        (RowOutcome.Create, false) => import.State == ImportState.Cancelled ? "not created, because the import was stopped" : "to be created",
        (RowOutcome.Remove, true) => "removed",
        (RowOutcome.Remove, false) => import.State == ImportState.Cancelled ? "not removed, because the import was stopped" : "to be removed",
        _ => import.State == ImportState.Cancelled ? "not updated, because the import was stopped" : "to be updated",
    };
}
