using LiveProctor.Core.Accounts;
using LiveProctor.Core.Problems;
using LiveProctor.Hub.Errors;
using Microsoft.AspNetCore.SignalR;

namespace LiveProctor.Hub.Dashboard;

/// <summary>Asks before each command on an open connection whether its person is still let in, as a request is asked.</summary>
public sealed class StaffGuard(StaffAccess access) : IHubFilter
{
    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next) =>
        invocationContext.HubMethodName == nameof(DashboardHub.Clock) || await access.Holds(invocationContext.Context.User!)
            ? await next(invocationContext)
            : throw HubProblems.Error(new Problem(ProblemKind.SignInRequired, "Your account has changed. Sign in again."));
}
