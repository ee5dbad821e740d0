using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.Sessions.Given;

namespace LiveProctor.Core.Tests.Sessions;

public sealed partial class SessionRulesTests
{
    [Fact]
    public void A_window_that_passed_while_everything_was_off_is_caught_up_in_order_and_the_record_says_how_late()
    {
        var steps = CatchUp(Session(), Nine.AddHours(5), settled: false);

        Assert.Equal(["lobbyOpened", "windowOpened", "draining"], steps.Select(step => step.Kind));
        Assert.Equal([5.5, 5, 3], steps.Select(step => step.Late!.Value.TotalHours));
        var closed = Assert.Single(CatchUp(steps[^1].Next, Nine.AddHours(10), settled: false));
        Assert.Equal(("closed", 1), (closed.Kind, closed.Late!.Value.TotalHours));
    }

    [Fact]
    public void A_drained_session_closes_as_soon_as_nobody_is_left()
    {
        var steps = CatchUp(Session(), Nine.AddHours(2), settled: true);
        Assert.Equal(["lobbyOpened", "windowOpened", "draining", "closed"], steps.Select(step => step.Kind));
        Assert.Null(steps[^1].Late);
    }

    [Fact]
    public void A_manual_window_does_not_open_by_itself_and_still_ends()
    {
        var manual = Session() with { StartMode = StartMode.Manual };
        Assert.Equal(SessionPhase.LobbyOpen, CatchUp(manual, Nine.AddHours(1), settled: false)[^1].Next.Phase);
        Assert.Equal(["lobbyOpened", "draining"], CatchUp(manual, Nine.AddHours(2), settled: false).Select(step => step.Kind));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(1440)]
    public void The_lobby_opens_at_its_lead_and_not_a_tick_before(int lead)
    {
        var session = Session(profile: new ProfileSettings { LobbyLeadMinutes = lead });
        var at = Nine.AddMinutes(-lead);
        Assert.Equal(at, SessionRules.NextDue(session));
        Assert.Null(SessionRules.Due(session, settled: false, at.AddTicks(-1)));
        Assert.Equal("lobbyOpened", SessionRules.Due(session, settled: false, at)?.Kind);
    }

    [Fact]
    public void A_proctor_opens_early_and_the_lobby_opens_on_the_way()
    {
        var steps = SessionRules.Open(Session(), Nine.AddHours(-2)).Value;
        Assert.Equal([SessionPhase.LobbyOpen, SessionPhase.Open], steps.Select(step => step.Next.Phase));
        Assert.Null(SessionRules.Due(steps[^1].Next, settled: false, Nine.AddHours(1)));
    }

    [Fact]
    public void A_manual_window_is_opened_by_its_proctor()
    {
        var step = Assert.Single(SessionRules.Open(Session(SessionPhase.LobbyOpen) with { StartMode = StartMode.Manual }, Nine.AddMinutes(5)).Value);
        Assert.Equal(("windowOpened", SessionPhase.Open), (step.Kind, step.Next.Phase));
    }

    [Fact]
    public void Nobody_opens_a_window_that_has_ended() =>
        Refused(ProblemKind.WindowClosed, SessionRules.Open(Session() with { StartMode = StartMode.Manual }, Nine.AddHours(2)));

    [Fact]
    public void A_hold_has_a_reason_until_it_is_released()
    {
        var held = Next(SessionRules.Hold(Given.Open, "Fire alarm", Nine));
        Assert.Equal("Fire alarm", held.HoldReason);
        Assert.Equal(ProblemKind.SessionHeld, SessionRules.WhyNoStart(held)?.Kind);

        var released = Next(SessionRules.Release(held, Nine));
        Assert.Null(released.HoldReason);
        Assert.Null(SessionRules.WhyNoStart(released));
    }

    [Theory]
    [InlineData(SessionPhase.Scheduled, "lobbyNotOpen")]
    [InlineData(SessionPhase.LobbyOpen, null)]
    [InlineData(SessionPhase.Open, null)]
    [InlineData(SessionPhase.Held, null)]
    [InlineData(SessionPhase.Draining, "sessionEnded")]
    [InlineData(SessionPhase.Closed, "sessionEnded")]
    [InlineData(SessionPhase.Cancelled, "sessionCancelled")]
    public void Students_come_in_from_the_opening_of_the_lobby_to_the_close_and_are_told_why_not(SessionPhase phase, string? code) =>
        Assert.Equal(code, SessionRules.WhyNoEntrance(Session(phase))?.Code);

