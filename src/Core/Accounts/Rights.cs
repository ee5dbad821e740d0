namespace LiveProctor.Core.Accounts;

/// <summary>The names of the authorisation policies. A staff policy admits its role and every higher one.</summary>
public static class Rights
{
    /// <summary>Any signed-in staff; may read.</summary>
    public const string Observer = "observer";

    /// <summary>Staff who may steer the sessions they belong to.</summary>
    public const string Proctor = "proctor";

    /// <summary>Staff who may keep sessions, tests, students and profiles.</summary>
    public const string Manager = "manager";

    /// <summary>Staff who may keep the staff and the delivery systems.</summary>
    public const string Administrator = "administrator";

    /// <summary>A student, by the token of one entry.</summary>
    public const string Student = "student";

    /// <summary>A test delivery system, by its key.</summary>
    public const string Delivery = "delivery";

    /// <summary>True when the actor is staff of at least this role.</summary>
    public static bool AtLeast(this Actor actor, Role role) => actor.Kind == ActorKind.Staff && actor.Role >= role;
}
