using LiveProctor.Core.Accounts;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Students;

/// <summary>What a manager says of a new student.</summary>
public sealed record NewStudent
{
    /// <summary>1–64 characters.</summary>
    public string? ExternalId { get; init; }

    /// <summary>1–100 characters.</summary>
    public string? GivenName { get; init; }

    /// <summary>At most 100 characters.</summary>
    public string? FamilyName { get; init; }

    /// <summary>Left out when none is known.</summary>
    public string? Email { get; init; }

    /// <summary>In which language the student is written to: <c>en</c>, <c>es</c>, <c>fr</c>, or empty for the organisation's.</summary>
    public string? Language { get; init; }

    /// <summary>At most 50 names of 1–100 characters; a group that does not exist yet is made. Left out in a change, they stay as they are.</summary>
    public IReadOnlyList<string?>? Groups { get; init; }

    /// <summary>At most 30; keys of 1–40 characters, values of at most 200. Left out in a change, they stay as they are.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }
}

/// <summary>What a student may be. Pure.</summary>
public static class StudentRules
{
    private const int MostGroups = 50;
    private const int MostSettings = 30;

    /// <summary>The student that the input makes, who gets a user ID when added; <c>invalid</c> with every field that needs another look.</summary>
    public static Result<Student> Read(NewStudent input, string id, DateTimeOffset now) => Read(input, new Student
    {
        Id = id, ExternalId = "", UserId = "", GivenName = "", FamilyName = "", CreatedAt = now,
    });

    /// <summary>What the input makes of a student. What names, e-mail and language are left out become empty; groups and settings stay.</summary>
    public static Result<Student> Edit(Student student, NewStudent input) => Read(input, student with { Version = student.Version + 1 });

    private static Result<Student> Read(NewStudent input, Student onto)
    {
        var check = new Check();
        var student = onto with
        {
            ExternalId = check.Text("externalId", input.ExternalId, 64),
            GivenName = check.Text("givenName", input.GivenName, 100),
            FamilyName = check.OptionalText("familyName", input.FamilyName, 100) ?? "",
            Email = check.OptionalText("email", input.Email, 254),
            Language = (check.OptionalText("language", input.Language, 10) ?? "").ToLowerInvariant(),
            Groups = input.Groups is { } groups ? Groups(check, groups) : onto.Groups,
            Settings = input.Settings is { } settings ? Settings(check, settings) : onto.Settings,
        };
        check.That(student.Email is null || StaffRules.IsEmail(student.Email), "email", "This is an e-mail address such as name@example.org.");
        check.That(student.Language is "" or "en" or "es" or "fr", "language", "This is en, es or fr, or empty for the organisation's.");
        return check.Failed(out var problem) ? problem : student;
    }

    private static List<string> Groups(Check check, IReadOnlyList<string?> input)
    {
        check.That(input.Count <= MostGroups, "groups", $"There are at most {MostGroups} groups.");
        return [.. input.Take(MostGroups).Select((group, index) => check.Text($"groups[{index}]", group, 100)).Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    /// <summary>Test settings as entered.</summary>
    public static IReadOnlyDictionary<string, string> Settings(Check check, IReadOnlyDictionary<string, string?> input)
    {
        check.That(input.Count <= MostSettings, "settings", $"There are at most {MostSettings} settings.");
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in input.Take(MostSettings))
        {
            settings[check.Text("settings", key, 40)] = check.OptionalText($"settings.{(key.Length <= 40 ? key : key[..40])}", value, 200) ?? "";
        }

        return settings;
    }
}
