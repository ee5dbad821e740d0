using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.Sessions.Given;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>The test itself: reports, commands, pauses, holds and the close.</summary>
public sealed partial class EntryRulesTests
{
    private static readonly Session Held = Session(SessionPhase.Held);

    [Fact]
    public void A_repeated_report_has_no_effect_and_an_older_one_is_refused()
    {
        var testing = Entry(EntryState.Testing);
        var report = Report(testing, ReportKind.Submitted);
        var repeated = EntryRules.Report(testing, Given.Open, report with { Sequence = testing.LastSequence }, Nine);
        Assert.Null(repeated.Problem);
        Assert.Null(repeated.Value);
        Refused(ProblemKind.SequenceTooOld, EntryRules.Report(Told(testing, ReportKind.Position), Given.Open, report with { Sequence = testing.LastSequence }, Nine));
        Refused(ProblemKind.WrongAttempt, EntryRules.Report(testing, Given.Open, report with { Attempt = 2 }, Nine));
        Refused(ProblemKind.Invalid, EntryRules.Report(Redeemed(), Given.Open, Report(Redeemed(), ReportKind.Started) with { Sequence = 0 }, Nine));
    }

    [Fact]
    public void A_test_starts_only_after_its_token_was_redeemed()
    {
        var entering = Entry(EntryState.Entering);
        Refused(ProblemKind.WrongState, EntryRules.Report(entering, Given.Open, Report(entering, ReportKind.Started), Nine));
        Assert.Equal(EntryState.Testing, Told(Redeemed(), ReportKind.Started).State);
    }

    [Theory]
    [InlineData(EntryState.Waiting)]
    [InlineData(EntryState.Approved)]
    [InlineData(EntryState.Entering)]
    [InlineData(EntryState.Testing, ReportKind.Started, ReportKind.Position, ReportKind.AtSeal, ReportKind.Paused, ReportKind.Resumed, ReportKind.Exited, ReportKind.Submitted)]
    [InlineData(EntryState.Paused, ReportKind.Position, ReportKind.Paused, ReportKind.Exited, ReportKind.Submitted)]
    [InlineData(EntryState.AtSeal, ReportKind.Started, ReportKind.Position, ReportKind.AtSeal, ReportKind.Exited, ReportKind.Submitted)]
    [InlineData(EntryState.Interrupted, ReportKind.Started, ReportKind.Position, ReportKind.Resumed, ReportKind.Exited, ReportKind.Submitted)]
    [InlineData(EntryState.Submitted)]
    [InlineData(EntryState.Terminated)]
    public void Of_each_state_only_what_fits_it_is_reported(EntryState state, params ReportKind[] taken)
    {
        var entry = Entry(state);
        Assert.Equal(taken, Enum.GetValues<ReportKind>().Where(kind => !EntryRules.Report(entry, Given.Open, Report(entry, kind), Nine).Failed(out _)));
    }

