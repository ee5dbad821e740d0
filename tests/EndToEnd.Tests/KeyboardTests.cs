using System.Text.Json.Nodes;
using LiveProctor.EndToEnd.Tests.Browser;
using LiveProctor.EndToEnd.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>The manager's work without a mouse, and what a machine can tell of whether everybody can use the pages.</summary>
public sealed class KeyboardTests
{
    [Fact]
    public async Task Sessions_are_created_ticked_and_deleted_by_keyboard_and_the_focus_is_never_lost()
    {
        await using var world = await World.Start("embedded", students: 0);
        foreach (var name in new[] { "First", "Second", "Third" })
        {
            await world.Session(name, opensIn: TimeSpan.FromDays(1));
        }

        await using var chromium = await Chromium.Start();
        var page = await SignIn(chromium, world);
        await Expect(page.GetByTestId("session-row")).ToHaveCountAsync(3);
        await page.Keyboard.PressAsync("ArrowDown");
        await Expect(Focused(page)).ToHaveTextAsync("First");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Delete");
        await Expect(page.GetByTestId("delete-count")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("1");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("mends")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("delete-count")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("2");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("session-row")).ToHaveCountAsync(1);
        await Expect(page.GetByTestId("delete-dialog")).ToHaveCountAsync(0);
        await Expect(Focused(page)).Not.ToHaveJSPropertyAsync("tagName", "BODY");

        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("[data-testid=session-dialog] [name=name]")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("By keyboard");
        await Expect(page.Locator("[data-testid=session-dialog] [name=tests]")).ToBeCheckedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("session-page")).ToBeVisibleAsync();
        await Expect(Focused(page)).ToHaveTextAsync("By keyboard");
    }

    [Fact]
    public async Task Dialogs_begin_at_their_first_field_and_give_the_focus_back_or_to_what_is_left()
    {
        await using var world = await World.Start("embedded", students: 2);
        await using var chromium = await Chromium.Start();
        var page = await SignIn(chromium, world);
        await page.GotoAsync("/?page=students");
        var add = page.GetByTestId("add-student");
        await add.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Focused(page)).ToHaveAttributeAsync("name", "givenName");
        await page.Keyboard.PressAsync("Escape");
        await Expect(add).ToBeFocusedAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Example, Student1" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Button, new() { Name = "Delete" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Focused(page)).ToHaveAttributeAsync("role", "alert");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Example, Student1 is deleted.")).ToBeVisibleAsync();
        await Expect(page.Locator("[data-row]")).ToHaveCountAsync(1);
        await Expect(Focused(page)).Not.ToHaveJSPropertyAsync("tagName", "BODY");
    }

    [Fact]
    public async Task A_test_is_edited_on_its_page_and_a_stale_form_says_so_and_has_the_list_read_again()
    {
        await using var world = await World.Start("embedded", students: 0);
        await using var chromium = await Chromium.Start();
        var page = await SignIn(chromium, world);
        await page.GotoAsync("/?page=tests");
        var row = page.Locator("[data-row] .cellButton");
        await row.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Focused(page)).ToHaveAttributeAsync("name", "title");
        await page.Keyboard.PressAsync("Control+A");
        await page.Keyboard.TypeAsync("Warming up");
        await page.Keyboard.PressAsync("Enter");
        await Expect(row).ToHaveTextAsync("Warming up");
        await Expect(row).ToBeFocusedAsync();

        await page.Keyboard.PressAsync("Enter");
        await Expect(Focused(page)).ToHaveAttributeAsync("name", "title");
        var current = await world.Get("/api/v1/tests/PRACTICE");
        current["title"] = "Changed elsewhere";
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/tests/PRACTICE") { Content = System.Net.Http.Json.JsonContent.Create(current) };
        request.Headers.TryAddWithoutValidation("If-Match", $"\"{current["version"]}\"");
        var edited = await world.Admin.SendAsync(request);
        Assert.True(edited.IsSuccessStatusCode, await edited.Content.ReadAsStringAsync());
        await page.Keyboard.TypeAsync("!");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("mends")).ToContainTextAsync("Somebody");
        await page.Keyboard.PressAsync("Escape");
        await Expect(row).ToHaveTextAsync("Changed elsewhere");
    }

    [Fact]
    public async Task A_form_has_the_focus_before_the_next_key_and_stays_open_when_it_is_opened_right_after_it_was_closed()
    {
        await using var world = await World.Start("embedded", students: 0);
        await using var chromium = await Chromium.Start();
        var page = await SignIn(chromium, world);
        await page.GotoAsync("/?page=tests");
        await page.Locator("[data-row] .cellButton").FocusAsync();

        // All within one frame: the browser tells of the first form's closing only after the second one is open.
        var focused = await page.EvaluateAsync<string[]>(
            """
            async () => {
              const drawn = () => new Promise((done) => queueMicrotask(() => queueMicrotask(done)));
              const press = async (where) => { document.querySelector(where).click(); await drawn(); return document.activeElement.name; };
              const first = await press('[data-row] .cellButton');
              await press('dialog[open] .dialogEnd button');
              const second = await press('[data-row] .cellButton');
              for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
              return [first, second, document.activeElement.name];
            }
            """);
        Assert.Equal(["title", "title", "title"], focused);

        // Where a dialog names its beginning, it begins there, and nothing takes the focus a moment later.
        var session = await world.Session("Roster", opensIn: TimeSpan.FromHours(1));
        await page.GotoAsync($"/?session={session["id"]}&tab=roster");
        await page.GetByTestId("add-students").ClickAsync();
        await Expect(page.Locator("dialog[open]").GetByTestId("search")).ToBeFocusedAsync();
    }

    [Theory, InlineData(1280, 800), InlineData(360, 740)]
    public async Task Every_page_passes_axe_and_fits_its_window(int width, int height)
    {
        await using var world = await World.Start("embedded", students: 3);
        await world.SealedTest();
        var session = await world.Session("Sealed", opensIn: TimeSpan.FromMinutes(10), more: new { tests = new[] { "SEALED" } });
        var id = session["id"]!.GetValue<string>();
        var students = (await world.Get("/api/v1/students"))["items"]!.AsArray().Select(student => student!["id"]!.GetValue<string>());
        await world.Post("/api/v1/registrations/bulk", new { studentIds = students, testCode = "SEALED", sessionId = id });
        await world.Post("/api/v1/groups", new { name = "7A", studentIds = students });
        await using var chromium = await Chromium.Start();
        var page = await SignIn(chromium, world);
        await page.SetViewportSizeAsync(width, height);
        var found = new List<string>();
        foreach (var (address, ready) in new[]
        {
            ("/", "session-row"), ("/?view=week", "calendar"), ("/?view=month", "calendar"), ("/?page=students", "students-page"), ("/?page=groups", "groups-page"),
            ("/?page=registrations", "registrations-page"), ("/?page=credits", "credits-page"), ("/?page=tests", "tests-page"), ("/?page=profiles", "profiles-page"),
            ("/?page=mail", "mail-page"), ("/?page=imports", "imports-page"), ($"/?session={id}", "session-page"), ($"/?session={id}&tab=students", "session-page"),
            ($"/?session={id}&tab=roster", "session-roster"), ($"/?page=tickets&of={id}", "ticket"), ($"/?page=sealCodes&of={id}", "seal"),
        })
        {
            await page.GotoAsync(address);
            await Expect(page.GetByTestId(ready).First).ToBeVisibleAsync();
            await Expect(page.Locator(".skeleton")).ToHaveCountAsync(0);
            found.AddRange((await page.Axe()).Select(wrong => $"{address} {wrong}"));
        }

        var student = await chromium.Person(world.Address);
        await student.SetViewportSizeAsync(width, height);
        await student.GotoAsync($"/join/{session["joinId"]}");
        await Expect(student.GetByText("Sealed test")).ToBeVisibleAsync();
        found.AddRange((await student.Axe()).Select(wrong => $"join {wrong}"));
        await student.Join($"/join/{session["joinId"]}", "S1", "Student1");
        await Expect(student.Locator("#status-title")).ToHaveTextAsync("Your proctor has been asked");
        found.AddRange((await student.Axe()).Select(wrong => $"lobby {wrong}"));
        Assert.True(found.Count == 0, string.Join('\n', found));
    }

    private static ILocator Focused(IPage page) => page.Locator(":focus");

    private static async Task<IPage> SignIn(Chromium chromium, World world)
    {
        var page = await chromium.Person(world.Address);
        await page.GotoAsync("/");
        await page.Locator("#email").FillAsync(World.AdminEmail);
        await page.Locator("#password").FillAsync(World.AdminPassword);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByTestId("create-session").First).ToBeVisibleAsync();
        return page;
    }
}
