using System.Text;
using CsvHelper;
using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;
using LiveProctor.Core.Imports.Reading;

namespace LiveProctor.Core.Imports.Writing;

/// <summary>A sheet to be written.</summary>
/// <param name="Rows">All of them texts: nothing that somebody entered becomes a formula in another's spreadsheet program.</param>
internal sealed record SheetText(string Name, IEnumerable<IReadOnlyList<string>> Rows);

/// <summary>Writes files that people open in a spreadsheet program.</summary>
internal static class Spreadsheet
{
    /// <summary>An .xlsx file. Its cells are texts, so that zeros in front of a number stay.</summary>
    public static byte[] Xlsx(params IReadOnlyList<SheetText> sheets)
    {
        using var file = new MemoryStream();
        using (var document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            var workbook = document.AddWorkbookPart();
            Styles(workbook);
            var list = new Sheets();
            foreach (var (sheet, number) in sheets.Select((sheet, index) => (sheet, (uint)index + 1)))
            {
                var part = workbook.AddNewPart<WorksheetPart>();
                Write(part, sheet);
                list.Append(new Sheet { Id = workbook.GetIdOfPart(part), SheetId = number, Name = sheet.Name });
            }

            workbook.Workbook = new Workbook(list);
        }

        return file.ToArray();
    }

    /// <summary>A .csv file in UTF-8 with a byte order mark, without which spreadsheet programs guess another encoding. What could be taken for a formula gets an apostrophe in front.</summary>
    public static byte[] Csv(IEnumerable<IReadOnlyList<string>> rows)
    {
        using var file = new MemoryStream();
        var options = new CsvWriterOptions { HasHeader = false, NewLine = "\r\n", WriteByteOrderMark = true, Injection = CsvInjection.Escape };
        using (var writer = CsvWriter.Create(file, options, leaveOpen: true))
        {
            foreach (var row in rows)
            {
                foreach (var cell in row)
                {
                    writer.WriteField(NoFormula(cell).AsSpan());
                }

                writer.EndRecord();
            }
        }

        return file.ToArray();
    }

    // Where semicolons part cells, a program cuts a quoted cell of ours at its own semicolons and line ends; and the wide forms of the signs begin formulas too.
    private static string NoFormula(string cell)
    {
        var safe = new StringBuilder(cell.Length + 1);
        var begins = true;
        foreach (var character in cell)
        {
            if (begins && character is ('=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠'))
            {
                safe.Append('\'');
            }

            safe.Append(character);
            begins = character is ';' or '\t' or '\r' or '\n' || (begins && (character == '"' || char.IsWhiteSpace(character)));
        }

        return safe.ToString();
    }

    // The second format is text: what is typed into a template stays as it is typed.
    private static void Styles(WorkbookPart workbook) => workbook.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
        new Fonts(new Font(), new Font(new Bold())),
        new Fills(new Fill(new PatternFill { PatternType = PatternValues.None }), new Fill(new PatternFill { PatternType = PatternValues.Gray125 })),
        new Borders(new Border()),
        new CellStyleFormats(new CellFormat()),
        new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 49, ApplyNumberFormat = true }, new CellFormat { NumberFormatId = 49, ApplyNumberFormat = true, FontId = 1, ApplyFont = true }));

    private static void Write(WorksheetPart part, SheetText sheet)
    {
        using var writer = OpenXmlWriter.Create(part);
        writer.WriteStartElement(new Worksheet());
        writer.WriteElement(new SheetViews(new SheetView(new Pane { VerticalSplit = 1, TopLeftCell = "A2", ActivePane = PaneValues.BottomLeft, State = PaneStateValues.Frozen }) { WorkbookViewId = 0 }));
        writer.WriteElement(new Columns(new Column { Min = 1, Max = 26, Width = 16, CustomWidth = true, Style = 1 }));
        writer.WriteStartElement(new SheetData());
        var number = 0u;
        foreach (var row in sheet.Rows)
        {
            number++;
            writer.WriteStartElement(new Row { RowIndex = number });
            foreach (var cell in row)
            {
                writer.WriteElement(new Cell(new InlineString(new DocumentFormat.OpenXml.Spreadsheet.Text(cell.Length <= FileLimits.Characters ? cell : $"{cell[..(FileLimits.Characters - 2)].TrimEnd()}…") { Space = SpaceProcessingModeValues.Preserve }))
                {
                    DataType = CellValues.InlineString, StyleIndex = number == 1 ? 2u : 1u,
                });
            }

            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteEndElement();
    }
}
