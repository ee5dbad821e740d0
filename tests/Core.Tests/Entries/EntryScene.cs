using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Sessions;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>
/// An entry in a session under a clock, and a source of acts upon it: sensible ones, and ones that nobody in their right mind would send.
/// Everything is drawn from one seed, so a seed names a whole history.
/// </summary>
internal sealed class EntryScene
{
    private static readonly SessionPhase[] Phases = Enum.GetValues<SessionPhase>();

    private readonly Random random;
    private readonly List<string> tokenIds = ["never-issued"];
    private readonly List<string> commandIds = ["never-sent"];
    private int counter;

    public EntryScene(int seed)
    {
        random = new Random(seed);
        Session = Given.Open with { Profile = Profile() };
        Entry = Given.Entry(random.Next(3) == 0 ? Given.Undelivered : Given.Delivered);
        Now = Given.Nine;
    }

    public Entry Entry { get; set; }

    public Session Session { get; private set; }

    public DateTimeOffset Now { get; private set; }

    /// <summary>What the last act was called with.</summary>
    public string Drawn { get; private set; } = "";

    public DeliveryReport? LastReport { get; private set; }

    /// <summary>Lets time pass, mostly a little, at times around the limits of the rules, rarely backwards or by decades; and lets the session live.</summary>
    public void LetTimePass()
    {
        Now += random.Next(100) switch
        {
            < 40 => TimeSpan.FromMilliseconds(random.Next(3000)),
            < 60 => TimeSpan.FromSeconds(random.Next(30)),
            < 70 => One(TimeSpan.FromSeconds(9.999), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120)),
            < 78 => TimeSpan.FromMinutes(random.Next(30)),
            < 83 => TimeSpan.FromMinutes(Session.Profile.PauseLimitMinutes) + One(TimeSpan.Zero, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(-1)),
            < 86 => -TimeSpan.FromSeconds(random.Next(90_000)),
            < 87 => TimeSpan.FromHours(random.Next(48)),
            < 88 => Now.Year < 3000 ? TimeSpan.FromDays(36_500) : TimeSpan.FromDays(-36_500 * 5),
            _ => TimeSpan.Zero,
        };
        if (random.Next(6) == 0)
        {
            Session = random.Next(5) switch
            {
                0 => Session with { ScheduleVersion = Session.ScheduleVersion + 1, ClosesAt = Session.ClosesAt.AddMinutes(5) },
                1 => Session with { Phase = One(Phases) },
                2 => Session with { Phase = SessionPhase.Held, HoldReason = "Fire alarm" },
                _ => Session with { Phase = SessionPhase.Open, HoldReason = null },
            };
        }
    }

    /// <summary>Most acts are such as may change the state; those that lead on into the test, and what confirms a pending command, come more often.</summary>
    public EntryAct Draw()
    {
        var fitting = EntryTable.ActsFrom[Entry.State].ToArray();
        return random.Next(100) switch
        {
            < 20 when Entry.Pending is not null => One(EntryAct.ReportConfirmed, EntryAct.ReportPaused, EntryAct.ReportResumed),
            < 40 when Entry is { State: EntryState.Entering, HandedOverAt: null } => EntryAct.Redeem,
            < 40 when Entry.State is EntryState.Waiting or EntryState.Approved or EntryState.Entering =>
                One(EntryAct.Approve, EntryAct.FetchToken, EntryAct.ReportStarted),
            < 70 when fitting.Length > 0 => One(fitting),
            _ => One(Enum.GetValues<EntryAct>()),
        };
    }

    /// <summary>A student who has nothing more to do is followed by another, who is somewhere on the way already.</summary>
    public bool Over()
    {
        if (!Entry.Ended || random.Next(3) > 0)
        {
            return false;
        }

        var state = One(Enum.GetValues<EntryState>());
        var test = state is EntryState.Entering or EntryState.AtSeal or EntryState.Submitted ? Given.Delivered : One(Given.Delivered, Given.Delivered, Given.Undelivered);
        Entry = Given.Entry(state, test);
        return true;
    }

    public Result<EntryStep?> Do(EntryAct act)
    {
        Drawn = "";
        LastReport = null;
        var (entry, session, now) = (Entry, Session, Now);
        return act switch
        {
            EntryAct.Approve => Some(EntryRules.Approve(entry, Say(One(null, Given.Proctor)), Text(), One(null, Settings()), now)),
            EntryAct.Deny => Some(EntryRules.Deny(entry, Given.Proctor, Text(), now)),
            EntryAct.Revoke => Some(EntryRules.Revoke(entry, Given.Proctor, Text(), now)),
            EntryAct.AskAgain => Some(EntryRules.AskAgain(entry, now)),
            EntryAct.Withdraw => Some(EntryRules.Withdraw(entry, now)),
            EntryAct.Return => Some(EntryRules.Return(entry, now)),
            EntryAct.TakeOver => Some(EntryRules.TakeOver(entry, Say($"hash-{++counter}"), One(Enum.GetValues<WayIn>()), now)),
            EntryAct.RaiseHand => Some(EntryRules.RaiseHand(entry, Say(random.Next(2) == 0))),
            EntryAct.Say => Some(EntryRules.Say(entry, new EntryMessage(now, One("proctor", "student"), "Mia Berg", Text()))),
            EntryAct.Reinstate => Some(EntryRules.Reinstate(entry, Say(random.Next(2) == 0), Text(), now)),
            EntryAct.MoveAway => Some(EntryRules.TakeOff(entry, toAnotherSession: true, now)),
            EntryAct.Remove => Some(EntryRules.TakeOff(entry, toAnotherSession: false, now)),
            EntryAct.FetchToken => Some(EntryRules.FetchToken(entry, session, NewTokenId(), now)),
            EntryAct.Redeem when entry.Test.Delivery is not null => Some(EntryRules.Redeem(entry, session, TokenId(), now)),
            EntryAct.LetTokenExpire => Some(EntryRules.LetTokenExpire(entry, now)),
            EntryAct.VoidToken => Some(EntryRules.VoidToken(entry, now)),
            EntryAct.Interrupt => Some(EntryRules.Interrupt(entry, now)),
            EntryAct.AskForApproval => Some(EntryRules.AskForApproval(entry, now)),
            EntryAct.AtDraining => EntryRules.AtDraining(entry, now),
            EntryAct.AtClosing => EntryRules.AtClosing(entry, now),
            EntryAct.Expire => Some(EntryRules.Expire(entry, now)),
            EntryAct.Due => EntryRules.Due(entry, now),
            EntryAct.RequestPause => Some(EntryRules.RequestPause(entry, Say(One(Enum.GetValues<CommandSource>())), Text(), NewCommandId(), now)),
            EntryAct.RequestResume => Some(EntryRules.RequestResume(entry, session, Say(One(Enum.GetValues<CommandSource>())), NewCommandId(), now)),
            EntryAct.FollowHold => EntryRules.FollowHold(entry, session, NewCommandId(), now),
            EntryAct.Extend => Some(EntryRules.Extend(entry, Say(One(60, 300, 1, 14_400, 0, -60, 14_401, int.MaxValue)), Text(), NewCommandId(), now)),
            EntryAct.Terminate => Some(EntryRules.Terminate(entry, Say(One(Enum.GetValues<CommandSource>())), Text(), NewCommandId(), now)),
            EntryAct.ReleaseSeal => Some(EntryRules.ReleaseSeal(entry, session, Say(One(CommandSource.Proctor, CommandSource.Student)), NewCommandId(), now)),
            EntryAct.Delivered => EntryRules.Delivered(entry, CommandId(), now),
            >= EntryAct.ReportStarted when entry.Test.Delivery is not null => EntryRules.Report(entry, session, Report(act), now),
            _ => (EntryStep?)null!,
        };
    }

    /// <summary>A profile whose limits lie close together.</summary>
    private ProfileSettings Profile() => new()
    {
        PauseLimitMinutes = One(0, 1, 20, 240),
        CloseRule = One(Enum.GetValues<CloseRule>()),
        StudentMayPause = random.Next(2) == 0,
    };

    private DeliveryReport Report(EntryAct act)
    {
        var sequence = Entry.LastSequence + (random.Next(10) < 7 ? 1 : One(0, -1, -5, 2, 1000));
        var attempt = random.Next(10) < 9 ? Entry.Attempt : Entry.Attempt + One(-1, 1);
        var (answered, total) = random.Next(2) == 0 ? (random.Next(10), 10) : ((int?)null, (int?)null);
        LastReport = new DeliveryReport(Enum.Parse<ReportKind>(act.ToString()["Report".Length..]), attempt, sequence, answered, total, "Numbers", CommandId());
        Drawn = $"attempt {attempt}, sequence {sequence}, command {LastReport.CommandId}";
        return LastReport;
    }

    private string NewTokenId()
    {
        tokenIds.Add($"jti-{++counter}");
        return Say(tokenIds[^1]);
    }

    private string TokenId() => Say(Entry.Grant is { } grant && random.Next(10) < 8 ? grant.Jti : One(tokenIds.ToArray()));

    private string NewCommandId()
    {
        commandIds.Add($"command-{++counter}");
        return Say(commandIds[^1]);
    }

    private string CommandId() => Say(Entry.Pending is { } pending && random.Next(10) < 7 ? pending.Id : One(commandIds.ToArray()));

    private string Text() => One("", "ID not shown", "🟦 <b>naïve</b>");

    private static Dictionary<string, string> Settings() => new(StringComparer.Ordinal) { ["extraTime"] = "25 %" };

    private T Say<T>(T value)
    {
        Drawn = Drawn.Length == 0 ? $"{value}" : $"{Drawn}, {value}";
        return value;
    }

    private T One<T>(params T[] of) => of[random.Next(of.Length)];

    private static Result<EntryStep?> Some(Result<EntryStep> result) => result.Then<EntryStep?>(step => step);
}
