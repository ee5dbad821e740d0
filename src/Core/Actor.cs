using System.Text.Json.Serialization;

namespace LiveProctor.Core;

/// <summary>What may act on the program.</summary>
public enum ActorKind
{
    /// <summary>A signed-in person of an organisation's staff.</summary>
    Staff,

    /// <summary>A student, by the token of one entry.</summary>
    Student,

    /// <summary>A test delivery system, by its key.</summary>
    Delivery,

    /// <summary>The program itself: timers, sweeps, the first start.</summary>
    System,
}

/// <summary>Who does something, as the audit log records it and as rights are judged by.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Staff id, entry id, delivery system id, or <c>system</c>.</param>
/// <param name="Name">As shown to others.</param>
/// <param name="OrganisationId">The tenant it belongs to; empty for the program itself.</param>
public sealed record Actor(ActorKind Kind, string Id, string Name, string OrganisationId)
{
    /// <summary>The staff member's role; meaningless for others.</summary>
    public Role Role { get; init; } = Role.Observer;

    /// <summary>
    /// Whether what let a person in still does, where that is being looked up while the command runs: nothing it does commits before it is known, and nothing if
    /// it is false. Null where it was known before.
    /// </summary>
    [JsonIgnore]
    public Task<bool>? StillIn { get; init; }

    /// <summary>The program itself.</summary>
    public static Actor System { get; } = new(ActorKind.System, "system", "LiveProctor", "");
}

/// <summary>Staff roles, product.md section 9.</summary>
public enum Role
{
    /// <summary>Reads, changes nothing.</summary>
    Observer,

    /// <summary>Sees and steers only the sessions it belongs to.</summary>
    Proctor,

    /// <summary>Sees and steers every session of the organisation.</summary>
    Manager,

    /// <summary>A manager who also keeps the staff and reopens what was closed.</summary>
    Administrator,
}

/// <summary>A person as others see it.</summary>
public sealed record Person(string Id, string Name);
