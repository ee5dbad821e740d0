using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>
/// Bounds guessing at the door: of join IDs and links, of students, of tickets and of session codes. Permits are taken before the look-up and given back
/// unless it was a wrong guess, so a whole class behind one address costs nothing while guesses at the same time cannot overrun the limit.
/// </summary>
public sealed class JoinThrottle(IThrottle throttle)
{
    /// <summary>Looks up by what somebody typed or followed.</summary>
    public Task<Result<T>> Guard<T>(string address, Func<Task<Result<T>>> lookUp) => Guard(LookUp(address), lookUp);

    /// <summary>The same for a look-up that changes nothing: it is made while the permit is asked for, and nobody learns what it found without one.</summary>
    public Task<Result<T>> GuardFinding<T>(string address, Func<Task<Result<T>>> lookUp)
    {
        var found = lookUp();
        return Guard(LookUp(address), () => found);
    }

    /// <summary>Tries to join a session.</summary>
    /// <param name="who">The student ID, user ID or guest name that was typed.</param>
    public Task<Result<T>> Guard<T>(Session session, string who, string address, Func<Task<Result<T>>> join)
    {
        var key = $"{session.Id}|{who.ToUpperInvariant()}";
        return Guard(
            [
                (address, ThrottleLimits.JoinByAddress, [ProblemKind.StudentUnknown, ProblemKind.TicketWrong, ProblemKind.TicketOutdated, ProblemKind.CodeWrong]),
                (key, ThrottleLimits.JoinByStudent, [ProblemKind.StudentUnknown, ProblemKind.TicketWrong, ProblemKind.TicketOutdated]),
                (key, ThrottleLimits.SessionCode, [ProblemKind.CodeWrong]),
            ],
            join);
    }

    private static (string, ThrottleLimit, ProblemKind[])[] LookUp(string address) => [(address, ThrottleLimits.LookUp, [ProblemKind.NotFound])];

    private async Task<Result<T>> Guard<T>((string Key, ThrottleLimit Limit, ProblemKind[] Guesses)[] permits, Func<Task<Result<T>>> attempt)
    {
        // All at once: one wait for all of them, which are kept in different places.
        var answers = await Task.WhenAll(permits.Select(permit => throttle.Take(permit.Key, permit.Limit).AsTask()));
        if (Array.Exists(answers, answer => !answer.Allowed))
        {
            await Task.WhenAll(permits.Where((_, index) => answers[index].Allowed).Select(permit => throttle.GiveBack(permit.Key, permit.Limit).AsTask()));
            return new Problem(ProblemKind.Throttled, "Too many wrong attempts. Wait a little, then try again.") { RetryAfter = answers.Max(answer => answer.RetryAfter) };
        }

        var result = await attempt();
        await Task.WhenAll(permits.Select(permit => Settle(permit.Key, permit.Limit, wrong: result.Failed(out var problem) && permit.Guesses.Contains(problem.Kind))));
        return result;
    }

    // Nobody waits until a permit is given back: it never fails, and what comes later on this node comes later.
    private Task Settle(string key, ThrottleLimit limit, bool wrong)
    {
        if (wrong)
        {
            return throttle.Fail(key, limit).AsTask();
        }

        _ = throttle.GiveBack(key, limit).AsTask();
        return Task.CompletedTask;
    }
}
