using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Rehearsals;

/// <summary>
/// One simulated student with the delivery system's part of its test. What it wishes next follows from its entry and its script;
/// how long it takes over that, from its own random numbers. So the same seed, clock and proctor make the same rehearsal.
/// </summary>
/// <param name="delivery">The simulated delivery system.</param>
internal sealed class SimulatedStudent(StudentScript script, Random random, string sessionId, Actor delivery, DateTimeOffset startedAt, StudentMeans means)
{
    private const int MayAskAgain = 2;

    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(2);

    private readonly HashSet<Wish> done = [];
    private (Wish What, string? Command) wish;
    private DateTimeOffset dueAt;
    private string? token;
    private bool redeemed;
    private bool mustAsk;
    private int asked;
    private long sequence;
    private Wish awayBy;

    /// <summary>Its entry; null before it has joined.</summary>
    public string? EntryId { get; private set; }

    /// <summary>False while its browser is closed or has lost the connection.</summary>
    public bool Online => awayBy == Wish.Nothing;

    /// <summary>Does what is due by now, one thing at most.</summary>
    /// <param name="entry">The entry as it is stored; null before it is.</param>
    /// <returns>True when it did something.</returns>
    public async Task<bool> Advance(Session session, Entry? entry, DateTimeOffset now)
    {
        var next = (What: Next(session, entry), Command: entry?.Pending?.Id);
        if (next.What != Wish.Confirm)
        {
            next.Command = null;
        }

        if (next != wish)
        {
            wish = next;
            dueAt = next.What == Wish.Join ? startedAt + script.ArrivesAfter : now + Takes(next.What);
        }

        if (wish.What == Wish.Nothing || now < dueAt)
        {
            return false;
        }

        var problem = await Do(wish.What, entry, now);
        if (problem is null)
        {
            done.Add(wish.What);
            wish = default;
        }
        else
        {
            // The proctor was faster, most likely. What is stored now says what to wish next.
            mustAsk = problem.Kind == ProblemKind.ApprovalNeeded;
            dueAt = now + Retry;
        }

        return true;
    }

    private Wish Next(Session session, Entry? entry) => entry switch
    {
        null => EntryId is null && SessionRules.WhyNoEntrance(session) is null ? Wish.Join : Wish.Nothing,
        { Ended: true } => Wish.Nothing,
        _ when !Online => Wish.Reappear,
        { Pending: not null } => Wish.Confirm,
        { State: EntryState.Waiting } => InLobby(entry),
        { State: EntryState.Withdrawn } => script.ComesBack && !done.Contains(Wish.Return) ? Wish.Return : Wish.Nothing,
        { State: EntryState.Denied } => asked < MayAskAgain ? Wish.AskAgain : Wish.Nothing,
        { State: EntryState.Approved } => session.Phase == SessionPhase.Open ? Wish.Fetch : Wish.Nothing,
        { State: EntryState.Entering or EntryState.Interrupted } => mustAsk ? Wish.Return : redeemed ? Wish.Begin : token is null ? Wish.Fetch : Wish.Redeem,
        { State: EntryState.Testing } => InTest(entry.Progress?.Answered ?? 0, entry.HandRaised),
        _ => Wish.Nothing,
    };

    private Wish InLobby(Entry entry) =>
        script.SecondDevice && entry.Device == 1 ? Wish.SecondDevice
        : script.LobbyWords is not null && !done.Contains(Wish.Say) ? Wish.Say
        : script.Withdraws && !done.Contains(Wish.Withdraw) ? Wish.Withdraw
        : Wish.Nothing;

    private Wish InTest(int answered, bool hand) =>
        answered >= script.RaisesHandAt && !done.Contains(Wish.RaiseHand) ? Wish.RaiseHand
        : answered >= script.RaisesHandAt + 3 && hand ? Wish.LowerHand
        : answered >= script.Says?.At && !done.Contains(Wish.Say) ? Wish.Say
        : answered >= script.DropsOffAt && !done.Contains(Wish.DropOff) ? Wish.DropOff
        : answered >= script.LeavesAt && !done.Contains(Wish.Leave) ? Wish.Leave
        : answered < RehearsalStage.Questions ? Wish.Answer
        : Wish.Submit;

