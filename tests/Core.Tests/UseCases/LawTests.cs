using System.Globalization;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Old snapshot + events = new snapshot, for every use case by name and on random ways through all of them.</summary>
public sealed class LawTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task What_every_use_case_changes_is_in_its_events_and_in_the_fixtures_that_the_pages_are_tested_with(string kind)
    {
        await using var world = await World.New(kind);
        var law = new Law(world);
        var fixtures = new LawFixtures();
        await LawCases.Play(world, async (name, happen) =>
        {
            await law.Check();
            await happen();
            fixtures.Take(name, await law.Check());
        });
        fixtures.Check();
    }

    [Theory]
    [InlineData("sqlite", 1, 300, 25)]
    [InlineData("sqlite", 2, 300, 25)]
    [InlineData("sqlite", 3, 300, 25)]
    [InlineData("postgres", 4, 120, 15)]
    public async Task What_happens_on_a_random_way_through_all_use_cases_is_in_the_events(string kind, int seed, int steps, int kinds)
    {
        // Other ways, for whoever hunts.
        var offset = int.Parse(Environment.GetEnvironmentVariable("LAW_SEED") ?? "0", CultureInfo.InvariantCulture);
        await using var world = await World.New(kind);
        var seen = await new LawWalk(world, seed + offset).Run(steps);
        Assert.True(offset > 0 || seen.Count >= kinds, $"The way led past no more than {string.Join(' ', seen)}");
    }
}