    [Fact]
    public void Only_a_hold_is_released()
    {
        Refused(ProblemKind.WrongPhase, SessionRules.Release(Session(SessionPhase.LobbyOpen), Nine));
        Refused(ProblemKind.WrongPhase, SessionRules.Release(Session(SessionPhase.Closed), Nine));
    }

    [Fact]
    public void A_held_session_still_closes_at_its_time() =>
        Assert.Equal(SessionPhase.Draining, SessionRules.Due(Session(SessionPhase.Held), settled: false, Nine.AddHours(2))?.Next.Phase);

    [Fact]
    public void The_schedule_version_counts_windows_and_not_other_edits()
    {
        var named = Next(SessionRules.Edit(Session(), Session() with { Name = "Room 5" }, Nine.AddDays(-1)));
        Assert.Equal((1, 2), (named.ScheduleVersion, named.Version));

        var moved = Next(SessionRules.Edit(named, named with { ClosesAt = Nine.AddHours(3) }, Nine.AddDays(-1)));
        Assert.Equal((2, 3), (moved.ScheduleVersion, moved.Version));
    }

    [Fact]
    public void What_has_opened_keeps_its_beginning()
    {
        foreach (var phase in new[] { SessionPhase.Open, SessionPhase.Held })
        {
            var session = Session(phase);
            var problem = Refused(ProblemKind.Invalid, SessionRules.Edit(session, session with { OpensAt = Nine.AddMinutes(1) }, Nine));
            Assert.Contains("opensAt", problem.Fields.Keys);
            Assert.Equal(Nine.AddHours(3), Next(SessionRules.Edit(session, session with { ClosesAt = Nine.AddHours(3) }, Nine)).ClosesAt);
        }
    }

    [Fact]
    public void A_timer_of_an_old_window_finds_nothing_to_do()
    {
        var lobby = Session(SessionPhase.LobbyOpen);
        var moved = Next(SessionRules.Edit(lobby, lobby with { OpensAt = Nine.AddHours(1), ClosesAt = Nine.AddHours(3) }, Nine.AddMinutes(-10)));
        Assert.Null(SessionRules.Due(moved, settled: false, Nine));
        Assert.Equal(Nine.AddHours(1), SessionRules.NextDue(moved));
    }

    [Fact]
    public void An_edit_changes_no_record_of_what_happened()
    {
        var held = Session(SessionPhase.Held);
        var edited = Next(SessionRules.Edit(held, Session() with { Name = "Room 5", CreatedAt = Nine, Simulated = true, HoldReason = null }, Nine));
        Assert.Equal(("Room 5", SessionPhase.Held, "Fire alarm", held.CreatedAt, false), (edited.Name, edited.Phase, edited.HoldReason, edited.CreatedAt, edited.Simulated));
    }

    [Fact]
    public void A_window_lasts_ninety_days_at_most()
    {
        Assert.Empty(SessionRules.CheckWindow(Nine, Nine.AddDays(90)));
        Assert.Equal("closesAt", Assert.Single(SessionRules.CheckWindow(Nine, Nine.AddDays(90).AddTicks(1))).Field);
        Assert.Equal("closesAt", Assert.Single(SessionRules.CheckWindow(Nine, Nine)).Field);
        Refused(ProblemKind.Invalid, SessionRules.Edit(Session(), Session() with { ClosesAt = Nine.AddDays(91) }, Nine));
        Refused(ProblemKind.Invalid, SessionRules.Reopen(Session(SessionPhase.Closed), Nine.AddDays(91), Nine.AddHours(3)));
    }

    [Fact]
    public void A_window_cannot_be_moved_into_the_past_nor_turned_upside_down()
    {
        Refused(ProblemKind.Invalid, SessionRules.Edit(Given.Open, Given.Open with { ClosesAt = Nine.AddMinutes(30) }, Nine.AddHours(1)));
        Refused(ProblemKind.Invalid, SessionRules.Edit(Session(), Session() with { OpensAt = Nine.AddHours(3) }, Nine.AddHours(-1)));
    }

    [Fact]
    public void Only_a_closed_session_is_reopened_with_an_end_to_come_and_as_another_window()
    {
        var closed = Session(SessionPhase.Closed);
        foreach (var phase in Enum.GetValues<SessionPhase>().Except([SessionPhase.Closed]))
        {
            Refused(ProblemKind.WrongPhase, SessionRules.Reopen(Session(phase), Nine.AddHours(9), Nine.AddHours(3)));
        }

        Refused(ProblemKind.Invalid, SessionRules.Reopen(closed, Nine.AddHours(3), Nine.AddHours(3)));
        var open = Next(SessionRules.Reopen(closed, Nine.AddHours(4), Nine.AddHours(3)));
        Assert.Equal((SessionPhase.Open, Nine.AddHours(4), closed.ScheduleVersion + 1), (open.Phase, open.ClosesAt, open.ScheduleVersion));
    }

