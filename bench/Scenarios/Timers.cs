using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;
using LiveProctor.Core;

namespace LiveProctor.Bench.Scenarios;

/// <summary>
/// P7: sessions that open at one instant, on two nodes that share the timers; size is how many. Measured from the instant until an administrator's list
/// is told of each, which is after its commit. The yardstick is one statement that opens as many rows of a bare table.
/// </summary>
internal static class Timers
{
    private static ReadOnlySpan<byte> Kind => "\"kind\":\""u8;

    public static async Task Run(Setting setting, Report report)
    {
        var sizes = setting.Sizes([100, 300, 1000], [500, 1500, 5000]);
        foreach (var size in sizes)
        {
            var (latencies, early, missing) = await Ours(setting, size);
            var bare = await Bare(setting, size);
            var judged = size == sizes[^1];
            report.Zero("sessions that never opened", size, missing);
            report.Zero("sessions that opened early", size, early);
            report.Compare("last one open and told", "ms", size, latencies.Percentile(1) / 1000, "one bare UPDATE of as many rows", bare);
            report.Tell("last one open and told, in itself", "ms", size, latencies.Percentile(1) / 1000, judged ? Bar.AtMost(1000) : null);
            report.Tell("open and told, p50", "ms", size, latencies.Percentile(0.5) / 1000, judged ? Bar.AtMost(200, 150) : null);
        }

        report.Slope("last one open and told", "one bare UPDATE of as many rows");
    }

    private static async Task<(Latencies Latencies, int Early, int Missing)> Ours(Setting setting, int size)
    {
        await using var world = await World.Start(setting.Postgres, nodes: 2);
        var lead = TimeSpan.FromSeconds(setting.Full ? 20 : 10);
        var template = await world.Session("Automatic", TimeSpan.FromMinutes(20), new { startMode = "automatic" });
        var made = await world.Sessions(template, size - 1);

        // Whole seconds, as people enter them.
        var instant = DateTimeOffset.FromUnixTimeSeconds((TimeProvider.System.GetUtcNow() + lead).ToUnixTimeSeconds());
        var text = instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        await world.Execute(
            """
            UPDATE sessions SET opens_at = @at, document = (document::jsonb || jsonb_build_object('opensAt', @text))::text WHERE id <> @template;
            UPDATE session_due SET due_at = @at WHERE session_id <> @template
            """,
            ("at", instant.ToUnixTimeMilliseconds()), ("text", text), ("template", template["id"]!.GetValue<string>()));

        // The last one is made by the program, which plans the instant's trigger when it hears of it.
        var last = await world.Session("Automatic", instant - TimeProvider.System.GetUtcNow(), new { startMode = "automatic", opensAt = text });
        var waiting = new ConcurrentDictionary<string, bool>(made.Select(session => KeyValuePair.Create(session.Id, true)).Append(new(last["id"]!.GetValue<string>(), true)), StringComparer.Ordinal);
        var latencies = new Latencies(size);
        var early = 0;
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var due = Stopwatch.GetTimestamp() + (long)((instant - TimeProvider.System.GetUtcNow()).TotalSeconds * Stopwatch.Frequency);
        using var console = await HubClient.Connect(world.Nodes[1].Address, $"/hubs/dashboard?access_token={world.Token}", (_, message) =>
        {
            var rest = message.Span;
            for (var at = rest.IndexOf(Kind); at >= 0; at = rest.IndexOf(Kind))
            {
                rest = rest[(at + Kind.Length)..];
                var end = rest.IndexOf(Kind);
                if (rest.StartsWith("windowOpened\""u8))
                {
                    Told(end < 0 ? rest : rest[..end]);
                }
            }
        });
        void Told(ReadOnlySpan<byte> rows)
        {
            var id = "\"id\":\""u8;
            for (var at = rows.IndexOf(id); at >= 0; at = rows.IndexOf(id))
            {
                rows = rows[at..];
                if (waiting.TryRemove(Digits.TextAfter(rows, id)!, out _))
                {
                    early += Stopwatch.GetTimestamp() < due ? 1 : 0;
                    latencies.Since(due);
                }

                rows = rows[id.Length..];
            }

            if (waiting.IsEmpty)
            {
                all.TrySetResult();
            }
        }

        await console.Invoke("Follow", "sessions", null);
        if (instant < TimeProvider.System.GetUtcNow())
        {
            throw new InvalidOperationException("The sessions took longer to make than was planned.");
        }

        await Task.WhenAny(all.Task, Task.Delay(lead + TimeSpan.FromSeconds(90), TimeProvider.System));
        return (latencies, early, waiting.Count);
    }

    private static async Task<double> Bare(Setting setting, int size)
    {
        await using var sql = Npgsql.NpgsqlDataSource.Create(await setting.Postgres.NewDatabase());
        async Task Execute(string text)
        {
            await using var command = sql.CreateCommand(text);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
            }
        }

        await Execute($"CREATE TABLE due AS SELECT number AS id, 'LobbyOpen' AS phase, repeat('x', 1500) AS document FROM generate_series(1, {size}) AS number");
        await Execute("UPDATE due SET phase = 'LobbyOpen' RETURNING id, document");
        var started = Stopwatch.GetTimestamp();
        await Execute("UPDATE due SET phase = 'Open' RETURNING id, document");
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }
}
