namespace LiveProctor.Core.Students;

/// <summary>A student of the organisation.</summary>
public sealed record Student
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>The school's own ID of the student: unique in the organisation, whatever the case.</summary>
    public required string ExternalId { get; init; }

    /// <summary>What the student signs in with, beside a session's password: printed on tickets, unique in the organisation, given by the program.</summary>
    public required string UserId { get; init; }

    /// <summary>First name, asked for at the door.</summary>
    public required string GivenName { get; init; }

    /// <summary>May be empty: not everybody has one.</summary>
    public required string FamilyName { get; init; }

    /// <summary>Null when none is known.</summary>
    public string? Email { get; init; }

    /// <summary>In which language the student is written to: <c>en</c>, <c>es</c>, <c>fr</c>, or empty for the organisation's.</summary>
    public string Language { get; init; } = "";

    /// <summary>The groups that the student belongs to.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Test settings (accommodations) that apply unless a registration or the proctor says otherwise.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>When the student was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How external IDs are compared.</summary>
    public static string Key(string externalId) => externalId.Trim().ToUpperInvariant();
}
