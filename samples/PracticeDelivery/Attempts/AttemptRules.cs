using System.Collections.Immutable;
using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>What may happen to an attempt, and what the hub is told about it. Pure: (attempt, event, now) → attempt.</summary>
public static class AttemptRules
{
    const int CommandsRemembered = 50;

    /// <summary>A redeemed token: a new attempt, or the same one let in again with its answers.</summary>
    public static Attempt Open(Attempt? before, Redeemed redeemed, string cookieHash, string? returnUrl, DateTimeOffset now)
    {
        var attempt = new Attempt
        {
            EntryId = redeemed.EntryId,
            Number = redeemed.Attempt,
            SessionName = redeemed.SessionName,
            TestTitle = redeemed.Test.Title,
            StudentName = redeemed.Student.Name,
            Sections = redeemed.Test.Sections,
            ReturnUrl = returnUrl,
            CookieHash = cookieHash,
            Phase = Phase.Returning,
            StartedAt = before?.StartedAt ?? now,
            Answers = before?.Answers ?? ImmutableSortedDictionary<int, string>.Empty,
            Looking = before?.Looking ?? 1,
            AllowedSeconds = redeemed.SecondsLeft,
            Opened = before?.Opened ?? [],
            ReportsMade = before?.ReportsMade ?? 0,
            Obeyed = before?.Obeyed ?? [],
            SequenceReserved = Math.Max(before?.SequenceReserved ?? 0, redeemed.LastSequence),
        };
        return attempt.Tell("started").Go(now);
    }

    /// <summary>The student answers a question, while the questions are open and its section is.</summary>
    public static Attempt Answer(Attempt attempt, int question, string answer) =>
        attempt.Phase == Phase.Running && attempt.SealOf(question) is null ? attempt with { Answers = attempt.Answers.SetItem(question, answer), Looking = question } : attempt;

    /// <summary>The student turns to a question. A section that is still sealed closes all of them until the hub opens it.</summary>
    public static Attempt Look(Attempt attempt, int question, DateTimeOffset now) =>
        attempt.Phase == Phase.Running && attempt.Looking != question ? (attempt with { Looking = question }).Go(now) : attempt;

    /// <summary>The student hands in, or the time is up.</summary>
    public static Attempt Submit(Attempt attempt, string? reason, DateTimeOffset now) =>
        attempt.Phase == Phase.Running ? attempt.End(Phase.Submitted, reason, now).Tell("submitted") : attempt;

    /// <summary>The browser has been silent for too long. A paused student may close the lid.</summary>
    public static Attempt Leave(Attempt attempt, DateTimeOffset now) =>
        attempt.Phase is Phase.Running or Phase.Returning ? attempt.Stop(Phase.Away, null, now).Tell("exited") : attempt;

    /// <summary>The browser is heard again after it went away: the hub decides.</summary>
    public static Attempt Return(Attempt attempt) =>
        attempt.Phase == Phase.Away ? (attempt with { Phase = Phase.Returning }).Tell("resumed") : attempt;

