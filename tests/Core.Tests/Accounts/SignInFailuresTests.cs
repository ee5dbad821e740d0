using LiveProctor.Core.Accounts;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Accounts;

public sealed class SignInFailuresTests
{
    private const string Email = "a@b.example";

    [Theory, ClassData(typeof(Databases))]
    public async Task The_fifth_failure_locks_for_five_minutes_and_then_counting_starts_anew(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var failures = new SignInFailures(database.Db, clock);
        for (var round = 0; round < 2; round++)
        {
            foreach (var last in new[] { false, false, false, false, true })
            {
                Assert.Null(await failures.LockedFor(Email));
                Assert.Equal(last, await failures.Count(Email));
            }

            Assert.Equal(TimeSpan.FromMinutes(5), await failures.LockedFor("A@B.example"));
            Assert.Null(await failures.LockedFor("other@b.example"));
            clock.Advance(TimeSpan.FromMinutes(5));
            Assert.Null(await failures.LockedFor(Email));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Failures_on_two_nodes_at_once_all_count(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var nodes = new[] { new SignInFailures(database.Db, clock), new SignInFailures(database.Open(), clock) };
        var locking = await Task.WhenAll(Enumerable.Range(0, 5).Select(index => Task.Run(() => nodes[index % 2].Count(Email))));
        Assert.Single(locking, locked => locked);
        Assert.NotNull(await nodes[0].LockedFor(Email));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_success_clears_what_was_counted(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var failures = new SignInFailures(database.Db, new ManualClock());
        for (var count = 0; count < 4; count++)
        {
            await failures.Count(Email);
        }

        await failures.Clear(Email);
        Assert.False(await failures.Count(Email));
        Assert.Null(await failures.LockedFor(Email));
    }
}
