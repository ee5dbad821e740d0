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
        var code = check.Text("code", input.Code, 40);
        check.That(code.All(character => char.IsLetterOrDigit(character) || character is '.' or '-' or '_'), "code", "This has only letters, digits, dots, dashes and underscores.");
        return Read(check, input, new Test
        {
            Id = id, Code = code, Title = "", Kind = default, Sections = [], Minutes = 0, Proctored = true, LaunchUrl = "", Delivery = NoDelivery, CreatedAt = now,
        });
    }

    /// <summary>What the input makes of a test. Its code stays: registrations, tickets and sessions name the test by it.</summary>
    public static Result<Test> Edit(Test test, NewTest input)
    {
        var check = new Check();
        check.That(input.Code is null || Test.Key(input.Code) == Test.Key(test.Code), "code", "The code of a test stays: tickets and registrations name the test by it. Add another test instead.");
        return Read(check, input, test with { Version = test.Version + 1 });
    }

    private static Result<Test> Read(Check check, NewTest input, Test onto)
    {
        var test = onto with
        {
            Title = check.Text("title", input.Title, 200),
            Kind = check.Choice("kind", input.Kind),
            Sections = Sections(check, input.Sections ?? []),
            Minutes = check.Number("minutes", input.Minutes, 1, 1440),
            Proctored = input.Proctored ?? true,
            LaunchUrl = check.WebAddress("launchUrl", input.LaunchUrl),
            Delivery = check.OptionalText("delivery", input.Delivery, 64) ?? NoDelivery,
        };
        return check.Failed(out var problem) ? problem : test;
    }

    private static List<SessionSection> Sections(Check check, IReadOnlyList<NewSection?> input)
    {
        check.That(input.Count is > 0 and <= MostSections, "sections", $"There are 1 to {MostSections} sections.");
        return [.. input.Take(MostSections).Select((section, index) => new SessionSection(check.Text($"sections[{index}].title", section?.Title, 200), section?.Sealed ?? false))];
    }
}
