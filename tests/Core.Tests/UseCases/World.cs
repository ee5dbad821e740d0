using Dapper;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// A whole program without web and timers, on a database of its own: two organisations with their staff, a delivery system, tests, and the real use cases.
/// The clock stands at eight; the sessions that it makes last from nine to eleven unless a test says otherwise.
/// </summary>
internal sealed partial class World : IAsyncDisposable
{
    /// <summary>When the world's sessions open.</summary>
    public static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    /// <summary>A test that a delivery system gives and confirms commands of; it has a sealed section.</summary>
    public const string Delivered = "MATH-7";

    /// <summary>A test that nobody confirms commands of.</summary>
    public const string Undelivered = "PAPER-7";

    /// <summary>A test that guests may take.</summary>
    public const string Practice = "PRACTICE";

    /// <summary>A test without a proctor and without a delivery system.</summary>
    public const string Unproctored = "SELF-7";

    private readonly TestDatabase database;

    private World(TestDatabase database)
    {
        this.database = database;
        var address = new PublicAddress("https://proctor.example");
        var find = new FindSession(new SessionStore(Db), new JoinThrottle(Throttle = new LocalThrottle(Clock)));
        Relay = new LocalRelay(NullLogger<LocalRelay>.Instance);
        Presence = new LocalPresence(Clock);
        Changes = new Changes(Db, Relay, Board, Clock);
        Log = new FeedLog(Db, Clock);
        Sessions = new SessionStore(Db);
        Entries = new EntryStore(Db);
        Keys = new SigningKeys(Db, Clock);
        Create = new CreateSession(Changes);
        Edit = new EditSession(Changes);
        Delete = new DeleteSession(Changes);
        List = new ListSessions(Db, Clock);
        CountOrder = new CountOrder(Db, Changes);
        See = new SeeSession(Sessions, Db);
        Find = find;
        Steer = new SteerSession(Changes);
        RunDue = new RunDueSessions(Sessions, Changes, Clock);
        DrainIdle = new DrainIdleSessions(Sessions, Changes, Presence);
        JoinLobby = new JoinLobby(find, Changes, new JoinThrottle(Throttle));
        Decide = new DecideEntries(Changes);
        Command = new CommandEntries(Changes);
        Reinstate = new ReinstateEntries(Changes);
        Student = new StudentCommands(Changes);
        Watch = new WatchEntries(Entries, Changes, Presence, Clock);
        FetchToken = new FetchEntryToken(Changes, Keys, address);
        Redeem = new RedeemEntryToken(Changes, Keys, address, Throttle, Clock);
        Progress = new ReportProgress(Entries, Changes, Presence);
        Commands = new FetchCommands(Log, Relay, Entries, Changes, Clock);
        Audit = new AuditLog(Db);
        Profiles = new ProfileStore(Db);
        FollowProfiles = new FollowProfiles(Profiles, Changes, Clock);
    }

    public ManualClock Clock { get; } = new();

    public Db Db => database.Db;

    public LocalRelay Relay { get; }

    public LocalBoard Board { get; } = new();

    public LocalPresence Presence { get; }

    public LocalThrottle Throttle { get; }

    public Changes Changes { get; }

    public FeedLog Log { get; }

    public AuditLog Audit { get; }

    public SessionStore Sessions { get; }

    public EntryStore Entries { get; }

    public SigningKeys Keys { get; }

    public CreateSession Create { get; }

    public EditSession Edit { get; }

    public DeleteSession Delete { get; }

    public ListSessions List { get; }

    public CountOrder CountOrder { get; }

    public SeeSession See { get; }

    public FindSession Find { get; }

    public SteerSession Steer { get; }

    public RunDueSessions RunDue { get; }

    public DrainIdleSessions DrainIdle { get; }

    public JoinLobby JoinLobby { get; }

    public DecideEntries Decide { get; }

    public CommandEntries Command { get; }

    public ReinstateEntries Reinstate { get; }

    public StudentCommands Student { get; }

    public WatchEntries Watch { get; }

    public FetchEntryToken FetchToken { get; }

    public RedeemEntryToken Redeem { get; }

    public ReportProgress Progress { get; }

    public FetchCommands Commands { get; }

    public ProfileStore Profiles { get; }

    public FollowProfiles FollowProfiles { get; }

    public DateTimeOffset Now => Clock.Now();

    public Actor Administrator { get; private set; } = null!;

    public Actor Manager { get; private set; } = null!;

