using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>Where delivery systems are kept.</summary>
public sealed class DeliverySystemStore(Db db)
{
    private const string Columns = "id AS Id, organisation_id AS OrganisationId, name AS Name, webhook_url AS WebhookUrl, simulated AS Simulated, created_at AS CreatedAt";

    /// <summary>The system whose key has this hash.</summary>
    public Task<DeliverySystem?> ByKeyHash(string hash) =>
        db.Read(async connection => (await connection.QuerySingleOrDefaultAsync<Row>($"SELECT {Columns} FROM delivery_systems WHERE key_hash = @hash", new { hash }))?.System);

    /// <summary>The organisation's system of this id.</summary>
    public Task<DeliverySystem?> ById(string organisationId, string id) =>
        db.Read(async connection => (await connection.QuerySingleOrDefaultAsync<Row>(
            $"SELECT {Columns} FROM delivery_systems WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId }))?.System);

    /// <summary>All of the organisation, by name.</summary>
    public Task<IReadOnlyList<DeliverySystem>> Of(string organisationId) =>
        db.Read<IReadOnlyList<DeliverySystem>>(async connection =>
            [.. (await connection.QueryAsync<Row>($"SELECT {Columns} FROM delivery_systems WHERE organisation_id = @organisationId ORDER BY name, id", new { organisationId })).Select(row => row.System)]);

    /// <summary>True when the organisation has a system of this id.</summary>
    internal static async Task<bool> Exists(Change change, string organisationId, string id) =>
        await change.One<long>("SELECT count(*) FROM delivery_systems WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId }) == 1;

    /// <summary>Adds a system.</summary>
    internal static Task Insert(Change change, DeliverySystem system, string keyHash)
    {
        const string sql = """
            INSERT INTO delivery_systems (id, organisation_id, name, key_hash, webhook_url, simulated, created_at)
            VALUES (@Id, @OrganisationId, @Name, @KeyHash, @WebhookUrl, @Simulated, @CreatedAt)
            """;
        return change.Execute(sql, new { system.Id, system.OrganisationId, system.Name, KeyHash = keyHash, system.WebhookUrl, system.Simulated, system.CreatedAt });
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string OrganisationId { get; init; } = "";

        public string Name { get; init; } = "";

        public string? WebhookUrl { get; init; }

        public bool Simulated { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public DeliverySystem System => new()
        {
            Id = Id, OrganisationId = OrganisationId, Name = Name, WebhookUrl = WebhookUrl, Simulated = Simulated, CreatedAt = CreatedAt,
        };
    }
}
