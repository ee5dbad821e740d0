using Dapper;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>A profile that changed, until its sessions have followed.</summary>
/// <param name="ProfileId"><see cref="ProfileStore.NoneNamed"/> for the sessions that name no profile.</param>
/// <param name="Stamp">Another one after each change.</param>
public sealed record ProfileChange(string OrganisationId, string ProfileId, string Stamp, DateTimeOffset At);

/// <summary>Where proctoring profiles are kept.</summary>
public sealed class ProfileStore(Db db)
{
    /// <summary>Stands for the sessions that name no profile.</summary>
    internal const string NoneNamed = "";

    /// <summary>Stands beside a session on which no profile has an effect.</summary>
    internal const string NoneApplies = "-";

    private const string Followers = "phase <> 'Draining' AND NOT ended AND NOT deleted";

    private const string Select = $"""
        SELECT profiles.id AS Id, profiles.name AS Name, profiles.settings AS Settings, profiles.is_default AS IsDefault, profiles.version AS Version,
               profiles.created_at AS CreatedAt,
               (SELECT count(*) FROM sessions WHERE sessions.organisation_id = profiles.organisation_id AND sessions.profile_id = profiles.id AND {Followers})
               + CASE WHEN profiles.is_default THEN
                   (SELECT count(*) FROM sessions WHERE sessions.organisation_id = profiles.organisation_id AND sessions.profile_id = '' AND {Followers})
                 ELSE 0 END AS Sessions
        FROM profiles
        """;

    /// <summary>The organisation's profiles by name.</summary>
    public Task<IReadOnlyList<Profile>> Of(string organisationId) => db.Read<IReadOnlyList<Profile>>(async connection =>
        [.. (await connection.QueryAsync<Row>($"{Select} WHERE organisation_id = @organisationId ORDER BY name_key", new { organisationId })).Select(row => row.Profile)]);

    /// <summary>The profile; null when the organisation has none of this id.</summary>
    public Task<Profile?> Find(string organisationId, string id) => db.Read(async connection =>
        (await connection.QuerySingleOrDefaultAsync<Row>($"{Select} WHERE organisation_id = @organisationId AND id = @id", new { organisationId, id }))?.Profile);

    /// <summary>Makes this change the only one on the organisation's profiles until it ends: names, and which is the default, are said of all of them together.</summary>
    internal static Task Lock(Change change, string organisationId) =>
        change.All<string>($"SELECT id FROM organisations WHERE id = @organisationId{change.Dialect.ForUpdate}", new { organisationId });

    /// <summary>The profile; null when the organisation has none of this id.</summary>
    internal static async Task<Profile?> Load(Change change, string organisationId, string id) =>
        (await change.Find<Row>($"{Select} WHERE organisation_id = @organisationId AND id = @id", new { organisationId, id }))?.Profile;

    /// <summary>The profile that a session which names <paramref name="profileId"/> follows now; null when it names one that does not exist.</summary>
    /// <param name="profileId">Null where it names none: the default, or the built-in settings where the organisation has chosen none.</param>
    internal static async Task<CurrentProfile?> Current(Change change, string organisationId, string? profileId)
    {
        const string named = "SELECT id AS Id, name AS Name, version AS Version, settings AS Settings FROM profiles WHERE organisation_id = @organisationId AND ";
        var row = profileId is null
            ? await change.Find<CurrentRow>(named + "is_default", new { organisationId })
            : await change.Find<CurrentRow>(named + "id = @profileId", new { organisationId, profileId });
        return row is not null ? new CurrentProfile(row.Id, row.Name, row.Version, Json.Read<ProfileSettings>(row.Settings))
            : profileId is null ? CurrentProfile.BuiltIn
            : null;
    }

    /// <summary>Adds a profile; false when the name is taken.</summary>
    internal static async Task<bool> Insert(Change change, string organisationId, Profile profile)
    {
        const string sql = """
            INSERT INTO profiles (id, organisation_id, name, name_key, settings, created_at) VALUES (@Id, @organisationId, @Name, @key, @settings, @CreatedAt)
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """;
        return await change.Execute(sql, new { profile.Id, organisationId, profile.Name, key = Profile.Key(profile.Name), settings = Json.Write(profile.Settings), profile.CreatedAt }) == 1;
    }

    /// <summary>Writes a profile that the change has loaded; false when the name is another's.</summary>
    internal static async Task<bool> Save(Change change, string organisationId, Profile profile)
    {
        const string sql = """
            UPDATE profiles SET name = @Name, name_key = @key, settings = @settings, version = @Version
            WHERE organisation_id = @organisationId AND id = @Id
              AND NOT EXISTS (SELECT 1 FROM profiles AS other WHERE other.organisation_id = @organisationId AND other.name_key = @key AND other.id <> @Id)
            """;
        return await change.Execute(sql, new { profile.Id, organisationId, profile.Name, key = Profile.Key(profile.Name), settings = Json.Write(profile.Settings), profile.Version }) == 1;
    }