    /// <summary>The proctor of the sessions that the world makes.</summary>
    public Actor Ada { get; private set; } = null!;

    /// <summary>The second proctor of those sessions.</summary>
    public Actor Ben { get; private set; } = null!;

    /// <summary>A proctor of none of those sessions.</summary>
    public Actor Cleo { get; private set; } = null!;

    public Actor Observer { get; private set; } = null!;

    /// <summary>The administrator of another organisation.</summary>
    public Actor Stranger { get; private set; } = null!;

    /// <summary>The delivery system of <see cref="Delivered"/>.</summary>
    public Actor Delivery { get; private set; } = null!;

    /// <summary>A delivery system of the other organisation.</summary>
    public Actor StrangeDelivery { get; private set; } = null!;

    public static async Task<World> New(string kind)
    {
        var world = new World(await TestDatabase.New(kind));
        await world.Furnish();
        return world;
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    /// <summary>The value of what must not be refused.</summary>
    public static T Good<T>(Result<T> result)
    {
        Assert.True(result.Problem is null, $"[{result.Problem?.Code}] {result.Problem?.Detail}");
        return result.Value;
    }

    /// <summary>The problem of what must be refused for this reason.</summary>
    public static Problem Refused<T>(ProblemKind kind, Result<T> result)
    {
        Assert.True(result.Failed(out var problem), $"It was not refused as {kind.Code}.");
        Assert.Equal(kind.Code, problem.Code);
        return problem;
    }

    private async Task Furnish()
    {
        Administrator = await Organisation("Northern schools");
        Stranger = await Organisation("Southern schools");
        Manager = await Staff("Max Manager", Role.Manager);
        Ada = await Staff("Ada Proctor", Role.Proctor);
        Ben = await Staff("Ben Proctor", Role.Proctor);
        Cleo = await Staff("Cleo Proctor", Role.Proctor);
        Observer = await Staff("Olga Observer", Role.Observer);
        Delivery = await DeliverySystem(Administrator);
        StrangeDelivery = await DeliverySystem(Stranger);
        await Test(Delivered, TestKind.Operational, Delivery.Id);
        await Test(Undelivered, TestKind.Operational, TestRules.NoDelivery);
        await Test(Practice, TestKind.Practice, TestRules.NoDelivery);
        await Test(Unproctored, TestKind.Operational, TestRules.NoDelivery, proctored: false);
    }

    private async Task<Actor> Organisation(string name)
    {
        var id = Id.New(Now);
        await Db.Write(async (connection, transaction) =>
        {
            var row = new { id, name, at = Now };
            await connection.ExecuteAsync("INSERT INTO organisations (id, name, created_at) VALUES (@id, @name, @at)", row, transaction);
            return (0, Commit: true);
        });
        return await Staff("Adam Administrator", Role.Administrator, new Actor(ActorKind.System, "system", "LiveProctor", id));
    }

    /// <summary>A new member of staff of the first organisation, or of the actor's.</summary>
    public async Task<Actor> Staff(string name, Role role, Actor? by = null)
    {
        by ??= Administrator;
        var email = $"{name.Replace(' ', '.')}@{by.OrganisationId}.example";
        var made = Good(await new CreateStaff(Changes).Run(by, new NewStaff { Email = email, Name = name, Role = role }, "not used here", _ => "hash", null));
        return new Actor(ActorKind.Staff, made.Id, made.Name, by.OrganisationId) { Role = role };
    }

    /// <summary>A new profile of the first organisation.</summary>
    public async Task<string> Profile(ProfileSettings settings) =>
        Good(await new CreateProfile(Changes).Run(Manager, new NewProfile { Name = Id.New(Now), Settings = settings }, null)).Id;

    private async Task<Actor> DeliverySystem(Actor by)
    {
        var made = Good(await new CreateDeliverySystem(Changes).Run(by, new NewDeliverySystem { Name = "Practice delivery" }, null));
        return new Actor(ActorKind.Delivery, made.Id, made.Name, by.OrganisationId);
    }

    private async Task Test(string code, TestKind kind, string delivery, bool proctored = true) => Good(await new CreateTest(Changes).Run(
        Administrator,
        new NewTest
        {
            Code = code, Title = $"The test {code}", Kind = kind, Minutes = 60, Proctored = proctored, LaunchUrl = "https://tests.example/start", Delivery = delivery,
            Sections = [new NewSection("Numbers", false), new NewSection("Geometry", true)],
        },
        null));
}
