using System.Collections.Immutable;
using System.Text.Json.Serialization;
using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>Where an attempt stands, as its student sees it.</summary>
public enum Phase
{
    /// <summary>Questions are open and the clock runs.</summary>
    Running,

    /// <summary>The proctor paused it.</summary>
    Paused,

    /// <summary>The student has come to a sealed section; the hub says when it opens.</summary>
    Sealed,

    /// <summary>The student's browser went away.</summary>
    Away,

    /// <summary>The browser is back, and the hub is asked whether the student may go on.</summary>
    Returning,

    /// <summary>The hub does not let the student go on; its lobby says why, and is the way back.</summary>
    Lobby,

    /// <summary>The student handed it in, or the time ran out.</summary>
    Submitted,

    /// <summary>The proctor ended it.</summary>
    Terminated,

    /// <summary>The hub says that it is over.</summary>
    Ended,
}

/// <summary>A report that the hub has not answered yet. What it says beside its kind is filled in when it is sent.</summary>
public sealed record Report(int Id, string Kind, string? CommandId);

/// <summary>One attempt of one entry: everything that outlives a restart.</summary>
public sealed record Attempt
{
    public required string EntryId { get; init; }
    public required int Number { get; init; }
    public required string SessionName { get; init; }
    public required string TestTitle { get; init; }
    public required string StudentName { get; init; }
    public required IReadOnlyList<Section> Sections { get; init; }
    public string? ReturnUrl { get; init; }

    /// <summary>SHA-256 of the secret in the student's cookie. A new way in replaces it, so the old browser is out.</summary>
    public required string CookieHash { get; init; }

    public required Phase Phase { get; init; }
    public string? Reason { get; init; }
    public required DateTimeOffset StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The letters given, by question number.</summary>
    public ImmutableSortedDictionary<int, string> Answers { get; init; } = ImmutableSortedDictionary<int, string>.Empty;

    /// <summary>The question on the screen.</summary>
    public int Looking { get; init; } = 1;

    /// <summary>The titles of the sealed sections that were opened.</summary>
    public ImmutableList<string> Opened { get; init; } = [];

    /// <summary>The section that the student looks at and that is still sealed; null when it is open.</summary>
    [JsonIgnore]
    public Section? Seal => SealOf(Looking);

    public required double AllowedSeconds { get; init; }
    public double UsedSeconds { get; init; }

    /// <summary>Since when the clock runs; null while it stands.</summary>
    public DateTimeOffset? RunningSince { get; init; }

    /// <summary>Reports to the hub, oldest first.</summary>
    public ImmutableList<Report> Outbox { get; init; } = [];

    public int ReportsMade { get; init; }

    /// <summary>Commands already obeyed, the latest last: one that comes again is confirmed again and not obeyed twice.</summary>
    public ImmutableList<string> Obeyed { get; init; } = [];

    /// <summary>No sequence above this was used, whatever happened since the last write.</summary>
    public long SequenceReserved { get; init; }

    /// <summary>Whether nothing can happen to it any more.</summary>
    public bool Over => Phase is Phase.Submitted or Phase.Terminated or Phase.Ended;

    /// <summary>The sealed section that the question stands in; null when it is open.</summary>
    public Section? SealOf(int question) =>
        PracticeTest.SectionOf(question, Sections) is { Sealed: true } section && !Opened.Contains(section.Title) ? section : null;

    /// <summary>The seconds left, never below zero.</summary>
    public double SecondsLeft(DateTimeOffset now) =>
        Math.Max(0, AllowedSeconds - UsedSeconds - (RunningSince is { } since ? (now - since).TotalSeconds : 0));
}
