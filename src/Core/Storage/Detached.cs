namespace LiveProctor.Core.Storage;

/// <summary>Work that one caller starts and that goes on for others.</summary>
internal static class Detached
{
    /// <summary>Starts it here and now, without what belongs to the caller's request (its activity, its log scopes). It handles its own failures.</summary>
    public static void Start(Func<Task> work)
    {
        if (ExecutionContext.IsFlowSuppressed())
        {
            _ = work();
            return;
        }

        using (ExecutionContext.SuppressFlow())
        {
            _ = work();
        }
    }
}
