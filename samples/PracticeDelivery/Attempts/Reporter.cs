using System.Collections.Concurrent;
using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>
/// Tells the hub about each desk, one report at a time and in order: first what waits in the outbox, which is repeated
/// until the hub has answered it, then the position, which is only worth sending while it is fresh.
/// </summary>
public sealed class Reporter(HubClient hub, HubSettings settings, TimeProvider clock, IHostApplicationLifetime life, ILogger<Reporter> log)
{
    /// <summary>How long after it was last heard a browser counts as there.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromSeconds(10);

    static readonly TimeSpan Repeat = TimeSpan.FromSeconds(3);
    static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(8);

    readonly ConcurrentDictionary<Desk, bool> followed = new();

    /// <summary>Starts to report a desk, if that is not going on already.</summary>
    public void Follow(Desk desk)
    {
        if (settings.Complete && followed.TryAdd(desk, true))
        {
            _ = Task.Run(() => Run(desk));
        }
    }

    async Task Run(Desk desk)
    {
        var stop = life.ApplicationStopping;
        var backOff = new BackOff(clock, LongestBackOff);
        var told = new Told("", DateTimeOffset.MinValue, 0, 0);
        try
        {
            while (!stop.IsCancellationRequested)
            {
                var changed = desk.Changed;
                var attempt = desk.Attempt;
                var now = clock.GetUtcNow();
                var next = attempt.Outbox.IsEmpty ? Position(desk, attempt, told, now) : attempt.Outbox[0];
                if (next is null)
                {
                    // An attempt that is over has no more to say until it is opened again.
                    var wait = attempt.Over || !IsThere(desk, now) ? TimeSpan.FromSeconds(30) : told.At + Repeat - now;
                    await Task.WhenAny(changed, Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.FromMilliseconds(10), clock, stop));
                    continue;
                }

                // A report tried again keeps its sequence, so that the hub knows it if only its answer was lost.
                var again = next.Id != 0 && next.Id == told.Id;
                told = new Told(Key(attempt), now, next.Id, again ? told.Sequence : desk.NextSequence());
                if (!await Send(desk, next, told.Sequence, backOff, stop))
                {
                    told = told with { Id = 0 };
                }
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The journal keeps what was not sent.
        }
        catch (Exception e)
        {
            log.LogCritical(e, "The reports of entry {Entry} ended.", desk.Attempt.EntryId);
            life.StopApplication();
        }
    }

    // Both the student's presence and how far they are; a student who is there while paused or at a seal is worth telling too.
    static Report? Position(Desk desk, Attempt attempt, Told told, DateTimeOffset now) =>
        attempt.Phase is Phase.Running or Phase.Paused or Phase.Sealed && IsThere(desk, now)
        && (now - told.At >= Repeat || (attempt.Phase == Phase.Running && told.Key != Key(attempt)))
            ? new Report(0, "position", null)
            : null;

    static bool IsThere(Desk desk, DateTimeOffset now) => now - desk.SeenAt < Gone;

    static string Key(Attempt attempt) => $"{attempt.Answers.Count} {PracticeTest.SectionOf(attempt.Looking, attempt.Sections)?.Title}";

    // False when the sequence was of no use.
    async Task<bool> Send(Desk desk, Report report, long sequence, BackOff backOff, CancellationToken stop)
    {
        var attempt = desk.Attempt;
        var reply = await hub.Report(
            new Progress
            {
                EntryId = attempt.EntryId,
                Attempt = attempt.Number,
                Sequence = sequence,
                Kind = report.Kind,
                Answered = attempt.Answers.Count,
                Total = PracticeTest.Total,
                Section = PracticeTest.SectionOf(attempt.Looking, attempt.Sections)?.Title,
                CommandId = report.CommandId,
            },
            stop);

        var now = clock.GetUtcNow();
        switch (reply)
        {
            case { Value: { } answer }:
                backOff.Reset();
                desk.Change(present => AttemptRules.Learn(Without(present, report), report.Kind, answer.State, now));
                if (answer.PendingCommand is { } command)
                {
                    desk.Change(present => AttemptRules.Obey(present, command, now));
                }

                break;
            case { Problem.Code: "sequenceTooOld" }:
                desk.SkipSequences();
                await backOff.Wait(null, stop);
                return false;
            case { Problem: { Retry: true } problem }:
                log.LogWarning("The hub did not take '{Kind}' of entry {Entry}: {Why}", report.Kind, attempt.EntryId, problem.Detail);
                await backOff.Wait(problem.After, stop);
                break;
            case { Problem: { } problem }:
                log.LogWarning("The hub refused '{Kind}' of entry {Entry}: {Code} {Why}", report.Kind, attempt.EntryId, problem.Code, problem.Detail);
                desk.Change(present => AttemptRules.Refused(Without(present, report), report.Kind, now));
                await backOff.Wait(problem.After, stop);
                break;
        }

        return true;
    }

    static Attempt Without(Attempt attempt, Report report) =>
        attempt.Outbox.Find(waiting => waiting.Id == report.Id) is { } sent ? attempt with { Outbox = attempt.Outbox.Remove(sent) } : attempt;

    sealed record Told(string Key, DateTimeOffset At, int Id, long Sequence);
}
