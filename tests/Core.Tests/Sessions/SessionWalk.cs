using System.Text.Json;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Entries;
using static LiveProctor.Core.Sessions.SessionPhase;
using static LiveProctor.Core.Tests.Sessions.SessionAct;

namespace LiveProctor.Core.Tests.Sessions;

/// <summary>
/// One random history of a session under a clock that mostly goes forward, checked at every step. A failure names its seed and the steps that led to it.
/// </summary>
internal sealed class SessionWalk
{
    // docs/protocol.md section 2, and the two that only clocks need.
    private static readonly HashSet<string> Kinds = new(
        "sessionEdited lobbyOpened windowOpened held released draining closed reopened cancelled idleWarning deleted idle attended".Split(' '), StringComparer.Ordinal);

    private readonly int seed;
    private readonly Random random;
    private List<string>? trace;
    private readonly HashSet<(SessionPhase, SessionPhase, SessionAct)> seen = [];
    private Session session;
    private DateTimeOffset now;
    private bool settled;

    private SessionWalk(int seed)
    {
        this.seed = seed;
        random = new Random(seed);
        session = Fresh();
        now = session.CreatedAt;
    }

    /// <summary>Walks the history of the seed.</summary>
    /// <returns>Every change of phase that it saw, with the act that made it.</returns>
    public static IReadOnlySet<(SessionPhase From, SessionPhase To, SessionAct By)> Run(int seed, int steps)
    {
        try
        {
            return new SessionWalk(seed).Run(steps);
        }
        catch (BrokenLaw)
        {
            // The same seed goes the same way; only who comes to a broken law writes down the way.
            return new SessionWalk(seed) { trace = [] }.Run(steps);
        }
    }

    /// <summary>Does one act to a session, with what is drawn from the seed.</summary>
    public static Result<SessionStep[]> Try(Session session, SessionAct act, DateTimeOffset now, int seed) =>
        new SessionWalk(seed) { session = session, now = now, settled = seed % 3 == 0 }.Do(act);

    private HashSet<(SessionPhase, SessionPhase, SessionAct)> Run(int steps)
    {
        for (var index = 0; index < steps; index++)
        {
            Step(index);
        }

        return seen;
    }

    private void Step(int index)
    {
        LetTimePass();
        var before = session;
        var print = index % 5 == 0 ? JsonSerializer.Serialize(before) : null;
        var act = random.Next(3) == 0 ? Due : One(Enum.GetValues<SessionAct>());
        var outcome = "no effect";
        try
        {
            DueIsOnTime();
            var result = Do(act);
            if (result.Failed(out var problem))
            {
                outcome = $"refused: {problem.Detail}";
                EntryLaws.Refusal(problem);
                Law(act is not (Due or Idle), "time is not refused");
            }
            else
            {
                outcome = string.Join(", ", result.Value.Select(step => step.Kind));
                foreach (var step in result.Value)
                {
                    Laws(session, act, step);
                    session = step.Next;
                }
            }

            Law(print is null || JsonSerializer.Serialize(before) == print, "rules leave the session they are given alone");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new BrokenLaw($"""
                {failure.Message}
                SessionWalk.Run(seed: {seed}, steps: {index + 1}) comes here. The last steps:
                {string.Join('\n', trace?.TakeLast(12) ?? [])}
                {Line()}
                before: {JsonSerializer.Serialize(before)}
                {failure.StackTrace}
                """);
        }

        trace?.Add(Line());
        if ((session.Deleted || session.Ended) && random.Next(6) == 0)
        {
            session = Fresh();
        }

        string Line() => $"  {index}. {now:O} window {before.OpensAt:O}–{before.ClosesAt:O} {before.StartMode} settled {settled}: {before.Phase} {act} {outcome}";
    }

