using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Tests of the catalogue change; sessions take that over until their lobby opens.</summary>
public sealed class EditingTestsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_is_changed_only_by_who_has_seen_the_latest_and_keeps_its_code(string kind)
    {
        await using var world = await World.New(kind);
        var (store, edit) = (new TestStore(world.Db), new EditTest(world.Changes));
        var before = (await store.Find(world.Manager.OrganisationId, "math-7"))!;
        Assert.Equal(before.Code, (await store.Find(world.Manager.OrganisationId, before.Id))!.Code);
        Assert.Null(await store.Find(world.Stranger.OrganisationId, before.Id));
        var input = Input(minutes: 75);
        var edited = Good(await edit.Run(world.Manager, "math-7", input, 1));
        Assert.Equal((before.Id, Delivered, "Algebra", 75, 2), (edited.Id, edited.Code, edited.Title, edited.Minutes, edited.Version));
        Assert.Equivalent(edited, await store.Find(world.Manager.OrganisationId, before.Id), strict: true);
        Refused(ProblemKind.Stale, await edit.Run(world.Manager, before.Id, input, 1));
        Refused(ProblemKind.NotFound, await edit.Run(world.Stranger, before.Id, input, 2));
        Refused(ProblemKind.NotFound, await edit.Run(world.Manager, "no-such", input, 1));
        Assert.Equal("code", Assert.Single(Refused(ProblemKind.Invalid, await edit.Run(world.Manager, before.Id, input with { Code = "MATH-8" }, 2)).Fields).Key);
        Assert.Equal("delivery", Assert.Single(Refused(ProblemKind.Invalid, await edit.Run(world.Manager, before.Id, input with { Delivery = world.StrangeDelivery.Id }, 2)).Fields).Key);
        Assert.Equal(["kind", "launchUrl", "minutes", "sections", "title"], Refused(ProblemKind.Invalid, await edit.Run(world.Manager, before.Id, new NewTest(), 2)).Fields.Keys.Order());
        var audit = Assert.Single(await world.Recorded("testEdited"));
        Assert.Equal((60, 75), (audit.GetProperty("was").GetProperty("minutes").GetInt32(), audit.GetProperty("now").GetProperty("minutes").GetInt32()));
        var races = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(() => edit.Run(world.Manager, before.Id, input with { Title = $"Algebra {number}" }, 2))));
        Assert.Single(races, race => !race.Failed(out _));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_takes_the_test_as_it_is_when_its_lobby_opens_and_keeps_it_from_then_on(string kind)
    {
        await using var world = await World.New(kind);
        var edit = new EditTest(world.Changes);
        var (timed, early, editable) = (await world.Session(), await world.Session(form => form with { Name = "Early" }), await world.Session(form => form with { Name = "Edited" }));
        Good(await edit.Run(world.Manager, Delivered, Input(minutes: 75), 1));
        Good(await world.Steer.Open(world.Ada, early.Id, new PhaseRequest()));
        await world.PassTo(timed.LobbyOpensAt);
        foreach (var session in new[] { timed, early, editable })
        {
            Assert.Equal(("Algebra", 75), ((await world.SessionNow(session.Id)).Tests[0].Title, (await world.SessionNow(session.Id)).Tests[0].Minutes));
        }

        var place = await world.Join(editable);
        Good(await edit.Run(world.Manager, Delivered, Input(minutes: 30), 2));
        var running = await world.SessionNow(editable.Id);
        var longer = Good(await world.Edit.Run(world.Ada, editable.Id, world.Form with { Name = "Edited", Tests = [Delivered, Undelivered], ClosesAt = "2026-11-21T12:00:00Z" }, running.Version));
        Assert.Equal([(Delivered, 75), (Undelivered, 60)], longer.Tests.Select(test => (test.Code, test.Minutes)));
        Assert.Equal(75 * 60, (await world.Entry(place)).AllowedSeconds);
        Assert.Equal(75 * 60, (await world.Entry(await world.Join(editable, 2, Delivered))).AllowedSeconds);
        Assert.Equal(30, (await world.SessionNow((await world.Session(form => form with { Name = "New" })).Id)).Tests[0].Minutes);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_test_that_becomes_proctored_brings_the_profile_with_it(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Tests = [Unproctored] }, new ProfileSettings { LobbyLeadMinutes = 10, StudentMayPause = true });
        Good(await new EditTest(world.Changes).Run(world.Manager, Unproctored, Input(proctored: true) with { Delivery = null }, 1));
        await world.PassTo(Nine.AddMinutes(-30));
        Assert.Equal(SessionPhase.Scheduled, (await world.SessionNow(session.Id)).Phase);
        await world.PassTo(Nine.AddMinutes(-10));
        var now = await world.SessionNow(session.Id);
        Assert.Equal((SessionPhase.LobbyOpen, true, true), (now.Phase, now.Proctored, now.Profile.StudentMayPause));
        Assert.Equal(EntryState.Waiting, await world.State(await world.Join(session, 1, Unproctored)));
    }

    private static NewTest Input(int minutes = 60, bool proctored = true) => new()
    {
        Title = "Algebra", Kind = TestKind.Operational, Minutes = minutes, Proctored = proctored, LaunchUrl = "https://tests.example/algebra", Sections = [new NewSection("Numbers", false)],
    };
}
