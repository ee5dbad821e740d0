using LiveProctor.Core.Problems;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Errors;

/// <summary>How a hub method refuses: an error whose message ends with <c>[code] sentence</c> (docs/protocol.md section 1).</summary>
public static class HubProblems
{
    /// <summary>The value, or the refusal as the error that the client receives.</summary>
    public static T OrThrow<T>(this Result<T> result) => result.Failed(out var problem) ? throw Error(problem) : result.Value;

    public static HubException Error(Problem problem) => new($"[{problem.Code}] {problem.Detail}");
}

/// <summary>Keeps what goes wrong inside from reaching a client as anything but a code.</summary>
public sealed class HubFaults(ILogger<HubFaults> log) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        try
        {
            return await next(invocationContext);
        }
        catch (HubException)
        {
            throw;
        }
        catch (Exception fault)
        {
            log.LogError(fault, "{Method} failed", invocationContext.HubMethodName);
            throw HubProblems.Error(new Problem(
                fault is System.Data.Common.DbException ? ProblemKind.Unavailable : ProblemKind.Unexpected, "Something went wrong here; try again in a moment."));
        }
    }
}
