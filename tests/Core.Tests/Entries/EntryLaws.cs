using System.Text.Json;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>What holds of every step of every entry, whatever was asked, in whatever order, under whatever clock. Remembers a history.</summary>
internal sealed class EntryLaws
{
    // docs/protocol.md section 2.
    private static readonly HashSet<string> Kinds = new(
        """
        joined takenOver approved denied askedAgain withdrawn returned revoked entering redeemed started position paused resumed atSeal exited interrupted
        submitted terminated noShow expired tokenExpired sealReleased commandRequested commandDelivered commandUnconfirmed handRaised handLowered message extended
        reinstated settingsChanged moved removed registered
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    private static readonly HashSet<string> Flags = new(["secondDevice", "askedAgain", "returning", "nameDiffers", "notRegistered"], StringComparer.Ordinal);

    private readonly HashSet<string> redeemed = new(StringComparer.Ordinal);
    private int timesAsked;

    /// <summary>A whole entry as text, to see that a refusal left no trace.</summary>
    public static string Print(Entry entry) => JsonSerializer.Serialize(entry);

    public static void Refusal(Problem problem)
    {
        Law(ProblemKind.All.Contains(problem.Kind), "a refusal is of a kind in the table of errors");
        Law(problem.Detail.Length >= 10 && problem.Detail.EndsWith('.') && char.IsUpper(problem.Detail[0]), "a refusal says why in a sentence");
        Law(problem.Kind != ProblemKind.Unexpected, "a refusal knows its reason");
        Law(problem.RetryAfter is null or { Ticks: > 0 }, "a wait is longer than nothing");
    }

    public void Step(Entry before, Session session, EntryAct act, DeliveryReport? report, EntryStep step, DateTimeOffset now)
    {
        var after = step.Next;
        Law(Kinds.Contains(step.Kind), $"the event kind {step.Kind} is in the protocol");
        Law(after.State == before.State || EntryTable.Allows(before.State, after.State, act), "the table has this row");
        Law(!before.Ended || act == EntryAct.Reinstate, "what has ended stays as it ended until an administrator reinstates it");
        Versions(before, after);
        Clocks(before, after, act, now);
        Shape(after);
        Tokens(before, after, session, act, now);
        Commands(before, after, act, report, now);
        Time(before, after);
        Allowance(before, after, act, report);
        Decisions(before, after, act, now);
        Devices(before, after, act);
        Reports(before, after, act, report);
        Pauses(before, after, session, act, now);
        Holds(after, session, act, now);
        DueTimes(after, now);
        Seals(before, after, session, act, report);
    }

    private static void Seals(Entry before, Entry after, Session session, EntryAct act, DeliveryReport? report)
    {
        Law(after.Seal is not null == (after.State == EntryState.AtSeal), "a seal is before exactly those who wait at one");
        var opened = before.State == EntryState.AtSeal && after.State == EntryState.Testing;
        Law(!opened || (before.Pending is { Kind: CommandKind.ReleaseSeal } && act == EntryAct.ReportConfirmed && report!.CommandId == before.Pending.Id),
            "a seal opens by a release that the delivery system confirms, and by nothing that it says of itself");
        var released = after.Pending is { Kind: CommandKind.ReleaseSeal } command && command.Id != before.Pending?.Id;
        Law(!released || (act == EntryAct.ReleaseSeal && before.State == EntryState.AtSeal && before.Pending is null), "only who waits at a seal, with nothing else pending, is released");
        Law(!released || session.Phase == SessionPhase.Open || session.Phase == SessionPhase.Draining, "nobody is released in a held session, or before and after it");
        Law(!released || after.Pending!.Source == CommandSource.Proctor || session.Phase == SessionPhase.Open || session.Profile.CloseRule == CloseRule.Finish,
            "after the close a code opens a seal only where everyone may finish");
    }

    private static void Versions(Entry before, Entry after)
    {
        Law(after.Version == before.Version + 1, "a step raises the version by one");
        var material = after.State != before.State || after.Device != before.Device;
        Law(after.DecidedOn == (material ? after.Version : before.DecidedOn), "a change of state or device makes decisions stale, and nothing else does");
        Law(EntryRules.Stale(after, before.Version) == material && !EntryRules.Stale(after, after.Version), "staleness follows");
        Law((after.Id, after.SessionId, after.Student, after.Test, after.Arrival, after.ArrivedAt) ==
            (before.Id, before.SessionId, before.Student, before.Test, before.Arrival, before.ArrivedAt), "who and what it is never changes");
    }

    private static void Clocks(Entry before, Entry after, EntryAct act, DateTimeOffset now)
    {
        var expected = after.State == before.State ? before.StateSince : now > before.StateSince ? now : before.StateSince;
        Law(after.StateSince == expected, "a state lasts from the change to the next, and never goes backwards");
        var reset = act == EntryAct.Reinstate && after.Attempt == before.Attempt + 1; // The one exception: another attempt begins with nothing used.
        Law(after.UsedSeconds >= before.UsedSeconds || reset, "used time does not shrink");
        Law(after.PausedSeconds >= before.PausedSeconds || reset, "paused time does not shrink");
        Law(after.DeniedTimes >= before.DeniedTimes && after.Device >= before.Device && after.LastSequence >= before.LastSequence, "counts do not shrink");
        Law(after.Attempt == before.Attempt || reset, "only a reinstatement begins another attempt");
        Law(!reset || (after.UsedSeconds, after.PausedSeconds) == (0, 0), "another attempt begins with nothing used");
    }

    private static void Shape(Entry entry)
    {
        Law(entry.RunningSince is not null == (entry.State == EntryState.Testing), "time runs exactly while testing");
        Law(entry.RunningSince is null || entry.RunningSince == entry.StateSince, "time runs from the beginning of the state");
        Law(entry.StoppedSince is not null == entry.State is EntryState.Paused or EntryState.Interrupted, "time is stopped exactly while paused or interrupted");
        Law(entry.PausedBy is not null == (entry.State == EntryState.Paused), "somebody paused it exactly while it is paused");
        Law(entry.Grant is null || entry.Started, "a token belongs to a started entry");
        Law(entry.State != EntryState.Entering || entry.Grant is not null, "who enters holds a token");
        var held = entry.State is EntryState.Testing or EntryState.Paused or EntryState.AtSeal or EntryState.Interrupted;
        Law(!held || entry.Test.Delivery is null || entry.HandedOverAt is not null, "a delivery system has the tests that it gives");
        Law(entry.HandedOverAt is null || (entry.Started && entry.Test.Delivery is not null), "nothing else is handed over");
        Law(entry.Pending is null || entry.HandedOverAt is not null, "a command is pending only where a delivery system can carry it out");
        Law(entry.EndReason is null || entry.Ended, "an end has a reason only when it has come");
        Law(!entry.Ended || !entry.HandRaised, "an ended entry raises no hand");
        Law(entry.Flags.Select(flag => flag.Code).Distinct(StringComparer.Ordinal).Count() == entry.Flags.Count, "each flag stands once");
        Law(entry.Flags.All(flag => Flags.Contains(flag.Code) && flag.Text.Length > 0), "flags are those of the protocol");
        Law(entry.Messages.Count <= EntryRules.KeptMessages, "the screen keeps twenty messages");
        Law(entry.UsedSeconds >= 0 && entry.PausedSeconds >= 0 && entry.AllowedSeconds >= 0, "no time is negative");
    }

    private void Tokens(Entry before, Entry after, Session session, EntryAct act, DateTimeOffset now)
    {
        var entered = before.State == EntryState.Approved && after.Started;
        Law(!entered || session.Phase == SessionPhase.Open, "who is approved enters only an open session");
        if (act == EntryAct.FetchToken)
        {
            Law(after.Grant is { RedeemedAt: null } grant && grant.ExpiresAt == now + TimeSpan.FromSeconds(120) && grant.ScheduleVersion == session.ScheduleVersion,
                "a token lives two minutes, for this window");
            Law(after.HandedOverAt == before.HandedOverAt, "to fetch a token hands nothing over");
        }

        if (act == EntryAct.Redeem)
        {
            var grant = before.Grant!;
            Law(redeemed.Add(grant.Jti), "a token is redeemed once");
            Law(now < grant.ExpiresAt, "a token is not redeemed after its time");
            Law(grant.ScheduleVersion == session.ScheduleVersion, "a token is not redeemed for another window");
            Law(session.Phase == SessionPhase.Open || (before.HandedOverAt is not null && session.Phase is SessionPhase.Held or SessionPhase.Draining),
                "a token is redeemed in an open window, or to find back into a test under way");
            Law(after.Grant == grant with { RedeemedAt = now } && after.State == before.State, "to redeem marks the token and nothing else");
        }

        Law(act is EntryAct.FetchToken or EntryAct.Redeem || after.Grant == before.Grant || (after.Grant is null && !after.Started), "nothing else touches a token");
    }

    private static void Commands(Entry before, Entry after, EntryAct act, DeliveryReport? report, DateTimeOffset now)
    {
        var (was, pending) = (before.Pending, after.Pending);
        if (was is not null && pending is not null && was.Id != pending.Id)
        {
            Law(pending.Kind == CommandKind.Terminate && was.Kind != CommandKind.Terminate, "only a termination takes the place of a pending command");
        }

        if (was is not null && pending is null && after.Started)
        {
            var confirmed = act == EntryAct.ReportConfirmed && report!.CommandId == was.Id;
            var fits = was.Kind switch
            {
                CommandKind.Pause => act == EntryAct.ReportPaused,
                CommandKind.Resume => act is EntryAct.ReportResumed or EntryAct.ReportStarted,
                _ => false,
            };
            Law(confirmed || fits, "a command is pending until it is confirmed");
        }

        Law(was is not { Kind: CommandKind.Terminate } || pending == was || pending?.Id == was.Id || after.Ended, "nobody slips away from a termination");
        Law(pending is not { Overdue: true } || was is { Overdue: true } || (act == EntryAct.Due && now - pending.RequestedAt >= TimeSpan.FromSeconds(15)),
            "a command is overdue after fifteen seconds");
        Law(was is null || pending is null || was.Id != pending.Id || pending == was || act is EntryAct.Due or EntryAct.Delivered, "a pending command stays as it was asked");
        Law(pending is null || pending.Id == was?.Id || pending is { DeliveredAt: null, Overdue: false }, "a new command is not delivered yet");
        Law(pending is null || pending.Id == was?.Id || after.State == before.State, "an entry keeps its state while a command is pending");
    }

    // Each stretch of time is counted once, in whole seconds, from the clock that began with the state.
    private static void Time(Entry before, Entry after)
    {
        if (after.Attempt != before.Attempt)
        {
            return;
        }

        Law(Within(after.UsedSeconds, before.UsedSeconds, before.RunningSince is { } ran && after.State != EntryState.Testing ? after.StateSince - ran : TimeSpan.Zero),
            "used time is the time since it ran");
        Law(Within(after.PausedSeconds, before.PausedSeconds, before.StoppedSince is { } stood && after.StoppedSince is null ? after.StateSince - stood : TimeSpan.Zero),
            "paused time is the time since it stood");
    }

    private static bool Within(int after, int before, TimeSpan span) =>
        span == TimeSpan.Zero ? after == before : Math.Abs(after - Math.Min(before + span.TotalSeconds, int.MaxValue)) <= 0.5;

    // What a proctor gives is credited once: at once, when it is confirmed, or when the test leaves the delivery system before that.
    private static void Allowance(Entry before, Entry after, EntryAct act, DeliveryReport? report)
    {
        var credit = (long)after.AllowedSeconds - before.AllowedSeconds;
        var asked = before.Pending is { Kind: CommandKind.Extend } pending ? pending : null;
        var settled = asked is not null && (!after.Started || (act == EntryAct.ReportConfirmed && report!.CommandId == asked.Id));
        if (act == EntryAct.Extend)
        {
            var expected = after.Pending?.Id != before.Pending?.Id ? 0 : credit;
            Law(credit == expected && credit is >= 0 and <= EntryRules.LongestExtension && (credit > 0) == (before.HandedOverAt is null), "an extension is credited once");
            Law(after.Pending is null || after.Pending.Seconds is >= 1 and <= EntryRules.LongestExtension, "an extension has bounds");
        }
        else
        {
            Law(credit == (settled ? asked!.Seconds : 0), "time is credited once, and not lost with its command");
        }
    }

    private void Decisions(Entry before, Entry after, EntryAct act, DateTimeOffset now)
    {
        if (before.State == EntryState.Denied && after.State == EntryState.Waiting)
        {
            Law(++timesAsked <= 5, "a denied student asks again five times at most");
            Law(now - before.StateSince >= TimeSpan.FromSeconds(10), "a denied student waits ten seconds");
        }

        Law(after.DeniedTimes == before.DeniedTimes + (act == EntryAct.Deny ? 1 : 0), "denials are counted");
        var outcome = act switch { EntryAct.Approve => "approved", EntryAct.Deny => "denied", EntryAct.Revoke => "revoked", _ => null };
        Law(outcome is null ? after.Decision == before.Decision : after.Decision?.Outcome == outcome && after.Decision.At == now, "a decision stands as it was made");
    }

    private static void Devices(Entry before, Entry after, EntryAct act)
    {
        var taken = act == EntryAct.TakeOver;
        Law(after.Device == before.Device + (taken ? 1 : 0) && after.TokenHash == before.TokenHash == !taken, "a take-over, and nothing else, changes the device");
        Law(!taken || after.State is EntryState.Waiting or EntryState.Denied, "a new device has to be approved");
        Law(!taken || after.Flags.Any(flag => flag.Code == "secondDevice"), "a new device is flagged");
        Law(!taken || !before.Ended, "nobody takes over what has ended");
    }

    private static void Reports(Entry before, Entry after, EntryAct act, DeliveryReport? report)
    {
        if (report is null)
        {
            Law(after.LastSequence == before.LastSequence && (after.Progress == before.Progress || act == EntryAct.Reinstate), "only reports report");
            return;
        }

        Law(report.Sequence > before.LastSequence && after.LastSequence == report.Sequence, "reports are taken in order, each once");
        Law(report.Attempt == before.Attempt, "a report of another attempt is not taken");
        Law(!before.Ended, "nothing is reported from an ended test");
    }

    private static void Pauses(Entry before, Entry after, Session session, EntryAct act, DateTimeOffset now)
    {
        if (before.StoppedSince is not { } since || after.State is not (EntryState.Testing or EntryState.Waiting))
        {
            return;
        }

        var tooLong = before.PausedBy != CommandSource.Hold && now - since > TimeSpan.FromMinutes(session.Profile.PauseLimitMinutes);
        var asked = before.Pending is { Kind: CommandKind.Resume };
        var letIn = act == EntryAct.RequestResume && session.Phase == SessionPhase.Draining; // by the proctor: nobody can be approved any more
        Law(after.State == EntryState.Waiting || !tooLong || asked || letIn, "a pause beyond the limit does not resume in place");
        Law(after.State == EntryState.Testing || act is EntryAct.TakeOver or EntryAct.AskForApproval || tooLong, "a short pause resumes in place");
        Law(after.State == EntryState.Waiting || before.State == EntryState.Interrupted || session.Phase != SessionPhase.Held || asked,
            "nobody is resumed while everyone is paused");
    }

    private static void Holds(Entry after, Session session, EntryAct act, DateTimeOffset now)
    {
        if (EntryRules.FollowHold(after, session, "follow", now) is { } follow)
        {
            Law(act != EntryAct.FollowHold, "to follow a hold takes one step");
            Law(EntryRules.FollowHold(follow.Next, session, "again", now) is null, "to follow a hold takes one step");
        }
        else
        {
            Law(session.Phase != SessionPhase.Held || after.State != EntryState.Testing || after.Pending is not null, "a hold reaches every running test");
        }
    }

    private static void DueTimes(Entry entry, DateTimeOffset now)
    {
        Law(EntryRules.Due(entry, now) is null == (EntryRules.NextDue(entry) is not { } due || now < due), "something is due at its time and not before");
        if (EntryRules.NextDue(entry) is { } at)
        {
            Law(EntryRules.Due(entry, at.AddTicks(-1)) is null, "nothing is due before its time");
            var next = EntryRules.Due(entry, at)?.Next;
            Law(next is not null && EntryRules.NextDue(next) is var then && (then is null || then != at || next.Pending is { Overdue: true }), "what was due is done");
        }
    }

    private static void Law(bool holds, string law)
    {
        if (!holds)
        {
            throw new BrokenLaw(law);
        }
    }
}

/// <summary>A law that did not hold.</summary>
internal sealed class BrokenLaw(string law) : Exception(law);