    [Fact]
    public void A_pause_is_pending_until_the_delivery_system_confirms_it()
    {
        var pausing = Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, "Noise", "pause-1", Nine));
        Assert.Equal((EntryState.Testing, CommandKind.Pause), (pausing.State, pausing.Pending!.Kind));
        Assert.NotNull(pausing.RunningSince);

        var paused = Told(pausing, ReportKind.Paused, Nine.AddSeconds(30));
        Assert.Equal((EntryState.Paused, CommandSource.Proctor, 30), (paused.State, paused.PausedBy, paused.UsedSeconds));
        Assert.Null(paused.Pending);
    }

    [Fact]
    public void A_test_without_a_delivery_system_pauses_and_resumes_at_once()
    {
        var paused = Next(EntryRules.RequestPause(Entry(EntryState.Testing, Undelivered), CommandSource.Proctor, null, "pause-1", Nine.AddMinutes(1)));
        Assert.Equal((EntryState.Paused, 60), (paused.State, paused.UsedSeconds));
        var resumed = Next(EntryRules.RequestResume(paused, Given.Open, CommandSource.Proctor, "resume-1", Nine.AddMinutes(3)));
        Assert.Equal((EntryState.Testing, 60, 120), (resumed.State, resumed.UsedSeconds, resumed.PausedSeconds));
    }

    [Fact]
    public void An_interrupted_student_without_a_delivery_system_goes_on_by_opening_the_test_again()
    {
        var interrupted = Entry(EntryState.Interrupted, Undelivered);
        Assert.Equal(EntryState.Testing, Next(EntryRules.FetchToken(interrupted, Given.Open, "jti-2", Nine.AddMinutes(5))).State);
        Refused(ProblemKind.ApprovalNeeded, EntryRules.FetchToken(interrupted, Given.Open, "jti-2", Nine.AddMinutes(21)));
    }

    [Fact]
    public void A_pause_of_twenty_minutes_resumes_in_place_and_a_longer_one_waits_for_the_proctor()
    {
        var paused = Entry(EntryState.Paused);
        Assert.Equal(CommandKind.Resume, Next(EntryRules.RequestResume(paused, Given.Open, CommandSource.Proctor, "resume-1", Nine.AddMinutes(20))).Pending!.Kind);
        Assert.Equal(EntryState.Waiting, Next(EntryRules.RequestResume(paused, Given.Open, CommandSource.Proctor, "resume-1", Nine.AddMinutes(20).AddTicks(1))).State);
    }

    [Fact]
    public void A_proctor_who_resumes_while_the_session_drains_puts_nobody_out()
    {
        var (paused, draining) = (Entry(EntryState.Paused), Session(SessionPhase.Draining));
        Assert.Equal(EntryState.Paused, Next(EntryRules.RequestResume(paused, draining, CommandSource.Proctor, "resume-1", Nine.AddMinutes(30))).State);
    }

    [Fact]
    public void A_resume_asked_in_time_counts_even_when_it_is_confirmed_later()
    {
        var resuming = Next(EntryRules.RequestResume(Entry(EntryState.Paused), Given.Open, CommandSource.Proctor, "resume-1", Nine.AddMinutes(19)));
        Refused(ProblemKind.CommandPending, EntryRules.RequestResume(resuming, Given.Open, CommandSource.Proctor, "resume-2", Nine.AddMinutes(22)));
        Assert.Equal(EntryState.Testing, Told(resuming, ReportKind.Resumed, Nine.AddMinutes(22)).State);
    }

    [Fact]
    public void What_the_proctor_paused_the_student_does_not_resume()
    {
        var paused = Entry(EntryState.Paused);
        Refused(ProblemKind.NotPermitted, EntryRules.RequestResume(paused, Given.Open, CommandSource.Student, "resume-1", Nine));
        Refused(ProblemKind.ApprovalNeeded, EntryRules.Report(paused, Given.Open, Report(paused, ReportKind.Resumed), Nine));
    }

    [Fact]
    public void A_hold_is_held_against_nobody_however_long_it_lasts()
    {
        var pausing = EntryRules.FollowHold(Entry(EntryState.Testing), Held, "pause-1", Nine)!.Next;
        var paused = Told(pausing, ReportKind.Paused, session: Held);
        Assert.Equal(CommandSource.Hold, paused.PausedBy);
        Refused(ProblemKind.SessionHeld, EntryRules.RequestResume(paused, Held, CommandSource.Proctor, "resume-1", Nine.AddHours(3)));

        var resuming = EntryRules.FollowHold(paused, Given.Open, "resume-1", Nine.AddHours(3))!.Next;
        Assert.Equal(EntryState.Testing, Told(resuming, ReportKind.Resumed, Nine.AddHours(3)).State);
    }

    [Fact]
    public void A_pause_that_is_confirmed_after_the_release_is_resumed()
    {
        var pausing = EntryRules.FollowHold(Entry(EntryState.Testing), Held, "pause-1", Nine)!.Next;
        Assert.Null(EntryRules.FollowHold(pausing, Given.Open, "resume-1", Nine));
        var paused = Told(pausing, ReportKind.Paused);
        Assert.Equal(CommandKind.Resume, EntryRules.FollowHold(paused, Given.Open, "resume-1", Nine)?.Next.Pending?.Kind);
    }

    [Fact]
    public void A_hold_reaches_whoever_comes_into_it()
    {
        var extending = Next(EntryRules.Extend(Entry(EntryState.Testing), 60, null, "extend-1", Nine));
        Assert.Null(EntryRules.FollowHold(extending, Held, "pause-1", Nine));
        Entry[] coming =
        [
            Told(Redeemed(), ReportKind.Started, session: Held),
            Told(Released(), ReportKind.Confirmed, commandId: "release-1", session: Held),
            Told(Entry(EntryState.Interrupted), ReportKind.Position, session: Held),
            Told(extending, ReportKind.Confirmed, commandId: "extend-1", session: Held),
        ];
        Assert.All(coming, entry => Assert.Equal(CommandSource.Hold, EntryRules.FollowHold(entry, Held, "pause-1", Nine)?.Next.Pending?.Source));
    }

    [Fact]
    public void Only_those_whom_the_hold_paused_are_released_with_it()
    {
        Assert.Null(EntryRules.FollowHold(Entry(EntryState.Paused), Given.Open, "resume-1", Nine));
        Assert.Null(EntryRules.FollowHold(Entry(EntryState.Paused), Held, "pause-1", Nine));
    }

    [Fact]
    public void A_termination_outranks_what_is_pending_and_nothing_else_does()
    {
        var pausing = Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, null, "pause-1", Nine));
        Refused(ProblemKind.CommandPending, EntryRules.Extend(pausing, 60, null, "extend-1", Nine));
        var ending = Next(EntryRules.Terminate(pausing, CommandSource.Proctor, "Cheating", "end-1", Nine));
        Refused(ProblemKind.CommandPending, EntryRules.Terminate(ending, CommandSource.Close, "Closed", "end-2", Nine));
        Refused(ProblemKind.WrongState, EntryRules.Report(ending, Given.Open, Report(ending, ReportKind.Confirmed, "pause-1"), Nine));

        var ended = Told(ending, ReportKind.Confirmed, commandId: "end-1");
        Assert.Equal((EntryState.Terminated, "Cheating"), (ended.State, ended.EndReason));
    }

    [Fact]
    public void A_second_token_does_not_make_the_delivery_system_miss_a_command()
    {
        var reloaded = Next(EntryRules.FetchToken(Entry(EntryState.Testing), Given.Open, "jti-2", Nine));
        Assert.Equal(CommandKind.Terminate, Next(EntryRules.Terminate(reloaded, CommandSource.Proctor, "Cheating", "end-1", Nine)).Pending?.Kind);
        Assert.Equal(CommandKind.Extend, Next(EntryRules.Extend(reloaded, 60, null, "extend-1", Nine)).Pending?.Kind);
    }

    [Fact]
    public void More_time_is_credited_once()
    {
        var extending = Next(EntryRules.Extend(Entry(EntryState.Testing), 300, "Noise", "extend-1", Nine));
        Assert.Equal(3600, extending.AllowedSeconds);
        var extended = Told(extending, ReportKind.Confirmed, commandId: "extend-1");
        Assert.Equal(3900, extended.AllowedSeconds);
        Refused(ProblemKind.WrongState, EntryRules.Report(extended, Given.Open, Report(extended, ReportKind.Confirmed, "extend-1"), Nine));
        Assert.Equal(3900, Next(EntryRules.Extend(Entry(EntryState.Approved), 300, null, "extend-1", Nine)).AllowedSeconds);
    }

    [Fact]
    public void More_time_is_not_lost_when_another_device_takes_over_before_it_is_confirmed()
    {
        var extending = Next(EntryRules.Extend(Entry(EntryState.Testing), 300, null, "extend-1", Nine));
        var taken = Next(EntryRules.TakeOver(extending, "other", WayIn.Link, Nine));
        Assert.Equal(3900, taken.AllowedSeconds);
        Refused(ProblemKind.WrongState, EntryRules.Report(taken, Given.Open, Report(taken, ReportKind.Confirmed, "extend-1"), Nine));
    }

    [Theory]
    [InlineData(-60, false)]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(14_400, true)]
    [InlineData(14_401, false)]
    public void More_time_is_never_less_nor_boundless(int seconds, bool given) =>
        Assert.Equal(given ? null : ProblemKind.Invalid, EntryRules.Extend(Entry(EntryState.Testing), seconds, null, "extend-1", Nine).Problem?.Kind);

    [Fact]
    public void An_unconfirmed_command_raises_its_alert_once_after_fifteen_seconds()
    {
        var pausing = Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, null, "pause-1", Nine));
        Assert.Null(EntryRules.Due(pausing, Nine.AddSeconds(14)));
        var step = EntryRules.Due(pausing, Nine.AddSeconds(15))!;
        Assert.Equal(("commandUnconfirmed", true), (step.Kind, step.Next.Pending!.Overdue));
        Assert.Null(EntryRules.NextDue(step.Next));
        Assert.Equal(EntryState.Paused, Told(step.Next, ReportKind.Paused).State);
    }

    [Fact]
    public void A_command_is_delivered_once()
    {
        var pausing = Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, null, "pause-1", Nine));
        Assert.Null(EntryRules.Delivered(pausing, "pause-0", Nine));
        var delivered = EntryRules.Delivered(pausing, "pause-1", Nine.AddSeconds(1))!.Next;
        Assert.Equal(Nine.AddSeconds(1), delivered.Pending!.DeliveredAt);
        Assert.Null(EntryRules.Delivered(delivered, "pause-1", Nine.AddSeconds(2)));
    }

    [Fact]
    public void A_student_at_a_seal_is_neither_paused_nor_interrupted_and_their_time_stands_still()
    {
        var sealedOff = Entry(EntryState.AtSeal);
        Assert.Null(sealedOff.RunningSince);
        Refused(ProblemKind.WrongState, EntryRules.RequestPause(sealedOff, CommandSource.Proctor, null, "pause-1", Nine));
        Refused(ProblemKind.WrongState, EntryRules.Interrupt(sealedOff, Nine));
        Assert.Equal(EntryState.AtSeal, Told(sealedOff, ReportKind.Exited).State);
        Assert.Equal(EntryState.AtSeal, Told(sealedOff, ReportKind.Started).State);
        Assert.Equal(EntryState.AtSeal, Told(sealedOff, ReportKind.AtSeal).State);
        Assert.Equal(EntryState.AtSeal, Told(sealedOff, ReportKind.Position).State);
    }

    [Theory]
    [InlineData(ReportKind.AtSeal)]
    [InlineData(ReportKind.Exited)]
    public void A_pause_that_finds_the_time_standing_still_is_done(ReportKind before)
    {
        var pausing = Next(EntryRules.RequestPause(Entry(EntryState.Testing), CommandSource.Proctor, null, "pause-1", Nine));
        var standing = Told(pausing, before);
        Assert.NotNull(standing.Pending);
        var confirmed = Told(standing, ReportKind.Paused);
        Assert.Null(confirmed.Pending);
        Assert.Equal(standing.State, confirmed.State);
    }

    [Fact]
    public void An_interrupted_student_is_back_in_place_within_the_limit_and_by_approval_after_it()
    {
        var interrupted = Entry(EntryState.Interrupted);
        Assert.Equal(EntryState.Testing, Told(interrupted, ReportKind.Position, Nine.AddMinutes(20)).State);
        Refused(ProblemKind.ApprovalNeeded, EntryRules.Report(interrupted, Given.Open, Report(interrupted, ReportKind.Position), Nine.AddMinutes(21)));

        var waiting = Next(EntryRules.AskForApproval(interrupted, Nine.AddMinutes(21)));
        Assert.Equal((EntryState.Waiting, 1260), (waiting.State, waiting.PausedSeconds));
        Assert.Contains(waiting.Flags, flag => flag.Code == "returning");
    }

    [Fact]
    public void What_the_close_rule_ends_has_expired_and_what_a_person_ends_was_terminated()
    {
        var closing = Next(EntryRules.Terminate(Entry(EntryState.Testing), CommandSource.Close, "The window has closed", "end-1", Nine));
        Assert.Equal(EntryState.Expired, Told(closing, ReportKind.Confirmed, commandId: "end-1").State);
        Assert.Equal(EntryState.Expired, Next(EntryRules.Terminate(Entry(EntryState.Testing, Undelivered), CommandSource.Close, "Closed", "end-1", Nine)).State);
        Assert.Equal(EntryState.Terminated, Next(EntryRules.Terminate(Entry(EntryState.Testing, Undelivered), CommandSource.Proctor, "Cheating", "end-1", Nine)).State);
    }

    [Fact]
    public void A_test_handed_in_takes_its_pending_command_with_it()
    {
        var ending = Next(EntryRules.Terminate(Entry(EntryState.Testing), CommandSource.Proctor, "Cheating", "end-1", Nine));
        var submitted = Told(ending, ReportKind.Submitted);
        Assert.Null(submitted.Pending);
        Assert.Equal(EntryState.Submitted, Told(Entry(EntryState.AtSeal), ReportKind.Submitted).State);
    }

    [Fact]
    public void A_running_test_goes_on_while_the_session_drains_and_its_student_finds_back()
    {
        var draining = Session(SessionPhase.Draining);
        var reloaded = Next(EntryRules.FetchToken(Entry(EntryState.Interrupted), draining, "jti-2", Nine));
        var back = Next(EntryRules.Redeem(reloaded, draining, "jti-2", Nine));
        Assert.Equal(EntryState.Testing, Told(back, ReportKind.Started, session: draining).State);
        Refused(ProblemKind.WindowClosed, EntryRules.FetchToken(Entry(EntryState.Testing), Session(SessionPhase.Closed), "jti-2", Nine));
    }
}
