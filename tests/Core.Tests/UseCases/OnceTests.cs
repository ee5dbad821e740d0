using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class OnceTests
{
    private const string Address = "192.0.2.1";

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_key_many_times_at_once_creates_one_session_and_all_are_answered_the_same(string kind)
    {
        await using var world = await World.New(kind);
        var once = new Once(world.Manager.Id, "key-1", "create");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.Create.Run(world.Manager, world.Form, once))));
        Assert.Single(answers.Select(answer => Json.Write(Good(answer))).Distinct(StringComparer.Ordinal));
        Assert.Single(Good(await world.List.Run(world.Manager, new SessionListQuery { ShowOld = true })).Items);
        Refused(ProblemKind.IdempotencyKeyReused, await world.Create.Run(world.Manager, world.Form, once with { Request = "another" }));
        Assert.NotEqual(Good(answers[0]).Id, Good(await world.Create.Run(world.Manager, world.Form, once with { Scope = world.Ada.Id })).Id);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_same_key_many_times_at_once_joins_with_one_token(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var ticket = await world.Ticket(session);
        var once = new Once(Address, "key-1", "join");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.JoinLobby.Run(ticket, Address, once))));
        var answer = Good(answers[0]);
        Assert.All(answers, other => Assert.Equal(answer, Good(other)));
        Assert.Equal(1, answer.Device);
        Assert.Single(await world.Kinds(session.Id), item => item == "joined");
        Assert.DoesNotContain("takenOver", await world.Kinds(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_decision_that_is_repeated_answers_what_it_answered_first(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var rows = await world.Rows(await world.Join(session));
        var once = new Once(world.Ada.Id, "key-1", "approve");
        Assert.Equal(["approved"], Outcomes(await world.Decide.Approve(world.Ada, session.Id, rows, once)));
        Assert.Equal(["approved"], Outcomes(await world.Decide.Approve(world.Ada, session.Id, rows, once)));
        Assert.Equal(["alreadyDecided"], Outcomes(await world.Decide.Approve(world.Ada, session.Id, rows)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_was_refused_is_not_remembered_under_its_key(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var ticket = await world.Ticket(session);
        var once = new Once(world.Ada.Id, "key-1", "open");
        Refused(ProblemKind.Stale, await world.Steer.Open(world.Ada, session.Id, new PhaseRequest(Version: 9), once));
        Good(await world.Steer.Open(world.Ada, session.Id, new PhaseRequest(), once));
        Assert.Equal(SessionPhase.Open, Good(await world.Steer.Open(world.Ada, session.Id, new PhaseRequest(), once)).Phase);
        Good(await world.JoinLobby.Run(ticket, Address));
    }
}
