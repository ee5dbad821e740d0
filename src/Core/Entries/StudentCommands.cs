using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>
/// What a student does in the lobby and during the test: leave, come back, ask again, raise a hand, say something, pause and resume.
/// Problems: takenOver, wrongState, coolDown, askedTooOften, notPermitted, sessionEnded, invalid.
/// </summary>
public sealed class StudentCommands(Changes changes)
{
    public Task<Result<MeView>> Withdraw(StudentCaller caller) => Run(caller, (entry, _, now) => EntryRules.Withdraw(entry, now));

    /// <summary>Comes back after leaving, or after having been away for too long.</summary>
    public Task<Result<MeView>> Return(StudentCaller caller) => Run(caller, (entry, session, now) =>
        SessionRules.WhyNoEntrance(session) is { } closed ? closed
        : entry.State == EntryState.Withdrawn ? EntryRules.Return(entry, now)
        : EntryRules.WithinPauseLimit(entry, session, now) ? new Problem(ProblemKind.WrongState, "You can go straight back into the test.")
        : EntryRules.AskForApproval(entry, now));

    public Task<Result<MeView>> AskAgain(StudentCaller caller) => Run(caller, (entry, session, now) =>
        SessionRules.WhyNoEntrance(session) is { } closed ? closed : EntryRules.AskAgain(entry, now));

    public Task<Result<MeView>> RaiseHand(StudentCaller caller, bool raised) => Run(caller, (entry, _, _) => EntryRules.RaiseHand(entry, raised));

    public Task<Result<MeView>> Say(StudentCaller caller, string? text) => Run(caller, (entry, session, now) =>
        string.IsNullOrWhiteSpace(text) || text.Length > EntryRules.LongestText || !Check.CanBeShown(text, lines: true)
            ? Problem.Invalid(("text", $"A message has 1 to {EntryRules.LongestText} characters."))
            : session.Ended
                ? new Problem(ProblemKind.SessionEnded, "The session has ended; nobody would read it.")
                : EntryRules.Say(entry, new EntryMessage(now, "student", entry.Student.Name, text.Trim())));

    public Task<Result<MeView>> Pause(StudentCaller caller) => Run(caller, (entry, session, now) => session.ProfileFor(entry.Test).StudentMayPause
        ? EntryRules.RequestPause(entry, CommandSource.Student, reason: null, Id.New(now), now)
        : new Problem(ProblemKind.NotPermitted, "Ask your proctor for a pause."));

    public Task<Result<MeView>> Resume(StudentCaller caller) =>
        Run(caller, (entry, session, now) => EntryRules.RequestResume(entry, session, CommandSource.Student, Id.New(now), now));

    private Task<Result<MeView>> Run(StudentCaller caller, Func<Entry, Session, DateTimeOffset, Result<EntryStep>> rule) =>
        changes.RunInTurn<MeView>(caller.SessionId, caller.Actor, async change =>
        {
            var held = await HeldEntry.Load(change, caller);
            if (held.Failed(out var problem))
            {
                return problem;
            }

            var (session, entry) = held.Value;
            var step = rule(entry, session, change.Now);
            if (step.Failed(out problem))
            {
                return problem;
            }

            var written = await EntryChange.Write(change, session, entry, step.Value);
            return written.Then(next => MeView.Of(next, session));
        });
}

/// <summary>An entry with its session, as the device that holds it finds them.</summary>
internal sealed record HeldEntry(Session Session, Entry Entry)
{
    /// <summary>Locks and loads them, unless another device took over meanwhile.</summary>
    public static async Task<Result<HeldEntry>> Load(Change change, StudentCaller caller)
    {
        var loaded = await SessionChange.LockAndLoad(change, caller.SessionId);
        if (loaded.Failed(out var problem))
        {
            return problem;
        }

        var entry = await EntryStore.Load(change, caller.SessionId, caller.EntryId);
        return entry is null ? Problem.NotFound("entry")
            : entry.Device != caller.Device ? new Problem(ProblemKind.TakenOver, "This test was opened on another device.")
            : new HeldEntry(loaded.Value, entry);
    }
}
