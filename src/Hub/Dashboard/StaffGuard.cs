using System.Reflection;
using LiveProctor.Core.Accounts;
using LiveProctor.Hub.Errors;
using Microsoft.AspNetCore.SignalR;

namespace LiveProctor.Hub.Dashboard;

/// <summary>
/// Asks before each command on an open connection whether its person is still let in, as a request is asked. What a <see cref="CommandAttribute"/> does commits
/// only when that is so, and need not wait for it to begin.
/// </summary>
public sealed class StaffGuard(StaffAccess access) : IHubFilter
{
    private static readonly object StillInKey = new();

    /// <summary>Whether the person of the connection is still let in, as it is being looked up for the present command; false where nobody asked.</summary>
    public static Task<bool> StillIn(HubCallerContext connection) =>
        connection.Items.TryGetValue(StillInKey, out var asked) && asked is Task<bool> stillIn ? stillIn : Task.FromResult(false);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        if (invocationContext.HubMethodName == nameof(DashboardHub.Clock))
        {
            return await next(invocationContext);
        }

        var stillIn = access.Holds(invocationContext.Context.User!);
        invocationContext.Context.Items[StillInKey] = stillIn;
        if (invocationContext.HubMethod.GetCustomAttribute<CommandAttribute>() is null)
        {
            return await stillIn ? await next(invocationContext) : throw HubProblems.Error(StaffAccess.Ended);
        }

        var answer = next(invocationContext).AsTask();
        await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await stillIn ? await answer : throw HubProblems.Error(StaffAccess.Ended);
    }
}

/// <summary>A method of the staff's hub that does nothing but one change, by <see cref="Core.Storage.Changes"/> and as the hub's actor.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CommandAttribute : Attribute;
