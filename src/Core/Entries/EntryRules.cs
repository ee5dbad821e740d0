using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>What a rule makes of an entry.</summary>
/// <param name="Next">The entry afterwards.</param>
/// <param name="Kind">The kind of the event (docs/protocol.md section 2).</param>
public sealed record EntryStep(Entry Next, string Kind);

/// <summary>
/// Where every "may this happen to an entry?" lives (product.md section 5). Pure: (entry, command, now) → the step, or the Problem.
/// This part: the way to approval. <c>EntryRules.Testing.cs</c>: the test itself. <c>EntryRules.Commands.cs</c>: what the delivery system must confirm.
/// </summary>
public static partial class EntryRules
{
    /// <summary>How long a denied student waits before asking again.</summary>
    public static readonly TimeSpan CoolDown = TimeSpan.FromSeconds(10);

    /// <summary>How often a denied student may ask again.</summary>
    public const int MayAskAgain = 5;

    /// <summary>The longest reason or message, in characters.</summary>
    public const int LongestText = 255;

    /// <summary>How many messages an entry keeps on the screen; all of them are in the audit log.</summary>
    public const int KeptMessages = 20;

    /// <summary>A proctor, or the profile when <paramref name="by"/> is null, lets the student in.</summary>
    public static Result<EntryStep> Approve(Entry entry, Person? by, string? reason, IReadOnlyDictionary<string, string>? settings, DateTimeOffset now) =>
        Move(entry, EntryMove.Approve, "approved", now, next => next with
        {
            Decision = new EntryDecision("approved", by, now, reason),
            Settings = settings ?? next.Settings,
            Flags = [],
        });

    /// <summary>
    /// True when a waiting student is let in without a proctor: the test is not proctored, or the profile admits by itself and nothing differs from normal.
    /// What a proctor has decided stays decided, and while everyone is paused nobody is admitted.
    /// </summary>
    public static bool NeedsNoProctor(Entry entry, Session session) =>
        entry.State == EntryState.Waiting
        && session.Phase is SessionPhase.LobbyOpen or SessionPhase.Open
        && entry.Decision?.Outcome is not ("denied" or "revoked")
        && session.ProfileFor(entry.Test).AutoAdmit
        && (entry.Flags.Count == 0 || !entry.Test.Proctored);

    /// <summary>A proctor turns the student away; the reason is shown to them.</summary>
    public static Result<EntryStep> Deny(Entry entry, Person by, string reason, DateTimeOffset now) =>
        Move(entry, EntryMove.Deny, "denied", now, next => next with
        {
            Decision = new EntryDecision("denied", by, now, reason),
            DeniedTimes = next.DeniedTimes + 1,
        });

    /// <summary>A proctor takes an approval back before the test began.</summary>
    public static Result<EntryStep> Revoke(Entry entry, Person by, string? reason, DateTimeOffset now)
    {
        if (entry is { State: EntryState.Entering, HandedOverAt: not null })
        {
            return new Problem(ProblemKind.WrongState, "The test is opening already. It can be terminated, or paused once it has begun.");
        }

        return Move(entry, EntryMove.Revoke, "revoked", now, next => next with
        {
            Decision = new EntryDecision("revoked", by, now, reason),
        });
    }

    /// <summary>When a denied student may ask again; null when never.</summary>
    public static DateTimeOffset? AskAgainAt(Entry entry) =>
        entry.State == EntryState.Denied && entry.DeniedTimes <= MayAskAgain ? entry.StateSince + CoolDown : null;

    /// <summary>A denied student asks again.</summary>
    public static Result<EntryStep> AskAgain(Entry entry, DateTimeOffset now)
    {
        if (entry.State == EntryState.Denied)
        {
            if (AskAgainAt(entry) is not { } from)
            {
                return new Problem(ProblemKind.AskedTooOften, "You have asked five times. Please speak to your proctor.");
            }

            if (now < from)
            {
                return new Problem(ProblemKind.CoolDown, "Wait a moment before you ask again.") { RetryAfter = from - now };
            }
        }

        return Move(entry, EntryMove.AskAgain, "askedAgain", now, next => Flagged(next, "askedAgain", $"Was denied {Times(next.DeniedTimes)}"));
    }

    /// <summary>The student leaves the lobby.</summary>
    public static Result<EntryStep> Withdraw(Entry entry, DateTimeOffset now) =>
        Move(entry, EntryMove.Withdraw, "withdrawn", now, next => next with { HandRaised = false });

    /// <summary>A student who left comes back.</summary>
    public static Result<EntryStep> Return(Entry entry, DateTimeOffset now) => Move(entry, EntryMove.Return, "returned", now);

