using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Catalogue;

/// <summary>What a manager says of a new test.</summary>
public sealed record NewTest
{
    /// <summary>1–40 characters: letters, digits, dot, dash, underscore.</summary>
    public string? Code { get; init; }

    /// <summary>1–200 characters.</summary>
    public string? Title { get; init; }

    /// <summary>What it counts for.</summary>
    public TestKind? Kind { get; init; }

    /// <summary>1–50.</summary>
    public IReadOnlyList<NewSection?>? Sections { get; init; }

    /// <summary>1–1,440.</summary>
    public int? Minutes { get; init; }

    /// <summary>Left out, a proctor watches.</summary>
    public bool? Proctored { get; init; }

    /// <summary>An absolute http or https address.</summary>
    public string? LaunchUrl { get; init; }

    /// <summary>A delivery system's id, or <c>none</c>, which it is when left out.</summary>
    public string? Delivery { get; init; }
}

/// <summary>What a manager says of a section.</summary>
/// <param name="Title">1–200 characters.</param>
/// <param name="Sealed">Left out, it is open.</param>
public sealed record NewSection(string? Title, bool? Sealed);

/// <summary>What a test may be. Pure.</summary>
public static class TestRules
{
    /// <summary>The delivery of a test whose commands nobody confirms.</summary>
    public const string NoDelivery = "none";

    private const int MostSections = 50;

    /// <summary>The test that the input makes; <c>invalid</c> with every field that needs another look.</summary>
    public static Result<Test> Read(NewTest input, string id, DateTimeOffset now)
    {
        var check = new Check();
        var test = new Test
        {
            Id = id,
            Code = check.Text("code", input.Code, 40),
            Title = check.Text("title", input.Title, 200),
            Kind = check.Choice("kind", input.Kind),
            Sections = Sections(check, input.Sections ?? []),
            Minutes = check.Number("minutes", input.Minutes, 1, 1440),
            Proctored = input.Proctored ?? true,
            LaunchUrl = check.WebAddress("launchUrl", input.LaunchUrl),
            Delivery = check.OptionalText("delivery", input.Delivery, 64) ?? NoDelivery,
            CreatedAt = now,
        };
        check.That(test.Code.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_'), "code", "This has only letters, digits, dots, dashes and underscores.");
        return check.Failed(out var problem) ? problem : test;
    }

    private static List<SessionSection> Sections(Check check, IReadOnlyList<NewSection?> input)
    {
        check.That(input.Count is > 0 and <= MostSections, "sections", $"There are 1 to {MostSections} sections.");
        return [.. input.Take(MostSections).Select((section, index) => new SessionSection(check.Text($"sections[{index}].title", section?.Title, 200), section?.Sealed ?? false))];
    }
}
