using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Profiles;

/// <summary>Named settings that a session applies to proctored tests.</summary>
public sealed record Profile
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>Unique in the organisation, whatever the case.</summary>
    public required string Name { get; init; }

    /// <summary>What it says.</summary>
    public required ProfileSettings Settings { get; init; }

    /// <summary>True of the one that applies where a session names none.</summary>
    public bool IsDefault { get; init; }

    /// <summary>How many sessions follow it that are scheduled or run; those that name none follow the default.</summary>
    public long Sessions { get; init; }

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How names are compared.</summary>
    public static string Key(string name) => name.Trim().ToUpperInvariant();
}

/// <summary>What a manager says of a profile.</summary>
public sealed record NewProfile
{
    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What is left out is as by default.</summary>
    public ProfileSettings? Settings { get; init; }
}

/// <summary>Which profile shall apply where a session names none.</summary>
/// <param name="ProfileId">Null for the settings that LiveProctor comes with.</param>
public sealed record DefaultProfile(string? ProfileId);

/// <summary>What a profile may be. Pure.</summary>
public static class ProfileRules
{
    private const int Day = 24 * 60;

    /// <summary>The profile that the input makes; <c>invalid</c> with every field that needs another look.</summary>
    public static Result<Profile> Read(NewProfile input, string id, DateTimeOffset now)
    {
        var check = new Check();
        var name = check.Text("name", input.Name, 120);
        var settings = input.Settings ?? ProfileSettings.Default;
        check.Number("settings.lobbyLeadMinutes", settings.LobbyLeadMinutes, 0, Day);
        check.Choice<CloseRule>("settings.closeRule", settings.CloseRule);
        check.Number("settings.graceMinutes", settings.GraceMinutes, 0, Day);
        check.Number("settings.pauseLimitMinutes", settings.PauseLimitMinutes, 0, 240);
        check.Number("settings.idleMinutes", settings.IdleMinutes, 0, Day);
        check.Number("settings.admitJitterMilliseconds", settings.AdmitJitterMilliseconds, 0, 30_000);
        return check.Failed(out var problem) ? problem : new Profile { Id = id, Name = name, Settings = settings, CreatedAt = now };
    }

    /// <summary>The profile with another name and other settings, for whoever saw this version of it; <c>stale</c> or <c>invalid</c>.</summary>
    public static Result<Profile> Edit(Profile profile, NewProfile input, long version) => profile.Version == version
        ? Read(input, profile.Id, profile.CreatedAt).Then(read => profile with { Name = read.Name, Settings = read.Settings, Version = version + 1 })
        : Stale(profile);

    /// <summary>Why the profile cannot be deleted; null when it can: nothing that is to come or runs may lose its settings.</summary>
    public static Problem? WhyNotDelete(Profile profile, long version) => profile switch
    {
        _ when profile.Version != version => Stale(profile),
        { IsDefault: true } => new Problem(ProblemKind.ProfileInUse, $"{profile.Name} is the organisation's default. Choose another default first."),
        { Sessions: > 0 } => new Problem(
            ProblemKind.ProfileInUse, $"{profile.Sessions} sessions that are not over use {profile.Name}. Give them another profile first."),
        _ => null,
    };

    private static Problem Stale(Profile profile) => new(ProblemKind.Stale, $"Somebody changed the profile meanwhile (version {profile.Version}).");
}
