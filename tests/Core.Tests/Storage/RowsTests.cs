using Dapper;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class RowsTests
{
    private static readonly DateTimeOffset At = new(2026, 3, 29, 1, 30, 0, 7, TimeSpan.Zero);

    [Theory, ClassData(typeof(Databases))]
    public async Task Every_value_arrives_as_it_was_and_in_its_place(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var dialect = database.Db.Dialect;
        Item[] items =
        [
            new("b", long.MaxValue, At, true), new(null, null, null, false), new("", long.MinValue, At, true),
            new("line\nfeed \"quoted\" {\"json\": [1]} \\ 'single' é 漢 😀", 0, At, false), new("a", -1, At, true),
        ];
        var rows = Columns(items);
        foreach (var source in new[] { rows.From(dialect), rows.Unseen(dialect), rows.Keyed(dialect) })
        {
            await Arrive(database, rows, source, items);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task One_row_that_is_looked_up_by_key_is_as_good_as_many(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        foreach (var item in new Item[] { new("é", 1, At, true), new(null, null, null, false) })
        {
            var rows = Columns([item]);
            await Arrive(database, rows, rows.Keyed(database.Db.Dialect), [item]);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task No_rows_are_no_fault(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var rows = new Rows<string>([]).Text("name", item => item).Flag("flag", _ => true);
        var sql = $"SELECT count(*) FROM {rows.From(database.Db.Dialect)}";
        Assert.Equal(0, await database.Db.Read(connection => connection.ExecuteScalarAsync<long>(sql, rows.Parameters(database.Db.Dialect))));
    }

    private static Rows<Item> Columns(IReadOnlyCollection<Item> items) => new Rows<Item>(items)
        .Text("name", item => item.Name).Number("number", item => item.Number).Instant("at", item => item.At).Flag("flag", item => item.Flag);

    private static async Task Arrive(TestDatabase database, Rows<Item> rows, string source, IReadOnlyCollection<Item> items)
    {
        var sql = $"SELECT name AS Name, number AS Number, at AS At, flag AS Flag, position AS Position FROM {source} ORDER BY position";
        var read = await database.Db.Read(connection => connection.QueryAsync<Read>(sql, rows.Parameters(database.Db.Dialect)));
        Assert.Equal(items.Select((item, index) => new Read { Name = item.Name, Number = item.Number, At = item.At, Flag = item.Flag, Position = index + 1 }), read);
    }

    private sealed record Item(string? Name, long? Number, DateTimeOffset? At, bool Flag);

    private sealed record Read
    {
        public string? Name { get; init; }

        public long? Number { get; init; }

        public DateTimeOffset? At { get; init; }

        public bool Flag { get; init; }

        public long Position { get; init; }
    }
}
