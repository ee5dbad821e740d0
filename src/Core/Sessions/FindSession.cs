using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// The session that a join ID or a join link leads to, for somebody who has not joined yet. Guessing is throttled by address.
/// Problems: invalid, notFound, throttled.
/// </summary>
public sealed class FindSession(SessionStore sessions, JoinThrottle throttle)
{
    public Task<Result<Session>> Run(string? joinId, string? link, string address) => string.IsNullOrWhiteSpace(link)
        ? throttle.Guard<Session>(
            address,
            async () => joinId is { Length: <= 64 } && JoinId.Parse(joinId) is { } parsed && await sessions.ByJoinId(parsed) is { } session
                ? session
                : new Problem(ProblemKind.NotFound, "There is no session with this ID. Check it against the one on the board."),
            meanwhile: true)
        : throttle.Guard<Session>(
            address,
            async () =>
            {
                var secret = JoinLink.Parse(link);
                return Id.Plausible(secret) && await sessions.ByLink(secret) is { } linked
                    ? linked
                    : new Problem(ProblemKind.NotFound, "This link no longer leads to a session. Ask your proctor for the current one.");
            });
}

/// <summary>What somebody may know before joining: <c>GET /api/v1/lobby/session</c>.</summary>
public sealed record EntranceView(
    string Name, SessionPhase Phase, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, string TimeZone, SessionMode Mode, bool AsksCode, bool Guests,
    IReadOnlyList<EntranceTest> Tests)
{
    public static EntranceView Of(Session session) => new(
        session.Name, session.Phase, session.OpensAt, session.ClosesAt, session.TimeZone, session.Mode, session.Code is not null,
        session.Tests.Any(test => test.Kind != TestKind.Operational),
        [.. session.Tests.Select(test => new EntranceTest(test.Code, test.Title, test.Kind))]);
}

/// <summary>A test that may be chosen on joining.</summary>
public sealed record EntranceTest(string Code, string Title, TestKind Kind);
