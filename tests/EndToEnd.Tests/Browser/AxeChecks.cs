using System.Text.Json;
using LiveProctor.EndToEnd.Tests.Running;
using Microsoft.Playwright;

namespace LiveProctor.EndToEnd.Tests.Browser;

/// <summary>What a machine can tell of a page that somebody could not use.</summary>
internal static class AxeChecks
{
    /// <summary>Violations of WCAG 2.2 AA and of axe's best practices as they are now, and whether the page is wider than its window.</summary>
    public static async Task<IReadOnlyList<string>> Axe(this IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(Path.Combine(Repository.Pages, "node_modules", "axe-core", "axe.min.js")));
        var found = await page.EvaluateAsync<JsonElement>(
            """
            async () => {
                // A colour that is on its way to another one is none that anybody reads.
                const passing = document.getAnimations().filter((each) => each.playState === 'running' && Number.isFinite(each.effect?.getComputedTiming().endTime));
                await Promise.allSettled(passing.map(({ finished }) => finished));
                const { violations } = await axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
                const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
                const { scrollWidth, clientWidth } = document.documentElement;
                if (scrollWidth > clientWidth) found.push(`is ${scrollWidth} px wide in a window of ${clientWidth} px`);
                return found;
            }
            """);
        return [.. found.EnumerateArray().Select(item => item.GetString()!)];
    }
}
