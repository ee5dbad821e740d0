namespace LiveProctor.Core.Storage;

/// <summary>
/// Look-ups by key that are made together when many come at once: the first is made at once and alone, and those that come while it is under way share the
/// next statement. Each begins after it was asked for, so nobody is answered what was true before.
/// </summary>
/// <param name="read">Looks up some keys, each once; those that it leaves out have no value.</param>
internal sealed class Batched<TValue>(Func<IReadOnlyCollection<string>, Task<IReadOnlyDictionary<string, TValue>>> read)
    where TValue : class
{
    // More in one statement would make the first of them wait for the last.
    private const int MostAtOnce = 256;

    private readonly Lock gate = new();
    private List<Asked> waiting = [];
    private bool working;

    /// <summary>The key's value; null when it has none.</summary>
    public Task<TValue?> Find(string key)
    {
        var asked = new Asked(key);
        lock (gate)
        {
            waiting.Add(asked);
            if (working)
            {
                return asked.Answered.Task;
            }

            working = true;
        }

        Detached.Start(Work);
        return asked.Answered.Task;
    }

    private async Task Work()
    {
        while (Next() is { Count: > 0 } some)
        {
            try
            {
                var found = await read([.. some.Select(asked => asked.Key).Distinct(StringComparer.Ordinal)]);
                foreach (var asked in some)
                {
                    asked.Answered.SetResult(found.GetValueOrDefault(asked.Key));
                }
            }
            catch (Exception fault)
            {
                some.ForEach(asked => asked.Answered.SetException(fault));
            }
        }
    }

    private List<Asked> Next()
    {
        lock (gate)
        {
            var some = waiting.Count <= MostAtOnce ? waiting : waiting[..MostAtOnce];
            waiting = waiting[some.Count..];
            working = some.Count > 0;
            return some;
        }
    }

    private sealed record Asked(string Key)
    {
        public TaskCompletionSource<TValue?> Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
