using LiveProctor.Core.Audit;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Registrations;

/// <summary>A registration that somebody wants.</summary>
/// <param name="TestCode">The code of a test of the catalogue, whatever its case.</param>
/// <param name="SessionId">Null for none; an existing registration then keeps its own.</param>
/// <param name="Settings">Null for none; an existing registration then keeps its own.</param>
public sealed record WantedRegistration(string StudentId, string TestCode, string? SessionId = null, IReadOnlyDictionary<string, string>? Settings = null);

/// <summary>What became of a wanted registration.</summary>
/// <param name="Outcome">Null when it was refused.</param>
/// <param name="Registration">As it stands afterwards; null when it was refused.</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
public sealed record RegistrationResult(WantedRegistration Wanted, RegistrationOutcome? Outcome, Registration? Registration, Problem? Refusal);

/// <summary>
/// What every use case on registrations does: lock, ask the rules, write, and let entries and credits follow. Takes any number at once:
/// the number of statements does not grow with the number of registrations, only with that of entries that have to follow.
/// </summary>
public static class RegistrationChange
{
    /// <summary>
    /// Registers students to tests. A student who is registered to the test already is moved to the wanted session while the test was not started.
    /// Problems: creditsExhausted, when there is not a credit for each new registration; everything else is answered for each by itself.
    /// </summary>
    public static async Task<Result<IReadOnlyList<RegistrationResult>>> Register(Change change, string organisationId, IReadOnlyList<WantedRegistration> wanted)
    {
        var keys = wanted.Select(want => Test.Key(want.TestCode)).Distinct(StringComparer.Ordinal).ToArray();
        var studentIds = wanted.Select(want => want.StudentId).Distinct(StringComparer.Ordinal).ToArray();
        var tests = (await change.All<(string Key, string Code)>(
            $"SELECT code_key, code FROM tests WHERE organisation_id = @organisationId AND NOT simulated AND {change.Dialect.Among("code_key", "@keys")}", new { organisationId, keys = new Many(keys) }))
            .ToDictionary(test => test.Key, test => test.Code, StringComparer.Ordinal);

        var scene = await Scene.Set(
            change, organisationId, await RegistrationStore.Live(change, organisationId, studentIds, keys, locked: false),
            [.. wanted.Select(want => want.SessionId).OfType<string>().Distinct(StringComparer.Ordinal)]);
        var students = await StudentStore.Lock(change, organisationId, studentIds);
        var live = (await RegistrationStore.Live(change, organisationId, students.ToArray(), keys))
            .ToDictionary(registration => (registration.StudentId, Test.Key(registration.TestCode)));
        await scene.Meet(change, live.Values, students);

        var results = new List<RegistrationResult>(wanted.Count);
        var steps = new List<RegistrationStep>();
        var moves = new List<StudentMove>();
        foreach (var want in wanted)
        {
            var key = Test.Key(want.TestCode);
            var existing = live.GetValueOrDefault((want.StudentId, key));
            var step = Step(want, key, existing);
            if (step.Failed(out var problem))
            {
                results.Add(new RegistrationResult(want, null, null, problem));
                continue;
            }

            if (existing is not null && MoveOf(existing, step.Value.Next) is { } move)
            {
                moves.Add(move);
            }

            live[(want.StudentId, key)] = step.Value.Next;
            steps.Add(step.Value);
            results.Add(new RegistrationResult(want, step.Value.Outcome, step.Value.Next, null));
        }

        var written = await Write(change, organisationId, scene, steps);
        await Notices.FollowMoves(change, organisationId, moves, notify: false);
        return written.Failed(out var refused) ? refused : results;

        Result<RegistrationStep> Step(WantedRegistration want, string key, Registration? existing)
        {
            if (!students.Contains(want.StudentId))
            {
                return Problem.Invalid(("studentId", "There is no such student."));
            }

            if (!tests.TryGetValue(key, out var code))
            {
                return Problem.Invalid(("testCode", $"There is no test with the code {want.TestCode.Trim()}."));
            }

            if (want.SessionId is { } id && existing?.SessionId != id && scene.WhyNot(id, key, change.Now) is { } closed)
            {
                return closed;
            }

            var fresh = new Registration
            {
                Id = Id.New(change.Now), OrganisationId = organisationId, StudentId = want.StudentId, TestCode = code, SessionId = want.SessionId,
                Settings = want.Settings ?? new Dictionary<string, string>(StringComparer.Ordinal), CreatedAt = change.Now,
            };
            return scene.Moved(existing) ?? RegistrationRules.Register(fresh, existing, scene.EntryOf(existing), scene.EntryIn(want.SessionId, want.StudentId, key), want.Settings);
        }
    }

