using LiveProctor.Core.Imports;
using Xunit;

namespace LiveProctor.Core.Tests.Imports;

/// <summary>Sheets that no spreadsheet program would write, and those that only some do.</summary>
public sealed class SheetTests
{
    private const string Head = """<row r="1"><c r="A1" t="inlineStr"><is><t>external_id</t></is></c><c r="B1" t="inlineStr"><is><t>given_name</t></is></c></row>""";

    [Theory]
    [InlineData("""<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>""", "below row 100,000")]
    [InlineData("""<row r="100001"><c r="A100001"><v>1</v></c></row>""", "below row 100,000")]
    [InlineData("""<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>""", "damaged")]
    [InlineData("""<row r="5"><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>""", "damaged")]
    public void A_sheet_that_would_keep_the_reader_busy_for_ever_is_refused_at_once(string rows, string why)
    {
        Assert.True(RowKinds.Read(ImportKind.Students, Sheet(Head + rows)).Failed(out var problem));
        Assert.Contains(why, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Formulas_without_a_result_and_errors_are_found_where_cells_have_no_names()
    {
        const string rows = """
            <row><c t="inlineStr"><is><t>external_id</t></is></c><c t="inlineStr"><is><t>given_name</t></is></c></row>
            <row><c t="inlineStr"><is><t>1</t></is></c><c t="str"><f>A1</f></c></row>
            <row><c><v>2</v></c><c t="e"><v>#N/A</v></c></row>
            <row><c><v>3</v></c><c t="inlineStr"><is><t>Mia</t></is></c></row>
            """;
        var read = RowKinds.Read(ImportKind.Students, Sheet(rows)).Value.Rows;
        Assert.Contains("B2 is a formula", Assert.Single(read[0].Wrong), StringComparison.Ordinal);
        Assert.Contains("B3 holds an error", Assert.Single(read[1].Wrong), StringComparison.Ordinal);
        Assert.Equal((4L, "3 Mia"), (read[2].Line, read[2].Subject));
    }

    [Fact]
    public void What_a_sheet_says_beside_its_values_is_told_of_the_one_that_is_read_wherever_it_stands()
    {
        const string marked = """<row r="1" hidden="1"><c r="A1"><f>1+1</f></c></row><row r="2"><c r="A2" t="e"><v>#N/A</v></c></row>""";
        var read = RowKinds.Read(ImportKind.Students, Sheet($"""{Head}<row r="2" hidden="1"><c r="A2"><v>1</v></c><c r="B2" t="inlineStr"><is><t>Mia</t></is></c></row>""", before: marked)).Value.Rows;
        Assert.Equal("The row is hidden in the file.", Assert.Single(Assert.Single(read).Remarks));
        Assert.Empty(read[0].Wrong);
    }

    [Theory]
    [InlineData("", 46462)]
    [InlineData("""<workbookPr date1904="1"/>""", 45000)]
    public void Dates_are_counted_from_the_day_that_the_workbook_says(string properties, int serial)
    {
        var columns = SessionsHead();
        var cells = $"""<c r="A2" t="inlineStr"><is><t>Algebra</t></is></c><c r="C2" s="1"><v>{serial}</v></c>""";
        var read = RowKinds.Read(ImportKind.Sessions, Sheet($"""{columns}<row r="2">{cells}</row>""", properties)).Value.Rows;
        Assert.Equal("2027-03-16", read[0].Cells["dat_sta_day"]);
    }

    [Fact]
    public void A_letter_that_is_written_in_two_ways_is_the_same_letter()
    {
        var read = RowKinds.Read(ImportKind.Students, System.Text.Encoding.UTF8.GetBytes("external_id,given_name\n1,Jose\u0301\n")).Value.Rows;
        Assert.Equal("Jos\u00e9", read[0].Cells["given_name"]);
    }

    private static string SessionsHead() =>
        $"""<row r="1">{string.Concat(SessionsFile.Header.Split(',').Select((name, index) => $"""<c r="{(char)('A' + index)}1" t="inlineStr"><is><t>{name}</t></is></c>"""))}</row>""";

    /// <param name="before">The rows of another sheet in front of it; null for none.</param>
    private static byte[] Sheet(string rows, string properties = "", string? before = null)
    {
        const string package = "http://schemas.openxmlformats.org/package/2006";
        const string document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        const string types = "application/vnd.openxmlformats-officedocument.spreadsheetml";
        var notes = before is null ? "" : """<sheet name="Notes" sheetId="2" r:id="r3"/>""";
        return ReadingTests.Zip(
            ("[Content_Types].xml", $"""<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/><Override PartName="/xl/worksheets/notes.xml" ContentType="{types}.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/></Types>"""),
            ("_rels/.rels", $"""<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{document}/officeDocument" Target="xl/workbook.xml"/></Relationships>"""),
            ("xl/workbook.xml", $"""<workbook xmlns="{main}" xmlns:r="{document}">{properties}<sheets>{notes}<sheet name="Import" sheetId="1" r:id="r1"/></sheets></workbook>"""),
            ("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{document}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{document}/styles" Target="styles.xml"/><Relationship Id="r3" Type="{document}/worksheet" Target="worksheets/notes.xml"/></Relationships>"""),
            ("xl/styles.xml", $"""<styleSheet xmlns="{main}"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>"""),
            ("xl/worksheets/notes.xml", $"""<worksheet xmlns="{main}"><sheetData>{before}</sheetData></worksheet>"""),
            ("xl/worksheets/sheet1.xml", $"""<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>"""));
    }
}
