using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Sessions;
using Xunit;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>What happened to one feed between two looks: what it showed before, null when it had shown nothing, its events, and what it shows after.</summary>
internal sealed record LawChange(string Feed, JsonObject? Before, IReadOnlyList<FeedEvent> Events, JsonObject After);

/// <summary>
/// The law of snapshots (architecture.md section 2), checked on everything in a world: old snapshot + events = new snapshot, where to apply an event
/// is to replace what its data carries. What shows a change without an event breaks it, and so does an event that shows something else.
/// </summary>
internal sealed class Law(World world)
{
    private readonly Dictionary<string, Shown> held = new(StringComparer.Ordinal);

    /// <summary>Looks at every feed of the world and checks the law since the last look.</summary>
    /// <returns>The feeds that had events, in the order of their names' first appearance.</returns>
    public async Task<IReadOnlyList<LawChange>> Check()
    {
        var changes = new List<LawChange>();
        foreach (var (feed, now) in await Look())
        {
            var before = held.GetValueOrDefault(feed);
            var events = await world.Events(feed, before?.Position.Seq ?? 0);
            var state = events.Aggregate((JsonObject)(before?.State.DeepClone() ?? new JsonObject()), (folded, item) => Apply(folded, item.Data));
            var seen = $"{feed} after {string.Join(", ", events.Select(item => item.Kind))}";
            Assert.True(before is null || before.Position.Epoch == now.Position.Epoch, $"{seen}: another epoch");
            Assert.Equal(Enumerable.Range(1, events.Count).Select(index => (before?.Position.Seq ?? 0) + index), events.Select(item => item.Seq));
            Assert.True(now.Position.Seq == (before?.Position.Seq ?? 0) + events.Count, $"{seen}: at {now.Position.Seq}");
            if (!JsonNode.DeepEquals(Comparable(feed, state), Comparable(feed, now.State)))
            {
                Assert.Fail($"{seen}\n  folded: {Comparable(feed, state).ToJsonString(Json.Options)}\n  shown:  {Comparable(feed, now.State).ToJsonString(Json.Options)}");
            }

            held[feed] = now;
            if (events.Count > 0)
            {
                changes.Add(new LawChange(feed, before?.State, events, now.State));
            }
        }

        return changes;
    }

    /// <summary>One event applied: everything that it carries takes the place of what was there.</summary>
    private static JsonObject Apply(JsonObject state, string data)
    {
        var carried = JsonNode.Parse(data)!.AsObject();
        if (state["rows"] is JsonObject || carried.ContainsKey("removed") || RowsOf(carried).Any(row => row["proctorIds"] is not null))
        {
            var rows = state["rows"] as JsonObject ?? new JsonObject();
            state["rows"] = rows;
            rows.Remove((string?)carried["removed"] ?? "");
            foreach (var row in RowsOf(carried))
            {
                rows[(string)row["id"]!] = row.DeepClone();
            }

            return state;
        }

        foreach (var part in new[] { "session", "lobby", "me" })
        {
            if (carried[part] is { } whole)
            {
                state[part] = whole.DeepClone();
            }
        }

        if (carried["entry"] is { } entry)
        {
            var others = (state["entries"]?.AsArray() ?? []).Where(other => (string?)other!["id"] != (string?)entry["id"]);
            state["entries"] = new JsonArray([.. others.Append(entry).OrderBy(other => (long)other!["arrival"]!).Select(other => other!.DeepClone())]);
        }

        return state;
    }

    /// <summary>The rows that an event of a list carries.</summary>
    internal static IEnumerable<JsonNode> RowsOf(JsonNode carried) => carried["sessions"] is JsonArray rows ? rows.Select(row => row!) : new[] { carried["session"] }.OfType<JsonNode>();

    // The list's rows count their version's place, not its value: what concerns the list of nobody (a broadcast) raises the version without an event.
    private static JsonObject Comparable(string feed, JsonObject state)
    {
        var copy = state.DeepClone().AsObject();
        if (feed.StartsWith("session:", StringComparison.Ordinal))
        {
            copy["entries"] ??= new JsonArray();
        }

        foreach (var (_, row) in copy["rows"] as JsonObject ?? new JsonObject())
        {
            row!.AsObject().Remove("version");
        }

        return copy;
    }

    private async Task<List<(string Feed, Shown Now)>> Look()
    {
        var shown = new List<(string, Shown)>();
        var sessions = await world.Db.Read(connection => connection.QueryAsync<string>("SELECT id FROM sessions ORDER BY id"));
        foreach (var id in sessions)
        {
            var board = (await world.See.Board(id))!;
            await CheckBoard(id, board);
            var entries = board.Entries.Values.Select(entry => JsonNode.Parse(entry)!).OrderBy(entry => (long)entry["arrival"]!).ToArray();
            shown.Add((FeedNames.Session(id), new Shown(board.Position, new JsonObject { ["session"] = JsonNode.Parse(board.Session), ["entries"] = new JsonArray(entries) })));
            var (lobby, position) = (await world.See.Lobby(id))!.Value;
            shown.Add((FeedNames.Lobby(id), new Shown(position, new JsonObject { ["lobby"] = Node(lobby) })));
            foreach (var entry in entries)
            {
                var student = (await world.See.Student((string)entry["id"]!))!;
                Assert.Equal(Json.Write(lobby), Json.Write(student.Lobby));
                shown.Add((FeedNames.Entry((string)entry["id"]!), new Shown(student.MePosition, new JsonObject { ["me"] = Node(student.Me) })));
            }
        }

        await List(FeedNames.Sessions(world.Manager.OrganisationId), world.Manager, shown);
        await List(FeedNames.ProctorSessions(world.Ada.Id), world.Ada, shown);
        return shown;
    }

    private async Task List(string feed, Actor actor, List<(string, Shown)> shown)
    {
        if (await world.Log.Head(feed) is not { } position)
        {
            return;
        }

        var page = World.Good(await world.List.Run(actor, new SessionListQuery { ShowOld = true, Limit = 200 }));
        var rows = page.Items.Select(row => KeyValuePair.Create(row.Id, (JsonNode?)Node(row with { Counts = null })));
        shown.Add((feed, new Shown(position, new JsonObject { ["rows"] = new JsonObject(rows) })));
    }

    // The board that consoles read from is fed by the same events and must show the same.
    private async Task CheckBoard(string sessionId, BoardSnapshot stored)
    {
        if (await world.Board.Read(sessionId) is not { } live)
        {
            await world.Board.Put(sessionId, stored);
            return;
        }

        Assert.Equal(stored.Position, live.Position);
        Assert.Equal(stored.Session, live.Session);
        Assert.Equal(stored.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal), live.Entries.OrderBy(entry => entry.Key, StringComparer.Ordinal));
    }

    private static JsonNode Node<T>(T value) => JsonSerializer.SerializeToNode(value, Json.Options)!;

    private sealed record Shown(FeedPosition Position, JsonObject State);
}
