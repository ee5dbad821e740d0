using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>
/// A student at a seal types the section's code. The delivery system opens the section when it confirms.
/// Problems: invalid, takenOver, wrongState, sealCodeWrong, throttled, sessionHeld, windowClosed, commandPending.
/// </summary>
public sealed class Unseal(Changes changes, IThrottle throttle)
{
    private const int LongestCode = 64;

    public async Task<Result<MeView>> Run(StudentCaller caller, string? code)
    {
        if (string.IsNullOrWhiteSpace(code) || code.Length > LongestCode)
        {
            return Problem.Invalid(("code", "Type the seal code that your proctor gives you."));
        }

        var permit = await throttle.Take(caller.EntryId, ThrottleLimits.SealCode);
        if (!permit.Allowed)
        {
            return new Problem(ProblemKind.Throttled, "Too many wrong codes. Wait a little, or ask your proctor to open the section.") { RetryAfter = permit.RetryAfter };
        }

        var result = await changes.Run<MeView>(caller.Actor, change => Open(change, caller, SealCodes.Plain(code)));
        await (result.Failed(out var problem) && problem.Kind == ProblemKind.SealCodeWrong
            ? throttle.Fail(caller.EntryId, ThrottleLimits.SealCode)
            : throttle.GiveBack(caller.EntryId, ThrottleLimits.SealCode));
        return result;
    }

    private static async Task<Result<MeView>> Open(Change change, StudentCaller caller, string code)
    {
        var held = await HeldEntry.Load(change, caller);
        if (held.Failed(out var problem))
        {
            return problem;
        }

        // What stands in the way of everyone is told before the code is looked at, so that it never tells whether the code is right.
        var (session, entry) = held.Value;
        var step = EntryRules.ReleaseSeal(entry, session, CommandSource.Student, Id.New(change.Now), change.Now);
        if (step.Failed(out problem))
        {
            return problem;
        }

        var right = await SealCodes.Of(change, session.Id, entry.Test.Code, entry.Seal ?? "");
        if (right is null || !Secret.Same(right, code))
        {
            return new Problem(ProblemKind.SealCodeWrong, "This is not the code of this section. Check it, or ask your proctor.");
        }

        var written = await EntryChange.Write(change, session, entry, step.Value);
        return written.Then(next => MeView.Of(next, session));
    }
}
