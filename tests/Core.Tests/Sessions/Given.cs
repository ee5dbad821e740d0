using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using Xunit;

namespace LiveProctor.Core.Tests.Sessions;

/// <summary>The world of the rules' tests: a session from nine to eleven, its proctor, and a student who comes as far as a test needs.</summary>
internal static class Given
{
    public static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    public static readonly Person Proctor = new("staff-1", "Ada Proctor");

    public static readonly SessionTest Delivered =
        new("MATH-7", "Mathematics 7", TestKind.Operational, 60, Proctored: true, "https://tests.example/math", "delivery-1", [new("Numbers", Sealed: false)]);

    public static readonly SessionTest Undelivered = Delivered with { Code = "PAPER", Delivery = null };

    public static Session Session(SessionPhase phase = SessionPhase.Scheduled, ProfileSettings? profile = null) => new()
    {
        Id = "session-1",
        OrganisationId = "org-1",
        Name = "Mathematics, room 4",
        Mode = SessionMode.InPerson,
        TimeZone = "Europe/Paris",
        OpensAt = Nine,
        ClosesAt = Nine.AddHours(2),
        Tests = [Delivered, Undelivered],
        Password = "willow-42",
        JoinId = "K7QM3XPA",
        Profile = profile ?? ProfileSettings.Default,
        Phase = phase,
        PhaseSince = Nine.AddDays(-1),
        CreatedAt = Nine.AddDays(-1),
        HoldReason = phase == SessionPhase.Held ? "Fire alarm" : null,
        DrainsUntil = phase == SessionPhase.Draining ? Nine.AddHours(6) : null,
    };

    public static readonly Session Open = Session(SessionPhase.Open);

    public static Entry Entry(SessionTest? test = null) => new()
    {
        Id = "entry-1",
        OrganisationId = "org-1",
        SessionId = "session-1",
        Student = new EntryStudent("student-1", "student-1", "S-001", "Mia", "Berg"),
        Test = test ?? Delivered,
        WayIn = WayIn.JoinId,
        ArrivedAt = Nine,
        Arrival = 1,
        StateSince = Nine,
        TokenHash = "device-1",
        AllowedSeconds = 3600,
    };

    /// <summary>An entry that came to the state by the rules, step by step, without the clock moving from nine.</summary>
    public static Entry Entry(EntryState state, SessionTest? test = null)
    {
        var entry = Entry(test);
        return state switch
        {
            EntryState.Waiting => entry,
            EntryState.Approved => Next(EntryRules.Approve(entry, Proctor, null, null, Nine)),
            EntryState.Denied => Next(EntryRules.Deny(entry, Proctor, "No ID", Nine)),
            EntryState.Withdrawn => Next(EntryRules.Withdraw(entry, Nine)),
            EntryState.Entering => Next(EntryRules.FetchToken(Entry(EntryState.Approved, Delivered), Open, "jti-1", Nine)),
            EntryState.Testing when entry.Test.Delivery is null => Next(EntryRules.FetchToken(Entry(EntryState.Approved, test), Open, "jti-1", Nine)),
            EntryState.Testing => Told(Redeemed(), ReportKind.Started),
            EntryState.Paused when entry.Test.Delivery is null =>
                Next(EntryRules.RequestPause(Entry(EntryState.Testing, test), CommandSource.Proctor, null, "pause-1", Nine)),
            EntryState.Paused =>
                Told(Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, null, "pause-1", Nine)), ReportKind.Paused),
            EntryState.AtSeal => Told(Entry(EntryState.Testing), ReportKind.AtSeal),
            EntryState.Interrupted => Next(EntryRules.Interrupt(Entry(EntryState.Testing, test), Nine)),
            EntryState.Submitted => Told(Entry(EntryState.Testing), ReportKind.Submitted),
            EntryState.Terminated => Next(EntryRules.Terminate(entry, CommandSource.Proctor, "Cheating", "end-1", Nine)),
            EntryState.NoShow => EntryRules.AtDraining(entry, Nine)!.Next,
            EntryState.Expired => Next(EntryRules.Expire(Entry(EntryState.Testing, test), Nine)),
            EntryState.Moved => Next(EntryRules.TakeOff(entry, toAnotherSession: true, Nine)),
            _ => Next(EntryRules.TakeOff(entry, toAnotherSession: false, Nine)),
        };
    }

    /// <summary>An entry whose token the delivery system has redeemed, and whose test it has not yet reported as started.</summary>
    public static Entry Redeemed() => Next(EntryRules.Redeem(Entry(EntryState.Entering), Open, "jti-1", Nine));

    /// <summary>The entry after the delivery system's next report.</summary>
    public static Entry Told(Entry entry, ReportKind kind, DateTimeOffset? at = null, string? commandId = null, Session? session = null)
    {
        var result = EntryRules.Report(entry, session ?? Open, Report(entry, kind, commandId), at ?? Nine);
        Assert.True(result.Problem is null, result.Problem?.Detail);
        Assert.NotNull(result.Value);
        return result.Value.Next;
    }

    /// <summary>The delivery system's next report.</summary>
    public static DeliveryReport Report(Entry entry, ReportKind kind, string? commandId = null) =>
        new(kind, entry.Attempt, entry.LastSequence + 1, null, null, null, commandId);

    public static Entry Next(Result<EntryStep> result)
    {
        Assert.True(result.Problem is null, result.Problem?.Detail);
        return result.Value.Next;
    }

    public static Session Next(Result<SessionStep> result)
    {
        Assert.True(result.Problem is null, result.Problem?.Detail);
        return result.Value.Next;
    }

    /// <summary>Checks that the rule refused for this reason.</summary>
    public static Problem Refused<T>(ProblemKind kind, Result<T> result)
    {
        Assert.True(result.Failed(out var problem), "It was not refused.");
        Assert.Equal(kind.Code, problem.Code);
        return problem;
    }
}
