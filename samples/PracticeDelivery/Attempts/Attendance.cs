namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>Every second: who went away, and whose time is up.</summary>
public sealed class Attendance(Room room, TimeProvider clock) : BackgroundService
{
    /// <summary>What a student reads whose time ran out.</summary>
    public const string TimeIsUp = "The time is up.";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var second = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        while (await second.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var desk in room.Desks.Where(desk => desk.Attempt.Phase is Phase.Running or Phase.Returning))
            {
                Look(desk);
            }
        }
    }

    void Look(Desk desk)
    {
        var now = clock.GetUtcNow();
        if (desk.Attempt.Phase == Phase.Running && desk.Attempt.SecondsLeft(now) <= 0)
        {
            desk.Change(attempt => attempt.SecondsLeft(now) <= 0 ? AttemptRules.Submit(attempt, TimeIsUp, now) : attempt);
        }
        else if (now - desk.SeenAt >= Reporter.Gone)
        {
            desk.Change(attempt => AttemptRules.Leave(attempt, now));
        }
    }
}
