using System.Text.Json.Nodes;
using LiveProctor.Core;

namespace LiveProctor.Bench.Running;

/// <summary>
/// Many students, sessions and entries at once: one of each is made by the program itself and copied within the database, so that whatever columns
/// they have stay as the program fills them.
/// </summary>
internal static class Crowd
{
    private const int Chunk = 50_000;

    /// <summary>Makes students with the external ids B0, B1, … and the first name Ada.</summary>
    public static async Task Students(this World world, int count)
    {
        var made = await world.Post("/api/v1/students", new { externalId = "B-FIRST", givenName = "Ada", familyName = "Example" });
        const string sql = """
            INSERT INTO students SELECT copy.* FROM students AS first
            CROSS JOIN generate_series(0, @count - 1) AS number
            CROSS JOIN LATERAL jsonb_populate_record(first, jsonb_build_object(
              'id', 'bench-student-' || number, 'external_id', 'B' || number, 'external_key', 'B' || number,
              'user_id', 'U' || number, 'page_secret', 'page-' || number)) AS copy
            WHERE first.id = @first
            """;
        await world.Execute(sql, ("count", count), ("first", made["id"]!.GetValue<string>()));
    }

    /// <summary>Copies a session: the copies have ids and join IDs of their own and everything else in common.</summary>
    /// <param name="vary">What differs, by the copy's number: columns, and members of the document.</param>
    public static async Task<IReadOnlyList<(string Id, string JoinId)>> Sessions(
        this World world, JsonNode session, int count, Func<int, (JsonObject Columns, JsonObject Document)>? vary = null)
    {
        const string sql = """
            INSERT INTO sessions SELECT copy.* FROM sessions AS first
            CROSS JOIN unnest(@columns) AS columns
            CROSS JOIN LATERAL jsonb_populate_record(first, columns::jsonb || jsonb_build_object(
              'document', (first.document::jsonb || (columns::jsonb -> 'document'))::text)) AS copy
            WHERE first.id = @first
            """;
        const string feeds = """
            INSERT INTO feeds (feed, epoch, seq) SELECT kind || ':' || id, 'bench', 0 FROM unnest(@ids) AS id CROSS JOIN unnest(ARRAY['session', 'lobby']) AS kind
            """;
        const string proctors = """
            INSERT INTO session_proctors SELECT copy.* FROM session_proctors AS first CROSS JOIN unnest(@ids) AS id
            CROSS JOIN LATERAL jsonb_populate_record(first, jsonb_build_object('session_id', id)) AS copy WHERE first.session_id = @first
            """;
        var first = session["id"]!.GetValue<string>();
        var made = new List<(string Id, string JoinId)>(count);
        foreach (var numbers in Enumerable.Range(0, count).Chunk(Chunk))
        {
            var copies = numbers.Select(number =>
            {
                var (columns, document) = vary?.Invoke(number) ?? ([], []);
                var (id, joinId) = (Id.New(TimeProvider.System.GetUtcNow()), Secret.NewReadable(8));
                made.Add((id, joinId));
                (document["id"], document["joinId"]) = (id, joinId);
                (columns["id"], columns["join_id"], columns["document"]) = (id, joinId, document);
                return columns.ToJsonString();
            }).ToArray();
            await world.Execute(sql, ("first", first), ("columns", copies));
            var ids = made.TakeLast(numbers.Length).Select(copy => copy.Id).ToArray();
            await world.Execute(feeds, ("ids", ids));
            await world.Execute(proctors, ("first", first), ("ids", ids));
        }

        return made;
    }

    /// <summary>Copies one student's waiting entry for the students B0, B1, …, each with a token of its own; answers the tokens.</summary>
    /// <param name="session">A session of this world; its lobby is open.</param>
    public static async Task<IReadOnlyList<string>> Entries(this World world, JsonNode session, int count)
    {
        var (sessionId, joinId) = (session["id"]!.GetValue<string>(), session["joinId"]!.GetValue<string>());
        var joined = await world.Post("/api/v1/lobby/join", new { joinId, studentId = "B-FIRST", firstName = "Ada" });
        const string sql = """
            INSERT INTO entries SELECT copy.* FROM entries AS first
            CROSS JOIN unnest(@ids, @hashes) WITH ORDINALITY AS given (entry_id, hash, number)
            CROSS JOIN LATERAL jsonb_populate_record(first, jsonb_build_object(
              'id', entry_id, 'student_key', 'bench-student-' || (number - 1), 'arrival', first.arrival + number,
              'document', (first.document::jsonb || jsonb_build_object(
                'id', entry_id, 'arrival', first.arrival + number, 'tokenHash', hash,
                'student', first.document::jsonb -> 'student' || jsonb_build_object(
                  'key', 'bench-student-' || (number - 1), 'id', 'bench-student-' || (number - 1), 'externalId', 'B' || (number - 1))))::text)) AS copy
            WHERE first.id = @first
            """;
        const string rest = """
            WITH devices AS (INSERT INTO entry_tokens (hash, entry_id, device) SELECT hash, entry_id, 1 FROM unnest(@ids, @hashes) AS given (entry_id, hash)),
            raised AS (UPDATE feeds SET seq = seq + @count WHERE feed = 'session:' || @session)
            INSERT INTO feeds (feed, epoch, seq) SELECT 'entry:' || entry_id, 'bench', 1 FROM unnest(@ids) AS entry_id
            """;
        var tokens = Enumerable.Range(0, count).Select(_ => "lpe_" + Secret.New()).ToList();
        var ids = tokens.Select(_ => Id.New(TimeProvider.System.GetUtcNow())).ToArray();
        var hashes = tokens.Select(Secret.Hash).ToArray();
        await world.Execute(sql, ("first", joined["entryId"]!.GetValue<string>()), ("ids", ids), ("hashes", hashes));
        await world.Execute(rest, ("ids", ids), ("hashes", hashes), ("count", count), ("session", sessionId));
        await world.Execute("ANALYZE");
        return tokens;
    }
}
