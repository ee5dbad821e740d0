namespace LiveProctor.Core.Profiles;

/// <summary>Where a session's settings come from.</summary>
/// <param name="Name">As it was when the session took the settings over.</param>
public sealed record AppliedProfile(string Id, string Name, long Version);

/// <summary>The profile that a session would follow now: the one that it names, or the organisation's default.</summary>
/// <param name="Id">Null where the settings are those that LiveProctor comes with.</param>
public sealed record CurrentProfile(string? Id, string Name, long Version, ProfileSettings Settings)
{
    /// <summary>The settings that LiveProctor comes with.</summary>
    public static CurrentProfile BuiltIn { get; } = new(null, "", 0, ProfileSettings.Default);

    /// <summary>Tells this profile at this version from every other.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Mark => Id is null ? "built-in" : $"{Id}:{Version}";

    /// <summary>What a session remembers of it; null of the built-in settings.</summary>
    public AppliedProfile? Applied() => Id is null ? null : new AppliedProfile(Id, Name, Version);
}
