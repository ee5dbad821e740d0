using System.Globalization;
using System.Text.Json.Nodes;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Tests.Imports;
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

    [Theory, ClassData(typeof(Databases))]
    public async Task What_a_file_does_to_many_sessions_is_told_to_a_list_in_few_events(string kind)
    {
        await using var world = await World.New(kind);
        var files = ImportScene.In(world);
        var law = new Law(world);
        string[] names = [.. Enumerable.Range(1, 45).Select(number => $"Hall {number}")];
        var list = FeedNames.Sessions(world.Manager.OrganisationId);
        await law.Check();
        foreach (var (day, told) in new[] { (23, "sessionCreated"), (24, "sessionEdited") })
        {
            await files.Import(ImportKind.Sessions, SessionsFile.Of(names.Select(name => SessionsFile.Row(name, $"2026-11-{day}T10:00", $"2026-11-{day}T11:00"))));
            await law.Check();
            var events = (await world.Events(list)).Where(item => item.Kind == told).Select(item => Law.RowsOf(JsonNode.Parse(item.Data)!).Select(row => (string)row["name"]!).ToList()).ToList();
            Assert.Equal([20, 20, 5], events.Select(rows => rows.Count));
            Assert.Equal(names.Order(StringComparer.Ordinal), events.SelectMany(rows => rows).Order(StringComparer.Ordinal));
        }
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