    /// <summary>
    /// Another device shows the student's credentials: it holds the entry from now on, the first one no longer does.
    /// An approval or a test that was under way waits for the proctor again: whoever holds the credentials need not be who was approved.
    /// It gets nobody round a decision: who was denied stays so, and who is being terminated cannot slip away.
    /// </summary>
    public static Result<EntryStep> TakeOver(Entry entry, string tokenHash, WayIn wayIn, DateTimeOffset now)
    {
        if (entry.Ended)
        {
            return Refuse(entry, "opened on another device");
        }

        if (entry.Pending is { Kind: CommandKind.Terminate } ending)
        {
            return Already(ending);
        }

        var next = entry;
        if (next.State is EntryState.Testing)
        {
            next = Required(next, EntryMove.Interrupt, now);
        }
        else if (next.State is EntryState.AtSeal)
        {
            next = Required(Required(next, EntryMove.ReleaseSeal, now), EntryMove.Interrupt, now);
        }

        var again = next.State switch
        {
            EntryState.Waiting or EntryState.Denied => (EntryMove?)null,
            EntryState.Withdrawn => EntryMove.Return,
            _ => EntryMove.AskForApproval,
        };
        next = again is { } move ? Required(next, move, now) : next;
        next = next with { TokenHash = tokenHash, Device = entry.Device + 1, WayIn = wayIn };
        return Changed(entry, Flagged(next, "secondDevice", $"Opened on device {next.Device}"), "takenOver", material: true);
    }

    /// <summary>The student's hand goes up or down.</summary>
    public static Result<EntryStep> RaiseHand(Entry entry, bool raised) => entry switch
    {
        { Ended: true } => Refuse(entry, "changed"),
        _ => Changed(entry, entry with { HandRaised = raised }, raised ? "handRaised" : "handLowered"),
    };

    /// <summary>A message from either side; the oldest leave the screen first.</summary>
    public static Result<EntryStep> Say(Entry entry, EntryMessage message) => entry.Ended
        ? Refuse(entry, "written to")
        : Changed(entry, entry with { Messages = [.. entry.Messages.TakeLast(KeptMessages - 1), message] }, "message");

    /// <summary>An administrator gives the student another chance.</summary>
    public static Result<EntryStep> Reinstate(Entry entry, bool nextAttempt, string reason, DateTimeOffset now) =>
        Move(entry, EntryMove.Reinstate, "reinstated", now, next => next with
        {
            Attempt = nextAttempt ? next.Attempt + 1 : next.Attempt,
            UsedSeconds = nextAttempt ? 0 : next.UsedSeconds,
            PausedSeconds = nextAttempt ? 0 : next.PausedSeconds,
            Progress = nextAttempt ? null : next.Progress,
            LaunchedAt = nextAttempt ? null : next.LaunchedAt,
            EndReason = null,
        }).Then(step => step with { Next = Flagged(step.Next, "returning", $"Reinstated: {reason}") });

    /// <summary>A manager moves the student to another session, or takes them off the list.</summary>
    public static Result<EntryStep> TakeOff(Entry entry, bool toAnotherSession, DateTimeOffset now) =>
        Move(entry, toAnotherSession ? EntryMove.MoveAway : EntryMove.Remove, toAnotherSession ? "moved" : "removed", now);

    /// <summary>A student who came unexpected is registered: no longer somebody who differs from normal, and with the registration's settings unless the test has begun.</summary>
    public static EntryStep Register(Entry entry, string registrationId, IReadOnlyDictionary<string, string> settings)
    {
        var next = entry with { RegistrationId = registrationId, Flags = [.. entry.Flags.Where(flag => flag.Code != NotRegistered)] };
        return Changed(entry, entry.Begun || settings.Count == 0 ? next : next with { Settings = Merge(entry.Settings, settings) }, "registered", material: true);
    }

    /// <summary>The flag of a student who comes into a session that others are registered to.</summary>
    public const string NotRegistered = "notRegistered";

