using LiveProctor.Core.Sessions;

namespace LiveProctor.Scheduler;

/// <summary>
/// <see cref="RunDueSessions"/>, one run at a time in this process: whoever comes during a run waits for it and then finds the work done,
/// where otherwise both would queue for the lock of each session in turn.
/// </summary>
internal sealed class DueSessions(RunDueSessions sessions) : IDisposable
{
    private readonly SemaphoreSlim gate = new(1, 1);

    public async Task Run(CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        try
        {
            await sessions.Run(stop);
        }
        finally
        {
            gate.Release();
        }
    }

    public void Dispose() => gate.Dispose();
}
