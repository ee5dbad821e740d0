using System.Diagnostics;
using System.Text.RegularExpressions;
using LiveProctor.EndToEnd.Tests.Browser;
using LiveProctor.EndToEnd.Tests.Running;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LiveProctor.EndToEnd.Tests;

/// <summary>From the printed ticket to the test handed in, past a sealed section: in real browsers, with a real delivery system.</summary>
public sealed partial class SealedTests
{
    private const int Class = 9;

    [Fact]
    public async Task Students_come_in_by_ticket_and_pass_a_seal_by_its_code_and_by_the_proctors_release()
    {
        await using var world = await World.Start("embedded", students: Class);
        await world.SealedTest();
        var session = await world.Session("Sealed", opensIn: TimeSpan.FromSeconds(-60), more: new { tests = new[] { "SEALED" } });
        var id = session["id"]!.GetValue<string>();
        var students = (await world.Get("/api/v1/students?limit=50"))["items"]!.AsArray();
        foreach (var student in students)
        {
            await world.Post("/api/v1/registrations", new { studentId = student!["id"]!.GetValue<string>(), testCode = "SEALED", sessionId = id });
        }

        await using var chromium = await Chromium.Start();
        var staff = await chromium.Person(world.Address);
        await staff.OpenConsole(id);
        var (join, tickets) = await Print(staff, id, session["joinLink"]!.GetValue<string>());

        var first = await Seated(chromium, world, join, tickets[0]);
        var second = await Seated(chromium, world, join, tickets[1]);
        await staff.GotoAsync($"/?session={id}&tab=approvals");
        await staff.GetByTestId("admit-clean").ClickAsync();
        foreach (var student in new[] { first, second })
        {
            await ToTheSeal(student);
        }

        // The first types the code that stands on the proctor's sheet.
        await staff.GotoAsync($"/?page=sealCodes&of={id}");
        var code = await staff.GetByTestId("seal-code").TextContentAsync();
        await first.Locator("#code").ClickAsync();
        await first.Locator("#sealCode").FillAsync("ABCDEF");
        await first.GetByRole(AriaRole.Button, new() { Name = "Open the section" }).ClickAsync();
        await Expect(first.Locator("#sealCode-error")).ToBeVisibleAsync();
        await first.Locator("#sealCode").FillAsync(code!.Trim().ToLowerInvariant());
        await first.GetByRole(AriaRole.Button, new() { Name = "Open the section" }).ClickAsync();
        await Expect(first.Locator("#number")).ToHaveTextAsync("Question 6 of 10", new() { Timeout = 30_000 });

        // The second waits, and is released.
        await Expect(second.GetByTestId("sealed")).ToBeVisibleAsync();
        await staff.GotoAsync($"/?session={id}&tab=students");
        await staff.GetByTestId("bulk-releaseSeal").ClickAsync();
        await staff.GetByTestId("command-confirm").ClickAsync();
        await Expect(second.Locator("#number")).ToHaveTextAsync("Question 6 of 10", new() { Timeout = 30_000 });
        await HandIn(second);
        await HandIn(first);
    }

    /// <summary>Prints the tickets and reads one as a student would: the address by its QR code, user ID and password by eye.</summary>
    private static async Task<(string Join, IReadOnlyList<(string UserId, string Password)> Tickets)> Print(IPage staff, string id, string joinLink)
    {
        await staff.GotoAsync($"/?page=tickets&of={id}");
        await Expect(staff.GetByTestId("ticket")).ToHaveCountAsync(Class);
        await staff.WaitForFunctionAsync("() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)");

        // Eight to a page of A4, six to one of Letter, and no page more: a ticket is never split.
        var folder = Directory.CreateTempSubdirectory("liveproctor-tickets-").FullName;
        foreach (var (format, pages) in new[] { ("A4", 2), ("Letter", 2) })
        {
            var file = Path.Combine(folder, $"{format}.pdf");
            await staff.PdfAsync(new() { Path = file, Format = format });
            Assert.Equal(pages, PdfPage().Count(System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file))));
        }

        var picture = Path.Combine(folder, "qr.png");
        await staff.EmulateMediaAsync(new() { Media = Media.Print });
        await staff.GetByTestId("ticket").Last.Locator("img").ScreenshotAsync(new() { Path = picture, Scale = ScreenshotScale.Device });
        await staff.EmulateMediaAsync(new() { Media = Media.Screen });
        var read = await ReadQr(picture);
        Assert.Equal(joinLink, read);
        var tickets = new List<(string, string)>();
        for (var number = 0; number < Class; number++)
        {
            var ticket = staff.GetByTestId("ticket").Nth(number);
            tickets.Add(((await ticket.GetByTestId("ticket-user").TextContentAsync())!, (await ticket.GetByTestId("ticket-password").TextContentAsync())!));
        }

        Directory.Delete(folder, recursive: true);
        return (read, tickets);
    }

    private static async Task<IPage> Seated(Chromium chromium, World world, string join, (string UserId, string Password) ticket)
    {
        var page = await chromium.Person(world.Address);
        await page.GotoAsync(join);
        await page.GetByLabel("I have a ticket").CheckAsync();
        await page.Locator("#userId").FillAsync(ticket.UserId);
        await page.Locator("#password").FillAsync(ticket.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Ask to join" }).ClickAsync();
        await Expect(page.Locator("#status-title")).ToHaveTextAsync("Your proctor has been asked");
        return page;
    }

    private static async Task ToTheSeal(IPage student)
    {
        await Expect(student.GetByTestId("question")).ToBeVisibleAsync(new() { Timeout = 60_000 });
        for (var question = 1; question <= 5; question++)
        {
            await student.GetByTestId("answer-option").First.ClickAsync();
            await student.GetByTestId("next").ClickAsync();
        }

        await student.GetByTestId("confirm-seal").ClickAsync();
        await Expect(student.GetByTestId("sealed")).ToBeVisibleAsync();
    }

    private static async Task HandIn(IPage student)
    {
        await student.GetByTestId("submit").ClickAsync();
        await student.GetByTestId("confirm-submit").ClickAsync();
        await Expect(student.GetByTestId("done")).ToBeVisibleAsync();
    }

    private static async Task<string> ReadQr(string picture)
    {
        var start = new ProcessStartInfo("node", [Path.Combine(AppContext.BaseDirectory, "Running", "readQr.mjs"), Repository.Pages, picture])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var node = Process.Start(start)!;
        var (output, errors) = (node.StandardOutput.ReadToEndAsync(), node.StandardError.ReadToEndAsync());
        await node.WaitForExitAsync();
        Assert.True(node.ExitCode == 0, await errors);
        return await output;
    }

    [GeneratedRegex(@"/Type\s*/Page\b", RegexOptions.None, 1000)]
    private static partial Regex PdfPage();
}
