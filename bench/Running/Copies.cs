using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Npgsql;

namespace LiveProctor.Bench.Running;

/// <summary>
/// Copies rows: one that the program made itself, many times over. Whatever columns it has stay as the program fills them,
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

        var originals = JsonNode.Parse(await world.Ask<string>($"SELECT coalesce(json_agg({table}), '[]')::text FROM {table} WHERE {column} = '{value}'"))!.AsArray();
        var documents = new Dictionary<JsonNode, JsonObject>();
        await using var connection = await world.Sql.OpenConnectionAsync();
        await using var rows = await connection.BeginTextImportAsync($"COPY {table} ({string.Join(", ", columns)}) FROM STDIN");
        foreach (var change in changes)
        {
            foreach (var original in originals)
            {
                await rows.WriteAsync(string.Join('\t', columns.Select(name => Cell(original![name], change[name], change.ContainsKey(name), documents))));
                await rows.WriteAsync('\n');
            }
        }
    }

    // One value as COPY reads it.
    private static string Cell(JsonNode? original, JsonNode? changed, bool isChanged, Dictionary<JsonNode, JsonObject> documents)
    {
        if (changed is JsonObject members)
        {
            ref var document = ref CollectionsMarshal.GetValueRefOrAddDefault(documents, original!, out _);
            document ??= JsonNode.Parse(original!.GetValue<string>())!.AsObject();
            foreach (var (name, member) in members)
            {
                document[name] = member?.DeepClone();
            }

            return Escaped(document.ToJsonString());
        }

        return (isChanged ? changed : original) switch
        {
            null => "\\N",
            JsonValue value when value.TryGetValue<string>(out var text) => Escaped(text),
            var other => other.ToJsonString(),
        };
    }

    private static string Escaped(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\t", "\\t", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    /// <summary>Drops the indexes of tables that are about to become large, save those of their keys; answers the statements that make them again.</summary>
    public static async Task<IReadOnlyList<string>> TakeIndexes(this World world, string[] tables)
    {
        var taken = await world.Ask<string[]>($"""
            SELECT coalesce(array_agg(indexname || ' ' || indexdef), ARRAY[]::text[]) FROM pg_indexes
            WHERE tablename IN ({string.Join(", ", tables.Select(table => $"'{table}'"))})
              AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexname::regclass)
            """);
        var indexes = taken.Select(index => index.Split(' ', 2)).ToList();
        await world.Execute(string.Concat(indexes.Select(index => $"DROP INDEX {index[0]};")));
        return [.. indexes.Select(index => index[1])];
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
