using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>What a start from the own page may need.</summary>
/// <param name="Code">The session code, where one is set.</param>
public sealed record OwnStartRequest(string? Code = null);

/// <summary>A practice test to try.</summary>
public sealed record OwnPracticeRequest(string? TestCode = null);

/// <summary>The student's place, with the join ID of the session that it is in.</summary>
public sealed record OwnStartAnswer(string EntryId, string Token, EntryState State, string SessionName, int Device, string JoinId);

/// <summary>
/// A student starts a test from the own page: into its session's lobby, or, where it has no session, in one of their own, without a proctor.
/// Problems: notFound, invalid, throttled, codeRequired, codeWrong, lobbyNotOpen, sessionEnded, sessionCancelled, activeElsewhere, alreadyDone.
/// </summary>
public sealed class StartOwnTest(OwnPage pages, SessionStore sessions, Changes changes, JoinThrottle throttle)
{
    private const int LongestCode = 64;

    /// <summary>How much longer than its test an individual session stays open: whoever is interrupted finds back within a day.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromDays(1);

    public async Task<Result<OwnStartAnswer>> Run(string secret, string registrationId, OwnStartRequest request, string address, Once? once = null)
    {
        if (request.Code?.Length > LongestCode || !Check.CanBeShown(request.Code))
        {
            return Problem.Invalid(("code", "A session code has at most 32 characters."));
        }

        var found = await Owner(secret, address);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var owner = found.Value;
        var planned = await changes.Run(Actor.System, change => Registered(change, owner, registrationId));
        if (planned.Failed(out problem))
        {
            return problem;
        }

        var start = new OwnStart(owner.Id, planned.Value.TestCode);
        if (planned.Value.SessionId is not { } sessionId)
        {
            return await changes.Run(Actor.System, change => Individual(change, owner.OrganisationId, start), once);
        }

        return await sessions.Find(sessionId) is { } session
            ? await throttle.Guard(session, $"own {owner.Id}", address, () => changes.Run(Actor.System, change => Join(change, session.Id, new JoinRequest(Code: request.Code), start), once))
            : Problem.NotFound("session");
    }

    /// <summary>A practice test without any registration.</summary>
    public async Task<Result<OwnStartAnswer>> Practice(string secret, OwnPracticeRequest request, string address, Once? once = null)
    {
        if (request.TestCode is not { Length: > 0 } code || !Id.Plausible(code))
        {
            return Problem.Invalid(("testCode", "Choose one of the practice tests."));
        }

        var found = await Owner(secret, address);
        return found.Failed(out var problem)
            ? problem
            : await changes.Run(Actor.System, change => Individual(change, found.Value.OrganisationId, new OwnStart(found.Value.Id, code), practice: true), once);
    }

    private Task<Result<OwnPage.Owner>> Owner(string secret, string address) =>
        throttle.Guard<OwnPage.Owner>(address, async () => await pages.Find(secret) is { } owner ? owner : OwnPage.Missing);

    private static async Task<Result<Planned>> Registered(Change change, OwnPage.Owner owner, string registrationId)
    {
        const string sql = "SELECT test_code AS TestCode, session_id AS SessionId, status AS Status FROM registrations WHERE id = @registrationId AND student_id = @student";
        var row = Id.Plausible(registrationId) ? await change.Find<Planned>(sql, new { registrationId, student = owner.Id }) : null;
        return row switch
        {
            null or { Status: "Cancelled" } => Problem.NotFound("registration"),
            { Status: "Completed" } => new Problem(ProblemKind.AlreadyDone, "You have finished this test already."),
            _ => row,
        };
    }

    private static async Task<Result<OwnStartAnswer>> Individual(Change change, string organisationId, OwnStart start, bool practice = false)
    {
        // The test that is under way goes on where it is, on this device.
        const string active = """
            SELECT sessions.id FROM entries JOIN sessions ON sessions.id = entries.session_id
            WHERE entries.organisation_id = @organisationId AND entries.student_key = @student AND entries.test_code = @code AND entries.active AND sessions.individual
            """;
        var tests = await SessionParts.Tests(change, organisationId, [start.TestCode], simulated: false);
        if (tests.Failed(out var problem))
        {
            return problem;
        }

        var test = tests.Value[0];
        if (practice && test.Kind != TestKind.Practice)
        {
            return Problem.Invalid(("testCode", "Only a practice test can be tried without a registration."));
        }

        var sessionId = await change.Find<string>(active, new { organisationId, student = start.StudentId, code = test.Code })
            ?? await Create(change, organisationId, test);
        return await Join(change, sessionId, new JoinRequest(), start);
    }

    // Nobody is there to approve or to open a seal, so the test is given as one that needs neither.
    private static async Task<string> Create(Change change, string organisationId, SessionTest test)
    {
        var joinId = JoinId.New();
        while (await SessionStore.JoinIdTaken(change, joinId))
        {
            joinId = JoinId.New();
        }

        var session = new Session
        {
            Id = Id.New(change.Now),
            OrganisationId = organisationId,
            Name = test.Title.Length <= 120 ? test.Title : test.Title[..120],
            Mode = SessionMode.Remote,
            TimeZone = "UTC",
            OpensAt = change.Now,
            ClosesAt = change.Now + TimeSpan.FromMinutes(test.Minutes) + Patience,
            Tests = [test with { Proctored = false, Sections = [.. test.Sections.Select(section => section with { Sealed = false })] }],
            Password = SessionPassword.New(),
            JoinId = joinId,
            PhaseSince = change.Now,
            Individual = true,
            CreatedAt = change.Now,
        };
        await change.LockSession(session.Id);
        await SessionStore.Insert(change, session);
        SessionChange.Announce(change, before: null, new SessionStep(session, "sessionCreated"), reason: null);
        while (SessionRules.Due(session, settled: false, change.Now) is { } step)
        {
            session = await SessionChange.Write(change, session, step with { Late = null });
        }

        return session.Id;
    }

    private static async Task<Result<OwnStartAnswer>> Join(Change change, string sessionId, JoinRequest request, OwnStart start)
    {
        var joined = await JoinLobby.Join(change, sessionId, request, start);
        if (joined.Failed(out var problem))
        {
            return problem;
        }

        var session = (await SessionStore.Load(change, sessionId))!;
        var place = joined.Value;
        return new OwnStartAnswer(place.EntryId, place.Token, place.State, session.Name, place.Device, JoinId.Show(session.JoinId));
    }

    private sealed record Planned(string TestCode, string? SessionId, string Status);
}