    [Fact]
    public void A_session_that_was_opened_and_stopped_early_is_not_reopened_to_end_before_it_begins() =>
        Refused(ProblemKind.Invalid, SessionRules.Reopen(Session(SessionPhase.Closed), Nine.AddMinutes(-10), Nine.AddMinutes(-30)));

    [Fact]
    public void A_running_session_is_not_deleted_only_stopped_first()
    {
        foreach (var phase in Enum.GetValues<SessionPhase>())
        {
            var result = SessionRules.Delete(Session(phase));
            if (Session(phase).Running)
            {
                Refused(ProblemKind.SessionRunning, result);
            }
            else
            {
                Assert.True(Next(result).Deleted);
            }
        }
    }

    [Fact]
    public void Nothing_happens_to_a_deleted_session()
    {
        foreach (var phase in new[] { SessionPhase.Scheduled, SessionPhase.Closed, SessionPhase.Cancelled })
        {
            var gone = Next(SessionRules.Delete(Session(phase)));
            Assert.Null(SessionRules.NextDue(gone));
            Assert.Null(SessionRules.Due(gone, settled: true, Nine.AddDays(1)));
            Assert.NotNull(SessionRules.WhyNoEntrance(gone));
            Assert.NotNull(SessionRules.WhyNoStart(gone));
            Refused(ProblemKind.NotFound, SessionRules.Open(gone, Nine));
            Refused(ProblemKind.NotFound, SessionRules.Reopen(gone, Nine.AddDays(1), Nine));
            Refused(ProblemKind.NotFound, SessionRules.Cancel(gone, Nine));
            Refused(ProblemKind.NotFound, SessionRules.Edit(gone, gone with { Name = "Back" }, Nine));
            Refused(ProblemKind.NotFound, SessionRules.Delete(gone));
        }
    }

    [Fact]
    public void What_has_opened_is_not_cancelled()
    {
        Assert.Equal(SessionPhase.Cancelled, Next(SessionRules.Cancel(Session(SessionPhase.LobbyOpen), Nine)).Phase);
        Refused(ProblemKind.WrongPhase, SessionRules.Cancel(Given.Open, Nine));
    }

    [Fact]
    public void A_clock_that_jumps_back_does_not_take_the_session_with_it()
    {
        var open = Session(SessionPhase.Open) with { PhaseSince = Nine };
        var held = Next(SessionRules.Hold(open, "Fire alarm", Nine.AddHours(-3)));
        Assert.Equal(Nine, held.PhaseSince);
    }

    [Fact]
    public void A_session_started_at_once_warns_and_then_drains_when_nobody_is_there()
    {
        var idle = SessionRules.Idle(Given.Open with { AdHoc = true }, busy: false, Nine)!.Next;
        Assert.Null(SessionRules.Idle(idle, busy: false, Nine.AddMinutes(14)));
        var warned = SessionRules.Idle(idle, busy: false, Nine.AddMinutes(15))!;
        Assert.Equal("idleWarning", warned.Kind);
        Assert.Null(SessionRules.Idle(warned.Next, busy: false, Nine.AddMinutes(19)));
        Assert.Equal(SessionPhase.Draining, SessionRules.Idle(warned.Next, busy: false, Nine.AddMinutes(20))!.Next.Phase);
    }

    [Fact]
    public void Whoever_comes_back_to_an_idle_session_starts_its_time_anew()
    {
        var idle = SessionRules.Idle(Given.Open with { AdHoc = true }, busy: false, Nine)!.Next;
        var attended = SessionRules.Idle(idle, busy: true, Nine.AddMinutes(19))!.Next;
        Assert.Null(attended.IdleSince);
        Assert.Null(Next(SessionRules.Hold(idle, "Fire alarm", Nine)).IdleSince);
    }

    [Fact]
    public void A_planned_session_is_never_idle_and_neither_is_one_whose_profile_says_so()
    {
        Assert.Null(SessionRules.Idle(Given.Open, busy: false, Nine));
        Assert.Null(SessionRules.Idle(Session(SessionPhase.Open, new ProfileSettings { IdleMinutes = 0 }) with { AdHoc = true }, busy: false, Nine));
    }

    private static List<SessionStep> CatchUp(Session session, DateTimeOffset now, bool settled)
    {
        var steps = new List<SessionStep>();
        while (SessionRules.Due(session, settled, now) is { } step)
        {
            steps.Add(step);
            session = step.Next;
        }

        return steps;
    }
}
