using LiveProctor.EndToEnd.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveProctor.EndToEnd.Tests.Browser;

/// <summary>What people do on the pages.</summary>
internal static class People
{
    /// <summary>A member of staff signs in and opens a session's console.</summary>
    public static async Task OpenConsole(this IPage page, string sessionId, string email = World.AdminEmail)
    {
        await page.GotoAsync("/");
        await page.Locator("#email").FillAsync(email);
        await page.Locator("#password").FillAsync(World.AdminPassword);
        await page.GetByTestId("sign-in-submit").ClickAsync();
        await Expect(page.GetByTestId("create-session").First).ToBeVisibleAsync();
        await page.GotoAsync($"/?session={sessionId}");
        await Expect(page.GetByTestId("session-page")).ToBeVisibleAsync();
    }

    /// <summary>A student follows the link, or types the ID, and asks to join.</summary>
    public static async Task Join(this IPage page, string where, string studentId, string firstName)
    {
        await page.GotoAsync(where);
        await page.Locator("#studentId").FillAsync(studentId);
        await page.Locator("#firstName").FillAsync(firstName);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask to join" }).ClickAsync();
    }

    /// <summary>A student answers the ten questions of the practice test and hands it in.</summary>
    public static async Task TakeTest(this IPage page)
    {
        await Expect(page.GetByTestId("question")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        for (var question = 1; question <= 10; question++)
        {
            await page.GetByTestId("answer-option").First.ClickAsync();
            if (question < 10)
            {
                await page.GetByTestId("next").ClickAsync();
            }
        }

        await page.GetByTestId("submit").ClickAsync();
        await page.GetByTestId("confirm-submit").ClickAsync();
        await Expect(page.GetByTestId("done")).ToBeVisibleAsync();
    }
}
