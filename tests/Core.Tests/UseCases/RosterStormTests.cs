using System.Diagnostics.CodeAnalysis;
using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// Managers, students, proctors and an administrator on the same few students and sessions at once, with too few credits: nothing fails, nothing waits in a
/// circle, and afterwards credits, registrations, entries and individual sessions tell one truth.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "Which changes meet is the scheduler's choice anyway.")]
public sealed class RosterStormTests
{
    private const string Address = "192.0.2.1";
    private const int Students = 10;
    private const long Opening = 40;

    [Theory]
    [InlineData("postgres", 10, 45, 1)]
    [InlineData("sqlite", 4, 30, 3)]
    public async Task Whatever_is_done_at_once_to_a_few_students_leaves_one_truth(string kind, int workers, int steps, int seed)
    {
        await using var world = await World.New(kind);
        var sessions = new List<SessionView>();
        for (var number = 0; number < 3; number++)
        {
            sessions.Add(await world.Open(form => form with { Name = $"Room {number}", Tests = [Undelivered, Practice] }));
        }

        sessions.Add(await world.Session(form => form with { Name = "Later", Tests = [Undelivered], OpensAt = "2026-11-22T09:00:00Z", ClosesAt = "2026-11-22T11:00:00Z" }));
        var over = await world.Open(form => form with { Name = "Over", Tests = [Undelivered] });
        var students = new List<Student>();
        for (var number = 0; number < Students; number++)
        {
            students.Add(await world.Known(number));
        }

        var group = Good(await new CreateGroup(world.Changes).Run(world.Manager, new NewGroup { Name = "7b", StudentIds = [.. students.Select(student => student.Id)] }, null));
        Good(await world.Register.Many(world.Manager, new NewRegistrations { StudentIds = [.. students.Take(4).Select(student => student.Id)], TestCode = Undelivered, SessionId = over.Id }, null));
        Good(await world.Steer.Stop(world.Ada, over.Id, new PhaseRequest()));
        await world.Pass(TimeSpan.FromMinutes(1));
        await world.CreditsLeft(Opening);
        var scene = new Scene(world, sessions, students, group.Id);
        await Task.WhenAll(Enumerable.Range(0, workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random((100 * seed) + worker);
            for (var step = 0; step < steps; step++)
            {
                await Step(scene, random);
            }
        })));
        await world.RunDue.Run();
        await Holds(world);
    }

    private sealed record Scene(World World, IReadOnlyList<SessionView> Sessions, IReadOnlyList<Student> Students, string Group);

    private static async Task Step(Scene scene, Random random)
    {
        var (world, manager) = (scene.World, scene.World.Manager);
        var session = scene.Sessions[random.Next(scene.Sessions.Count)];
        var sessionId = random.Next(3) == 0 ? null : session.Id;
        var number = random.Next(Students);
        var student = scene.Students[number];
        var test = random.Next(3) == 0 ? Practice : Undelivered;
        var known = await Registrations(world);
        var some = known.OrderBy(_ => random.Next()).Take(4).Select(item => item.Id).ToList();
        var entries = await Entries(world);
        var entry = entries.Count == 0 ? null : entries[random.Next(entries.Count)];
        switch (random.Next(18))
        {
            case 0 or 1:
                await world.Register.One(manager, new NewRegistration { StudentId = student.Id, TestCode = test, SessionId = sessionId }, null);
                break;
            case 2:
                await world.Register.Many(manager, new NewRegistrations { StudentIds = [.. scene.Students.OrderBy(_ => random.Next()).Take(4).Select(one => one.Id)], TestCode = test, SessionId = sessionId }, null);
                break;
            case 3:
                await world.Register.Group(manager, scene.Group, new GroupRegistration { TestCode = test, SessionId = sessionId }, null);
                break;
            case 4:
                await world.Registrations.Cancel(manager, new CancelledRegistrations { Ids = some }, null);
                break;
            case 5 or 6:
                await world.Registrations.Move(manager, new MovedRegistrations { Ids = some, SessionId = sessionId }, null);
                break;
            case 7:
                var made = Good(await world.Create.Run(manager, world.Form with { Name = "Short", Tests = [Undelivered], OpensAt = "2026-11-22T09:00:00Z", ClosesAt = "2026-11-22T11:00:00Z" }));
                await world.Registrations.Move(manager, new MovedRegistrations { Ids = some, SessionId = made.Id }, null);
                Good(await world.Delete.Run(manager, made.Id, made.Version));
                break;
            case 8:
                var cleanUp = new CleanUp(world.Db, world.Changes, world.Clock);
                await cleanUp.Run(manager, new CleanUpRequest { Expected = (await cleanUp.Preview(manager)).Count }, null);
                break;
            case 9:
                await new GrantCredits(world.Changes).Run(world.Administrator, new CreditGrant { Amount = 3, Note = "More" }, null);
                break;
            case 10 or 11 when known.Count > 0:
                var mine = known.Where(item => item.Student.Id == student.Id).OrderBy(_ => random.Next()).FirstOrDefault();
                await world.Start(number, (mine ?? known[0]).Id);
                break;
            case 12:
                await world.StartOwn.Practice(await world.PageSecret(number), new OwnPracticeRequest(Practice), Address);
                break;
            case 13:
                await world.JoinLobby.Run(await world.Ticket(session, number, test), Address);
                break;
            case 14:
                await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, UserId: student.UserId, Password: session.Password), Address);
                break;
            case 15 when entry is not null:
                await world.Decide.Approve(world.Administrator, entry.SessionId, new EntriesRequest { Entries = [new EntryRef(entry.Id, entry.Version)] });
                await world.FetchToken.Run(new StudentCaller(new Actor(ActorKind.Student, entry.Id, entry.Student.Name, entry.OrganisationId), entry.SessionId, entry.Device));
                break;
            case 16 when entry is not null:
                var rows = new EntriesRequest { Entries = [new EntryRef(entry.Id, entry.Version)], Reason = "Because", NextAttempt = random.Next(2) == 0 };
                await (entry.State is EntryState.Terminated or EntryState.Expired
                    ? world.Reinstate.Run(world.Administrator, entry.SessionId, rows)
                    : world.Command.Terminate(world.Administrator, entry.SessionId, rows));
                break;
            case 17:
                await new InviteStudents(world.Changes).Run(manager, random.Next(2) == 0 ? new Invitation(GroupId: scene.Group) : new Invitation(SessionId: session.Id));
                break;
            default:
                await new EditStudent(world.Changes).Run(
                    manager, student.Id, new NewStudent { ExternalId = student.ExternalId, GivenName = student.GivenName, FamilyName = $"Berg {random.Next(100)}" },
                    (await world.Students.Find(manager.OrganisationId, student.Id))!.Version);
                break;
        }
    }

    private static async Task Holds(World world)
    {
        var registrations = await Registrations(world);
        var ledger = new List<CreditLine>();
        string? cursor = "";
        while (cursor is not null)
        {
            var page = Good(await world.Credits.List(world.Manager.OrganisationId, cursor, 200));
            ledger.AddRange(page.Items);
            cursor = page.Next;
        }

        var balance = await world.Balance();
        Assert.True(balance >= 0);
        Assert.Equal(Enumerable.Range(0, ledger.Count).Select(index => (long)(ledger.Count - index)), ledger.Select(line => line.Seq));
        Assert.Equal(Opening + 4 + ledger.Sum(line => line.Amount), balance);
        Assert.Equal(registrations.Select(item => item.Id).Order(StringComparer.Ordinal), Moved(CreditKind.Taken));
        Assert.Equal(Of(RegistrationStatus.Cancelled).Order(StringComparer.Ordinal), Moved(CreditKind.Returned));
        Assert.Distinct(registrations.Where(item => item.Status is RegistrationStatus.Pending or RegistrationStatus.Started).Select(item => (item.Student.Id, item.TestCode)));
        var living = (await world.Db.Read(connection => connection.QueryAsync<string>("SELECT id FROM sessions WHERE NOT deleted"))).ToHashSet(StringComparer.Ordinal);
        Assert.All(registrations.Where(item => item.Status == RegistrationStatus.Pending && item.SessionId is not null), item => Assert.Contains(item.SessionId!, living));

        var entries = await Entries(world);
        var byId = entries.ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        Assert.Distinct(entries.Where(entry => entry.Active).Select(entry => (entry.Student.Key, entry.Test.Code)));
        foreach (var item in registrations)
        {
            var entry = item.EntryId is null ? null : byId[item.EntryId];
            switch (item.Status)
            {
                case RegistrationStatus.Started:
                    Assert.True(entry is { Ended: false }, $"A registration is started while its entry is {entry?.State}.");
                    break;
                case RegistrationStatus.Completed:
                    // Who was registered anew since may be reinstated to the earlier test, which leaves the earlier registration as it is.
                    Assert.True(entry!.Ended || registrations.Any(other => other.Id != item.Id && other.Student.Id == item.Student.Id && other.TestCode == item.TestCode), $"{entry.State}");
                    break;
                case RegistrationStatus.Pending:
                    Assert.False(entry is { Ended: false, Begun: true }, $"A registration is pending while its entry is {entry?.State}.");
                    break;
            }
        }

        foreach (var entry in entries.Where(entry => entry is { Active: true, RegistrationId: not null }))
        {
            Assert.NotEqual(RegistrationStatus.Cancelled, registrations.Single(item => item.Id == entry.RegistrationId).Status);
        }

        foreach (var session in await world.Individual())
        {
            var here = Assert.Single(entries, entry => entry.SessionId == session.Id);
            Assert.Equal(here.Ended, session.Phase == SessionPhase.Closed);
        }

        await new Law(world).Check();
        foreach (var chain in await world.Db.Read(connection => connection.QueryAsync<string>("SELECT chain FROM audit_chains")))
        {
            Assert.Null(await world.Audit.FirstBroken(chain));
        }

        IEnumerable<string> Of(RegistrationStatus status) => registrations.Where(item => item.Status == status).Select(item => item.Id);
        IEnumerable<string> Moved(CreditKind of) => ledger.Where(line => line.Kind == of).Select(line => line.RegistrationId!).Order(StringComparer.Ordinal);
    }

    private static async Task<List<RegistrationView>> Registrations(World world)
    {
        var all = new List<RegistrationView>();
        string? cursor = null;
        do
        {
            var page = Good(await world.RegistrationList.Run(world.Manager, new RegistrationQuery(Cursor: cursor, Limit: 200)));
            all.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return all;
    }

    private static async Task<List<Entry>> Entries(World world) =>
        [.. (await world.Db.Read(connection => connection.QueryAsync<string>("SELECT document FROM entries"))).Select(Json.Read<Entry>)];
}
