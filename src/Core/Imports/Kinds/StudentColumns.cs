using LiveProctor.Core.Imports.Reading;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>The columns of students.</summary>
internal static class StudentColumns
{
    public const string ExternalId = "external_id";
    public const string GivenName = "given_name";
    public const string FamilyName = "family_name";
    public const string Email = "email";
    public const string Language = "language";
    public const string Groups = "groups";
    public const string Settings = "settings";

    public static readonly IReadOnlyList<ImportColumn> All =
    [
        new(ExternalId, true, "The school's own ID of the student, 1 to 64 characters. A row with the ID of a student who is known changes that student."),
        new(GivenName, true, "The first name, 1 to 100 characters."),
        new(FamilyName, false, "The family name. Empty leaves it as it is; a dash takes it away."),
        new(Email, false, "The e-mail address. Empty leaves it as it is; a dash takes it away."),
        new(Language, false, "en, es or fr; a dash for the organisation's."),
        new(Groups, false, "The names of all groups of the student, with a semicolon between them; missing groups are made. Empty leaves them as they are; a dash takes the student out of all."),
        new(Settings, false, "Test settings such as fontSize=large; extraTime=25. Empty leaves them as they are; a dash takes them all away."),
    ];

    /// <summary>Settings as a cell holds them; null, with a sentence, where a part is no pair.</summary>
    public static (IReadOnlyDictionary<string, string?>? Settings, string? Wrong) ReadSettings(string cell)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var part in cell is "-" ? [] : cell.Several())
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0)
            {
                return (null, "Settings are pairs such as fontSize=large, with a semicolon between them.");
            }

            settings[part[..at].Trim()] = part[(at + 1)..].Trim();
        }

        return (settings, null);
    }

    /// <summary>Settings as a cell would hold them.</summary>
    public static string Show(IReadOnlyDictionary<string, string> settings) =>
        string.Join("; ", settings.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));
}
