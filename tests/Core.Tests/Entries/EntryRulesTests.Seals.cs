using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.Sessions.Given;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>Sealed sections: reached, released, confirmed.</summary>
public sealed partial class EntryRulesTests
{
    [Fact]
    public void A_seal_opens_when_the_delivery_system_confirms_its_release_and_the_time_runs_from_there()
    {
        var released = Released();
        Assert.Equal((EntryState.AtSeal, CommandKind.ReleaseSeal, "Geometry"), (released.State, released.Pending!.Kind, released.Pending.Section));

        var later = Nine.AddHours(1);
        var on = Told(Told(released, ReportKind.Position, later), ReportKind.Confirmed, later, commandId: "release-1");
        Assert.Equal((EntryState.Testing, 0, later), (on.State, on.UsedSeconds, on.RunningSince));
        Assert.Null(on.Seal);
        Assert.Null(on.Pending);
    }

    [Fact]
    public void Nobody_who_is_elsewhere_is_released_from_a_seal()
    {
        foreach (var state in Enum.GetValues<EntryState>().Except([EntryState.AtSeal]))
        {
            Refused(ProblemKind.WrongState, EntryRules.ReleaseSeal(Entry(state), Given.Open, CommandSource.Proctor, "release-1", Nine));
        }
    }

    [Fact]
    public void A_release_waits_for_the_command_before_it_and_a_termination_takes_its_place()
    {
        var extending = Next(EntryRules.Extend(Sealed(), 60, null, "extend-1", Nine));
        Refused(ProblemKind.CommandPending, EntryRules.ReleaseSeal(extending, Given.Open, CommandSource.Student, "release-1", Nine));
        Refused(ProblemKind.CommandPending, EntryRules.ReleaseSeal(Released(), Given.Open, CommandSource.Proctor, "release-2", Nine));
        var ending = Next(EntryRules.Terminate(Released(), CommandSource.Proctor, "Phone", "end-1", Nine));
        Assert.Equal(EntryState.Terminated, Told(ending, ReportKind.Confirmed, commandId: "end-1").State);
    }

    [Fact]
    public void A_hold_holds_seals_and_reaches_who_was_released_just_before_it()
    {
        Refused(ProblemKind.SessionHeld, EntryRules.ReleaseSeal(Sealed(), Held, CommandSource.Student, "release-1", Nine));
        Refused(ProblemKind.SessionHeld, EntryRules.ReleaseSeal(Sealed(), Held, CommandSource.Proctor, "release-1", Nine));
        Assert.Null(EntryRules.FollowHold(Released(), Held, "pause-1", Nine));
        var through = Told(Released(), ReportKind.Confirmed, commandId: "release-1", session: Held);
        Assert.Equal(CommandKind.Pause, EntryRules.FollowHold(through, Held, "pause-1", Nine)?.Next.Pending?.Kind);
    }

    [Theory]
    [InlineData(CloseRule.Finish, true)]
    [InlineData(CloseRule.Pause, false)]
    [InlineData(CloseRule.End, false)]
    public void After_the_close_a_code_opens_a_seal_only_where_everyone_may_finish_but_the_proctor_still_can(CloseRule rule, bool byCode)
    {
        var draining = Session(SessionPhase.Draining, new ProfileSettings { CloseRule = rule });
        Assert.Equal(!byCode, EntryRules.ReleaseSeal(Sealed(), draining, CommandSource.Student, "release-1", Nine).Failed(out _));
        Assert.False(EntryRules.ReleaseSeal(Sealed(), draining, CommandSource.Proctor, "release-1", Nine).Failed(out _));
    }

    [Fact]
    public void A_device_that_takes_over_at_a_seal_does_not_carry_its_release_along()
    {
        var taken = Next(EntryRules.TakeOver(Released(), "device-2", WayIn.JoinId, Nine));
        Assert.Equal((EntryState.Waiting, (PendingCommand?)null, (string?)null), (taken.State, taken.Pending, taken.Seal));
    }

    private static Entry Sealed() =>
        Next(EntryRules.Report(Entry(EntryState.Testing), Given.Open, Report(Entry(EntryState.Testing), ReportKind.AtSeal) with { Section = "Geometry" }, Nine).Then(step => step!));

    private static Entry Released() => Next(EntryRules.ReleaseSeal(Sealed(), Given.Open, CommandSource.Proctor, "release-1", Nine));
}