    /// <summary>Gives registrations another session, or none. Problems of each by itself: notFound, registrationStarted, sessionEnded, sessionCancelled, invalid, alreadyDone, stale.</summary>
    /// <param name="settings">The settings from now on; null to leave them.</param>
    /// <param name="version">The version that the caller saw; null when it does not matter.</param>
    /// <param name="notify">Whether the students shall be told by mail.</param>
    public static Task<IReadOnlyList<(string Id, Result<RegistrationStep> Step)>> Move(
        Change change, string organisationId, IReadOnlyList<string> ids, string? sessionId, IReadOnlyDictionary<string, string>? settings = null, long? version = null,
        bool notify = false) => Each(change, organisationId, ids, sessionId is null ? [] : [sessionId], version, notify, (scene, registration) =>
        {
            var key = Test.Key(registration.TestCode);
            return sessionId is not null && registration.SessionId != sessionId && scene.WhyNot(sessionId, key, change.Now) is { } closed
                ? closed
                : RegistrationRules.Move(registration, sessionId, scene.EntryOf(registration), scene.EntryIn(sessionId, registration.StudentId, key), settings);
        });

    /// <summary>Takes registrations back that never started, and gives their credits back. Problems of each by itself: notFound, registrationStarted, stale.</summary>
    /// <param name="version">The version that the caller saw; null when it does not matter.</param>
    /// <param name="notify">Whether the students shall be told by mail.</param>
    public static Task<IReadOnlyList<(string Id, Result<RegistrationStep> Step)>> Cancel(
        Change change, string organisationId, IReadOnlyList<string> ids, long? version = null, bool notify = false) =>
        Each(change, organisationId, ids, [], version, notify, (scene, registration) => RegistrationRules.Cancel(registration, scene.EntryOf(registration)));

    /// <summary>Leaves the registrations of locked sessions that are being deleted without a session, as far as they were never started; what was started keeps its history.</summary>
    /// <param name="notify">Whether the students shall be told by mail.</param>
    /// <returns>How many of each session.</returns>
    public static async Task<IReadOnlyDictionary<string, long>> DetachFromSessions(Change change, string organisationId, IReadOnlyCollection<string> sessionIds, bool notify)
    {
        var detached = await RegistrationStore.Detach(change, sessionIds);
        foreach (var registration in detached)
        {
            change.Record(organisationId, AuditLog.Organisation(organisationId), "registrationDetached", registration.Id, new
            {
                student = registration.StudentId, test = registration.TestCode, session = registration.SessionId, version = registration.Version + 1,
            });
        }

        await Notices.FollowDeletions(change, organisationId, sessionIds, [.. detached.Select(registration => (registration.StudentId, registration.SessionId!))], notify);
        return detached.CountBy(registration => registration.SessionId!).ToDictionary(pair => pair.Key, pair => (long)pair.Value, StringComparer.Ordinal);
    }