    /// <summary>Settings with others over them.</summary>
    public static IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> over) =>
        over.Count == 0 ? settings : new Dictionary<string, string>(settings.Where(pair => !over.ContainsKey(pair.Key)).Concat(over), StringComparer.Ordinal);

    /// <summary>
    /// Why a decision made on the screen of <paramref name="version"/> no longer fits; null when it does.
    /// What a decision does not rest on (a raised hand, a message) does not make it stale.
    /// </summary>
    public static bool Stale(Entry entry, long version) => version < entry.DecidedOn || version > entry.Version;

    /// <summary>A new entry that differs from normal.</summary>
    public static Entry Flag(Entry entry, string code, string text) => Flagged(entry, code, text);

    private static Entry Flagged(Entry entry, string code, string text) => entry with
    {
        Flags = [.. entry.Flags.Where(flag => flag.Code != code), new EntryFlag(code, text)],
    };

    private static string Times(int times) => times == 1 ? "once" : $"{times} times";

    // The way every state change goes: the table says where to, time never runs backwards, and the clocks and the hand-over that belong to the state
    // start and stop here.
    private static Result<EntryStep> Move(Entry entry, EntryMove move, string kind, DateTimeOffset now, Func<Entry, Entry>? change = null)
    {
        if (EntryTransitions.After(entry.State, move) is null)
        {
            return Refuse(entry, Verb(move));
        }

        var next = Required(entry, move, now);
        return Changed(entry, change is null ? next : change(next), kind, material: true);
    }

    private static Entry Required(Entry entry, EntryMove move, DateTimeOffset now)
    {
        var to = EntryTransitions.After(entry.State, move)
            ?? throw new InvalidOperationException($"No rule takes an entry from {entry.State} by {move}.");
        var at = now > entry.StateSince ? now : entry.StateSince;
        var stopped = to is EntryState.Paused or EntryState.Interrupted;
        var stoppedFor = entry.StoppedSince is { } since && !stopped ? Seconds(at - since) : 0;
        var next = entry with
        {
            State = to,
            StateSince = at,
            UsedSeconds = Sum(entry.UsedSeconds, entry.RunningSince is { } running && to != EntryState.Testing ? Seconds(at - running) : 0),
            RunningSince = to == EntryState.Testing ? entry.RunningSince ?? at : null,
            StoppedSince = stopped ? entry.StoppedSince ?? at : null,
            PausedSeconds = Sum(entry.PausedSeconds, stoppedFor),
            PausedBy = to == EntryState.Paused ? entry.PausedBy : null,
            Seal = to == EntryState.AtSeal ? entry.Seal : null,
        };
        return next.Started ? next : LeaveDelivery(next);
    }

    // Time that a proctor gave is not lost with the command: the delivery system learns it when it redeems the next token.
    private static Entry LeaveDelivery(Entry entry) => entry with
    {
        Grant = null,
        HandedOverAt = null,
        Pending = null,
        AllowedSeconds = entry.Pending is { Kind: CommandKind.Extend, Seconds: { } seconds } ? Sum(entry.AllowedSeconds, seconds) : entry.AllowedSeconds,
        HandRaised = entry.HandRaised && !entry.Ended,
    };

    private static EntryStep Changed(Entry before, Entry next, string kind, bool material = false)
    {
        var version = before.Version + 1;
        return new EntryStep(next with { Version = version, DecidedOn = material ? version : next.DecidedOn }, kind);
    }

    private static int Sum(int seconds, int more) => (int)Math.Min((long)seconds + more, int.MaxValue);

    private static int Seconds(TimeSpan span) => (int)Math.Clamp(Math.Round(span.TotalSeconds), 0, int.MaxValue);

    private static Problem Refuse(Entry entry, string verb) => new(ProblemKind.WrongState, $"The entry {Is(entry.State)} and cannot be {verb}.");

    private static string Verb(EntryMove move) => move switch
    {
        EntryMove.Approve => "approved",
        EntryMove.Deny => "denied",
        EntryMove.AskAgain => "asked for again",
        EntryMove.Withdraw => "withdrawn",
        EntryMove.Return => "returned to",
        EntryMove.Revoke => "revoked",
        EntryMove.Enter => "entered",
        EntryMove.Start => "started",
        EntryMove.Pause => "paused",
        EntryMove.Resume => "resumed",
        EntryMove.Submit => "submitted",
        EntryMove.Terminate => "terminated",
        EntryMove.MoveAway => "moved",
        EntryMove.Remove => "removed",
        EntryMove.Reinstate => "reinstated",
        _ => "changed in this way",
    };

    private static string Is(EntryState state) => state switch
    {
        EntryState.Waiting => "is waiting",
        EntryState.Approved => "is approved",
        EntryState.Denied => "was denied",
        EntryState.Withdrawn => "was withdrawn",
        EntryState.Entering => "is opening its test",
        EntryState.Testing => "is being tested",
        EntryState.Paused => "is paused",
        EntryState.AtSeal => "waits at a sealed section",
        EntryState.Interrupted => "is interrupted",
        EntryState.Submitted => "was submitted",
        EntryState.Terminated => "was terminated",
        EntryState.NoShow => "did not start in time",
        EntryState.Expired => "has expired",
        EntryState.Moved => "was moved to another session",
        _ => "was removed",
    };
}
