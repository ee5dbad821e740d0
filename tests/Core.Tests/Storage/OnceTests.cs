using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class OnceTests
{
    private static readonly Once Key = new("staff:1", "key-1", "POST /things {}");

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_key_at_the_same_time_happens_once_and_answers_the_same(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new[] { database.Db, database.Open() }.Select(db => new Announcer(db).Changes).ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(call => Task.Run(() => Create(changes[call % 2], Key, $"answer {call}"))));
        Assert.Single(answers.Select(answer => answer.Value).Distinct(StringComparer.Ordinal));
        Assert.Equal(1, await Made(database.Db));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_key_with_another_request_is_refused(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new Announcer(database.Db).Changes;
        await Create(changes, Key, "first");
        var second = await Create(changes, Key with { Request = "POST /things {\"other\":1}" }, "second");
        Assert.Equal(ProblemKind.IdempotencyKeyReused, second.Problem!.Kind);
        Assert.Equal(1, await Made(database.Db));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_key_that_was_refused_can_be_used_again(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new Announcer(database.Db).Changes;
        var refused = await changes.Run<string>(Actor.System, _ => Task.FromResult<Result<string>>(ProblemKind.Invalid), Key);
        Assert.Equal(ProblemKind.Invalid, refused.Problem!.Kind);
        Assert.Equal("second", (await Create(changes, Key, "second")).Value);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Another_caller_with_the_same_key_is_another_matter(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var changes = new Announcer(database.Db).Changes;
        await Create(changes, Key, "first");
        Assert.Equal("second", (await Create(changes, Key with { Scope = "staff:2" }, "second")).Value);
        Assert.Equal(2, await Made(database.Db));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Neither_the_key_nor_the_answer_stands_in_storage(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        await Create(new Announcer(database.Db).Changes, Key, "the secret");
        var stored = await database.Db.Read(connection => connection.QuerySingleAsync<(string Name, string Request, string Answer)>("SELECT name, request, answer FROM idempotency"));
        var all = $"{stored.Name} {stored.Request} {stored.Answer}";
        Assert.DoesNotContain("secret", all, StringComparison.Ordinal);
        Assert.DoesNotContain(Key.Key, all, StringComparison.Ordinal);
        Assert.DoesNotContain("things", all, StringComparison.Ordinal);
    }

    private static Task<Result<string>> Create(Changes changes, Once once, string answer) => changes.Run<string>(
        Actor.System,
        async change =>
        {
            var id = Id.New(change.Now);
            await change.Execute("INSERT INTO organisations (id, name, created_at) VALUES (@id, 'O', 0)", new { id });
            return answer;
        },
        once);

    private static Task<long> Made(Db db) => db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM organisations"));
}
