using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Core;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LiveProctor.Bench.Scenarios;

/// <summary>
/// P6: one page of the session list, by every column and filter, from the use case down to the database; size is how many sessions there are.
/// The yardstick looks up as many sessions by their primary key.
/// </summary>
internal static class List
{
    private const int Page = 50;

    private static readonly string[] Columns = ["name", "phase", "opensAt", "closesAt", "code", "mode", "joinId", "entries", "waiting", "testing", "done"];
    private static readonly string[] Phases = ["Scheduled", "LobbyOpen", "Open", "Held", "Draining", "Closed", "Cancelled"];
    private static readonly string[] Modes = ["InPerson", "Remote", "Hybrid"];
    private static readonly string[] Words = ["Mathematics", "Reading", "Science", "History", "Geography", "Chemistry", "Physics", "Music", "Latin", "Art"];

    private static readonly (string What, string Words)[] Searches =
    [
        ("what a tenth begin with", "chemistry"), ("what a thousandth begin with", "Chemistry 77"), ("what a thousandth have inside", "istry 77"),
        ("what few have", "CODE4321"), ("what none has", "Chemistry of dogs"),
    ];

    public static async Task Run(Setting setting, Report report)
    {
        var times = setting.Full ? 101 : 31;
        var worst = new Dictionary<string, List<double>>(StringComparer.Ordinal);
        foreach (var size in setting.Sizes([1000, 10_000, 30_000], [10_000, 100_000, 1_000_000]))
        {
            await using var world = await World.Start(setting.Postgres);
            var template = await world.Session("Template");
            world.Node.Kill();
            await world.Sessions(template, size, Vary);
            await world.Execute("VACUUM ANALYZE");

            // What was filled in is on the disk before anything is measured, not while.
            await world.Execute("CHECKPOINT");
            await using var db = Db.Postgres(world.Postgres);
            await using var services = new ServiceCollection()
                .AddSingleton(db).AddSingleton(TimeProvider.System).AddSingleton<EntryStore>().AddSingleton<ListSessions>().BuildServiceProvider();
            var list = services.GetRequiredService<ListSessions>();
            var actor = new Actor(ActorKind.Staff, template["proctors"]![0]!["id"]!.GetValue<string>(), "Admin", world.OrganisationId) { Role = Role.Administrator };
            var lookUp = await LookUp(world, times);
            foreach (var (filter, body) in new[] { ("", "{}"), (", without past ones", """{"hidePast":true}"""), (", with old ones", """{"showOld":true}""") })
            {
                var slowest = (Column: "", Microseconds: 0.0);
                foreach (var column in Columns.SelectMany(column => (string[])[column, $"-{column}"]))
                {
                    var microseconds = await Time(list, actor, body, column, times);
                    slowest = microseconds > slowest.Microseconds ? (column, microseconds) : slowest;
                }

                Console.Error.WriteLine($"  slowest by {slowest.Column}");
                report.Compare(
                    $"a page by the slowest column{filter}, p50", "µs", size, slowest.Microseconds, $"{Page} by primary key", lookUp,
                    filter.Length == 0 ? Bar.Times(3, 2) : null);
                Grown(worst, report, filter, size, slowest.Microseconds);
            }

            foreach (var (search, words) in Searches)
            {
                var microseconds = await Time(list, actor, new JsonObject { ["search"] = words, ["showOld"] = true }.ToJsonString(), "name", times);
                report.Compare($"search for {search}, p50", "µs", size, microseconds, $"{Page} by primary key", lookUp, Bar.Times(3, 2));
            }

            report.Compare("a page in the middle, p50", "µs", size, await Time(list, actor, "{}", "name", times, pages: 8), $"{Page} by primary key", lookUp);
        }

        report.Slope("a page by the slowest column, p50", $"{Page} by primary key");
    }

    private static void Grown(Dictionary<string, List<double>> worst, Report report, string filter, int size, double microseconds)
    {
        var measured = worst.TryGetValue(filter, out var known) ? known : worst[filter] = [];
        measured.Add(microseconds);
        if (measured.Count == 3)
        {
            report.Compare($"growth from the smallest size{filter}", "µs", size, microseconds, "at the smallest size", measured[0], filter.Length == 0 ? Bar.Times(1.3, 1.1) : null);
        }
    }

