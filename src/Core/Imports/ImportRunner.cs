using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Core.Imports;

/// <summary>Works on imports in the background: at once when one was sent to this process, otherwise at its next look, which also takes up what a dead node left.</summary>
public sealed class ImportRunner(WorkImports imports, ImportPoke poke, TimeProvider time, ILogger<ImportRunner> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookForOld = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var forgotAt = time.Now();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await imports.Run(stoppingToken) > 0)
                {
                    continue;
                }

                if (time.Now() - forgotAt >= LookForOld)
                {
                    forgotAt = time.Now();
                    await imports.Forget();
                }

                await poke.Wait(Look, time, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Storage that does not answer for a moment ends no import: it goes on from its last commit at the next look.
            catch (Exception failure)
#pragma warning restore CA1031
            {
                log.LogWarning(failure, "Imports stumbled");
                await Task.Delay(Look, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
