using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Notifications;

/// <summary>Everything that a mail is written from, read when it is about to be sent: a mail never tells what is no longer so.</summary>
public sealed record MailFacts
{
    /// <summary>The outbox row's.</summary>
    public required string Id { get; init; }

    public required MailKind Kind { get; init; }

    public required string OrganisationName { get; init; }

    public required string StudentId { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required string Address { get; init; }

    /// <summary><c>en</c>, <c>es</c> or <c>fr</c>: the student's, else the organisation's.</summary>
    public required string Language { get; init; }

    /// <summary>The absolute address of the student's own page.</summary>
    public required string Page { get; init; }

    /// <summary>Null: tests that may be started at any time.</summary>
    public Session? Session { get; init; }

    public long Sequence { get; init; }

    /// <summary>The window as the student knows it; null when the mail is about something else.</summary>
    public Window? Formerly { get; init; }

    /// <summary>The session that the student was in before.</summary>
    public Session? FormerSession { get; init; }

    public long FormerSequence { get; init; }

    /// <summary>The titles of the tests that the student is registered for.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];
}
