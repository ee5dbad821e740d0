using System.Collections.Concurrent;
using System.Reflection;
using LiveProctor.Core.Problems;
using Microsoft.AspNetCore.SignalR;

namespace LiveProctor.Hub.Errors;

/// <summary>Refuses null where a hub method takes none: JSON can always say null, and the protocol passes it on.</summary>
public sealed class HubArguments : IHubFilter
{
    private readonly ConcurrentDictionary<MethodInfo, bool[]> required = new();

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext invocationContext, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        var needs = required.GetOrAdd(invocationContext.HubMethod, Required);
        for (var index = 0; index < needs.Length; index++)
        {
            if (needs[index] && invocationContext.HubMethodArguments[index] is null)
            {
                throw HubProblems.Error(new Problem(ProblemKind.InvalidArguments, "The arguments are not those that this method takes."));
            }
        }

        return next(invocationContext);
    }

    private static bool[] Required(MethodInfo method)
    {
        var nullability = new NullabilityInfoContext();
        return [.. method.GetParameters().Select(parameter => nullability.Create(parameter).WriteState == NullabilityState.NotNull)];
    }
}