    private Session Fresh()
    {
        var opensAt = now == default ? Given.Nine : now.AddMinutes(random.Next(-120, 240));
        return Given.Session(profile: new ProfileSettings
        {
            LobbyLeadMinutes = One(0, 30, 1440),
            GraceMinutes = One(0, 5, 240),
            IdleMinutes = One(0, 3, 20),
        }) with
        {
            OpensAt = opensAt,
            ClosesAt = opensAt.AddMinutes(random.Next(1, 300)),
            CreatedAt = opensAt.AddHours(-30),
            PhaseSince = opensAt.AddHours(-30),
            StartMode = One(StartMode.Automatic, StartMode.Manual),
            AdHoc = random.Next(3) == 0,
        };
    }

    private void LetTimePass()
    {
        settled = random.Next(3) == 0;
        now += random.Next(20) switch
        {
            < 6 => TimeSpan.FromSeconds(random.Next(90)),
            < 12 => TimeSpan.FromMinutes(random.Next(30)),
            < 14 when SessionRules.NextDue(session) is { } due && due.Year < 4000 => due - now + One(TimeSpan.Zero, TimeSpan.FromTicks(-1), TimeSpan.FromSeconds(3)),
            < 16 => TimeSpan.FromHours(random.Next(6)),
            < 17 => -TimeSpan.FromMinutes(random.Next(600)),
            < 18 when random.Next(10) == 0 && now.Year < 3000 => TimeSpan.FromDays(random.Next(30_000)),
            _ => TimeSpan.Zero,
        };
    }

    private Result<SessionStep[]> Do(SessionAct act) => act switch
    {
        Due => Some(SessionRules.Due(session, settled, now)),
        OpenWindow => SessionRules.Open(session, now),
        Hold => One(SessionRules.Hold(session, "Fire alarm", now)),
        Release => One(SessionRules.Release(session, now)),
        Stop => One(SessionRules.Stop(session, now)),
        Idle => Some(SessionRules.Idle(session, busy: random.Next(4) == 0, now)),
        Reopen => One(SessionRules.Reopen(session, now.AddMinutes(random.Next(-30, 600)), now)),
        Cancel => One(SessionRules.Cancel(session, now)),
        Delete when random.Next(4) > 0 => Some(null),
        Delete => One(SessionRules.Delete(session)),
        _ => One(SessionRules.Edit(session, Wanted(), now)),
    };

    // What an editor may send, and everything that is not theirs to enter.
    private Session Wanted() => session with
    {
        Name = "Another name",
        OpensAt = random.Next(3) == 0 ? now.AddMinutes(random.Next(-60, 600)) : session.OpensAt,
        ClosesAt = random.Next(3) == 0 ? now.AddMinutes(random.Next(-60, 900)).AddDays(One(0, 0, 0, 100)) : session.ClosesAt,
        Id = "another",
        OrganisationId = "another",
        Phase = One(Enum.GetValues<SessionPhase>()),
        PhaseSince = default,
        Version = 1000,
        ScheduleVersion = 1000,
        HoldReason = "another",
        DrainsUntil = default(DateTimeOffset),
        AdHoc = !session.AdHoc,
        IdleSince = now,
        IdleWarned = !session.IdleWarned,
        Simulated = true,
        Deleted = true,
        CreatedAt = default,
    };

