using CsvHelper;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>Reads a .csv file (RFC 4180) with commas, semicolons, tabs or bars between its cells. Problems: importUnreadable, importTooLong.</summary>
internal static class CsvTable
{
    private const string Delimiters = ",;\t|";
    private const string NeverClosed = "A quotation mark is opened and never closed.";

    /// <param name="bytes">The file.</param>
    /// <param name="recognised">How many of a header's cells are names that are looked for: that tells the delimiter.</param>
    /// <param name="most">How many rows are taken, beside the header.</param>
    public static Result<FileTable> Read(byte[] bytes, Func<IReadOnlyList<string>, int> recognised, int most = FileLimits.Rows)
    {
        var decoded = TextDecoding.Read(bytes);
        if (decoded.Failed(out var problem))
        {
            return problem;
        }

        var (text, remark) = decoded.Value;
        var rows = new List<FileRow>();
        var (delimiter, skip) = Delimiter(text, recognised);
        foreach (var row in Rows(text, delimiter).Where(row => row.Line > skip && !row.IsEmpty))
        {
            if (row.Wrong.Contains(NeverClosed))
            {
                return new Problem(ProblemKind.ImportUnreadable, $"In row {row.Line} a quotation mark is opened and never closed.");
            }

            rows.Add(row);
            if (rows.Count > most + 1)
            {
                return ImportFile.TooLong(most);
            }
        }

        return new FileTable(rows, remark is null ? [] : [remark]);
    }

    private static IEnumerable<FileRow> Rows(string text, char delimiter)
    {
        CsvMalformedReason? reason = null;
        var options = new CsvReaderOptions
        {
            Separator = delimiter,
            HasHeader = false,
            SkipEmptyLines = false,
            DetectSeparatorHint = false,
            OnMalformedRecord = record => reason = record.Reason,
        };
        using var reader = CsvReader.FromText(text, options);
        while (reader.Read())
        {
            yield return new FileRow(reader.RowNumber, [.. Enumerable.Range(0, Math.Min(reader.FieldCount, FileLimits.Columns)).Select(reader.GetString)])
            {
                Wrong = reason switch
                {
                    CsvMalformedReason.UnterminatedQuote => [NeverClosed],
                    CsvMalformedReason.TextAfterClosingQuote => ["A cell goes on after its closing quotation mark."],
                    _ => [],
                },
            };
            reason = null;
        }
    }

    // Excel may put "sep=;" before everything else.
    private static (char Delimiter, int Skip) Delimiter(string text, Func<IReadOnlyList<string>, int> recognised)
    {
        var first = text.AsSpan(0, Math.Max(0, text.AsSpan().IndexOfAny('\r', '\n'))).Trim();
        if (first.Length == 5 && first.StartsWith("sep=", StringComparison.OrdinalIgnoreCase) && Delimiters.Contains(first[4], StringComparison.Ordinal))
        {
            return (first[4], 1);
        }

        return (Delimiters.MaxBy(delimiter => Header(text, delimiter, recognised)), 0);
    }

    private static int Header(string text, char delimiter, Func<IReadOnlyList<string>, int> recognised) =>
        Rows(text, delimiter).FirstOrDefault(row => !row.IsEmpty) is { } header ? recognised(header.Cells) : 0;
}
