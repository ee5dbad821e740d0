namespace LiveProctor.Scheduler;

/// <summary>The steps of a job, one after the other: one that fails does not keep the next from being tried, and is told when all are through.</summary>
internal static class EachStep
{
    public static async Task Run(params Func<Task>[] steps)
    {
        var failures = new List<Exception>();
        foreach (var step in steps)
        {
            try
            {
                await step();
            }
#pragma warning disable CA1031 // Told below.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                failures.Add(failure);
            }
        }

        if (failures.Count > 0)
        {
            throw new AggregateException("A step of a job failed.", failures);
        }
    }
}
