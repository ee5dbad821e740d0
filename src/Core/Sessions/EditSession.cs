using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Changes a session's fields and window. A changed window is followed by timers, lobbies and entry tokens.
/// Problems: notFound, forbidden, stale, wrongPhase, invalid (by field).
/// </summary>
public sealed class EditSession(Changes changes)
{
    /// <param name="version">The version that the editor saw.</param>
    public Task<Result<SessionView>> Run(Actor actor, string sessionId, SessionRequest request, long version) =>
        changes.Run<SessionView>(actor, async change =>
        {
            var loaded = await SessionChange.Steer(change, sessionId, Role.Proctor, version);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            var wanted = await Wanted(change, session, request);
            if (wanted.Failed(out problem))
            {
                return problem;
            }

            var step = SessionRules.Edit(session, wanted.Value, change.Now);
            if (step.Failed(out problem))
            {
                return problem;
            }

            session = await SessionChange.Write(change, session, step.Value, notify: request.Notify);
            while (SessionRules.Due(session, settled: false, change.Now) is { } due)
            {
                session = await SessionChange.Write(change, session, due with { Late = null });
            }

            return SessionView.Of(session);
        });

    private static async Task<Result<Session>> Wanted(Change change, Session session, SessionRequest request)
    {
        var wrong = request.Check().ToList();
        var window = (request with { StartNow = false, TimeZone = request.TimeZone ?? session.TimeZone }).Window(change.Now);
        if (window.Failed(out var windowProblem))
        {
            wrong.AddRange(windowProblem.Fields.SelectMany(field => field.Value.Select(sentence => (field.Key, sentence))));
        }

        if (wrong.Count > 0)
        {
            return Problem.Invalid([.. wrong]);
        }

        var tests = await Tests(change, session, request.Tests!);
        var proctored = !tests.Failed(out _) && tests.Value.Any(test => test.Proctored);
        var keeps = request.ProfileId == session.ProfileId && proctored == session.Proctored;
        var profile = keeps ? CurrentProfile.BuiltIn : await SessionParts.Profile(change, session.OrganisationId, request.ProfileId);
        var proctors = request.Proctors is null ? new Result<IReadOnlyList<SessionProctor>>() : await SessionParts.Proctors(change, session.OrganisationId, request.Proctors);
        if (tests.Failed(out var problem) || profile.Failed(out problem) || proctors.Failed(out problem))
        {
            return problem;
        }

        var mode = request.Mode!.Value;
        var wanted = session with
        {
            Name = request.Name!.Trim(),
            Mode = mode,
            TimeZone = request.TimeZone ?? session.TimeZone,
            OpensAt = window.Value.OpensAt,
            ClosesAt = window.Value.ClosesAt,
            Tests = tests.Value,
            Proctors = request.Proctors is null ? session.Proctors : proctors.Value,
            Code = request.Code?.Trim(),
            Password = request.Password?.Trim() ?? session.Password,
            LinkSecret = mode == SessionMode.InPerson ? null : request.NewJoinLink || session.LinkSecret is null ? Secret.New() : session.LinkSecret,
            ProfileId = request.ProfileId,
            Capacity = request.Capacity,
            StartMode = request.StartMode ?? session.StartMode,
            Note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(),
        };
        return keeps ? wanted : FollowRules.Apply(wanted, profile.Value);
    }

    // Who came before gets the same test as who comes after the edit: once the lobby has opened, only a test that is added is read from the catalogue.
    private static async Task<Result<IReadOnlyList<SessionTest>>> Tests(Change change, Session session, IReadOnlyList<string> codes)
    {
        var keys = codes.Select(Catalogue.Test.Key).Distinct(StringComparer.Ordinal).ToList();
        var given = (session.Phase == SessionPhase.Scheduled ? [] : session.Tests).ToDictionary(test => Catalogue.Test.Key(test.Code), StringComparer.Ordinal);
        var added = keys.Where(key => !given.ContainsKey(key)).ToList();
        if (added.Count > 0)
        {
            var found = await SessionParts.Tests(change, session.OrganisationId, added, session.Simulated);
            if (found.Failed(out var problem))
            {
                return problem;
            }

            foreach (var test in found.Value)
            {
                given[Catalogue.Test.Key(test.Code)] = test;
            }
        }

        return keys.Select(key => given[key]).ToList();
    }
}
