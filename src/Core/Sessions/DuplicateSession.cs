using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>The body of <c>POST /api/v1/sessions/{id}/duplicate</c>; everything may be left out.</summary>
public sealed record DuplicateRequest
{
    /// <summary>1–120 characters; the name with "(copy)" behind it when left out.</summary>
    public string? Name { get; init; }

    /// <summary>See <see cref="SessionTimes"/>; when left out, the same time of the same weekday in the first week to come.</summary>
    public string? OpensAt { get; init; }

    /// <summary>See <see cref="SessionTimes"/>; when left out, the window is as long as it was.</summary>
    public string? ClosesAt { get; init; }
}

/// <summary>
/// Creates a session like another, with a window, join ID, join link and password of its own. Problems: notFound, forbidden, invalid (by field),
/// idempotencyKeyReused.
/// </summary>
public sealed class DuplicateSession(Changes changes)
{
    private const string Behind = " (copy)";

    public Task<Result<SessionView>> Run(Actor actor, string sessionId, DuplicateRequest request, Once? once = null) =>
        changes.Run<SessionView>(
            actor,
            async change =>
            {
                var session = Id.Plausible(sessionId) ? await SessionStore.Load(change, sessionId) : null;
                if (session is null)
                {
                    return Problem.NotFound("session");
                }

                if (SessionRights.WhyNotSteer(actor, session) is { } problem)
                {
                    return problem;
                }

                return session.Simulated
                    ? new Problem(ProblemKind.NotPermitted, "A rehearsal is not duplicated; start another one.")
                    : await CreateSession.Create(change, Like(session, request, await StillThere(change, session), await ProfileStillThere(change, session), change.Now), simulated: false);
            },
            once);

    private static SessionRequest Like(Session session, DuplicateRequest request, IReadOnlyList<string> proctors, string? profileId, DateTimeOffset now)
    {
        var zone = SessionTimes.Zone(session.TimeZone) ?? TimeZoneInfo.Utc;
        var (opens, closes) = SessionTimes.InComingWeek(session.OpensAt, session.ClosesAt, zone, now);
        if (request.OpensAt is not null && SessionTimes.Parse(request.OpensAt, zone).Instant is { } wanted)
        {
            closes = wanted + (session.ClosesAt - session.OpensAt);
        }

        return new SessionRequest
        {
            Name = request.Name ?? session.Name[..Math.Min(session.Name.Length, 120 - Behind.Length)] + Behind,
            Mode = session.Mode,
            OpensAt = request.OpensAt ?? opens.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ClosesAt = request.ClosesAt ?? closes.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            TimeZone = session.TimeZone,
            Tests = [.. session.Tests.Select(test => test.Code)],
            Code = session.Code,
            ProfileId = profileId,
            Capacity = session.Capacity,
            StartMode = session.StartMode,
            Proctors = proctors,
            Note = session.Note,
        };
    }

    // A profile that was deleted since is followed by the default.
    private static async Task<string?> ProfileStillThere(Change change, Session session) =>
        await ProfileStore.Current(change, session.OrganisationId, session.ProfileId) is null ? null : session.ProfileId;

    // Whoever has left the staff since is no proctor of the copy.
    private static async Task<IReadOnlyList<string>> StillThere(Change change, Session session)
    {
        var sql = $"SELECT id FROM staff WHERE NOT disabled AND role <> 'Observer' AND {change.Dialect.In("id", "@ids")}";
        var there = await change.All<string>(sql, new { ids = session.Proctors.Select(proctor => proctor.Id).ToArray() });
        return [.. session.Proctors.Select(proctor => proctor.Id).Intersect(there, StringComparer.Ordinal)];
    }
}
