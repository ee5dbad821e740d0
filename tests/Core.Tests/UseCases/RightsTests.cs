using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Who may do what: every role, in a session of its own, of a colleague, and of another organisation, against every use case of staff.</summary>
public sealed class RightsTests
{
    private const string May = "may";
    private const string Forbidden = "forbidden";
    private const string Unknown = "notFound";

    /// <summary>What a use case needs, in the order administrator, manager, its proctor, another proctor, observer, administrator of another organisation.</summary>
    private static readonly (string UseCase, string[] Answers)[] Matrix =
    [
        ("see", [May, May, May, Unknown, May, Unknown]),
        ("edit", [May, May, May, Unknown, Forbidden, Unknown]),
        ("delete", [May, May, Forbidden, Unknown, Forbidden, Unknown]),
        ("open", [May, May, May, Unknown, Forbidden, Unknown]),
        ("hold", [May, May, May, Unknown, Forbidden, Unknown]),
        ("release", [May, May, May, Unknown, Forbidden, Unknown]),
        ("stop", [May, May, May, Unknown, Forbidden, Unknown]),
        ("cancel", [May, May, Forbidden, Unknown, Forbidden, Unknown]),
        ("reopen", [May, Forbidden, Forbidden, Unknown, Forbidden, Unknown]),
        ("approve", [May, May, May, Unknown, Forbidden, Unknown]),
        ("deny", [May, May, May, Unknown, Forbidden, Unknown]),
        ("revoke", [May, May, May, Unknown, Forbidden, Unknown]),
        ("pause", [May, May, May, Unknown, Forbidden, Unknown]),
        ("resume", [May, May, May, Unknown, Forbidden, Unknown]),
        ("extend", [May, May, May, Unknown, Forbidden, Unknown]),
        ("terminate", [May, May, May, Unknown, Forbidden, Unknown]),
        ("reinstate", [May, Forbidden, Forbidden, Unknown, Forbidden, Unknown]),
        ("message", [May, May, May, Unknown, Forbidden, Unknown]),
        ("broadcast", [May, May, May, Unknown, Forbidden, Unknown]),
    ];

