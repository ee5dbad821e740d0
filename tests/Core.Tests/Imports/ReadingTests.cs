using System.IO.Compression;
using System.Text;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Tests.Architecture;
using Xunit;

namespace LiveProctor.Core.Tests.Imports;

public sealed class ReadingTests
{
    private const string Students = "external_id,given_name,family_name,email\r\n0042,José,Núñez,\r\n";

    public static TheoryData<string> SameTable => new() { "students.xlsx", "students.utf-8.csv", "students.windows-1252.csv", "students.utf-16.csv" };

    [Theory, MemberData(nameof(SameTable))]
    public void A_spreadsheet_programs_files_hold_the_same_rows_in_every_type_and_encoding(string file)
    {
        var (rows, remarks) = Read(ImportKind.Students, File(file));
        Assert.Equal(["0042 José Núñez", "S-2 Zoë O'Hara, Jr", "S-3 Ælfric Quoted \"Q\" Name"], rows.Select(row => row.Subject));
        Assert.Equal([2L, 3, 4], rows.Select(row => row.Line));
        Assert.Equal(("7a|Chess", "fontSize=large"), (rows[0].Cells["groups"], rows[0].Cells["settings"]));
        Assert.Equal(file.Contains("1252", StringComparison.Ordinal), remarks.Any(remark => remark.Contains("Windows-1252", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_oddity_of_a_spreadsheet_is_read_as_it_is_shown_or_rejected_with_its_reason()
    {
        var (rows, _) = Read(ImportKind.Sessions, File("oddities.xlsx"));
        var byName = rows.ToDictionary(row => row.Subject, StringComparer.Ordinal);
        Assert.Equal([2L, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14], rows.Select(row => row.Line));
        Assert.Equal(("23", "2026", "9"), (byName["Numbers"].Cells["dat_sta_day"], byName["Numbers"].Cells["dat_sta_year"], byName["Numbers"].Cells["dat_sta_hour"]));
        Assert.Equal(("09", "26"), (byName["Texts"].Cells["dat_sta_hour"], byName["Texts"].Cells["dat_end_year"]));
        Assert.Equal("00042", byName["Zeros in front"].Cells["psw"]);
        Assert.Equal(("2026-11-23", "09:30", "2026-11-23T11:45"), (byName["Dates"].Cells["dat_sta_day"], byName["Dates"].Cells["dat_sta_hour"], byName["Dates"].Cells["dat_end_day"]));
        Assert.Equal("9", byName["Formula"].Cells["dat_sta_hour"]);
        Assert.Contains("F6", Assert.Single(byName["Formula"].Remarks), StringComparison.Ordinal);
        Assert.Contains("C7 holds an error", byName["Broken formula"].Wrong[0], StringComparison.Ordinal);
        Assert.Contains("C8:D8 are merged", byName["Merged"].Wrong[0], StringComparison.Ordinal);
        Assert.Contains("hidden", Assert.Single(byName["Hidden"].Remarks), StringComparison.Ordinal);
        Assert.Equal("clave-ñ", byName["Después, “último” Ünïcödé 漢字 😀"].Cells["psw"]);
        Assert.Contains("more than 15 digits", byName["Too long a number"].Wrong[0], StringComparison.Ordinal);
        Assert.Contains("=1+1 as text", byName.Keys);
    }

    [Fact]
    public void A_template_has_exactly_the_columns_and_can_be_read_back()
    {
        const string columns = "des,psw,dat_sta_day,dat_sta_month,dat_sta_year,dat_sta_hour,dat_sta_min,dat_end_day,dat_end_month,dat_end_year,dat_end_hour,dat_end_min";
        Assert.Equal($"\uFEFF{columns}\r\n", Encoding.UTF8.GetString(ImportFiles.Template(ImportKind.Sessions, xlsx: false)!));
        foreach (var kind in new[] { ImportKind.Sessions, ImportKind.Students, ImportKind.Groups, ImportKind.Registrations })
        {
            Assert.Contains("no rows", Unreadable(kind, ImportFiles.Template(kind, xlsx: true)!), StringComparison.Ordinal);
            Assert.Contains("no rows", Unreadable(kind, ImportFiles.Template(kind, xlsx: false)!), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(",", "\r\n"), InlineData(";", "\n"), InlineData("\t", "\r\n"), InlineData("|", "\r")]
    public void Any_delimiter_and_line_end_is_understood(string delimiter, string end)
    {
        var (rows, _) = Read(ImportKind.Students, Encoding.UTF8.GetBytes(Students.Replace(",", delimiter, StringComparison.Ordinal).Replace("\r\n", end, StringComparison.Ordinal)));
        Assert.Equal("0042 José Núñez", Assert.Single(rows).Subject);
    }

    [Fact]
    public void Columns_may_stand_in_any_order_with_others_between_them()
    {
        var (rows, remarks) = Read(ImportKind.Students, "sep=;\r\nShoe size;GivenName;External ID\r\n43;Mia;7\r\n"u8.ToArray());
        Assert.Equal((3L, "7 Mia"), (rows[0].Line, rows[0].Subject));
        Assert.Contains("Shoe size", Assert.Single(remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_slipped_or_whose_quotes_are_wrong_is_rejected_and_the_others_are_not()
    {
        var (rows, _) = Read(ImportKind.Students, "external_id,given_name\r\n1,Mia,left over\r\n2,\"Mia\" x\r\n\r\n4,\"a\r\nb\"\r\n5,Tom\r\n"u8.ToArray());
        Assert.Equal([2L, 3, 5, 6], rows.Select(row => row.Line));
        Assert.Contains("under no column", Assert.Single(rows[0].Wrong), StringComparison.Ordinal);
        Assert.Contains("quotation", Assert.Single(rows[1].Wrong), StringComparison.Ordinal);
        Assert.Empty(rows[3].Wrong);
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("external_id\r\n1\r\n", "missing: given_name")]
    [InlineData("external_id,given_name,Given Name\r\n1,a,b\r\n", "there twice")]
    [InlineData("1,Mia\r\n2,Tom\r\n", "first row must hold the names")]
    [InlineData("external_id,given_name\r\n1,\"Mia\r\n2,Tom\r\n", "never closed")]
    [InlineData("<html><table><tr><td>external_id</td></tr></table></html>", "web page")]
    [InlineData("%PDF-1.7", "PDF")]
    public void A_file_that_is_no_list_says_why(string text, string why) => Assert.Contains(why, Unreadable(ImportKind.Students, Encoding.UTF8.GetBytes(text)), StringComparison.Ordinal);

    [Theory]
    [InlineData("students.xls", "old Excel file")]
    [InlineData("students.ods", "OpenDocument")]
    public void A_file_of_another_program_or_time_says_what_to_do(string file, string why) => Assert.Contains(why, Unreadable(ImportKind.Students, File(file)), StringComparison.Ordinal);

    [Fact]
    public void A_file_cut_off_anywhere_or_garbled_is_damaged_and_never_a_fault()
    {
        var whole = File("oddities.xlsx");
        for (var length = 2; length < whole.Length; length += 97)
        {
            Unreadable(ImportKind.Sessions, whole[..length]);
        }

        var random = new Random(7);
        for (var round = 0; round < 150; round++)
        {
            var garbled = whole.ToArray();
            for (var hit = 0; hit < 1 + (round % 20); hit++)
            {
                garbled[random.Next(garbled.Length)] = (byte)random.Next(256);
            }

            // It may still be readable: it only must not be a fault.
            _ = RowKinds.Read(ImportKind.Sessions, garbled);
        }
    }

    [Fact]
    public void A_zip_that_unpacks_to_far_more_than_it_weighs_is_not_opened()
    {
        var zip = Zip(("xl/workbook.xml", ""), ("xl/worksheets/sheet1.xml", new string(' ', 60_000_000)));
        Assert.Contains("far more", Unreadable(ImportKind.Sessions, zip), StringComparison.Ordinal);
        Assert.Contains("far more", Unreadable(ImportKind.Sessions, Zip([("xl/workbook.xml", ""), .. Enumerable.Range(0, 1001).Select(number => ($"e{number}", ""))])), StringComparison.Ordinal);
    }

    [Fact]
    public void Xml_that_defines_entities_is_not_followed()
    {
        var bomb = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\">" + string.Concat(Enumerable.Range(0, 12).Select(number => $"<!ENTITY b{number} \"{string.Concat(Enumerable.Repeat(number == 0 ? "&a;" : $"&b{number - 1};", 10))}\">"))
            + "]><sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><si><t>&b11;</t></si></sst>";
        using var file = new MemoryStream(File("oddities.xlsx"));
        using var changed = new MemoryStream();
        file.CopyTo(changed);
        using (var zip = new ZipArchive(changed, ZipArchiveMode.Update, leaveOpen: true))
        {
            foreach (var name in new[] { "xl/sharedStrings.xml", "xl/workbook.xml" })
            {
                zip.GetEntry(name)!.Delete();
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(bomb);
            }
        }

        Assert.Contains("damaged", Unreadable(ImportKind.Sessions, changed.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_no_text_in_any_encoding_are_refused()
    {
        Assert.Contains("encoding", Unreadable(ImportKind.Students, [.. Encoding.Latin1.GetBytes("external_id,given_name\r\n1,Jos\u00e9\u0081\r\n")]), StringComparison.Ordinal);
        Assert.Contains("no text file", Unreadable(ImportKind.Students, Encoding.UTF8.GetBytes("external_id,given_name\r\n1,Jos\0\r\n")), StringComparison.Ordinal);
        var (_, remarks) = Read(ImportKind.Students, Encoding.UTF8.GetBytes("external_id,given_name\r\n1,JosÃ©\r\n"));
        Assert.Contains("wrong encoding", Assert.Single(remarks), StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_rows_are_taken_and_one_more_is_not()
    {
        var rows = string.Concat(Enumerable.Range(1, 10_000).Select(number => $"{number},Mia\r\n"));
        Assert.Equal(10_000, Read(ImportKind.Students, Encoding.UTF8.GetBytes($"external_id,given_name\r\n{rows}")).Rows.Count);
        Assert.True(RowKinds.Read(ImportKind.Students, Encoding.UTF8.GetBytes($"external_id,given_name\r\n{rows}x,Mia")).Failed(out var problem));
        Assert.Equal("importTooLong", problem.Code);
    }

    [Fact]
    public void What_somebody_entered_is_no_formula_in_a_report()
    {
        var import = new Import { Id = "i", Kind = ImportKind.Groups, FileName = "x", Options = new ImportOptions(), By = new Person("s", "Max"), CreatedAt = DateTimeOffset.UnixEpoch };
        var row = new ImportRow { Position = 1, Line = 2, Cells = new Dictionary<string, string>(StringComparer.Ordinal) { ["group"] = "=HYPERLINK(\"http://evil\")", ["external_id"] = "+1" }, Outcome = RowOutcome.Create };
        var csv = Encoding.UTF8.GetString(ImportFiles.Report(import, [row], xlsx: false));
        Assert.Equal("2,,to be created,,,,,\"'=HYPERLINK(\"\"http://evil\"\")\",'+1", csv.Split("\r\n")[1]);
        using var zip = new ZipArchive(new MemoryStream(ImportFiles.Report(import, [row], xlsx: true)));
        using var sheet = new StreamReader(zip.Entries.Single(entry => entry.FullName.Contains("worksheets/", StringComparison.Ordinal)).Open());
        Assert.DoesNotContain("<x:f>", sheet.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a;=1+1", "a;'=1+1")]
    [InlineData("x\n @SUM(1)", "x\n '@SUM(1)")]
    [InlineData("＝1+1", "'＝1+1")]
    [InlineData("7a;Chess - evening", "7a;Chess - evening")]
    public void Nor_is_it_one_where_a_program_cuts_cells_at_other_signs(string cell, string written)
    {
        var import = new Import { Id = "i", Kind = ImportKind.Groups, FileName = "x", Options = new ImportOptions(), By = new Person("s", "Max"), CreatedAt = DateTimeOffset.UnixEpoch };
        var row = new ImportRow { Position = 1, Line = 2, Cells = new Dictionary<string, string>(StringComparer.Ordinal) { ["group"] = cell, ["external_id"] = new string('x', 40_000) }, Outcome = RowOutcome.Create };
        Assert.Contains(written, Encoding.UTF8.GetString(ImportFiles.Report(import, [row], xlsx: false)), StringComparison.Ordinal);

        // More than a spreadsheet's cell can hold is cut off there.
        using var zip = new ZipArchive(new MemoryStream(ImportFiles.Report(import, [row], xlsx: true)));
        using var sheet = new StreamReader(zip.Entries.Single(entry => entry.FullName.Contains("worksheets/", StringComparison.Ordinal)).Open());
        Assert.DoesNotContain(new string('x', 32_767), sheet.ReadToEnd(), StringComparison.Ordinal);
    }

    internal static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(Repository.Root, "tests", "Core.Tests", "Imports", "Files", name));

    internal static byte[] Zip(params IEnumerable<(string Name, string Text)> entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in entries)
            {
                using var writer = new StreamWriter(zip.CreateEntry(name).Open());
                writer.Write(text);
            }
        }

        return file.ToArray();
    }

    private static (IReadOnlyList<ImportRow> Rows, IReadOnlyList<string> Remarks) Read(ImportKind kind, byte[] file)
    {
        var read = RowKinds.Read(kind, file);
        Assert.True(read.Problem is null, read.Problem?.Detail);
        return read.Value;
    }

    private static string Unreadable(ImportKind kind, byte[] file)
    {
        Assert.True(RowKinds.Read(kind, file).Failed(out var problem));
        Assert.Equal("importUnreadable", problem.Code);
        return problem.Detail;
    }
}