    private TimeSpan Takes(Wish what)
    {
        var (least, most) = what switch
        {
            Wish.Withdraw => (6, 10),
            Wish.Return => (8, 14),
            Wish.SecondDevice => (3, 5),
            Wish.Say => (2, 6),
            Wish.AskAgain => (12, 16),
            Wish.Fetch => (0.3, 2),
            Wish.Redeem => (0.4, 1.5),
            Wish.Begin => (0.3, 0.8),
            Wish.Confirm => script.SlowToConfirm ? (17, 19) : (0.3, 1),
            Wish.RaiseHand or Wish.LowerHand => (1, 3),
            Wish.DropOff or Wish.Leave => (1, 2),
            Wish.Reappear => awayBy == Wish.DropOff ? (75, 95) : (15, 25),
            Wish.Answer => (2, 6),
            Wish.Submit => (2, 4),
            _ => (0, 0.0),
        };
        return TimeSpan.FromSeconds(least + (most - least) * random.NextDouble());
    }

    private async Task<Problem?> Do(Wish what, Entry? entry, DateTimeOffset now)
    {
        switch (what)
        {
            case Wish.Join:
                var joined = await means.Door.Join(sessionId, script.Name);
                EntryId = joined.Failed(out _) ? null : joined.Value.EntryId;
                return joined.Problem;
            case Wish.SecondDevice:
                return (await means.Door.JoinAgain(sessionId, entry!.Id)).Problem;
            case Wish.Withdraw:
                return (await means.Commands.Withdraw(Caller(entry!))).Problem;
            case Wish.Return:
                mustAsk = false;
                return (await means.Commands.Return(Caller(entry!))).Problem;
            case Wish.AskAgain:
                asked++;
                return (await means.Commands.AskAgain(Caller(entry!))).Problem;
            case Wish.Say:
                return (await means.Commands.Say(Caller(entry!), entry!.Started ? script.Says!.Value.Words : script.LobbyWords)).Problem;
            case Wish.RaiseHand or Wish.LowerHand:
                return (await means.Commands.RaiseHand(Caller(entry!), what == Wish.RaiseHand)).Problem;
            case Wish.Fetch:
                var fetched = await means.Fetch.Run(Caller(entry!));
                token = fetched.Failed(out _) ? null : fetched.Value.Token;
                redeemed = false;
                return fetched.Problem;
            case Wish.Redeem:
                var shown = await means.Redeem.Run(delivery, token);
                redeemed = !shown.Failed(out _);
                token = null;
                return shown.Problem;
            case Wish.Begin:
                redeemed = false;
                return await Report(entry!, ReportKind.Started);
            case Wish.Answer:
                return await Report(entry!, ReportKind.Position, (entry!.Progress?.Answered ?? 0) + 1);
            case Wish.Submit:
                return await Report(entry!, ReportKind.Submitted);
            case Wish.Confirm:
                return await Report(entry!, Confirmation(entry!.Pending!.Kind), commandId: entry.Pending.Id);
            case Wish.Leave:
                awayBy = Wish.Leave;
                return await Report(entry!, ReportKind.Exited);
            case Wish.DropOff:
                awayBy = Wish.DropOff;
                return null;
            case Wish.Reappear:
                awayBy = Wish.Nothing;
                return null;
            default:
                throw new InvalidOperationException($"Nobody wishes {what} at {now}.");
        }
    }

    private static ReportKind Confirmation(CommandKind command) => command switch
    {
        CommandKind.Pause => ReportKind.Paused,
        CommandKind.Resume => ReportKind.Resumed,
        _ => ReportKind.Confirmed,
    };

    private async Task<Problem?> Report(Entry entry, ReportKind kind, int? answered = null, string? commandId = null)
    {
        sequence = Math.Max(sequence, entry.LastSequence) + 1;
        var reported = await means.Report.Run(delivery, new ProgressRequest
        {
            EntryId = entry.Id,
            Attempt = entry.Attempt,
            Sequence = sequence,
            Kind = kind,
            Answered = answered,
            Total = answered is null ? null : RehearsalStage.Questions,
            Section = answered is null ? null : "Questions",
            CommandId = commandId,
        });
        return reported.Problem;
    }

    private static StudentCaller Caller(Entry entry) =>
        new(new Actor(ActorKind.Student, entry.Id, entry.Student.Name, entry.OrganisationId), entry.SessionId, entry.Device);

    private enum Wish
    {
        Nothing,
        Join,
        SecondDevice,
        Withdraw,
        Return,
        AskAgain,
        Say,
        Fetch,
        Redeem,
        Begin,
        Confirm,
        Answer,
        RaiseHand,
        LowerHand,
        DropOff,
        Leave,
        Reappear,
        Submit,
    }
}