    private static async Task<IReadOnlyList<(string Id, Result<RegistrationStep> Step)>> Each(
        Change change, string organisationId, IReadOnlyList<string> ids, IReadOnlyList<string> sessions, long? version, bool notify,
        Func<Scene, Registration, Result<RegistrationStep>> rule)
    {
        var plausible = ids.Where(Id.Plausible).ToList();
        var scene = await Scene.Set(change, organisationId, await RegistrationStore.Load(change, organisationId, plausible, locked: false), sessions);
        var registrations = (await RegistrationStore.Load(change, organisationId, plausible)).ToDictionary(registration => registration.Id, StringComparer.Ordinal);
        await scene.Meet(change, registrations.Values, registrations.Values.Select(registration => registration.StudentId).ToHashSet(StringComparer.Ordinal));
        var steps = ids.Select(id => (id, Step: registrations.TryGetValue(id, out var registration)
            ? version is { } seen && seen != registration.Version
                ? new Problem(ProblemKind.Stale, $"Somebody changed the registration meanwhile (version {registration.Version}).")
                : scene.Moved(registration) ?? rule(scene, registration)
            : Problem.NotFound("registration"))).ToList();
        var taken = steps.Where(step => !step.Step.Failed(out _)).Select(step => step.Step.Value).ToList();
        await Write(change, organisationId, scene, taken);
        var moves = taken.Where(step => step.Outcome != RegistrationOutcome.Already).Select(step => MoveOf(registrations[step.Next.Id], step.Next)).OfType<StudentMove>().ToList();
        await Notices.FollowMoves(change, organisationId, moves, notify);
        return steps;
    }

    // What concerns the student's calendar; null when nothing does.
    private static StudentMove? MoveOf(Registration before, Registration after) =>
        after.Status == RegistrationStatus.Cancelled ? new StudentMove(after.StudentId, before.SessionId, null, Removed: true)
        : before.SessionId != after.SessionId ? new StudentMove(after.StudentId, before.SessionId, after.SessionId)
        : null;

    private static async Task<Result<Done>> Write(Change change, string organisationId, Scene scene, IReadOnlyList<RegistrationStep> steps)
    {
        var fresh = steps.Where(step => step.Outcome == RegistrationOutcome.Registered).Select(step => step.Next).ToList();
        if (await RegistrationStore.Insert(change, fresh) != fresh.Count)
        {
            return new Problem(ProblemKind.Unavailable, "Somebody registered one of these students at the same moment. Try again.");
        }

        var changed = steps.Where(step => step.Outcome is RegistrationOutcome.Moved or RegistrationOutcome.Changed).ToList();
        await RegistrationStore.Save(change, [.. changed.Select(step => step.Next)]);
        foreach (var step in changed.Where(step => step.Leaves is not null))
        {
            var left = EntryRules.TakeOff(step.Leaves!, toAnotherSession: step.Next.Status != RegistrationStatus.Cancelled, change.Now).Value;
            await EntryChange.Write(change, scene.Session(step.Leaves!.SessionId), step.Leaves, left);
        }

        foreach (var step in steps.Where(step => step.Outcome is RegistrationOutcome.Registered or RegistrationOutcome.Moved && step.Next.EntryId is not null))
        {
            var entry = scene.Entry(step.Next.EntryId!);
            await EntryChange.Write(change, scene.Session(entry.SessionId), entry, EntryRules.Register(entry, step.Next.Id, step.Next.Settings));
        }

        Record(change, organisationId, steps);
        await CreditLedger.Return(change, organisationId, [.. changed.Where(step => step.Next.Status == RegistrationStatus.Cancelled).Select(step => step.Next.Id)]);
        return await CreditLedger.Take(change, organisationId, [.. fresh.Select(registration => registration.Id)]);
    }

    private static void Record(Change change, string organisationId, IEnumerable<RegistrationStep> steps)
    {
        foreach (var (next, outcome, _) in steps.Where(step => step.Outcome != RegistrationOutcome.Already))
        {
            var action = outcome switch
            {
                RegistrationOutcome.Registered => "registered",
                RegistrationOutcome.Moved => "registrationMoved",
                _ => next.Status == RegistrationStatus.Cancelled ? "registrationCancelled" : "registrationEdited",
            };
            change.Record(organisationId, AuditLog.Organisation(organisationId), action, next.Id, new { student = next.StudentId, test = next.TestCode, session = next.SessionId, version = next.Version });
        }
    }
}
