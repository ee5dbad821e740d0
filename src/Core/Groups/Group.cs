namespace LiveProctor.Core.Groups;

/// <summary>Students who are dealt with together: a class, a course.</summary>
public sealed record Group
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>Unique in the organisation, whatever the case.</summary>
    public required string Name { get; init; }

    /// <summary>How many students belong to it.</summary>
    public int Size { get; init; }

    /// <summary>Raised at every change of its name or of who belongs to it.</summary>
    public long Version { get; init; } = 1;

    /// <summary>How names are compared.</summary>
    public static string Key(string name) => name.Trim().ToUpperInvariant();
}