    private void Laws(Session before, SessionAct act, SessionStep step)
    {
        var after = step.Next;
        Law(!before.Deleted, "nothing happens to a deleted session");
        Law(Kinds.Contains(step.Kind), $"the event kind {step.Kind} is in the protocol");
        Law(after.Version == before.Version + 1, "a step raises the version by one");
        Law((after.Id, after.OrganisationId, after.CreatedAt, after.AdHoc, after.Simulated, after.JoinId) ==
            (before.Id, before.OrganisationId, before.CreatedAt, before.AdHoc, before.Simulated, before.JoinId), "what it is never changes");
        Law(after.Phase == before.Phase || SessionTable.Allows(before.Phase, after.Phase, act), "the table has this row");
        Law(after.PhaseSince == (after.Phase == before.Phase || now < before.PhaseSince ? before.PhaseSince : now), "a phase lasts from the change to the next");
        Law(after.HoldReason is not null == (after.Phase == Held), "a hold has a reason");
        Law(after.DrainsUntil is not null == (after.Phase == Draining), "draining has an end");
        Law(after.IdleSince is null || after.Phase == Open, "only an open session is idle");
        Law(!after.IdleWarned || after.IdleSince is not null, "only an idle session was warned");
        Law(after.ClosesAt > after.OpensAt && after.ClosesAt - after.OpensAt <= TimeSpan.FromDays(90), "a window ends after it begins, within 90 days");
        var window = (after.OpensAt, after.ClosesAt) != (before.OpensAt, before.ClosesAt);
        Law(after.ScheduleVersion == before.ScheduleVersion + (window || act == Reopen ? 1 : 0), "the schedule version counts the windows");
        Law(!window || act is Edit or Reopen, "only an edit and a reopening change the window");
        Law(!window || after.ClosesAt > now, "a window is not moved into the past");
        Law(after.OpensAt == before.OpensAt || before.Phase is Scheduled or LobbyOpen, "what has opened keeps its beginning");
        Law(act != Edit || before.Phase is Scheduled or LobbyOpen or Open or Held, "what ends is not edited");
        Law(after.Deleted == (act == Delete) && !(after.Deleted && before.Running), "nothing that runs is deleted");
        Law(after.Phase != Draining || before.Phase == Draining || after.DrainsUntil == now.AddMinutes(after.Profile.GraceMinutes), "the grace begins with the draining");
        if (act == Due)
        {
            OnTime(before, step);
        }

        if (after.Phase != before.Phase)
        {
            seen.Add((before.Phase, after.Phase, act));
        }
    }

    private void OnTime(Session before, SessionStep step)
    {
        DateTimeOffset? at = (before.Phase, step.Next.Phase) switch
        {
            (Scheduled, LobbyOpen) => before.OpensAt.AddMinutes(-before.Profile.LobbyLeadMinutes),
            (LobbyOpen, Open) => before.OpensAt,
            (_, Draining) => before.ClosesAt,
            _ => settled ? null : before.DrainsUntil,
        };
        Law(at is null || now >= at, "a step is not early");
        Law(step.Late == (at is null ? null : now - at), "a step says how late it is");
        Law(step.Next.Phase != Open || before.StartMode == StartMode.Automatic, "a manual window does not open by itself");
        Law(!(before.Phase == LobbyOpen && step.Next.Phase == Draining) || before.StartMode == StartMode.Manual, "an automatic window opens before it closes");
    }

    private void DueIsOnTime()
    {
        var next = SessionRules.NextDue(session);
        var due = SessionRules.Due(session, settled: false, now);
        Law(due is null == (next is null || now < next), "something is due at its time and not before");
        Law(next is null || (SessionRules.Due(session, settled: false, next.Value.AddTicks(-1)) is null && SessionRules.Due(session, settled: false, next.Value) is not null),
            "the timer is set for the instant at which something is due");
        var (at, steps) = (session, 0);
        while (SessionRules.Due(at, settled, now) is { } step)
        {
            at = step.Next;
            Law(++steps <= 4, "catching up ends");
        }

        Law(SessionRules.Due(at, settled, now) is null && SessionRules.NextDue(at) is var later && (later is null || later > now), "a second firing finds nothing");
    }

    private static Result<SessionStep[]> Some(SessionStep? step) => step is null ? Array.Empty<SessionStep>() : new[] { step };

    private static Result<SessionStep[]> One(Result<SessionStep> result) => result.Then<SessionStep[]>(step => [step]);

    private T One<T>(params T[] of) => of[random.Next(of.Length)];

    private static void Law(bool holds, string law)
    {
        if (!holds)
        {
            throw new BrokenLaw(law);
        }
    }
}
