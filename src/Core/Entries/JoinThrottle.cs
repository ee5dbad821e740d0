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
    /// <summary>Looks up a session by what somebody typed or followed.</summary>
    public Task<Result<T>> Guard<T>(string address, Func<Task<Result<T>>> lookUp) =>
        Guard([(address, ThrottleLimits.LookUp, [ProblemKind.NotFound])], lookUp);

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

    private async Task<Result<T>> Guard<T>((string Key, ThrottleLimit Limit, ProblemKind[] Guesses)[] permits, Func<Task<Result<T>>> attempt)
    {
        for (var taken = 0; taken < permits.Length; taken++)
        {
            var answer = await throttle.Take(permits[taken].Key, permits[taken].Limit);
            if (answer.Allowed)
            {
                continue;
            }

            foreach (var (key, limit, _) in permits[..taken])
            {
                await throttle.GiveBack(key, limit);
            }

            return new Problem(ProblemKind.Throttled, "Too many wrong attempts. Wait a little, then try again.") { RetryAfter = answer.RetryAfter };
        }

        var result = await attempt();
        foreach (var (key, limit, guesses) in permits)
        {
            await (result.Failed(out var problem) && guesses.Contains(problem.Kind) ? throttle.Fail(key, limit) : throttle.GiveBack(key, limit));
        }

        return result;
    }
}
