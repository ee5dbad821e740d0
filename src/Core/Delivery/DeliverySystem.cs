using System.Text.Json.Serialization;

namespace LiveProctor.Core.Delivery;

/// <summary>A test delivery system: the machine that runs the actual test.</summary>
public sealed record DeliverySystem
{
    /// <summary>Opaque; the audience of its entry tokens.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant.</summary>
    public required string OrganisationId { get; init; }

    /// <summary>As staff see it.</summary>
    public required string Name { get; init; }

    /// <summary>Where commands are sent, when it does not fetch them.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>It is part of a rehearsal: the program plays it itself.</summary>
    public bool Simulated { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The system as one who acts.</summary>
    [JsonIgnore]
    public Actor Actor => new(ActorKind.Delivery, Id, Name, OrganisationId);
}
