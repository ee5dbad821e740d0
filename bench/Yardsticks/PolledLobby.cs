using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace LiveProctor.Bench.Yardsticks;

/// <summary>
/// The same job as systems do it that poll: plain endpoints over the program's own tables. A student asks for its entry every 5 s,
/// a console for all rows of its session every 20 s.
/// </summary>
internal static class PolledLobby
{
    public static void Map(WebApplication app, NpgsqlDataSource postgres)
    {
        app.MapPost("/join", async (string session, string student) =>
        {
            // The rows of a session are alike: what a join writes is copied from the entry that is there.
            const string sql = """
                INSERT INTO entries SELECT copy.* FROM (SELECT * FROM entries WHERE session_id = @session AND arrival = 1) AS first
                CROSS JOIN LATERAL jsonb_populate_record(NULL::entries, to_jsonb(first) || jsonb_build_object(
                  'id', @session || @student, 'student_key', @student, 'state', 'Waiting', 'active', true,
                  'arrival', (SELECT max(arrival) + 1 FROM entries WHERE session_id = @session))) AS copy
                RETURNING id
                """;
            await using var connection = await postgres.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            await connection.ExecuteAsync("SELECT 1 FROM sessions WHERE id = @session FOR UPDATE", new { session }, transaction);
            var id = await connection.QuerySingleAsync<string>(sql, new { session, student }, transaction);
            await transaction.CommitAsync();
            return TypedResults.Json(new { id });
        });
        app.MapPost("/approve", async (string entry) =>
        {
            await using var connection = await postgres.OpenConnectionAsync();
            await connection.ExecuteAsync("UPDATE entries SET state = 'Approved', version = version + 1 WHERE id = @entry AND state = 'Waiting'", new { entry });
            return TypedResults.Json(new { ok = true });
        });
        app.MapGet("/student", async (string entry) =>
        {
            await using var connection = await postgres.OpenConnectionAsync();
            const string sql = "SELECT entries.state, entries.version, sessions.phase FROM entries JOIN sessions ON sessions.id = entries.session_id WHERE entries.id = @entry";
            var (state, version, phase) = await connection.QuerySingleAsync<(string, long, string)>(sql, new { entry });
            return TypedResults.Json(new { entry, state, version, phase });
        });
        app.MapGet("/console", async (string session) =>
        {
            await using var connection = await postgres.OpenConnectionAsync();
            var rows = await connection.QueryAsync<(string Id, string State, string Document)>(
                "SELECT id, state, document FROM entries WHERE session_id = @session ORDER BY arrival", new { session });
            return TypedResults.Text($"[{string.Join(',', rows.Select(row => $"{{\"id\":\"{row.Id}\",\"state\":\"{row.State}\",\"entry\":{row.Document}}}"))}]", "application/json");
        });
    }
}
