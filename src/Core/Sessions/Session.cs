using LiveProctor.Core.Profiles;

namespace LiveProctor.Core.Sessions;

/// <summary>Where a session stands in its life (product.md section 3).</summary>
public enum SessionPhase
{
    Scheduled,
    LobbyOpen,
    Open,
    Held,
    Draining,
    Closed,
    Cancelled,
}

/// <summary>Where the students are.</summary>
public enum SessionMode
{
    InPerson,
    Remote,
    Hybrid,
}

/// <summary>Who opens the window at its time.</summary>
public enum StartMode
{
    Automatic,
    Manual,
}

/// <summary>A time window in which a virtual group of students may start one or more tests, with its proctors.</summary>
public sealed record Session
{
    public required string Id { get; init; }

    public required string OrganisationId { get; init; }

    public required string Name { get; init; }

    public required SessionMode Mode { get; init; }

    /// <summary>IANA name of the zone in which its times are shown and entered.</summary>
    public required string TimeZone { get; init; }

    public required DateTimeOffset OpensAt { get; init; }

    public required DateTimeOffset ClosesAt { get; init; }

    public required IReadOnlyList<SessionTest> Tests { get; init; }

    public IReadOnlyList<SessionProctor> Proctors { get; init; } = [];

    /// <summary>The word that the proctor says aloud; null when none is asked.</summary>
    public string? Code { get; init; }

    /// <summary>Printed on tickets, used with the student's user ID.</summary>
    public required string Password { get; init; }

    /// <summary>Hashes of the passwords before it, the oldest first; <see cref="SessionPassword"/>.</summary>
    public IReadOnlyList<string> FormerPasswords { get; init; } = [];

    /// <summary>Eight characters without the dash.</summary>
    public required string JoinId { get; init; }

    /// <summary>The secret of the join link; null when the mode has none.</summary>
    public string? LinkSecret { get; init; }

    public string? ProfileId { get; init; }

    /// <summary>The settings as they were when the session last took them over (<see cref="FollowRules"/>).</summary>
    public ProfileSettings Profile { get; init; } = ProfileSettings.Default;

    /// <summary>Where <see cref="Profile"/> comes from; null where it is what LiveProctor comes with.</summary>
    public AppliedProfile? AppliedProfile { get; init; }

    /// <summary>What the profile says by now, while the session runs with what it said before; null when there is no difference.</summary>
    public CurrentProfile? NewerProfile { get; init; }

    /// <summary>How many students may be admitted; null without a limit.</summary>
    public int? Capacity { get; init; }

    public StartMode StartMode { get; init; }

    public string? Note { get; init; }

    public SessionPhase Phase { get; init; } = SessionPhase.Scheduled;

    public required DateTimeOffset PhaseSince { get; init; }

    /// <summary>Raised whenever the window changes; timers and entry tokens of an older one have no effect.</summary>
    public long ScheduleVersion { get; init; } = 1;

    /// <summary>Raised at every change.</summary>
    public long Version { get; init; } = 1;

    public string? HoldReason { get; init; }

    /// <summary>While draining: when whoever still runs is expired.</summary>
    public DateTimeOffset? DrainsUntil { get; init; }

    /// <summary>Started at once: it drains by itself when nobody is left.</summary>
    public bool AdHoc { get; init; }

    /// <summary>Since when an ad-hoc session has had no proctor and no running test.</summary>
    public DateTimeOffset? IdleSince { get; init; }

    /// <summary>True when it was said that the session will drain soon.</summary>
    public bool IdleWarned { get; init; }

    /// <summary>A rehearsal: its students are simulated and its records are kept apart.</summary>
    public bool Simulated { get; init; }

    public bool Deleted { get; init; }

    /// <summary>One student's start of one test without a session: no proctor, on no list.</summary>
    public bool Individual { get; init; }

    public IReadOnlyList<Broadcast> Broadcasts { get; init; } = [];

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When students may come into the lobby.</summary>
    public DateTimeOffset LobbyOpensAt => OpensAt - TimeSpan.FromMinutes(Profile.LobbyLeadMinutes);

    /// <summary>True when a proctor decides on one of its tests; otherwise no profile has an effect.</summary>
    public bool Proctored => Tests.Any(test => test.Proctored);

    /// <summary>What applies to entries of the test.</summary>
    public ProfileSettings ProfileFor(SessionTest test) => test.Proctored ? Profile : ProfileSettings.Unproctored;

    /// <summary>True from the first student in the lobby to the last test.</summary>
    public bool Running => Phase is SessionPhase.LobbyOpen or SessionPhase.Open or SessionPhase.Held or SessionPhase.Draining;

    /// <summary>True when nothing happens in it any more.</summary>
    public bool Ended => Phase is SessionPhase.Closed or SessionPhase.Cancelled;
}

/// <summary>A test as the session gives it: fixed when the session is created or edited.</summary>
/// <param name="Delivery">The delivery system's id; null when the test has none that confirms commands.</param>
public sealed record SessionTest(
    string Code, string Title, TestKind Kind, int Minutes, bool Proctored, string LaunchUrl, string? Delivery, IReadOnlyList<SessionSection> Sections);

/// <summary>A part of a test.</summary>
public sealed record SessionSection(string Title, bool Sealed);

/// <summary>What a test counts for.</summary>
public enum TestKind
{
    Operational,
    Practice,
    Training,
}

/// <summary>A member of staff who steers the session.</summary>
public sealed record SessionProctor(string Id, string Name, bool Lead);

/// <summary>A message to everyone in the session.</summary>
public sealed record Broadcast(DateTimeOffset At, string Name, string Text);
