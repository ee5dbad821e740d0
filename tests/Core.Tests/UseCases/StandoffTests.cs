using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// What registrations allow is decided behind their locks. Here two changes are made to meet: the first has written and not committed when the second comes.
/// SQLite has one writer and never comes to it.
/// </summary>
public sealed class StandoffTests
{
    private const string Address = "192.0.2.1";

    [Fact]
    public async Task Nobody_starts_what_is_being_cancelled()
    {
        await using var world = await World.New("postgres");
        var registered = await world.Registered(1);
        var secret = await world.PageSecret(1);
        var (cancelled, started) = await Meet(
            world, AuditLog.Organisation(world.Manager.OrganisationId),
            () => world.Registrations.CancelOne(world.Manager, registered.Id, null), () => world.StartOwn.Run(secret, registered.Id, new OwnStartRequest(), Address));
        Good(cancelled);
        Refused(ProblemKind.NotFound, started);
        Assert.Empty(await world.Individual());
    }

    [Fact]
    public async Task A_ticket_opens_nothing_that_is_being_moved_away_or_taken_back()
    {
        await using var world = await World.New("postgres");
        var (here, there) = (await world.Open(), await world.Open(form => form with { Name = "Room 5" }));
        for (var student = 1; student <= 2; student++)
        {
            var registered = await world.Registered(student, here);
            var ticket = new JoinRequest(JoinId: here.JoinId, UserId: registered.UserId, Password: here.Password);
            var (_, joined) = await Meet(
                world, AuditLog.Organisation(world.Manager.OrganisationId),
                async () => registered.Student.ExternalId == "S-001"
                    ? Good(await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = there.Id }, null)).Id
                    : Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null)).ToString(),
                () => world.JoinLobby.Run(ticket, Address));
            Refused(ProblemKind.TicketWrong, joined);
        }

        Assert.Empty(await world.Entries.OfSession(here.Id));
    }

    [Fact]
    public async Task A_ticket_is_outdated_for_who_comes_while_the_password_is_being_changed()
    {
        await using var world = await World.New("postgres");
        var session = await world.Open();
        var registered = await world.Registered(1, session);
        var (changed, joined) = await Meet(
            world, FeedNames.Session(session.Id), () => new ChangeSessionPassword(world.Changes).Run(world.Ada, session.Id, new NewSessionPassword()),
            () => world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, UserId: registered.UserId, Password: session.Password), Address));
        Assert.NotEqual(session.Password, Good(changed).Password);
        Refused(ProblemKind.TicketOutdated, joined);
    }

    [Fact]
    public async Task Nobody_joins_who_is_being_taken_off_the_list()
    {
        await using var world = await World.New("postgres");
        var session = await world.Open();
        var (ticket, student) = (await world.Ticket(session), await world.Known(1));
        var (deleted, joined) = await Meet(
            world, AuditLog.Organisation(world.Manager.OrganisationId),
            () => new DeleteStudent(world.Changes).Run(world.Manager, student.Id, student.Version), () => world.JoinLobby.Run(ticket, Address));
        Good(deleted);
        Refused(ProblemKind.StudentUnknown, joined);
    }

    [Fact]
    public async Task Who_is_joining_is_not_taken_off_the_list()
    {
        await using var world = await World.New("postgres");
        var session = await world.Open();
        await world.Registered(1, session);
        var (ticket, student) = (await world.Ticket(session), await world.Known(1));
        var (joined, deleted) = await Meet(
            world, FeedNames.Session(session.Id),
            () => world.JoinLobby.Run(ticket, Address), () => new DeleteStudent(world.Changes).Run(world.Manager, student.Id, student.Version));
        Good(joined);
        Refused(ProblemKind.StudentBusy, deleted);
    }

    [Fact]
    public async Task Cleaning_up_leaves_who_is_coming_into_another_session()
    {
        await using var world = await World.New("postgres");
        var past = await world.Open();
        var registered = await world.Registered(1, past);
        await world.PassTo(Nine.AddHours(2));
        await world.Pass(TimeSpan.FromMinutes(1));
        var other = await world.Session(form => form with { Name = "Another chance", StartNow = true, OpensAt = null, ClosesAt = null });
        var cleanUp = new CleanUp(world.Db, world.Changes, world.Clock);
        Assert.Equal(1, (await cleanUp.Preview(world.Manager)).Count);
        var ticket = await world.Ticket(other);
        var (joined, cleaned) = await Meet(
            world, FeedNames.Session(other.Id), () => world.JoinLobby.Run(ticket, Address), () => cleanUp.Run(world.Manager, new CleanUpRequest { Expected = 1 }, null));
        Good(joined);
        Refused(ProblemKind.Stale, cleaned);
        Assert.Equal(RegistrationStatus.Pending, (await world.Registration(registered.Id)).Status);
    }

    // The first waits with everything written, for a row of the audit that this holds; the second waits for the first.
    private static async Task<(TFirst First, TSecond Second)> Meet<TFirst, TSecond>(World world, string chain, Func<Task<TFirst>> first, Func<Task<TSecond>> second)
    {
        await using var connection = await world.Db.Open();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("SELECT 1 FROM audit_chains WHERE chain = @chain FOR UPDATE", new { chain }, transaction);
        var one = Task.Run(first);
        await Blocked(1);
        var two = Task.Run(second);
        await Blocked(2);
        await transaction.RollbackAsync();
        return (await one, await two);

        Task Blocked(int count) => Eventually.True(async () => await world.Db.Read(other => other.QuerySingleAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")) == count);
    }
}
