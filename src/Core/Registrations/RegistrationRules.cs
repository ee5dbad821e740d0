using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Registrations;

/// <summary>What becomes of a registration that somebody wants.</summary>
public enum RegistrationOutcome
{
    /// <summary>There is a new one.</summary>
    Registered,

    /// <summary>The student had one to this test, which belongs to the session now.</summary>
    Moved,

    /// <summary>The student had it, and got other settings.</summary>
    Changed,

    /// <summary>The student had it.</summary>
    Already,
}

/// <summary>What a rule makes of a registration.</summary>
/// <param name="Next">The registration afterwards.</param>
/// <param name="Leaves">The entry of the registration that must be taken off its session's list.</param>
public sealed record RegistrationStep(Registration Next, RegistrationOutcome Outcome, Entry? Leaves = null);

/// <summary>Where every "may this happen to a registration?" lives (product.md section 4). Pure.</summary>
public static class RegistrationRules
{
    /// <summary>Why nobody can be registered to the test in the session; null when somebody can.</summary>
    /// <param name="testKey"><see cref="Test.Key"/> of the test.</param>
    public static Problem? WhyNot(Session session, string testKey, DateTimeOffset now) => session switch
    {
        { Individual: true } => Problem.Invalid(("sessionId", "There is no such session.")),
        { Simulated: true } => Problem.Invalid(("sessionId", "This is a rehearsal: its students are simulated.")),
        { Phase: SessionPhase.Cancelled } => new Problem(ProblemKind.SessionCancelled, "This session was cancelled."),
        { Phase: SessionPhase.Draining or SessionPhase.Closed } => new Problem(ProblemKind.SessionEnded, "This session has ended; nobody can start in it any more."),
        _ when now >= session.ClosesAt => new Problem(ProblemKind.SessionEnded, "This session has ended; nobody can start in it any more."),
        _ when session.Tests.All(test => Test.Key(test.Code) != testKey) => Problem.Invalid(("testCode", "This session does not have this test.")),
        _ => null,
    };

    /// <summary>Registers a student to a test, or brings the registration that is there to what is wanted.</summary>
    /// <param name="fresh">The registration as it would be if the student had none: its session is the wanted one.</param>
    /// <param name="live">The student's registration to the test that is pending or started, if any.</param>
    /// <param name="linked">The entry of <paramref name="live"/>, if any.</param>
    /// <param name="there">The student's latest entry for the test in the wanted session, if any.</param>
    /// <param name="settings">The wanted settings; null to leave those of an existing registration alone.</param>
    public static Result<RegistrationStep> Register(
        Registration fresh, Registration? live, Entry? linked, Entry? there, IReadOnlyDictionary<string, string>? settings)
    {
        if (live is null)
        {
            return WhyDone(there) is { } done ? done : new RegistrationStep(Joined(fresh, there), RegistrationOutcome.Registered);
        }

        if (live.SessionId == fresh.SessionId || fresh.SessionId is null)
        {
            return settings is null || live.Status != RegistrationStatus.Pending || Same(settings, live.Settings)
                ? new RegistrationStep(live, RegistrationOutcome.Already)
                : new RegistrationStep(live with { Settings = settings, Version = live.Version + 1 }, RegistrationOutcome.Changed);
        }

        return Move(live, fresh.SessionId, linked, there, settings);
    }

    /// <summary>Gives a registration that never started another session, or none. An entry that waits is taken off the list that it stands on.</summary>
    public static Result<RegistrationStep> Move(
        Registration registration, string? sessionId, Entry? linked, Entry? there, IReadOnlyDictionary<string, string>? settings)
    {
        if (WhyNotPending(registration, "moved") is { } started)
        {
            return started;
        }

        var changed = settings is null || Same(settings, registration.Settings) ? registration : registration with { Settings = settings };
        if (registration.SessionId == sessionId)
        {
            return ReferenceEquals(changed, registration)
                ? new RegistrationStep(registration, RegistrationOutcome.Already)
                : new RegistrationStep(changed with { Version = changed.Version + 1 }, RegistrationOutcome.Changed);
        }

        if (sessionId is not null && WhyDone(there) is { } done)
        {
            return done;
        }

        var next = changed with { SessionId = sessionId, EntryId = null, Version = changed.Version + 1 };
        var leaves = linked is { Ended: false } && linked.SessionId != sessionId ? linked : null;
        return leaves is { State: EntryState.Entering, HandedOverAt: not null }
            ? new Problem(ProblemKind.RegistrationStarted, "The student's test is opening at this moment.")
            : new RegistrationStep(Joined(next, there), RegistrationOutcome.Moved, leaves);
    }

    /// <summary>Takes a registration back that never started. What is cancelled stays so.</summary>
    public static Result<RegistrationStep> Cancel(Registration registration, Entry? linked)
    {
        if (registration.Status == RegistrationStatus.Cancelled)
        {
            return new RegistrationStep(registration, RegistrationOutcome.Already);
        }

        if (WhyNotPending(registration, "cancelled") is { } started)
        {
            return started;
        }

        var leaves = linked is { Ended: false } ? linked : null;
        return leaves is { State: EntryState.Entering, HandedOverAt: not null }
            ? new Problem(ProblemKind.RegistrationStarted, "The student's test is opening at this moment.")
            : new RegistrationStep(registration with { Status = RegistrationStatus.Cancelled, Version = registration.Version + 1 }, RegistrationOutcome.Changed, leaves);
    }

    /// <summary>
    /// The status that follows from the entry by which the test is taken: begun is Started, ended after that is Completed, reinstated is Started again.
    /// Who never began keeps the registration as it was, whatever became of the entry.
    /// </summary>
    public static RegistrationStatus After(RegistrationStatus status, Entry entry) => status switch
    {
        RegistrationStatus.Cancelled => status,
        _ when entry.Ended && (entry.Begun || entry.State == EntryState.Submitted || status == RegistrationStatus.Started) => RegistrationStatus.Completed,
        _ when entry.Ended => status,
        RegistrationStatus.Completed => RegistrationStatus.Started,
        _ => entry.Begun ? RegistrationStatus.Started : status,
    };

    // Who walked in before being registered is on the list from now on.
    private static Registration Joined(Registration registration, Entry? there) => there is { Ended: false }
        ? registration with { EntryId = there.Id, Status = After(registration.Status, there) }
        : registration;

    private static Problem? WhyDone(Entry? there) =>
        there is { Ended: true, Test.Kind: TestKind.Operational, State: EntryState.Submitted or EntryState.Terminated or EntryState.Expired or EntryState.NoShow }
            ? new Problem(ProblemKind.AlreadyDone, "In this session the test has ended for the student.")
            : null;

    private static Problem? WhyNotPending(Registration registration, string verb) => registration.Status switch
    {
        RegistrationStatus.Pending => null,
        RegistrationStatus.Started => new Problem(ProblemKind.RegistrationStarted, $"The test was started already, so it cannot be {verb}."),
        RegistrationStatus.Completed => new Problem(ProblemKind.RegistrationStarted, $"The test was completed already, so it cannot be {verb}."),
        _ => new Problem(ProblemKind.RegistrationStarted, $"The registration was cancelled, so it cannot be {verb}."),
    };

    private static bool Same(IReadOnlyDictionary<string, string> left, IReadOnlyDictionary<string, string> right) =>
        left.Count == right.Count && left.All(pair => right.TryGetValue(pair.Key, out var value) && value == pair.Value);
}
