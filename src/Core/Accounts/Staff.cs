namespace LiveProctor.Core.Accounts;

/// <summary>A person of an organisation's staff, as stored.</summary>
public sealed record Staff
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>The tenant.</summary>
    public required string OrganisationId { get; init; }

    /// <summary>As entered; compared by <see cref="StaffRules.EmailKey"/>, and unique among all organisations because people sign in by it.</summary>
    public required string Email { get; init; }

    /// <summary>As others see it.</summary>
    public required string Name { get; init; }

    /// <summary>What the person may do.</summary>
    public required Role Role { get; init; }

    /// <summary>By the password hasher; null when no password opens the account.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Changes when everything signed in before must sign in again.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>A disabled person cannot sign in, and is out of where it was signed in.</summary>
    public bool Disabled { get; init; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The person as one who acts.</summary>
    public Actor Actor => new(ActorKind.Staff, Id, Name, OrganisationId) { Role = Role };
}

/// <summary>A tenant.</summary>
public sealed record Organisation(string Id, string Name);
