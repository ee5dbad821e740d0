using System.Text.Json;
using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>Listens for the proctors' commands and has them obeyed.</summary>
public sealed class Listener(HubClient hub, HubSettings settings, Room room, TimeProvider clock, ILogger<Listener> log) : BackgroundService
{
    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!settings.Complete)
        {
            return;
        }

        var backOff = new BackOff(clock, LongestBackOff);
        string? after = null;
        while (!stoppingToken.IsCancellationRequested)
        {
            var reply = await hub.Commands(after, stoppingToken);
            if (reply.Value is not { } batch)
            {
                log.LogWarning("Commands cannot be heard: {Why}", reply.Problem?.Detail);
                // Whatever was missed meanwhile is repeated to one who asks from the beginning.
                after = null;
                await backOff.Wait(reply.Problem?.After, stoppingToken);
                continue;
            }

            backOff.Reset();
            after = batch.Next is { ValueKind: not JsonValueKind.Null } next ? next.ToString() : null;
            foreach (var command in batch.Commands)
            {
                if (room.Find(command.EntryId, command.Attempt) is { } desk)
                {
                    desk.Change(attempt => AttemptRules.Obey(attempt, command, clock.GetUtcNow()));
                }
                else
                {
                    log.LogWarning("Command {Kind} is for entry {Entry}, which is not here.", command.Kind, command.EntryId);
                }
            }
        }
    }
}
