using System.Reflection;
using Dapper;

namespace LiveProctor.Core.Storage;

/// <summary>Brings the database's tables to what this program needs: numbered files, forward only, one node at a time.</summary>
public sealed class Migrator(Db db)
{
    // Any number that nothing else in the database uses.
    private const long LockNumber = 4_771_902_235;

    /// <summary>Applies every migration that the database has not seen. All or none.</summary>
    public Task<int> Run() => db.Write(async (connection, transaction) =>
    {
        if (db.Dialect == Dialect.Postgres)
        {
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@number)", new { number = LockNumber }, transaction);
        }

        await connection.ExecuteAsync("CREATE TABLE IF NOT EXISTS migrations (number bigint PRIMARY KEY, name text NOT NULL)", null, transaction);
        var seen = await connection.ExecuteScalarAsync<long?>("SELECT max(number) FROM migrations", null, transaction) ?? 0;
        var applied = 0;
        foreach (var (number, name, sql) in Files(db.Dialect).Where(file => file.Number > seen))
        {
            await connection.ExecuteAsync(sql, null, transaction);
            await connection.ExecuteAsync("INSERT INTO migrations (number, name) VALUES (@number, @name)", new { number, name }, transaction);
            applied++;
        }

        return (applied, Commit: true);
    });

    private static IEnumerable<(long Number, string Name, string Sql)> Files(Dialect dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var folder = $".Storage.Migrations.{dialect.Name}.";
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.Contains(folder, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            var name = resource[(resource.IndexOf(folder, StringComparison.Ordinal) + folder.Length)..];
            yield return (long.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture), name, reader.ReadToEnd());
        }
    }
}
