using LiveProctor.Core.Delivery;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Delivery;

public sealed class SigningKeysTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_key_is_published_before_it_signs_and_after_it_did(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var keys = new SigningKeys(database.Db, clock);
        var first = await keys.Current();
        Assert.Equal([first.Kid], await Kids(keys));

        clock.Advance(SigningKeys.Signs);
        Assert.Equal(first.Kid, (await keys.Current()).Kid);
        var second = (await keys.Known())[^1];
        Assert.NotEqual(first.Kid, second.Kid);
        Assert.Equal([first.Kid, second.Kid], await Kids(keys));

        clock.Advance(SigningKeys.Overlap);
        Assert.Equal(second.Kid, (await keys.Current()).Kid);
        Assert.Equal([first.Kid, second.Kid], await Kids(keys));

        clock.Advance(SigningKeys.Overlap);
        Assert.Equal(second.Kid, (await keys.Current()).Kid);
        Assert.Equal([second.Kid], await Kids(keys));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Nodes_that_start_at_once_and_those_that_start_later_have_the_same_key(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var nodes = Enumerable.Range(0, 4).Select(_ => new SigningKeys(database.Open(), clock)).ToList();
        var current = await Task.WhenAll(nodes.Select(node => Task.Run(node.Current)));
        var later = await new SigningKeys(database.Open(), clock).Current();
        Assert.Equal([later.Kid], current.Select(key => key.Kid).Distinct());
        Assert.Equal(later.Pkcs8, current[0].Pkcs8);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_program_that_was_off_for_a_year_signs_with_what_it_publishes(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        await new SigningKeys(database.Db, clock).Current();
        clock.Advance(TimeSpan.FromDays(365));
        var keys = new SigningKeys(database.Open(), clock);
        Assert.Contains((await keys.Current()).Kid, await Kids(keys));
        clock.Advance(SigningKeys.Overlap);
        Assert.Contains((await keys.Current()).Kid, await Kids(keys));
    }

    private static async Task<IEnumerable<string>> Kids(SigningKeys keys) => (await keys.Known()).Select(key => key.Kid);
}
