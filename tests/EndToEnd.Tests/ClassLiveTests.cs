using LiveProctor.EndToEnd.Tests.Browser;
using LiveProctor.EndToEnd.Tests.Running;
using LiveProctor.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>The main job, whole: a class at the door, one proctor, a window that opens by its timer, a test in a delivery system.</summary>
public sealed class ClassLiveTests
{
    public static TheoryData<string> Kinds => World.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_class_of_thirty_is_admitted_by_one_click_let_in_by_the_timer_and_hands_in(string kind)
    {
        await using var world = await World.Start(kind);
        await using var chromium = await Chromium.Start();
        var session = await world.Session("Mathematics, period 3", opensIn: TimeSpan.FromSeconds(20));
        var id = session["id"]!.GetValue<string>();
        var proctor = await chromium.Person(world.Address);
        await proctor.OpenConsole(id);

        using var students = Students.Start(new { hub = world.Address, students = World.Class(session, Enumerable.Range(1, 27)), takeTest = true });
        var pages = await Task.WhenAll(
            InPage(chromium, world, session["joinLink"]!.GetValue<string>(), 28),
            InPage(chromium, world, session["joinLink"]!.GetValue<string>(), 29),
            InPage(chromium, world, $"/join/{session["joinId"]}", 30));
        await students.Until("joined", 27, TimeSpan.FromSeconds(30));
        await Expect(proctor.GetByTestId("admit-clean")).ToContainTextAsync("30");

        // The proctor's one action.
        await proctor.GetByTestId("admit-clean").ClickAsync();

        await students.Until("sees", 27, TimeSpan.FromSeconds(20), item => item.Text("state") == "approved");
        await Task.WhenAll(pages.Select(page => page.TakeTest()));
        await students.Until("ended", 27, TimeSpan.FromSeconds(60), item => item.Text("state") == "submitted");

        var early = students.Events.Where(item => item.Event == "admitted" && item.Text("phase") == "lobbyOpen");
        Assert.Empty(early);
        await Eventually.True(
            async () => (await world.Get($"/api/v1/sessions/{id}/report"))["counts"]!["submitted"]!.GetValue<int>() == 30,
            $"thirty tests are handed in\n{world.Logs}");
        var counts = (await world.Get($"/api/v1/sessions/{id}/report"))["counts"]!;
        Assert.Equal(30, counts["joined"]!.GetValue<int>());
        Assert.Equal(30, counts["approved"]!.GetValue<int>());
        Assert.Equal(30, counts["started"]!.GetValue<int>());
        await proctor.GetByTestId("report").ClickAsync();
        await Expect(proctor.GetByTestId("report-submitted")).ToContainTextAsync("30");
    }

    private static async Task<IPage> InPage(Chromium chromium, World world, string where, int number)
    {
        var page = await chromium.Person(world.Address);
        await page.Join(where, $"S{number}", $"Student{number}");
        await Expect(page.Locator("#studentId")).ToBeHiddenAsync();
        return page;
    }
}
