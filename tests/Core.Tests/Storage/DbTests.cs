using Dapper;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class DbTests
{
    private const string Insert = "INSERT INTO organisations (id, name, created_at) VALUES (@id, 'O', 0)";

    [Theory, ClassData(typeof(Databases))]
    public async Task Only_what_is_committed_stays(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        foreach (var commit in (bool[])[true, false])
        {
            await database.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(Insert, new { id = $"{commit}" }, transaction), commit));
        }

        await Assert.ThrowsAsync<InvalidOperationException>(() => database.Db.Write<int>(async (connection, transaction) =>
        {
            await connection.ExecuteAsync(Insert, new { id = "thrown" }, transaction);
            throw new InvalidOperationException("on purpose");
        }));
        Assert.Equal(["True"], await Ids(database.Open()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Many_writers_and_readers_of_several_processes_all_get_through(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        Db[] nodes = [database.Db, database.Open(), database.Open()];
        await Task.WhenAll(Enumerable.Range(0, 90).Select(number => Task.Run(async () =>
        {
            var db = nodes[number % nodes.Length];
            await db.Write(async (connection, transaction) => (await connection.ExecuteAsync(Insert, new { id = $"{number}" }, transaction), true));
            Assert.Contains($"{number}", await Ids(db));
        })));
        Assert.Equal(90, (await Ids(database.Db)).Count);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Instants_come_back_as_they_were_in_milliseconds(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var at = new DateTimeOffset(2026, 11, 21, 9, 0, 0, 123, TimeSpan.Zero);
        await database.Db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("INSERT INTO organisations (id, name, created_at) VALUES ('a', 'O', @at)", new { at }, transaction), true));
        var row = await database.Db.Read(connection => connection.QuerySingleAsync<Row>("SELECT created_at AS At, CAST(NULL AS bigint) AS Never FROM organisations"));
        Assert.Equal((at, null), (row.At, row.Never));
        Assert.Equal(at.ToUnixTimeMilliseconds(), await database.Db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT created_at FROM organisations")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_named_differences_mean_the_same(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var dialect = database.Db.Dialect;
        foreach (var id in (string[])["Alpha", "beta", "50%_x"])
        {
            await database.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(Insert, new { id }, transaction), true));
        }

        Task<IReadOnlyList<string>> Where(string condition, object parameters) => database.Db.Read<IReadOnlyList<string>>(async connection =>
            [.. await connection.QueryAsync<string>($"SELECT id FROM organisations WHERE {condition} ORDER BY id", parameters)]);
        Assert.Equal(["Alpha"], await Where(dialect.In("id", "@ids"), new { ids = new[] { "Alpha", "nobody" } }));
        Assert.Empty(await Where(dialect.In("id", "@ids"), new { ids = Array.Empty<string>() }));
        Assert.Equal(["Alpha"], await Where(dialect.Contains("id", "@pattern"), new { pattern = "%LPH%" }));
        Assert.Equal(["50%_x"], await Where(dialect.Contains("id", "@pattern"), new { pattern = "%\\%\\_%" }));
        await database.Db.Write(async (connection, transaction) =>
        {
            var locked = await connection.QueryAsync<string>($"SELECT id FROM organisations ORDER BY id LIMIT 1{dialect.ForUpdateSkipLocked}", null, transaction);
            return (locked.Count(), true);
        });
    }

    [Fact]
    public async Task SQLite_is_durable_and_checks_references()
    {
        await using var database = await TestDatabase.New("sqlite");
        async Task<string?> Pragma(string name) => await database.Db.Read(connection => connection.ExecuteScalarAsync<string>($"PRAGMA {name};"));
        Assert.Equal(("wal", "2", "1"), (await Pragma("journal_mode"), await Pragma("synchronous"), await Pragma("foreign_keys")));
    }

    private static Task<IReadOnlyList<string>> Ids(Db db) =>
        db.Read<IReadOnlyList<string>>(async connection => [.. await connection.QueryAsync<string>("SELECT id FROM organisations ORDER BY id")]);

    private sealed record Row
    {
        public DateTimeOffset At { get; init; }

        public DateTimeOffset? Never { get; init; }
    }
}