    [Theory, ClassData(typeof(Databases))]
    public async Task A_role_may_do_what_it_is_for_in_its_own_sessions_and_learns_nothing_of_others(string kind)
    {
        await using var world = await World.New(kind);
        Actor[] actors = [world.Administrator, world.Manager, world.Ada, world.Cleo, world.Observer, world.Stranger];
        foreach (var (useCase, answers) in Matrix)
        {
            // Those who may not go first: they must leave the session as it is.
            var session = await world.Session();
            foreach (var (actor, answer) in actors.Zip(answers).OrderBy(pair => pair.Second == May))
            {
                var got = await Do(world, useCase, actor, session.Id, session.Version);
                if (answer == May)
                {
                    Assert.True(got is not (Forbidden or Unknown), $"{actor.Name} may {useCase}, and was answered {got}.");
                    break;
                }

                Assert.True(got == answer, $"{actor.Name} must be answered {answer} to {useCase}, and was answered {got}.");
                Assert.Equal(["sessionCreated"], await world.Kinds(session.Id));
            }

            foreach (var (actor, answer) in actors.Zip(answers).Where(pair => pair.Second == May))
            {
                var own = await world.Session();
                Assert.NotEqual(Forbidden, await Do(world, useCase, actor, own.Id, own.Version));
            }
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Whoever_may_not_know_a_session_is_told_the_same_as_when_there_is_none(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        foreach (var (useCase, _) in Matrix)
        {
            foreach (var id in new[] { "no-such", "", new string('x', 65), "\u0000", session.Id + "'" })
            {
                Assert.Equal(Unknown, await Do(world, useCase, world.Manager, id, 1));
            }
        }

        Assert.Equal(1, await world.Db.Read(async connection => await Dapper.SqlMapper.QuerySingleAsync<long>(connection, "SELECT count(*) FROM feeds WHERE feed LIKE 'session:%'")));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Sessions_are_made_by_proctors_and_managers_for_their_own_organisation(string kind)
    {
        await using var world = await World.New(kind);
        Refused(ProblemKind.Forbidden, await world.Create.Run(world.Observer, world.Form));
        Refused(ProblemKind.Forbidden, await world.Create.Run(world.Delivery, world.Form));
        Refused(ProblemKind.Forbidden, await world.Create.Run(Actor.System, world.Form));
        Refused(ProblemKind.Invalid, await world.Create.Run(world.Stranger, world.Form with { Proctors = null }));
        var own = Good(await world.Create.Run(world.Cleo, world.Form with { Proctors = [world.Ada.Id] }));
        Assert.Equal([world.Ada.Id, world.Cleo.Id], own.Proctors.Select(proctor => proctor.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_student_or_a_delivery_system_is_no_staff(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var place = await world.Join(session);
        foreach (var actor in new[] { place.Caller.Actor, world.Delivery })
        {
            foreach (var (useCase, _) in Matrix)
            {
                Assert.Equal(Unknown, await Do(world, useCase, actor, session.Id, session.Version));
            }

            Assert.Empty(Good(await world.List.Run(actor, new SessionListQuery { ShowOld = true })).Items);
        }

        Refused(ProblemKind.NotFound, await world.Student.Withdraw(place.Caller with { SessionId = "no-such" }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_entry_of_another_session_is_gone_to_a_command(string kind)
    {
        await using var world = await World.New(kind);
        var own = await world.Open();
        var foreign = await world.Session(form => form with { Proctors = [world.Cleo.Id], StartNow = true, OpensAt = null, ClosesAt = null });
        var rows = await world.Rows(await world.Join(foreign));
        Assert.Equal(["gone"], Outcomes(await world.Decide.Approve(world.Ada, own.Id, rows)));
        Assert.Equal(["gone"], Outcomes(await world.Command.Terminate(world.Ada, own.Id, rows with { Reason = "Phone" })));
    }

    private static async Task<string> Do(World world, string useCase, Actor actor, string sessionId, long version)
    {
        var none = new PhaseRequest();
        var entries = new EntriesRequest { Entries = [new EntryRef("none", 1)], Reason = "Because", Text = "Hello", Seconds = 60 };
        var all = entries with { Entries = [] };
        var problem = useCase switch
        {
            "see" => (await world.See.Run(actor, sessionId)).Problem,
            "edit" => (await world.Edit.Run(actor, sessionId, world.Form, version)).Problem,
            "delete" => (await world.Delete.Run(actor, sessionId, version)).Problem,
            "open" => (await world.Steer.Open(actor, sessionId, none)).Problem,
            "hold" => (await world.Steer.Hold(actor, sessionId, new PhaseRequest("Because"))).Problem,
            "release" => (await world.Steer.Release(actor, sessionId, none)).Problem,
            "stop" => (await world.Steer.Stop(actor, sessionId, none)).Problem,
            "cancel" => (await world.Steer.Cancel(actor, sessionId, none)).Problem,
            "reopen" => (await world.Steer.Reopen(actor, sessionId, new PhaseRequest("Because", Nine.AddHours(4)))).Problem,
            "approve" => (await world.Decide.Approve(actor, sessionId, entries)).Problem,
            "deny" => (await world.Decide.Deny(actor, sessionId, entries)).Problem,
            "revoke" => (await world.Decide.Revoke(actor, sessionId, entries)).Problem,
            "pause" => (await world.Command.Pause(actor, sessionId, entries)).Problem,
            "resume" => (await world.Command.Resume(actor, sessionId, entries)).Problem,
            "extend" => (await world.Command.Extend(actor, sessionId, entries)).Problem,
            "terminate" => (await world.Command.Terminate(actor, sessionId, entries)).Problem,
            "reinstate" => (await world.Reinstate.Run(actor, sessionId, entries)).Problem,
            "message" => (await world.Command.Message(actor, sessionId, entries)).Problem,
            _ => (await world.Command.Message(actor, sessionId, all)).Problem,
        };
        return problem?.Code ?? "done";
    }
}
