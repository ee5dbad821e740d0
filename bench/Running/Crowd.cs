using System.Text.Json.Nodes;
using LiveProctor.Core;

namespace LiveProctor.Bench.Running;

/// <summary>Many students, sessions and entries at once: one of each is made by the program itself and copied.</summary>
internal static class Crowd
{
    private const int Chunk = 20_000;

    /// <summary>Makes students with the external ids B0, B1, … and the first name Ada.</summary>
    public static async Task Students(this World world, int count)
    {
        var made = await world.Post("/api/v1/students", new { externalId = "B-FIRST", givenName = "Ada", familyName = "Example" });
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Chunk))
        {
            await world.Copy("students", "id", made["id"]!.GetValue<string>(), numbers.Select(number => new JsonObject
            {
                ["id"] = StudentId(number), ["external_id"] = $"B{number}", ["external_key"] = $"B{number}", ["user_id"] = $"U{number}", ["page_secret"] = $"page-{number}",
            }));
        }

        await world.Execute("ANALYZE");
    }

    /// <summary>Copies a session: the copies have ids and join IDs of their own and everything else in common.</summary>
    /// <param name="vary">What else differs, by table and the copy's number: columns; objects are members of a document that is kept as text.</param>
    public static async Task<IReadOnlyList<(string Id, string JoinId)>> Sessions(
        this World world, JsonNode session, int count, Func<string, int, JsonObject>? vary = null)
    {
        const string feeds = """
            INSERT INTO feeds (feed, epoch, seq) SELECT kind || ':' || id, 'bench', 0 FROM unnest(@ids) AS id CROSS JOIN unnest(ARRAY['session', 'lobby']) AS kind
            """;
        var first = session["id"]!.GetValue<string>();
        var made = new List<(string Id, string JoinId)>(count);
        string[] lists = ["session_due", "session_proctors", "session_list", "session_now", "session_counts", "session_search"];
        var indexes = count > Chunk ? await world.TakeIndexes(["sessions", .. lists]) : [];
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Chunk))
        {
            var names = numbers.Select(_ => (Id: Id.New(TimeProvider.System.GetUtcNow()), JoinId: Secret.NewReadable(8))).ToList();
            made.AddRange(names);
            await world.Copy("sessions", "id", first, Changes("sessions"));
            foreach (var table in lists)
            {
                await world.Copy(table, "session_id", first, Changes(table));
            }

            await world.Execute(feeds, ("ids", names.Select(name => name.Id).ToArray()));

            IEnumerable<JsonObject> Changes(string table) => numbers.Zip(names, (number, name) =>
            {
                var copy = vary?.Invoke(table, number) ?? [];
                (copy["id"], copy["session_id"], copy["join_id"]) = (name.Id, name.Id, name.JoinId);
                Member(copy, "document", "id", name.Id);
                Member(copy, "document", "joinId", name.JoinId);
                Member(copy, "shown", "id", name.Id);
                Member(copy, "shown", "joinId", $"{name.JoinId[..4]}-{name.JoinId[4..]}");
                return copy;
            });
        }

        foreach (var index in indexes)
        {
            await world.Execute(index);
        }

        await world.Execute("ANALYZE");
        return made;
    }

    /// <summary>Copies one student's waiting entry for the students B0, B1, …, each with a token of its own; answers the tokens.</summary>
    /// <param name="session">A session of this world; its lobby is open.</param>
    public static async Task<IReadOnlyList<string>> Entries(this World world, JsonNode session, int count)
    {
        const string rest = """
            WITH raised AS (UPDATE feeds SET seq = seq + @count WHERE feed = 'session:' || @session)
            INSERT INTO feeds (feed, epoch, seq) SELECT 'entry:' || entry_id, 'bench', 1 FROM unnest(@ids) AS entry_id
            """;
        var joined = await world.Post("/api/v1/lobby/join", new { joinId = session["joinId"]!.GetValue<string>(), studentId = "B-FIRST", firstName = "Ada" });
        var first = joined["entryId"]!.GetValue<string>();
        var student = JsonNode.Parse(await world.Ask<string>($"SELECT document FROM entries WHERE id = '{first}'"))!["student"]!.AsObject();
        var arrival = await world.Ask<long>($"SELECT arrival FROM entries WHERE id = '{first}'");
        var tokens = Enumerable.Range(0, count).Select(_ => "lpe_" + Secret.New()).ToList();
        var copies = tokens.Select((token, number) =>
        {
            var (id, hash) = (Id.New(TimeProvider.System.GetUtcNow()), Secret.Hash(token));
            var who = student.DeepClone().AsObject();
            (who["key"], who["id"], who["externalId"]) = (StudentId(number), StudentId(number), $"B{number}");
            return new JsonObject
            {
                ["id"] = id, ["entry_id"] = id, ["hash"] = hash, ["student_key"] = StudentId(number), ["arrival"] = arrival + number + 1,
                ["document"] = new JsonObject { ["id"] = id, ["arrival"] = arrival + number + 1, ["tokenHash"] = hash, ["student"] = who },
            };
        }).ToList();
        await world.Copy("entries", "id", first, copies);
        await world.Copy("entry_tokens", "entry_id", first, copies);
        await world.Execute(
            rest, ("ids", copies.Select(copy => copy["id"]!.GetValue<string>()).ToArray()), ("count", count), ("session", session["id"]!.GetValue<string>()));
        await world.Execute("ANALYZE");
        return tokens;
    }

    private static string StudentId(int number) => $"bench-student-{number}";

    private static void Member(JsonObject copy, string column, string name, string value)
    {
        if (copy[column] is not JsonObject)
        {
            copy[column] = new JsonObject();
        }

        copy[column]![name] = value;
    }
}
