using System.Text;
using Dapper;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tests.UseCases;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>The world with registered students, an outbox, and a carrier that the test chooses.</summary>
internal sealed class MailWorld : IAsyncDisposable
{
    private int registrations;

    private MailWorld(World world, IMailCarrier? carrier)
    {
        World = world;
        Carrier = carrier ?? new Pigeons();
        Outbox = NewOutbox();
        Sender = new SendMails(Outbox, Carrier, world.Clock);
        List = new ListOutbox(world.Db, Carrier);
        Decide = new DecideMails(world.Changes);
        Invite = new InviteStudents(world.Changes);
        Preview = new PreviewNotice(world.Db, world.See, Carrier);
        Calendars = new Calendars(world.Db, world.Changes, Site, world.Clock);
    }

    public static PublicAddress Site { get; } = new("https://proctor.example");

    public World World { get; }

    public IMailCarrier Carrier { get; }

    /// <summary>What the pigeons carried, when no other carrier was chosen.</summary>
    public Pigeons Pigeons => (Pigeons)Carrier;

    public OutboxStore Outbox { get; }

    public SendMails Sender { get; }

    public ListOutbox List { get; }

    public DecideMails Decide { get; }

    public InviteStudents Invite { get; }

    public PreviewNotice Preview { get; }

    public Calendars Calendars { get; }

    public static async Task<MailWorld> New(string kind, Func<World, IMailCarrier>? carrier = null)
    {
        var world = await World.New(kind);
        return new MailWorld(world, carrier?.Invoke(world));
    }

    public async ValueTask DisposeAsync()
    {
        await Carrier.DisposeAsync();
        await World.DisposeAsync();
    }

    /// <summary>Another node's.</summary>
    public OutboxStore NewOutbox() => new(World.Db, Site, World.Clock);

    /// <summary>A student, who is registered for the delivered test when a session is given.</summary>
    public async Task<Student> Student(string name, string? sessionId = null, string? email = "", string? language = null, Actor? by = null)
    {
        var made = World.Good(await new CreateStudent(World.Changes).Run(
            by ?? World.Manager,
            new NewStudent { ExternalId = $"M-{name}", GivenName = name, FamilyName = "Berg", Email = email == "" ? $"{name.ToLowerInvariant()}@school.example" : email },
            null));
        await Sql("UPDATE students SET language = @language WHERE id = @Id", new { language = language ?? "", made.Id });
        if (sessionId is not null)
        {
            await Register(made, sessionId);
        }

        return made;
    }

    public async Task<string> Register(Student student, string? sessionId, string test = World.Delivered, Actor? by = null)
    {
        var id = Id.New(World.Now.AddMilliseconds(++registrations));
        await Sql(
            """
            INSERT INTO registrations (id, organisation_id, student_id, test_code, test_key, session_id, status, settings, created_at, version)
            VALUES (@id, @organisationId, @studentId, @test, @key, @sessionId, 'Pending', '{}', @now, 1)
            """,
            new { id, organisationId = (by ?? World.Manager).OrganisationId, studentId = student.Id, test, key = Core.Catalogue.Test.Key(test), sessionId, now = World.Now });
        return id;
    }

    /// <summary>So many students with a registration of their own in each of the sessions.</summary>
    public Task Many(IReadOnlyList<string> sessionIds, int each) => World.Db.Write(async (connection, transaction) =>
    {
        foreach (var (sessionId, index) in sessionIds.SelectMany(sessionId => Enumerable.Range(0, each).Select(index => (sessionId, index))))
        {
            var row = new { id = $"{sessionId[^16..]}-{index}", organisationId = World.Manager.OrganisationId, sessionId, test = World.Delivered };
            await connection.ExecuteAsync(
                """
                INSERT INTO students (id, organisation_id, external_id, external_key, given_name, family_name, email, settings, created_at, user_id, page_secret)
                VALUES (@id, @organisationId, @id, @id, 'Mia', 'Berg', 'mia@school.example', '{}', 0, @id, @id)
                """,
                row,
                transaction);
            await connection.ExecuteAsync(
                """
                INSERT INTO registrations (id, organisation_id, student_id, test_code, test_key, session_id, status, settings, created_at, version)
                VALUES (@id, @organisationId, @id, @test, @test, @sessionId, 'Pending', '{}', 0, 1)
                """,
                row,
                transaction);
        }

        return (0, Commit: true);
    });

