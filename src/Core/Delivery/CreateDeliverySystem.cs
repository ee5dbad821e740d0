using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>What an administrator says of a new delivery system.</summary>
public sealed record NewDeliverySystem
{
    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Where commands are sent; left out, the system fetches them.</summary>
    public string? WebhookUrl { get; init; }
}

/// <summary>A delivery system as administrators see it.</summary>
public sealed record DeliverySystemView(string Id, string Name, string? WebhookUrl, DateTimeOffset CreatedAt)
{
    /// <summary>Its key, in the answer to creating it and never again.</summary>
    public string? Key { get; init; }

    /// <summary>What is shown of a system.</summary>
    public static DeliverySystemView Of(DeliverySystem system) => new(system.Id, system.Name, system.WebhookUrl, system.CreatedAt);
}

/// <summary>Adds a delivery system and makes its key.</summary>
public sealed class CreateDeliverySystem(Changes changes)
{
    /// <summary>The system with its key; <c>invalid</c>.</summary>
    public async Task<Result<DeliverySystemView>> Run(Actor by, NewDeliverySystem input, Once? once)
    {
        var check = new Check();
        var name = check.Text("name", input.Name, 120);
        var webhook = string.IsNullOrWhiteSpace(input.WebhookUrl) ? null : check.WebAddress("webhookUrl", input.WebhookUrl);
        if (check.Failed(out var problem))
        {
            return problem;
        }

        return await changes.Run<DeliverySystemView>(
            by,
            async change =>
            {
                var key = DeliveryKeys.New();
                var system = new DeliverySystem { Id = Id.New(change.Now), OrganisationId = by.OrganisationId, Name = name, WebhookUrl = webhook, CreatedAt = change.Now };
                await DeliverySystemStore.Insert(change, system, Secret.Hash(key));
                change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "deliverySystemCreated", system.Id, new { system.Name, system.WebhookUrl });
                return DeliverySystemView.Of(system) with { Key = key };
            },
            once);
    }
}