    /// <summary>A command of the proctor. What does not fit where the attempt stands is left unconfirmed, and the hub says so to the proctor.</summary>
    public static Attempt Obey(Attempt attempt, Command command, DateTimeOffset now)
    {
        if (attempt.Outbox.Exists(report => report.CommandId == command.Id))
        {
            return attempt;
        }

        var again = attempt.Obeyed.Contains(command.Id);
        Attempt? obeyed = (command.Kind, attempt.Phase) switch
        {
            // Obeyed before, so the confirmation was lost, unless it has been overtaken by another command since.
            ("pause", Phase.Paused) when again => attempt.Tell("paused", command.Id),
            ("resume", Phase.Running) when again => attempt.Tell("resumed", command.Id),
            ("extend" or "releaseSeal", _) or ("terminate", Phase.Terminated) when again => attempt.Tell("confirmed", command.Id),
            _ when again => null,
            (_, Phase.Submitted or Phase.Terminated or Phase.Ended) => null,
            // The time stands still there already.
            ("pause", Phase.Sealed) => attempt.Tell("paused", command.Id),
            ("pause", not Phase.Lobby) => attempt.Stop(Phase.Paused, command.Reason, now).Tell("paused", command.Id),
            ("resume", Phase.Paused) => attempt.Go(now).Tell("resumed", command.Id),
            ("resume", Phase.Running) => attempt.Tell("resumed", command.Id),
            ("releaseSeal", Phase.Sealed) => (attempt with { Opened = attempt.Opened.Add(attempt.Seal?.Title ?? command.Section ?? "") }).Go(now).Tell("confirmed", command.Id),
            ("extend", _) => (attempt with { AllowedSeconds = attempt.AllowedSeconds + (command.Seconds ?? 0) }).Tell("confirmed", command.Id),
            ("terminate", _) => attempt.End(Phase.Terminated, command.Reason, now).Tell("confirmed", command.Id),
            _ => null,
        };
        return obeyed is null
            ? attempt
            : obeyed with { Obeyed = [.. obeyed.Obeyed.Remove(command.Id).TakeLast(CommandsRemembered - 1), command.Id] };
    }

    /// <summary>The hub answered a report with the entry's state. While more reports wait, the state is already old.</summary>
    public static Attempt Learn(Attempt attempt, string kind, string state, DateTimeOffset now)
    {
        if (attempt.Over || !attempt.Outbox.IsEmpty)
        {
            return attempt;
        }

        return (state, attempt.Phase) switch
        {
            ("testing", Phase.Returning) => attempt.Go(now),
            ("atSeal", Phase.Returning or Phase.Running) => attempt.Stop(Phase.Sealed, null, now),
            ("paused", not Phase.Paused) => attempt.Stop(Phase.Paused, null, now),
            ("interrupted", Phase.Running) when kind != "resumed" => attempt.Stop(Phase.Returning, null, now).Tell("resumed"),
            ("interrupted", Phase.Running or Phase.Returning) => attempt.Stop(Phase.Lobby, null, now),
            ("waiting" or "approved" or "denied" or "withdrawn" or "entering", not Phase.Lobby) => attempt.Stop(Phase.Lobby, null, now),
            ("terminated", _) => attempt.End(Phase.Terminated, null, now),
            ("submitted" or "expired" or "noShow" or "moved" or "removed", _) => attempt.End(Phase.Ended, null, now),
            _ => attempt,
        };
    }

    /// <summary>The hub refused a report for good. A refused way back may only mean "paused": the position tells; refused too, it is up to the lobby.</summary>
    public static Attempt Refused(Attempt attempt, string kind, DateTimeOffset now) => kind switch
    {
        _ when attempt.Over => attempt,
        "started" or "resumed" or "atSeal" => attempt.Stop(Phase.Returning, null, now).Tell("position"),
        "position" => attempt.Stop(Phase.Lobby, null, now),
        _ => attempt,
    };

    static Attempt Tell(this Attempt attempt, string kind, string? commandId = null) => attempt with
    {
        ReportsMade = attempt.ReportsMade + 1,
        Outbox = attempt.Outbox.Add(new Report(attempt.ReportsMade + 1, kind, commandId)),
    };

    // Wherever a student goes on, a sealed section stops them again.
    static Attempt Go(this Attempt attempt, DateTimeOffset now) => attempt.Seal is null
        ? attempt with { Phase = Phase.Running, Reason = null, RunningSince = attempt.RunningSince ?? now }
        : attempt.Stop(Phase.Sealed, null, now).Tell("atSeal");

    static Attempt Stop(this Attempt attempt, Phase phase, string? reason, DateTimeOffset now) => attempt with
    {
        Phase = phase,
        Reason = reason,
        UsedSeconds = attempt.UsedSeconds + (attempt.RunningSince is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0),
        RunningSince = null,
    };

    static Attempt End(this Attempt attempt, Phase phase, string? reason, DateTimeOffset now) =>
        attempt.Stop(phase, reason, now) with { EndedAt = now };
}
