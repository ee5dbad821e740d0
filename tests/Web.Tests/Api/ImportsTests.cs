using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class ImportsTests
{
    private const string Path = "/api/v1/imports";
    private const string Test = """{"code":"bio-1","title":"Biology","kind":"operational","sections":[{"title":"A"}],"minutes":60,"launchUrl":"https://tests.example/bio"}""";

    /// <summary>What a coordinator's autumn is: files of sessions, students and registrations, sent, corrected and sent again.</summary>
    [Theory, ClassData(typeof(Databases))]
    public async Task A_calendar_of_500_sessions_and_5000_students_is_imported_edited_and_imported_again(string database)
    {
        await using var site = await HubSite.New(database);
        var hub = await site.Start();
        using var manager = await hub.Administrator();
        await (await manager.PostJson("/api/v1/tests", Test)).Is(HttpStatusCode.Created);

        await Import(manager, "kind=students", Students(5_000), (5_000, 0, 0, 0));
        await Import(manager, "kind=sessions&timeZone=Europe/Madrid&mode=hybrid&tests=bio-1", Sessions(500, 9), (500, 0, 0, 0));
        await Import(manager, "kind=registrations", Registrations(5_000, 500, 0), (5_000, 0, 0, 0));

        await Import(manager, "kind=sessions&timeZone=Europe/Madrid&tests=bio-1", Sessions(520, 9, from: 21), (20, 0, 480, 0));
        await Import(manager, "kind=sessions&timeZone=Europe/Madrid&tests=bio-1", Sessions(500, 10), (0, 500, 0, 0));
        await Import(manager, "kind=students", Students(5_000), (0, 0, 5_000, 0));
        await Import(manager, "kind=registrations", Registrations(5_000, 500, 0), (0, 0, 5_000, 0));
        await Import(manager, "kind=registrations", Registrations(5_000, 500, 1), (0, 0, 0, 5_000));
        var report = await Import(manager, "kind=registrations&move=true", Registrations(5_000, 500, 1) + "NOBODY,bio-1,Room 1\r\n", (0, 5_000, 0, 1));
        Assert.Equal(5_002, report.Length);
        Assert.All(Enumerable.Range(1, 5_000), row => Assert.StartsWith($"{row + 1},,updated,,,session: Room ", report[row], StringComparison.Ordinal));
        Assert.StartsWith("5002,,rejected,There is no student", report[5_001], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_was_filled_in_comes_back_as_it_was_meant()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var manager = await hub.Administrator();
        await (await manager.PostJson("/api/v1/tests", Test)).Is(HttpStatusCode.Created);
        var template = await manager.GetAsync($"{Path}/templates/sessions.csv");
        Assert.Equal("text/csv", template.Content.Headers.ContentType!.MediaType);
        Assert.Equal("sessions.csv", template.Content.Headers.ContentDisposition!.FileName);
        var header = await template.Content.ReadAsStringAsync();

        var started = await Send(manager, "kind=sessions&fileName=autumn.csv", Encoding.UTF8.GetBytes($"{header}Room 1,sesame,23,11,2030,9,0,23,11,2030,11,0\r\nRoom 2,x,23,11,2030,9,0,23,11,2030,11,0\r\n"));
        var import = await Until(manager, started.GetProperty("id").GetString()!, "previewed");
        var rows = await (await manager.GetAsync($"{Path}/{import.GetProperty("id").GetString()}/rows?outcome=reject")).Is(HttpStatusCode.OK);
        var row = Assert.Single(rows.GetProperty("items").EnumerateArray());
        Assert.Equal((3, "Room 2"), (row.GetProperty("line").GetInt32(), row.GetProperty("subject").GetString()));
        var cancelled = await (await manager.PostAsync($"{Path}/{import.GetProperty("id").GetString()}/cancel", null)).Is(HttpStatusCode.OK);
        Assert.Equal("cancelled", cancelled.GetProperty("state").GetString());
    }

    [Fact]
    public async Task What_is_no_file_of_a_list_is_refused_with_a_reason_and_changes_nothing()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var manager = await hub.Administrator();
        var file = "external_id,given_name\r\n1,Mia\r\n"u8.ToArray();
        foreach (var query in new[] { "", "kind=sessions", "kind=nonsense&fileName=x", "kind=0&fileName=x", "kind=students&fileName=%00", "kind=sessions&fileName=x&timeZone=Mars", "kind=sessions&fileName=x&tests=none", "kind=sessions&fileName=x&mode=0" })
        {
            await (await Post(manager, query, file)).IsProblem("invalid");
        }

        await (await Post(manager, "kind=students&fileName=x", new byte[(10 * 1024 * 1024) + 1])).IsProblem("tooLarge");
        using var chunked = new HttpRequestMessage(HttpMethod.Post, $"{Path}?kind=students&fileName=x") { Content = new StreamContent(new MemoryStream(new byte[12 * 1024 * 1024])) };
        chunked.Headers.TransferEncodingChunked = true;
        await (await manager.SendAsync(chunked)).IsProblem("tooLarge");
        Assert.Empty((await (await manager.GetAsync(Path)).Is(HttpStatusCode.OK)).GetProperty("items").EnumerateArray());

        var started = await Send(manager, "kind=students&fileName=x.xlsx", new byte[3_000_000]);
        var failed = await Until(manager, started.GetProperty("id").GetString()!, "failed");
        Assert.Equal("importUnreadable", failed.GetProperty("problem").GetProperty("code").GetString());
        using var stranger = await hub.Stranger();
        foreach (var path in new[] { "", "/rows", "/report.csv", "/report.xlsx" })
        {
            await (await stranger.GetAsync($"{Path}/{failed.GetProperty("id").GetString()}{path}")).IsProblem("notFound");
        }
    }

    [Fact]
    public async Task The_same_file_under_the_same_key_is_one_import()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var manager = await hub.Administrator();
        manager.DefaultRequestHeaders.Add("Idempotency-Key", "once");
        var file = "external_id,given_name\r\n1,Mia\r\n"u8.ToArray();
        var first = await Send(manager, "kind=students&fileName=x.csv", file);
        var again = await Send(manager, "kind=students&fileName=x.csv", file);
        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        await (await Post(manager, "kind=groups&fileName=x.csv", file)).IsProblem("idempotencyKeyReused");
    }

    // Answers the report's lines.
    private static async Task<string[]> Import(HttpClient client, string query, string csv, (int Create, int Update, int Same, int Reject) expected)
    {
        var id = (await Send(client, $"{query}&fileName=list.csv", Encoding.UTF8.GetBytes(csv))).GetProperty("id").GetString()!;
        Assert.Equal(expected, Counts(await Until(client, id, "previewed")));
        await (await client.PostJson($"{Path}/{id}/apply", """{"notify":false}""")).Is(HttpStatusCode.OK);
        Assert.Equal(expected, Counts(await Until(client, id, "applied")));
        var report = await (await client.GetAsync($"{Path}/{id}/report.csv")).Content.ReadAsStringAsync();
        return report.TrimEnd().Split("\r\n");
    }

    private static (int Create, int Update, int Same, int Reject) Counts(JsonElement import)
    {
        var counts = import.GetProperty("counts");
        return (Of("create"), Of("update"), Of("same"), Of("reject"));

        int Of(string outcome) => counts.GetProperty(outcome).GetInt32();
    }

    private static async Task<JsonElement> Until(HttpClient client, string id, string state)
    {
        JsonElement import = default;
        await Eventually.True(
            async () =>
            {
                import = await (await client.GetAsync($"{Path}/{id}")).Is(HttpStatusCode.OK);
                return import.GetProperty("state").GetString() is not ("reading" or "applying");
            },
            state, TimeSpan.FromMinutes(2));
        Assert.Equal(state, import.GetProperty("state").GetString());
        return import;
    }

    private static async Task<JsonElement> Send(HttpClient client, string query, byte[] file) => await (await Post(client, query, file)).Is(HttpStatusCode.Created);

    private static async Task<HttpResponseMessage> Post(HttpClient client, string query, byte[] file)
    {
        using var content = new ByteArrayContent(file);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/csv");
        return await client.PostAsync($"{Path}?{query}", content);
    }

    private static string Students(int count) => "external_id,given_name,family_name,email,groups\r\n"
        + string.Concat(Enumerable.Range(1, count).Select(number => $"S-{number:00000},Given{number},Family{number},s{number}@school.example,Class {number % 200}\r\n"));

    private static string Sessions(int count, int hour, int from = 1) =>
        "des,psw,dat_sta_day,dat_sta_month,dat_sta_year,dat_sta_hour,dat_sta_min,dat_end_day,dat_end_month,dat_end_year,dat_end_hour,dat_end_min\r\n"
        + string.Concat(Enumerable.Range(from, count - from + 1).Select(number => string.Create(
            CultureInfo.InvariantCulture, $"Room {number},code-{number},{1 + (number % 28)},11,2030,{hour},30,{1 + (number % 28)},11,2030,{hour + 2},0\r\n")));

    private static string Registrations(int count, int sessions, int shift) => "external_id,test_code,session\r\n"
        + string.Concat(Enumerable.Range(1, count).Select(number => $"S-{number:00000},bio-1,Room {1 + ((number + shift) % sessions)}\r\n"));
}
