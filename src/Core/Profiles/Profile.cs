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

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How names are compared.</summary>
    public static string Key(string name) => name.Trim().ToUpperInvariant();
}

/// <summary>What a manager says of a new profile.</summary>
public sealed record NewProfile
{
    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What is left out stays as by default.</summary>
    public ProfileSettings? Settings { get; init; }
}

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
}
