using System.Globalization;

namespace LiveProctor.Bench.Running;

/// <summary>Says where a world's time went: processor time by process, and the statements that the database spent most on (pg_stat_statements).</summary>
internal static class Profile
{
    private const int Most = 14;

    /// <summary>Whether the command line asked for it.</summary>
    public static bool Wanted { get; set; }

    public static async Task Tell(World world)
    {
        if (!Wanted)
        {
            return;
        }

        Console.Error.WriteLine($"    processor: {string.Join(", ", world.Nodes.Select((node, number) => $"node {number} {ProcessUse.Seconds(node.ProcessId):0.0} s"))}, PostgreSQL {ProcessUse.SecondsOfFamily(world.Server.ProcessId):0.0} s");
        const string sql = """
            SELECT calls, total_exec_time, mean_exec_time, rows, wal_bytes, query FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND query NOT LIKE '%bench-student%' ORDER BY total_exec_time DESC LIMIT @most
            """;
        await using var command = world.Sql.CreateCommand(sql);
        command.Parameters.AddWithValue("most", Most);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var query = string.Join(' ', reader.GetString(5).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {reader.GetInt64(0),8} × {reader.GetDouble(2),8:0.000} ms = {reader.GetDouble(1),8:0} ms, {reader.GetInt64(3),8} rows, {reader.GetDecimal(4) / 1024,8:0} KB log: {query[..Math.Min(query.Length, 110)]}"));
        }
    }
}