    private static async Task<double> Time(ListSessions list, Actor actor, string body, string sort, int times, int pages = 1)
    {
        var query = JsonNode.Parse(body)!.AsObject();
        query["sort"] = sort;
        query["limit"] = Page;
        for (var page = 1; page < pages; page++)
        {
            if ((await list.Run(actor, Query())).Value.Next is not { } next)
            {
                break;
            }

            query["cursor"] = next;
        }

        var asked = Query();
        if ((await list.Run(actor, asked)).Failed(out _))
        {
            // The list does not sort by this column.
            return 0;
        }

        var latencies = new Latencies(times);
        for (var time = 0; time < times; time++)
        {
            var started = Stopwatch.GetTimestamp();
            _ = (await list.Run(actor, asked)).Value;
            latencies.Since(started);
        }

        return latencies.Percentile(0.5);

        SessionListQuery Query() => JsonSerializer.Deserialize<SessionListQuery>(query.ToJsonString(), JsonSerializerOptions.Web)!;
    }

    private static async Task<double> LookUp(World world, int times)
    {
        await using var command = world.Sql.CreateCommand("SELECT array_agg(id) FROM (SELECT id FROM sessions ORDER BY random() LIMIT 50) AS chosen");
        var ids = (string[])(await command.ExecuteScalarAsync())!;
        var latencies = new Latencies(times);
        for (var time = -5; time < times; time++)
        {
            var started = Stopwatch.GetTimestamp();
            await using var connection = await world.Sql.OpenConnectionAsync();
            await using var rows = new NpgsqlCommand("SELECT id, document FROM sessions WHERE id = ANY($1)", connection) { Parameters = { new() { Value = ids } } };
            await using var reader = await rows.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                _ = Json.Read<Session>(reader.GetString(1));
            }

            if (time >= 0)
            {
                latencies.Since(started);
            }
        }

        return latencies.Percentile(0.5);
    }

    // Three in ten to come, six in ten past, the rest under way, over two years.
    private static JsonObject Vary(string table, int number)
    {
        var mixed = (uint)number * 2654435761u;
        var phase = (mixed % 10) switch { < 3 => 0, < 8 => 5, 8 => 6, _ => 1 + (int)(mixed / 10 % 4) };
        var now = TimeProvider.System.GetUtcNow();
        var opens = Instant.Truncate(phase switch
        {
            0 => now.AddMinutes(60 + (mixed % 500_000)),
            >= 5 => now.AddMinutes(-180 - (mixed % 500_000)),
            _ => now.AddMinutes(-(mixed % 60)),
        });
        var closes = opens.AddMinutes(120);
        var name = $"{Words[mixed % 10]} {mixed % 1000} {number}";
        var code = $"CODE{mixed % 5000}";
        var mode = Modes[mixed % 3];
        string Text(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        string Camel(string word) => char.ToLowerInvariant(word[0]) + word[1..];
        JsonObject Document() => new()
        {
            ["name"] = name, ["phase"] = Camel(Phases[phase]), ["opensAt"] = Text(opens), ["closesAt"] = Text(closes), ["code"] = code, ["mode"] = Camel(mode),
        };
        var old = phase >= 5 && closes < now.AddMonths(-3);
        return new JsonObject
        {
            ["name"] = name,
            ["name_key"] = name.ToUpperInvariant(),
            ["code_key"] = code,
            ["mode"] = mode,
            ["opens_at"] = opens.ToUnixTimeMilliseconds(),
            ["closes_at"] = closes.ToUnixTimeMilliseconds(),
            ["phase"] = table == "sessions" ? Phases[phase] : phase,
            ["shelf"] = phase is >= 1 and <= 4 ? "UnderWay" : (old ? "Old" : "") + Phases[phase],
            ["words"] = $"{name.ToUpperInvariant()}\n{code}\nAAAAAAAA",
            ["due_at"] = null,
            ["waiting"] = mixed % 20,
            ["testing"] = mixed % 30,
            ["done"] = mixed % 40,
            ["document"] = Document(),
            ["shown"] = Document(),
        };
    }
}
