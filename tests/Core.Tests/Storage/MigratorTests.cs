using Dapper;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class MigratorTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Nodes_that_start_together_migrate_once(string kind)
    {
        await using var database = await TestDatabase.NewEmpty(kind);
        var applied = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrator(database.Open()).Run()));
        Assert.Single(applied, count => count > 0);
        Assert.Equal(applied.Sum(), await database.Db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM migrations")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_migrated_database_is_left_alone(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        Assert.Equal(0, await new Migrator(database.Db).Run());
    }
}
