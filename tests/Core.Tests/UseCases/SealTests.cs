using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Seal codes, and the ways past a seal.</summary>
public sealed class SealTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Each_sealed_section_has_a_code_that_stays_until_it_is_made_anew(string kind)
    {
        await using var world = await World.New(kind);
        var codes = new SealCodes(world.Changes);
        var session = await world.Session(form => form with { Tests = [Delivered, Undelivered] });
        var shown = Good(await codes.See(world.Ada, session.Id)).Codes;
        Assert.Equal([(Delivered, "Geometry"), (Undelivered, "Geometry")], shown.Select(code => (code.TestCode, code.Section)));
        Assert.All(shown, code => Assert.True(code.Code.Length == SealCodes.Length && Secret.IsReadable(code.Code)));
        Assert.Equal(shown, Good(await codes.See(world.Manager, session.Id)).Codes);

        var renewed = Good(await codes.Renew(world.Ada, session.Id, new NewSealCodes("math-7", "Geometry"))).Codes;
        Assert.NotEqual(shown[0].Code, renewed[0].Code);
        Assert.Equal(shown[1], renewed[1]);
        Assert.NotEqual(renewed[1].Code, Good(await codes.Renew(world.Ada, session.Id, new NewSealCodes())).Codes[1].Code);

        Refused(ProblemKind.Invalid, await codes.Renew(world.Ada, session.Id, new NewSealCodes(Section: "Numbers")));
        Refused(ProblemKind.Forbidden, await codes.See(world.Observer, session.Id));
        Refused(ProblemKind.NotFound, await codes.See(world.Cleo, session.Id));
        Refused(ProblemKind.NotFound, await codes.See(world.Stranger, session.Id));
        Refused(ProblemKind.NotFound, await codes.Renew(world.Stranger, session.Id, new NewSealCodes()));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_right_code_opens_the_section_once_the_delivery_system_has_heard_of_it(string kind)
    {
        await using var world = await World.New(kind);
        var (session, place) = await AtSeal(world);
        var unseal = new Unseal(world.Changes, world.Throttle);
        var code = Good(await new SealCodes(world.Changes).See(world.Ada, session.Id)).Codes.Single().Code;
        var typed = $" {code[..3].ToLowerInvariant()}-{code[3..]} ";
        var me = Good(await unseal.Run(place.Caller, typed));
        Assert.Equal((EntryState.AtSeal, CommandKind.ReleaseSeal, "Geometry"), (me.State, me.PendingCommand!.Value, me.Seal));

        var command = Good(await world.Commands.Run(world.Delivery, null, 0, default)).Commands.Single();
        Assert.Equal((place.Id, CommandKind.ReleaseSeal, "Geometry"), (command.EntryId, command.Kind, command.Section));
        Assert.Equal(EntryState.Testing, (await world.Report(place, ReportKind.Confirmed, command.Id)).State);
        Assert.Empty(Good(await world.Commands.Run(world.Delivery, null, 0, default)).Commands);
        Refused(ProblemKind.WrongState, await unseal.Run(place.Caller, code));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Wrong_codes_are_throttled_by_student_and_a_code_made_anew_is_wrong_in_its_old_form(string kind)
    {
        await using var world = await World.New(kind);
        var (session, place) = await AtSeal(world);
        var (codes, unseal) = (new SealCodes(world.Changes), new Unseal(world.Changes, world.Throttle));
        Refused(ProblemKind.SealCodeWrong, await unseal.Run(place.Caller, "AAAAAA"));
        var old = Good(await codes.See(world.Ada, session.Id)).Codes.Single().Code;
        var code = Good(await codes.Renew(world.Ada, session.Id, new NewSealCodes())).Codes.Single().Code;
        for (var guess = 1; guess < ThrottleLimits.SealCode.Count; guess++)
        {
            Refused(ProblemKind.SealCodeWrong, await unseal.Run(place.Caller, old));
        }

        Assert.True(Refused(ProblemKind.Throttled, await unseal.Run(place.Caller, code)).RetryAfter > TimeSpan.Zero);
        Refused(ProblemKind.Invalid, await unseal.Run(place.Caller, " "));
        Refused(ProblemKind.Invalid, await unseal.Run(place.Caller, null));
        await world.Pass(ThrottleLimits.SealCode.Window + TimeSpan.FromSeconds(1));
        Good(await unseal.Run(place.Caller, code));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Guesses_on_another_device_and_in_another_attempt_count_with_those_before(string kind)
    {
        await using var world = await World.New(kind);
        var (session, place) = await AtSeal(world);
        var (unseal, guesses) = (new Unseal(world.Changes, world.Throttle), 0);
        await Guess(place, 2);
        var second = await Back(await world.Join(session));
        await Guess(second, 2);
        Refused(ProblemKind.TakenOver, await unseal.Run(place.Caller, "AAAAAA"));
        Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(second) with { Reason = "Phone" }));
        await world.Confirm(second);
        Good(await world.Reinstate.Run(world.Administrator, session.Id, await world.Rows(second) with { Reason = "No phone", NextAttempt = true }));
        await Guess(await Back(second), ThrottleLimits.SealCode.Count - guesses);
        var code = Good(await new SealCodes(world.Changes).See(world.Ada, session.Id)).Codes.Single().Code;
        Refused(ProblemKind.Throttled, await unseal.Run(second.Caller, code));

        async Task Guess(Place who, int count)
        {
            for (; count > 0; count--, guesses++)
            {
                Refused(ProblemKind.SealCodeWrong, await unseal.Run(who.Caller, "AAAAAA"));
            }
        }

        async Task<Place> Back(Place who)
        {
            await world.Approve(who);
            Good(await world.Redeem.Run(world.Delivery, (await world.Token(who)).Token));
            await world.Report(who, ReportKind.Started);
            Good(await world.Progress.Run(world.Delivery, await world.NextReport(who, ReportKind.AtSeal) with { Section = "Geometry" }));
            return who;
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task No_seal_opens_while_everyone_is_paused(string kind)
    {
        await using var world = await World.New(kind);
        var (session, place) = await AtSeal(world);
        var code = Good(await new SealCodes(world.Changes).See(world.Ada, session.Id)).Codes.Single().Code;
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Fire alarm")));
        Refused(ProblemKind.SessionHeld, await new Unseal(world.Changes, world.Throttle).Run(place.Caller, code));
        Assert.Equal(["refused"], Outcomes(await world.Command.ReleaseSeal(world.Ada, session.Id, await world.Rows(place))));
        Good(await world.Steer.Release(world.Ada, session.Id, new PhaseRequest()));
        Good(await new Unseal(world.Changes, world.Throttle).Run(place.Caller, code));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_code_that_nobody_has_seen_opens_nothing_and_neither_does_another_sessions(string kind)
    {
        await using var world = await World.New(kind);
        var other = await world.Session(form => form with { Name = "Another" });
        var foreign = Good(await new SealCodes(world.Changes).See(world.Ada, other.Id)).Codes.Single().Code;
        var (_, place) = await AtSeal(world);
        Refused(ProblemKind.SealCodeWrong, await new Unseal(world.Changes, world.Throttle).Run(place.Caller, foreign));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_proctor_releases_some_and_each_row_says_what_became_of_it(string kind)
    {
        await using var world = await World.New(kind);
        var (session, place) = await AtSeal(world);
        var testing = await world.Testing(session, 2);
        var waiting = await world.Join(session, 3);
        var rows = await world.Rows(place, testing, waiting);
        Assert.Equal(["requested", "refused", "refused"], Outcomes(await world.Command.ReleaseSeal(world.Ada, session.Id, rows)));
        Assert.Equal(["refused"], Outcomes(await world.Command.ReleaseSeal(world.Ben, session.Id, await world.Rows(place))));
        await world.Confirm(place);
        Assert.Equal(EntryState.Testing, await world.State(place));
        Refused(ProblemKind.NotFound, await world.Command.ReleaseSeal(world.Stranger, session.Id, rows));
        Refused(ProblemKind.Forbidden, await world.Command.ReleaseSeal(world.Observer, session.Id, rows));
    }

    private static async Task<(SessionView Session, Place Place)> AtSeal(World world)
    {
        var session = await world.Open();
        var place = await world.Testing(session);
        var report = await world.NextReport(place, ReportKind.AtSeal);
        Assert.Equal(EntryState.AtSeal, Good(await world.Progress.Run(world.Delivery, report with { Section = "Geometry" })).State);
        return (session, place);
    }
}
