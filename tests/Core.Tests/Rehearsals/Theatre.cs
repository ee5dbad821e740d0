using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Rehearsals;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Core.Tests.Rehearsals;

/// <summary>A process in which rehearsals are played, on a clock that the test moves on.</summary>
internal sealed class Theatre : IAsyncDisposable
{
    public const int Seed = 7;

    private readonly TestDatabase database;
    private readonly DirectRelay relay = new();
    private readonly WatchEntries watch;
    private readonly RunDueSessions due;
    private DateTimeOffset watchedAt;

    private Theatre(TestDatabase database, ManualClock clock)
    {
        (this.database, Clock) = (database, clock);
        var presence = new LocalPresence(clock);
        Changes = new Changes(database.Db, relay, new LocalBoard(), clock);
        Entries = new EntryStore(database.Db);
        Sessions = new SessionStore(database.Db);
        var keys = new SigningKeys(database.Db, clock);
        var address = new PublicAddress("https://exams.example");
        var report = new ReportProgress(Entries, Changes, presence);
        var means = new StudentMeans(
            Changes, new StudentCommands(Changes), new FetchEntryToken(Changes, keys, address),
            new RedeemEntryToken(Changes, keys, address, new LocalThrottle(clock), clock), report,
            new FetchCommands(new FeedLog(database.Db, clock), relay, Entries, Changes, clock));
        Steer = new SteerSession(Changes);
        Commands = new CommandEntries(Changes);
        var abandoned = new EndAbandoned(database.Db, Entries, presence, Steer, Commands, new DeliverySystemStore(database.Db), report, clock);
        Driver = new RehearsalDriver(means, Sessions, Entries, presence, relay, abandoned, clock, NullLogger<RehearsalDriver>.Instance);
        Start = new StartRehearsal(Changes, Driver);
        watch = new WatchEntries(Entries, Changes, presence, clock);
        due = new RunDueSessions(Sessions, Changes, clock);
    }

    public ManualClock Clock { get; }

    public Changes Changes { get; }

    public EntryStore Entries { get; }

    public SessionStore Sessions { get; }

    public SteerSession Steer { get; }

    public CommandEntries Commands { get; }

    public RehearsalDriver Driver { get; }

    public StartRehearsal Start { get; }

    public Db Db => database.Db;

    public Actor Proctor { get; private set; } = Actor.System;

    public static async Task<Theatre> New(string kind)
    {
        var theatre = new Theatre(await TestDatabase.New(kind), new ManualClock());
        await new FirstStart(theatre.Changes).Run("School", "admin@school.example", () => "no password");
        theatre.Proctor = (await theatre.Changes.Run<Actor>(Actor.System, async change =>
        {
            var staff = await change.One<(string Id, string Organisation)>("SELECT id, organisation_id FROM staff");
            return new Actor(ActorKind.Staff, staff.Id, "Administrator", staff.Organisation) { Role = Role.Administrator };
        })).Value;
        return theatre;
    }

    /// <summary>The same after the process was stopped: what was only in memory is gone.</summary>
    public Theatre Restarted() => new(database, Clock) { Proctor = Proctor };

    public async Task<string> Begin() => (await Start.Run(Proctor, seed: Seed)).Value.Id;

    /// <summary>Lets time pass, with everything that happens in it.</summary>
    /// <param name="each">What the proctor does every second.</param>
    public async Task Play(double seconds, Func<Task>? each = null)
    {
        for (var tick = 1; tick <= seconds * 4; tick++)
        {
            Clock.Advance(TimeSpan.FromMilliseconds(250));
            await Driver.Advance(CancellationToken.None);
            if (Clock.GetUtcNow() - watchedAt >= TimeSpan.FromSeconds(2))
            {
                watchedAt = Clock.GetUtcNow();
                await watch.RunDue();
                await watch.InterruptLost();
                await due.Run();
            }

            if (each is not null && tick % 4 == 0)
            {
                await each();
            }
        }
    }

    public Task<IReadOnlyList<Entry>> Rows(string sessionId) => Entries.OfSession(sessionId);

    public async Task ApproveAll(string sessionId)
    {
        var waiting = (await Rows(sessionId)).Where(entry => entry.State == EntryState.Waiting).Select(entry => new EntryRef(entry.Id, entry.Version)).ToList();
        if (waiting.Count > 0)
        {
            await new DecideEntries(Changes).Approve(Proctor, sessionId, new EntriesRequest { Entries = waiting });
        }
    }

    public static EntriesRequest All(IEnumerable<Entry> entries, int? seconds = null, string? reason = null) =>
        new() { Entries = [.. entries.Select(entry => new EntryRef(entry.Id, entry.Version))], Seconds = seconds, Reason = reason };

    /// <summary>How often something was announced of the session and its entries.</summary>
    public async Task<ILookup<string, FeedEvent>> Announced(string sessionId) =>
        (await new FeedLog(database.Db, Clock).Read(FeedNames.Session(sessionId), 0, 100_000))!.Events.ToLookup(item => item.Kind);

    public async ValueTask DisposeAsync()
    {
        Driver.Dispose();
        await database.DisposeAsync();
    }

    private sealed class DirectRelay : IFeedRelay
    {
        private readonly List<Action<FeedBatch>> subscribers = [];

        public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
        {
            foreach (var take in subscribers.ToArray())
            {
                foreach (var batch in batches)
                {
                    take(batch);
                }
            }

            return ValueTask.CompletedTask;
        }

        public IDisposable Subscribe(Action<FeedBatch> take)
        {
            subscribers.Add(take);
            return new Subscription(() => subscribers.Remove(take));
        }

        private sealed class Subscription(Action end) : IDisposable
        {
            public void Dispose() => end();
        }
    }
}
