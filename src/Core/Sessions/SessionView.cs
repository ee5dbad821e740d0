using LiveProctor.Core.Entries;
using LiveProctor.Core.Profiles;

namespace LiveProctor.Core.Sessions;

/// <summary>A session as staff see it: <c>Session</c> of docs/protocol.md section 3.</summary>
public sealed record SessionView(
    string Id, string Name, SessionMode Mode, string TimeZone, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, DateTimeOffset LobbyOpensAt,
    SessionPhase Phase, DateTimeOffset PhaseSince, long ScheduleVersion, long Version, string JoinId, string? JoinLink, string? Code, string Password,
    int? Capacity, StartMode StartMode, string? Note, IReadOnlyList<SessionTestView> Tests, IReadOnlyList<SessionProctor> Proctors, string? ProfileId,
    ProfileSettings Profile, AppliedProfile? AppliedProfile, CurrentProfile? NewerProfile, string? HoldReason, DateTimeOffset? DrainsUntil, DateTimeOffset? IdleSince,
    bool Simulated, DateTimeOffset CreatedAt)
{
    public static SessionView Of(Session session) => new(
        session.Id, session.Name, session.Mode, session.TimeZone, session.OpensAt, session.ClosesAt, session.LobbyOpensAt,
        session.Phase, session.PhaseSince, session.ScheduleVersion, session.Version, Sessions.JoinId.Show(session.JoinId), Sessions.JoinLink.Path(session), session.Code,
        session.Password, session.Capacity, session.StartMode, session.Note,
        [.. session.Tests.Select(test => new SessionTestView(test.Code, test.Title, test.Kind, test.Minutes, test.Proctored, test.Delivery, [.. test.Sections.Where(section => section.Sealed).Select(section => section.Title)]))],
        session.Proctors, session.ProfileId, session.Profile, session.AppliedProfile, session.NewerProfile, session.HoldReason, session.DrainsUntil, session.IdleSince, session.Simulated, session.CreatedAt);
}

/// <summary>A test as the session gives it.</summary>
/// <param name="Sealed">The titles of its sealed sections.</param>
public sealed record SessionTestView(string Code, string Title, TestKind Kind, int Minutes, bool Proctored, string? Delivery, IReadOnlyList<string> Sealed);

/// <summary>A row of the session list.</summary>
public sealed record SessionListRow(
    string Id, string Name, SessionMode Mode, string TimeZone, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, SessionPhase Phase, string JoinId,
    string? Code, StartMode StartMode, bool Simulated, long Version, IReadOnlyList<string> ProctorIds, SessionCounts? Counts)
{
    /// <param name="session">The session.</param>
    /// <param name="counts">Null in events: they are sent on their own as they change.</param>
    public static SessionListRow Of(Session session, SessionCounts? counts) => new(
        session.Id, session.Name, session.Mode, session.TimeZone, session.OpensAt, session.ClosesAt, session.Phase, Sessions.JoinId.Show(session.JoinId),
        session.Code, session.StartMode, session.Simulated, session.Version, [.. session.Proctors.Select(proctor => proctor.Id)], counts);
}

/// <summary>How many entries wait, are being tested, and are done. Whoever is approved and waits for the window is in none of them.</summary>
public sealed record SessionCounts(long Waiting, long Testing, long Done);

/// <summary>What everyone in a lobby may know: <c>Lobby</c> of docs/protocol.md section 3.</summary>
public sealed record LobbyView(
    string SessionId, string SessionName, SessionPhase Phase, DateTimeOffset PhaseSince, DateTimeOffset OpensAt, DateTimeOffset ClosesAt,
    DateTimeOffset LobbyOpensAt, string TimeZone, StartMode StartMode, long ScheduleVersion, string? HoldReason, bool Simulated,
    IReadOnlyList<Broadcast> Broadcasts, int AdmitJitterMilliseconds)
{
    public static LobbyView Of(Session session) => new(
        session.Id, session.Name, session.Phase, session.PhaseSince, session.OpensAt, session.ClosesAt, session.LobbyOpensAt, session.TimeZone,
        session.StartMode, session.ScheduleVersion, session.HoldReason, session.Simulated, session.Broadcasts, session.Profile.AdmitJitterMilliseconds);
}
