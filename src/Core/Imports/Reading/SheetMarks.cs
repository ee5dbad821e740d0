using System.Globalization;
using System.IO.Compression;
using System.Xml;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>
/// What a sheet says about its cells beside their values (ECMA-376 part 1, section 18.3): formulas, merged cells, hidden rows.
/// The reader of values does not tell, and each of them can make a row mean something else than it shows.
/// </summary>
internal sealed class SheetMarks
{
    /// <summary>Formulas by row: the cell, and whether the file holds what it last came to.</summary>
    public Dictionary<long, List<(string Cell, bool HasValue)>> Formulas { get; } = [];

    /// <summary>Cells that hold an error instead of a value, by row.</summary>
    public Dictionary<long, List<string>> Errors { get; } = [];

    public HashSet<long> HiddenRows { get; } = [];

    /// <summary>The number of the last row.</summary>
    public long LastRow { get; private set; }

    /// <summary>The number of the column furthest right, from 1.</summary>
    public long LastColumn { get; private set; }

    /// <summary>True where each row has a higher number than the one before.</summary>
    public bool Ordered { get; private set; } = true;

    /// <summary>Merged cells, such as <c>B5:C5</c>, with their first and last row.</summary>
    public List<(string Cells, long From, long To)> Merged { get; } = [];

    /// <summary>The marks of a sheet.</summary>
    /// <param name="number">Which sheet, from 0, in the workbook's order.</param>
    public static SheetMarks Read(ZipArchive zip, int number)
    {
        var marks = new SheetMarks();
        if (Part(zip, number) is not { } entry)
        {
            return marks;
        }

        var column = 0;
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType != XmlNodeType.Element)
            {
                continue;
            }

            switch (xml.LocalName)
            {
                case "row":
                    column = 0;
                    marks.ReadRow(xml);
                    break;
                case "c":
                    // Without a name it follows the one before.
                    var cell = xml.GetAttribute("r") ?? "";
                    column = cell.Length == 0 ? column + 1 : ColumnOf(cell);
                    marks.LastColumn = Math.Max(marks.LastColumn, column);
                    if (!xml.IsEmptyElement)
                    {
                        marks.ReadCell(xml, cell.Length == 0 ? XlsxTable.Name(column - 1) + marks.LastRow : cell);
                    }

                    break;
                case "mergeCell" when xml.GetAttribute("ref") is { } cells:
                    var ends = cells.Split(':');
                    marks.Merged.Add((cells, RowOf(ends[0]), RowOf(ends[^1])));
                    break;
            }
        }

        return marks;
    }

    private void ReadRow(XmlReader xml)
    {
        var row = long.TryParse(xml.GetAttribute("r"), CultureInfo.InvariantCulture, out var said) ? said : LastRow + 1;
        Ordered &= row > LastRow;
        LastRow = row;
        if (xml.GetAttribute("hidden") is "1" or "true")
        {
            HiddenRows.Add(row);
        }
    }

    private void ReadCell(XmlReader xml, string cell)
    {
        var row = LastRow;
        if (xml.GetAttribute("t") == "e")
        {
            Add(Errors, row, cell);
        }

        var (formula, value) = (false, false);
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
        {
            if (xml.NodeType == XmlNodeType.Element && xml.Depth == depth + 1)
            {
                formula |= xml.LocalName == "f";
                value |= xml.LocalName == "v" && !xml.IsEmptyElement;
            }
        }

        if (formula)
        {
            Add(Formulas, row, (cell, value));
        }
    }

    private static void Add<T>(Dictionary<long, List<T>> byRow, long row, T item)
    {
        if (!byRow.TryGetValue(row, out var known))
        {
            byRow[row] = known = [];
        }

        known.Add(item);
    }

    private static ZipArchiveEntry? Part(ZipArchive zip, int number)
    {
        if (zip.GetEntry("xl/workbook.xml") is not { } workbook || zip.GetEntry("xl/_rels/workbook.xml.rels") is not { } relations)
        {
            return null;
        }

        var ids = Elements(workbook, "sheet", xml => xml.GetAttribute("id", "http://schemas.openxmlformats.org/officeDocument/2006/relationships")
            ?? xml.GetAttribute("id", "http://purl.oclc.org/ooxml/officeDocument/relationships"));
        var targets = Elements(relations, "Relationship", xml => (Id: xml.GetAttribute("Id"), Target: xml.GetAttribute("Target")));
        var target = number < ids.Count ? targets.Find(relation => relation.Id == ids[number]).Target : null;
        return target is null ? null : zip.GetEntry(target.StartsWith('/') ? target[1..] : "xl/" + target);
    }

    private static List<T> Elements<T>(ZipArchiveEntry entry, string name, Func<XmlReader, T> read)
    {
        var found = new List<T>();
        using var xml = Open(entry);
        while (xml.Read())
        {
            if (xml.NodeType == XmlNodeType.Element && xml.LocalName == name)
            {
                found.Add(read(xml));
            }
        }

        return found;
    }

    // A document type could make a short file long, or fetch another: such a file is refused.
    private static XmlReader Open(ZipArchiveEntry entry) =>
        XmlReader.Create(entry.Open(), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, CloseInput = true });

    // Letters count as digits of 26 values; what is further right than any spreadsheet goes is only known to be so.
    private static int ColumnOf(string cell)
    {
        var column = 0;
        foreach (var letter in cell.TakeWhile(char.IsAsciiLetter).Take(4))
        {
            column = (column * 26) + (char.ToUpperInvariant(letter) - 'A' + 1);
        }

        return column;
    }

    private static long RowOf(string cell) =>
        long.TryParse(cell.AsSpan(cell.AsSpan().IndexOfAnyInRange('0', '9') is >= 0 and var at ? at : cell.Length), CultureInfo.InvariantCulture, out var row) ? row : 0;
}
