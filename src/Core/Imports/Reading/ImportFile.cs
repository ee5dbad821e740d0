using System.IO.Compression;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>Reads a file by what it holds, not by what it is called. Problems: importUnreadable, importTooLong.</summary>
internal static class ImportFile
{
    /// <summary>The rows of the file.</summary>
    /// <param name="recognised">How many of a header's cells are names that are looked for.</param>
    public static Result<FileTable> Read(byte[] bytes, Func<IReadOnlyList<string>, int> recognised)
    {
        if (bytes.Length == 0)
        {
            return new Problem(ProblemKind.ImportUnreadable, "The file is empty.");
        }

        return IsZip(bytes) ? OfZip(bytes)
            : Refuse(bytes) is { } sentence ? new Problem(ProblemKind.ImportUnreadable, sentence)
            : CsvTable.Read(bytes, recognised);
    }

    public static Problem Damaged => new(ProblemKind.ImportUnreadable, "The file is damaged or cut off. Save it again, or send it again.");

    public static Problem TooLong(int most) => new(ProblemKind.ImportTooLong, $"The file has more than {most:N0} rows. Import it in parts.");

    public static bool IsZip(byte[] bytes) => bytes.AsSpan().StartsWith("PK"u8);

    private static Result<FileTable> OfZip(byte[] bytes)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
            return zip.GetEntry("xl/workbook.xml") is not null || zip.GetEntry("[Content_Types].xml") is not null ? XlsxTable.Read(bytes)
                : zip.GetEntry("mimetype") is not null ? new Problem(ProblemKind.ImportUnreadable, "This is an OpenDocument file. Save it as .xlsx or .csv.")
                : new Problem(ProblemKind.ImportUnreadable, "This is a zip without a spreadsheet. For OneRoster choose the kind OneRoster.");
        }
        catch (InvalidDataException)
        {
            return Damaged;
        }
    }

    private static string? Refuse(byte[] bytes)
    {
        var start = bytes.AsSpan();
        if (start.StartsWith(new byte[] { 0xD0, 0xCF, 0x11, 0xE0 }))
        {
            return "This is an old Excel file (.xls), or one that a password protects. Save it as .xlsx without a password.";
        }

        start = start.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF }) ? start[3..] : start;
        start = start.TrimStart(" \t\r\n"u8);
        return start.Length > 0 && start[0] == '<' ? "This is a web page or XML, whatever its name says. Open it in your spreadsheet program and save it as .xlsx."
            : start.StartsWith("%PDF"u8) ? "This is a PDF. Save the table as .xlsx or .csv."
            : start.StartsWith("{\\rtf"u8) ? "This is a text document. Save the table as .xlsx or .csv."
            : null;
    }
}