    internal static Task Delete(Change change, string organisationId, string id) =>
        change.Execute("DELETE FROM profiles WHERE organisation_id = @organisationId AND id = @id", new { organisationId, id });

    /// <summary>The id of the default; null where the organisation has chosen none.</summary>
    internal static Task<string?> Default(Change change, string organisationId) =>
        change.Find<string>("SELECT id FROM profiles WHERE organisation_id = @organisationId AND is_default", new { organisationId });

    internal static async Task SetDefault(Change change, string organisationId, string? id)
    {
        await change.Execute("UPDATE profiles SET is_default = false WHERE organisation_id = @organisationId AND is_default", new { organisationId });
        await change.Execute("UPDATE profiles SET is_default = true WHERE organisation_id = @organisationId AND id = @id", new { organisationId, id });
    }

    /// <summary>Notes that the sessions of a profile have something to follow.</summary>
    internal static Task HaveFollowed(Change change, string organisationId, string profileId)
    {
        const string sql = """
            INSERT INTO profile_changes (organisation_id, profile_id, stamp, at) VALUES (@organisationId, @profileId, @stamp, @at)
            ON CONFLICT (organisation_id, profile_id) DO UPDATE SET stamp = @stamp, at = @at
            """;
        return change.Execute(sql, new { organisationId, profileId, stamp = Id.New(change.Now), at = change.Now });
    }

    /// <summary>Every profile whose sessions may have something to follow.</summary>
    public Task<IReadOnlyList<ProfileChange>> Changed() => db.Read<IReadOnlyList<ProfileChange>>(async connection =>
        (await connection.QueryAsync<ProfileChange>(
            "SELECT organisation_id AS OrganisationId, profile_id AS ProfileId, stamp AS Stamp, at AS At FROM profile_changes ORDER BY at")).AsList());

    /// <summary>Sessions that have not heard of their profile as it is now.</summary>
    /// <param name="after">Only ids after this one.</param>
    internal Task<IReadOnlyList<string>> Behind(ProfileChange work, string after, int limit)
    {
        var sql = $"""
            SELECT sessions.id FROM sessions
            LEFT JOIN profiles ON profiles.organisation_id = sessions.organisation_id
                              AND (profiles.id = sessions.profile_id OR (sessions.profile_id = '' AND profiles.is_default))
            WHERE sessions.organisation_id = @OrganisationId AND sessions.profile_id = @ProfileId AND sessions.id > @after AND {Followers}
              AND sessions.profile_mark <> coalesce(profiles.id || ':' || profiles.version, 'built-in')
            ORDER BY sessions.id LIMIT @limit
            """;
        return db.Read<IReadOnlyList<string>>(async connection =>
            (await connection.QueryAsync<string>(sql, new { work.OrganisationId, work.ProfileId, after, limit })).AsList());
    }

    /// <summary>Notes that a session has nothing to follow in its profile as it is now.</summary>
    internal static Task Heard(Change change, Session session, CurrentProfile profile) =>
        change.Execute("UPDATE sessions SET profile_mark = @mark WHERE id = @id", new { id = session.Id, mark = profile.Mark });

    /// <summary>Forgets work that is done, unless the profile changed again meanwhile.</summary>
    internal static Task Followed(Change change, ProfileChange work) => change.Execute(
        "DELETE FROM profile_changes WHERE organisation_id = @OrganisationId AND profile_id = @ProfileId AND stamp = @Stamp",
        new { work.OrganisationId, work.ProfileId, work.Stamp });

    /// <summary>What stands beside a session: whose changes concern it, and which it took or was told of last.</summary>
    internal static (string ProfileId, string Mark) Beside(Session session) => !session.Proctored
        ? (NoneApplies, "")
        : (session.ProfileId ?? NoneNamed, session.NewerProfile?.Mark ?? (session.AppliedProfile is { } applied ? $"{applied.Id}:{applied.Version}" : CurrentProfile.BuiltIn.Mark));

    private sealed record CurrentRow(string Id, string Name, long Version, string Settings);

    private sealed record Row
    {
        public required string Id { get; init; }

        public required string Name { get; init; }

        public required string Settings { get; init; }

        public required bool IsDefault { get; init; }

        public required long Version { get; init; }

        public required DateTimeOffset CreatedAt { get; init; }

        public required long Sessions { get; init; }

        public Profile Profile => new()
        {
            Id = Id, Name = Name, Settings = Json.Read<ProfileSettings>(Settings), IsDefault = IsDefault, Sessions = Sessions, Version = Version, CreatedAt = CreatedAt,
        };
    }
}
