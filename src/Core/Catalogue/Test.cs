using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Catalogue;

/// <summary>An entry of the catalogue of tests (product.md section 2).</summary>
public sealed record Test
{
    /// <summary>Opaque.</summary>
    public required string Id { get; init; }

    /// <summary>How staff and sessions name it: unique in the organisation, whatever the case.</summary>
    public required string Code { get; init; }

    /// <summary>As students see it.</summary>
    public required string Title { get; init; }

    /// <summary>What it counts for.</summary>
    public required TestKind Kind { get; init; }

    /// <summary>At least one, in the order in which they are taken.</summary>
    public required IReadOnlyList<SessionSection> Sections { get; init; }

    /// <summary>How long a student has.</summary>
    public required int Minutes { get; init; }

    /// <summary>Whether a proctor approves and watches.</summary>
    public required bool Proctored { get; init; }

    /// <summary>Where the student's browser goes with its entry token.</summary>
    public required string LaunchUrl { get; init; }

    /// <summary>The delivery system that confirms commands, or <c>none</c>.</summary>
    public required string Delivery { get; init; }

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;

    /// <summary>When it was added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How codes are compared.</summary>
    public static string Key(string code) => code.Trim().ToUpperInvariant();
}
