using System.Diagnostics;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>P9: a spreadsheet of students previewed and applied; size is how many rows it has. From sending the file until every row is written, the looking between them left out.</summary>
internal static class Import
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static async Task Run(Setting setting, Report report)
    {
        await using var world = await World.Start(setting.Postgres);
        await Rows(world, 200, "W");
        var sizes = setting.Sizes([500, 1000, 3000], [1000, 3000, 10_000]);
        foreach (var size in sizes)
        {
            var runs = new List<(double Preview, double Apply)>();
            for (var round = 0; round < setting.Rounds; round++)
            {
                runs.Add(await Rows(world, size, $"I{size}R{round}"));
            }

            var (preview, apply) = (Setting.Median(runs.Select(run => run.Preview)), Setting.Median(runs.Select(run => run.Apply)));
            report.Tell("preview", "ms", size, preview);
            report.Tell("apply", "ms", size, apply);
            report.Tell("previewed and applied", "rows a second", size, size * 1000 / (preview + apply), size == sizes[^1] ? Bar.Reach(3000, 8000) : null);
        }

        report.Slope("preview");
        report.Slope("apply");
    }

    private static async Task<(double Preview, double Apply)> Rows(World world, int count, string prefix)
    {
        var file = Spreadsheet(
            ["external_id", "given_name", "family_name", "email", "groups"],
            Enumerable.Range(0, count).Select(number => (string[])[$"{prefix}-{number}", "Ada", $"Example{number}", $"{prefix}{number}@example.org", $"Class {number % 40}"]));
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        var started = Stopwatch.GetTimestamp();
        var answer = await world.Admin.PostAsync($"/api/v1/imports?kind=students&fileName={prefix}.xlsx", content);
        var text = await answer.Content.ReadAsStringAsync();
        var id = answer.IsSuccessStatusCode ? JsonNode.Parse(text)!["id"]!.GetValue<string>() : throw new InvalidOperationException($"POST imports: {(int)answer.StatusCode} {text}");
        await Until(world, id, "previewed");
        var preview = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        started = Stopwatch.GetTimestamp();
        await world.Post($"/api/v1/imports/{id}/apply", new { });
        await Until(world, id, "applied");
        return (preview, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    private static async Task Until(World world, string id, string state)
    {
        while (await world.Get($"/api/v1/imports/{id}") is var import && import["state"]!.GetValue<string>() is var now && now != state)
        {
            if (now is "failed" or "cancelled")
            {
                throw new InvalidOperationException(import.ToJsonString());
            }

            await Task.Delay(Look, TimeProvider.System);
        }
    }

    // The smallest file that spreadsheet programs open (ECMA-376): one sheet, its texts inline.
    private static byte[] Spreadsheet(string[] head, IEnumerable<string[]> rows)
    {
        const string package = "http://schemas.openxmlformats.org/package/2006";
        const string document = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        const string main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            Part("[Content_Types].xml", $"""
                <Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>
                """);
            Part("_rels/.rels", $"""<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{document}/officeDocument" Target="xl/workbook.xml"/></Relationships>""");
            Part("xl/workbook.xml", $"""<workbook xmlns="{main}" xmlns:r="{document}"><sheets><sheet name="Students" sheetId="1" r:id="r1"/></sheets></workbook>""");
            Part("xl/_rels/workbook.xml.rels", $"""<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{document}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>""");
            var sheet = new StringBuilder($"<worksheet xmlns=\"{main}\"><sheetData>");
            foreach (var row in rows.Prepend(head))
            {
                sheet.Append("<row>");
                foreach (var cell in row)
                {
                    sheet.Append("<c t=\"inlineStr\"><is><t>").Append(cell).Append("</t></is></c>");
                }

                sheet.Append("</row>");
            }

            Part("xl/worksheets/sheet1.xml", sheet.Append("</sheetData></worksheet>").ToString());

            void Part(string name, string xml)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.Fastest).Open();
                part.Write(Encoding.UTF8.GetBytes("<?xml version=\"1.0\" encoding=\"UTF-8\"?>" + xml.Trim()));
            }
        }

        return stream.ToArray();
    }
}
