using System.Data.Common;
using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class AuditLogTests
{
    private static readonly Actor Somebody = new(ActorKind.Staff, "staff", "Somebody", "org");
    private static readonly string Chain = FeedNames.Session("s");
    private static readonly string OfOrganisation = AuditLog.Organisation("org");

    [Theory, ClassData(typeof(Databases))]
    public async Task Chains_written_by_many_at_once_are_whole(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var log = new AuditLog(database.Db);
        var changes = new Announcer(database.Db).Changes;
        using var written = new CancellationTokenSource();
        var checking = Task.Run(async () =>
        {
            while (!written.IsCancellationRequested)
            {
                Assert.Null(await log.FirstBroken(Chain));
                Assert.Null(await log.FirstBroken(OfOrganisation));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, 40).Select(number => Task.Run(() => Record(changes, $"{number}", "again"))));
        await written.CancelAsync();
        await checking;
        foreach (var chain in (string[])[Chain, OfOrganisation])
        {
            Assert.Null(await log.FirstBroken(chain));
            Assert.Equal(80, await database.Db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM audit WHERE chain = @chain", new { chain })));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nobody_adds_to_a_sessions_chain_without_its_lock(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        await Assert.ThrowsAsync<InvalidOperationException>(() => new Announcer(database.Db).Changes.Run<Done>(Somebody, change =>
        {
            change.Record("org", Chain, "approve", "one");
            return Task.FromResult<Result<Done>>(new Done());
        }));
        Assert.Equal(0, await database.Db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM audit")));
    }

    public static TheoryData<string, string, long> Tampering()
    {
        var data = new TheoryData<string, string, long>();
        foreach (var kind in (string[])["sqlite", "postgres"])
        {
            data.Add(kind, "UPDATE audit SET details = '{\"reason\":\"another\"}' WHERE seq = 2", 2);
            data.Add(kind, "UPDATE audit SET actor_name = 'Another' WHERE seq = 1", 1);
            data.Add(kind, "UPDATE audit SET actor_id = 'another' WHERE seq = 3", 3);
            data.Add(kind, "UPDATE audit SET at = at + 1 WHERE seq = 2", 2);
            data.Add(kind, "UPDATE audit SET organisation_id = 'another' WHERE seq = 2", 2);
            data.Add(kind, "UPDATE audit SET action = subject, subject = action WHERE seq = 2", 2);
            data.Add(kind, "DELETE FROM audit WHERE seq = 1", 1);
            data.Add(kind, "DELETE FROM audit WHERE seq = 2", 2);
            data.Add(kind, "DELETE FROM audit WHERE seq = 3", 3);
            data.Add(kind, "DELETE FROM audit", 1);
        }

        return data;
    }

    [Theory, MemberData(nameof(Tampering))]
    public async Task Whoever_goes_around_the_program_leaves_a_broken_chain(string kind, string tampering, long broken)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new Announcer(database.Db).Changes;
        await Record(changes, "one");
        await Record(changes, "two", "three");
        await Execute(database.Db, kind == "postgres"
            ? "ALTER TABLE audit DISABLE TRIGGER ALL"
            : "DROP TRIGGER audit_has_no_update; DROP TRIGGER audit_has_no_delete");
        Assert.Null(await new AuditLog(database.Db).FirstBroken(Chain));
        await Execute(database.Db, tampering);
        Assert.Equal(broken, await new AuditLog(database.Db).FirstBroken(Chain));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_database_itself_refuses_to_change_or_delete_a_row(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        await Record(new Announcer(database.Db).Changes, "one");
        foreach (var sql in (string[])["UPDATE audit SET action = 'x'", "DELETE FROM audit", .. kind == "postgres" ? (string[])["TRUNCATE audit"] : []])
        {
            var refusal = await Assert.ThrowsAnyAsync<DbException>(() => Execute(database.Db, sql));
            Assert.Contains("append-only", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Null(await new AuditLog(database.Db).FirstBroken(Chain));
    }

    private static async Task Record(Changes changes, params string[] subjects)
    {
        var result = await changes.Run<Done>(Somebody, async change =>
        {
            await change.LockSession("s");
            foreach (var subject in subjects)
            {
                change.Record("org", Chain, "approve", subject, new { reason = "none" });
                change.Record("org", OfOrganisation, "approve", subject, new { reason = "none" });
            }

            return new Done();
        });
        Assert.Null(result.Problem);
    }

    private static Task<int> Execute(Db db, string sql) =>
        db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql + ";", null, transaction), true));
}
