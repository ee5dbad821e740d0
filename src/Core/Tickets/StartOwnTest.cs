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
/// Whether the registration allows it is decided in the transaction that starts it: neither two starts nor a start beside a manager's change make two truths.
/// Problems: notFound, invalid, throttled, codeRequired, codeWrong, lobbyNotOpen, sessionEnded, sessionCancelled, activeElsewhere, alreadyDone, stale.
/// </summary>
public sealed class StartOwnTest(OwnPage pages, SessionStore sessions, Changes changes, JoinThrottle throttle)
{
    private const int LongestCode = 64;

    /// <summary>How often a start follows a test that is moved again and again.</summary>
    private const int MostPlaces = 3;

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
        var place = Id.Plausible(registrationId) ? await pages.Place(owner, registrationId) : null;
        if (place is null)
        {
            return Problem.NotFound("registration");
        }

        // The place is looked up before it can be locked. What was refused there is tried once more where it is by now: the student
        // need not know that a manager moved the test at this moment, or that another device started it.
        for (var left = MostPlaces; ; left--)
        {
            var result = await At(place, new OwnStart(owner.Id, place.TestCode, registrationId));
            if (!result.Failed(out _) || left == 0 || await pages.Place(owner, registrationId) is not { } now || now == place)
            {
                return result;
            }

            place = now;
        }

        async Task<Result<OwnStartAnswer>> At(OwnPlace at, OwnStart start) =>
            at.SessionId is not { } sessionId ? await changes.Run(Actor.System, change => Individual(change, owner.OrganisationId, start, at.AloneIn), once)
            : await sessions.Find(sessionId) is { } session
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
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var owner = found.Value;
        for (var left = MostPlaces; ; left--)
        {
            var aloneIn = await pages.AloneIn(owner, code);
            var result = await changes.Run(Actor.System, change => Individual(change, owner.OrganisationId, new OwnStart(owner.Id, code), aloneIn), once);
            if (!result.Failed(out _) || left == 0 || await pages.AloneIn(owner, code) == aloneIn)
            {
                return result;
            }
        }
    }

    private Task<Result<OwnPage.Owner>> Owner(string secret, string address) =>
        throttle.Guard<OwnPage.Owner>(address, async () => await pages.Find(secret) is { } owner ? owner : OwnPage.Missing);

    // The test that is under way goes on where it is, on this device.
    private static async Task<Result<OwnStartAnswer>> Individual(Change change, string organisationId, OwnStart start, string? aloneIn)
    {
        var tests = await SessionParts.Tests(change, organisationId, [start.TestCode], simulated: false);
        if (tests.Failed(out var problem))
        {
            return problem;
        }

        var test = tests.Value[0];
        return start.RegistrationId is null && test.Kind != TestKind.Practice
            ? Problem.Invalid(("testCode", "Only a practice test can be tried without a registration."))
            : await Join(change, aloneIn ?? await Create(change, organisationId, test), new JoinRequest(), start);
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
        var joined = await JoinLobby.Join(change, sessionId, request, own: start);
        if (joined.Failed(out var problem))
        {
            return problem;
        }

        var session = (await SessionStore.Load(change, sessionId))!;
        var place = joined.Value;
        return new OwnStartAnswer(place.EntryId, place.Token, place.State, session.Name, place.Device, JoinId.Show(session.JoinId));
    }
}