    public Task Sql(string sql, object parameters) => World.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, parameters, transaction), Commit: true));

    /// <summary>A session with so many registered students.</summary>
    public async Task<SessionView> Class(int size = 1)
    {
        var session = await World.Session();
        foreach (var number in Enumerable.Range(1, size))
        {
            await Student($"Pupil{number}", session.Id);
        }

        return session;
    }

    /// <summary>Somebody gives the session another window.</summary>
    public async Task<SessionView> Move(string sessionId, string opensAt, string closesAt, bool notify = true)
    {
        World.Clock.Advance(TimeSpan.FromSeconds(1));
        var version = (await World.SessionNow(sessionId)).Version;
        return World.Good(await World.Edit.Run(World.Manager, sessionId, World.Form with { OpensAt = opensAt, ClosesAt = closesAt, Notify = notify }, version));
    }

    public Task<SessionView> MoveAnHour(string sessionId, bool notify = true) => Move(sessionId, "2026-11-21T10:00:00Z", "2026-11-21T12:00:00Z", notify);

    public Task<SessionView> MoveTwoHours(string sessionId, bool notify = true) => Move(sessionId, "2026-11-21T11:00:00Z", "2026-11-21T13:00:00Z", notify);

    /// <summary>The outbox as the manager sees it, oldest first.</summary>
    public async Task<IReadOnlyList<OutboxRow>> Rows(OutboxQuery? query = null) =>
        [.. World.Good(await List.Run(World.Manager, (query ?? new OutboxQuery()) with { Limit = 200 })).Items.Reverse()];

    /// <summary>The states of all mails, oldest first.</summary>
    public async Task<IEnumerable<MailState>> States() => (await Rows()).Select(row => row.State);

    /// <summary>The only mail.</summary>
    public async Task<OutboxRow> Only() => Assert.Single(await Rows());
}

/// <summary>Carries mails nowhere and does as it is told.</summary>
internal sealed class Pigeons : IMailCarrier
{
    public List<Mail> Carried { get; } = [];

    /// <summary>What happens to the next mails, in order; then all are accepted.</summary>
    public Queue<Func<Mail, Func<Task<bool>>, Task<MailFate>>> Next { get; } = new();

    public (TimeSpan Talk, TimeSpan End) Patience => (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

    public bool Repeatable => false;

    public string From => "exams@school.example";

    public MailDelivery Describe() => new("smtp", "mail.example:587", From);

    public async Task<MailFate> Carry(Mail mail, Func<Task<bool>> handOver, CancellationToken stop)
    {
        if (Next.TryDequeue(out var next))
        {
            return await next(mail, handOver);
        }

        if (!await handOver())
        {
            return new MailFate(Fate.Abandoned, "");
        }

        Carried.Add(mail);
        return new MailFate(Fate.Accepted, "250 OK");
    }

    public Task Rest() => Task.CompletedTask;

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

/// <summary>Reads what a mail holds.</summary>
internal static class Opened
{
    /// <summary>The lines of an iCalendar text, unfolded.</summary>
    public static IReadOnlyList<string> Lines(string calendar) => calendar.Replace("\r\n ", "", StringComparison.Ordinal).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The value of a property; the first when there are several.</summary>
    public static string Value(string calendar, string name) =>
        Lines(calendar).First(line => line.StartsWith(name + ":", StringComparison.Ordinal) || line.StartsWith(name + ";", StringComparison.Ordinal))[(name.Length + 1)..];

    public static int Octets(string text) => Encoding.UTF8.GetByteCount(text);
}
