using System.Globalization;
using System.IO.Compression;
using System.Text;
using ExcelDataReader;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>Reads the sheet <c>Import</c> of an .xlsx file. Problems: importUnreadable, importTooLong.</summary>
internal static class XlsxTable
{
    /// <summary>The sheet's name in every template.</summary>
    public const string Sheet = "Import";

    // A number has fifteen digits in a spreadsheet; a longer one was cut before it came here.
    private const double MostExact = 1e15;

    private const int MostMerged = 1000;

    // The reader goes through every row up to the last, also where there is none, each as wide as the sheet.
    private const int MostLines = 100_000;
    private const int MostColumns = 16_384;

    public static Result<FileTable> Read(byte[] bytes, int most = FileLimits.Rows)
    {
        if (SafeZip.WhyNot(bytes) is { } problem)
        {
            return problem;
        }

        try
        {
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
            using var reader = ExcelReaderFactory.CreateOpenXmlReader(new MemoryStream(bytes, writable: false));
            var number = Choose(reader);
            return number.Failed(out problem) ? problem : Rows(reader, SheetMarks.Read(zip, number.Value), most);
        }
#pragma warning disable CA1031 // Whatever a reader of other people's files stumbles over is wrong with the file; it names its faults in no common way.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ImportFile.Damaged;
        }
    }

    // The number of the sheet, from 0 in the workbook's order; the reader stands at it afterwards. To go back would read every sheet again.
    private static Result<int> Choose(IExcelDataReader reader)
    {
        if (reader.ResultsCount == 1)
        {
            return 0;
        }

        var number = 0;
        do
        {
            if (IsOurs(reader))
            {
                return number;
            }

            number++;
        }
        while (reader.NextResult());
        return new Problem(ProblemKind.ImportUnreadable, $"The file has several sheets and none of them is called {Sheet}. Give the one to import that name.");
    }

    private static bool IsOurs(IExcelDataReader reader) => string.Equals(reader.Name?.Trim(), Sheet, StringComparison.OrdinalIgnoreCase);

    private static Result<FileTable> Rows(IExcelDataReader reader, SheetMarks marks, int most)
    {
        if (!marks.Ordered || marks.LastColumn > MostColumns)
        {
            return ImportFile.Damaged;
        }

        if (marks.LastRow > MostLines)
        {
            return new Problem(ProblemKind.ImportUnreadable, $"The sheet has cells below row {MostLines:N0}. Delete the rows there, or copy those that count into a new file.");
        }

        if (marks.Merged.Count > MostMerged)
        {
            return new Problem(ProblemKind.ImportUnreadable, $"The sheet has more than {MostMerged:N0} groups of merged cells. Split them first.");
        }

        var rows = new List<FileRow>();
        while (reader.Read())
        {
            var row = Row(reader, marks);
            if (row.IsEmpty)
            {
                continue;
            }

            rows.Add(row);
            if (rows.Count > most + 1)
            {
                return ImportFile.TooLong(most);
            }
        }

        return new FileTable(rows, IsOurs(reader) ? [] : [$"The sheet is called {reader.Name}, not {Sheet}; it was read because it is the only one."]);
    }

    private static FileRow Row(IExcelDataReader reader, SheetMarks marks)
    {
        var line = reader.Depth + 1;
        var cells = new string[Math.Min(reader.FieldCount, FileLimits.Columns)];
        var wrong = new List<string>();
        for (var column = 0; column < cells.Length; column++)
        {
            var value = reader.GetValue(column);
            if (value is double and (>= MostExact or <= -MostExact))
            {
                wrong.Add($"{Name(column)}{line} holds a number of more than 15 digits, which a spreadsheet cuts. Format the column as text and enter it again.");
            }

            cells[column] = Text(value, reader.GetNumberFormatString(column));
        }

        wrong.AddRange(marks.Errors.GetValueOrDefault(line, []).Select(cell => $"{cell} holds an error, such as #N/A, instead of a value."));
        wrong.AddRange(marks.Merged.Where(merged => merged.From <= line && line <= merged.To).Select(merged => $"The cells {merged.Cells} are merged. Split them, and fill in each row."));
        var formulas = marks.Formulas.GetValueOrDefault(line) ?? [];
        wrong.AddRange(formulas.Where(formula => !formula.HasValue).Select(formula => $"{formula.Cell} is a formula whose result is not in the file. Put the value itself there."));
        var remarks = new List<string>();
        if (formulas.Count > 0)
        {
            remarks.Add($"{string.Join(", ", formulas.Take(5).Select(formula => formula.Cell))}: a formula; the result that the file holds was taken.");
        }

        if (marks.HiddenRows.Contains(line))
        {
            remarks.Add("The row is hidden in the file.");
        }

        return new FileRow(line, cells) { Wrong = wrong, Remarks = remarks };
    }

    /// <summary>A cell as a person reads it: a whole number with the zeros that its format puts in front, a date as in ISO 8601.</summary>
    private static string Text(object? value, string? format) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        DateTime at => Date(at),
        TimeSpan time => Round(DateTime.UnixEpoch + time).ToString("HH:mm", CultureInfo.InvariantCulture),
        double number when Math.Floor(number) == number && Math.Abs(number) < MostExact => number.ToString(Zeros(format), CultureInfo.InvariantCulture),
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Date(DateTime at)
    {
        var minute = Round(at);
        if (minute.Year <= 1900)
        {
            // A time without a day counts from the day before the first.
            return minute.ToString("HH:mm", CultureInfo.InvariantCulture);
        }

        return minute.TimeOfDay == TimeSpan.Zero
            ? minute.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
            : minute.ToString("yyyy-MM-dd'T'HH:mm", CultureInfo.InvariantCulture);
    }

    // A time is a fraction of a day, so it is never quite the minute that was entered.
    private static DateTime Round(DateTime at) => new((at.Ticks + (TimeSpan.TicksPerMinute / 2)) / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, DateTimeKind.Unspecified);

    private static string Zeros(string? format) => format is { Length: > 1 and <= 30 } && format.All(character => character == '0') ? format : "0";

    /// <summary>A column's letters.</summary>
    /// <param name="column">From 0.</param>
    internal static string Name(int column) => column < 26 ? ((char)('A' + column)).ToString() : Name((column / 26) - 1) + Name(column % 26);
}
