using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>
/// Bounds guessing at the door: of join IDs and links, of students, of tickets and of session codes. Nobody learns anything without a permit, which is given back
/// unless it was a wrong guess, so a whole class behind one address costs nothing while guesses at the same time cannot overrun the limit.
/// </summary>
public sealed class JoinThrottle(IThrottle throttle)
{
    /// <summary>Looks up by what somebody typed or followed.</summary>
    /// <param name="meanwhile">
    /// Begins the look-up, which changes nothing and costs little, while the permit is asked for over the network. Without a permit nobody learns what was found.
    /// </param>
    public Task<Result<T>> Guard<T>(string address, Func<Task<Result<T>>> lookUp, bool meanwhile = false) =>
        Guard([(address, ThrottleLimits.LookUp, [ProblemKind.NotFound])], lookUp, meanwhile);

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

    private async Task<Result<T>> Guard<T>((string Key, ThrottleLimit Limit, ProblemKind[] Guesses)[] permits, Func<Task<Result<T>>> attempt, bool meanwhile = false)
    {
        // All at once: one wait for all of them, which are kept in different places.
        var taking = Task.WhenAll(permits.Select(permit => throttle.Take(permit.Key, permit.Limit).AsTask()));
        var begun = meanwhile && !taking.IsCompleted ? attempt() : null;
        var answers = await taking;
        if (Array.Exists(answers, answer => !answer.Allowed))
        {
            // Whoever is refused waits for the answer that is withheld: they never have more look-ups under way than requests.
            await (begun as Task ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.WhenAll(permits.Where((_, index) => answers[index].Allowed).Select(permit => throttle.GiveBack(permit.Key, permit.Limit).AsTask()));
            return new Problem(ProblemKind.Throttled, "Too many wrong attempts. Wait a little, then try again.") { RetryAfter = answers.Max(answer => answer.RetryAfter) };
        }

        var result = await (begun ?? attempt());
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
