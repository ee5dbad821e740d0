using System.Text.Json.Nodes;
using Npgsql;

namespace LiveProctor.Bench.Running;

/// <summary>
/// Copies rows within the database: one row that the program made itself, many times over. Whatever columns it has stay as the program fills them,
/// except those that are named.
/// </summary>
internal static class Copies
{
    /// <summary>Copies the rows of a table whose column has a value, once for each change. Does nothing when there is no such table.</summary>
    /// <param name="world">Whose database.</param>
    /// <param name="table">The table.</param>
    /// <param name="column">Says with <paramref name="value"/> which rows are copied.</param>
    /// <param name="value">As text.</param>
    /// <param name="changes">What each copy has instead, by column. An object changes members of a JSON document that is kept as text.</param>
    public static async Task Copy(this World world, string table, string column, string value, IEnumerable<JsonObject> changes)
    {
        var columns = await Columns(world, table);
        if (columns.Count == 0)
        {
            return;
        }

        var names = string.Join(", ", columns);
        var sql = $"""
            INSERT INTO {table} ({names}) SELECT {string.Join(", ", columns.Select(name => $"copy.{name}"))}
            FROM (SELECT to_jsonb({table}) AS whole FROM {table} WHERE {column} = @value) AS first
            CROSS JOIN unnest(@changes) AS given (change)
            CROSS JOIN LATERAL (
              SELECT jsonb_object_agg(key, CASE jsonb_typeof(value)
                WHEN 'object' THEN to_jsonb((jsonb_strip_nulls((whole ->> key)::jsonb || value))::text) ELSE value END) AS merged
              FROM jsonb_each(change::jsonb) WHERE whole ? key) AS asked
            CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, whole || merged) AS copy
            """;
        await world.Execute(sql, ("value", value), ("changes", changes.Select(change => change.ToJsonString()).ToArray()));
    }

    private static async Task<List<string>> Columns(World world, string table)
    {
        await using var command = world.Sql.CreateCommand(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position");
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        var names = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }
}
