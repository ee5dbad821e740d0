using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>Where proctoring profiles are kept.</summary>
public sealed class ProfileStore(Db db)
{
    private const string Columns = "id AS Id, name AS Name, settings AS Settings, created_at AS CreatedAt";

    /// <summary>The organisation's profiles by name.</summary>
    public Task<IReadOnlyList<Profile>> Of(string organisationId) => db.Read<IReadOnlyList<Profile>>(async connection =>
        [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM profiles WHERE organisation_id = @organisationId ORDER BY name_key", new { organisationId })).Select(row => row.Profile)]);

    /// <summary>Adds a profile; false when the name is taken.</summary>
    internal static async Task<bool> Insert(Change change, string organisationId, Profile profile)
    {
        const string sql = """
            INSERT INTO profiles (id, organisation_id, name, name_key, settings, created_at) VALUES (@Id, @organisationId, @Name, @key, @settings, @CreatedAt)
            ON CONFLICT (organisation_id, name_key) DO NOTHING
            """;
        return await change.Execute(sql, new { profile.Id, organisationId, profile.Name, key = Profile.Key(profile.Name), settings = Json.Write(profile.Settings), profile.CreatedAt }) == 1;
    }

    private sealed record Row(string Id, string Name, string Settings, DateTimeOffset CreatedAt)
    {
        public Profile Profile => new() { Id = Id, Name = Name, Settings = Json.Read<ProfileSettings>(Settings), CreatedAt = CreatedAt };
    }
}
