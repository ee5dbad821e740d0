using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

/// <summary>What every record of presence does, however it is kept.</summary>
public abstract class PresenceContract
{
    private static readonly Person Pat = new("p1", "Pat");
    private static readonly Person Ann = new("p2", "Ann");

    private readonly string session = Id.New(TimeProvider.System.GetUtcNow());

    protected ManualClock Clock { get; } = new();

    protected abstract IPresence Presence { get; }

    protected string Session => session;

    [Fact]
    public async Task Who_never_pinged_was_never_seen()
    {
        var presence = await Presence.Read(session);

        Assert.NotNull(presence);
        Assert.Null(presence.LastSeenAt("e1"));
        Assert.Equal(Core.Live.Presence.Never, presence.Of("e1", Clock.Now()));
    }

    [Fact]
    public async Task A_ping_is_remembered_with_its_instant()
    {
        await Presence.Seen([(session, "e1")]);
        Clock.Advance(TimeSpan.FromSeconds(3));
        await Presence.Seen([(session, "e2")]);

        var presence = await Presence.Read(session);

        Assert.Equal(Clock.Now() - TimeSpan.FromSeconds(3), presence!.LastSeenAt("e1"));
        Assert.Equal(Clock.Now(), presence.LastSeenAt("e2"));
        Assert.Equal(2, presence.LastSeen.Count);
    }

    [Fact]
    public async Task Pings_of_several_sessions_are_passed_on_together_and_kept_apart()
    {
        var other = session + "x";

        await Presence.Seen([(session, "e1"), (other, "e2"), (session, "e3"), (session, "e1")]);

        Assert.Equal(["e1", "e3"], (await Presence.Read(session))!.LastSeen.Keys.Order());
        Assert.Equal(["e2"], (await Presence.Read(other))!.LastSeen.Keys);
    }

    [Fact]
    public async Task An_entry_that_ended_is_forgotten()
    {
        await Presence.Seen([(session, "e1"), (session, "e2")]);

        await Presence.Gone(session, "e1");

        Assert.Equal(["e2"], (await Presence.Read(session))!.LastSeen.Keys);
    }

    [Fact]
    public async Task Silence_is_certain_from_the_last_ping_on()
    {
        await Presence.Seen([(session, "e1")]);
        Clock.Advance(TimeSpan.FromSeconds(20));
        await Presence.Seen([(session, "e1")]);
        Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(TimeSpan.FromSeconds(61), (await Presence.Read(session))!.CertainSilence("e1", Clock.Now()));
    }

    [Fact]
    public async Task Silence_of_one_who_never_pinged_is_certain_from_the_first_look_on()
    {
        await Presence.Read(session);
        Clock.Advance(TimeSpan.FromSeconds(61));

        Assert.Equal(TimeSpan.FromSeconds(61), (await Presence.Read(session))!.CertainSilence("e1", Clock.Now()));
    }

    [Fact]
    public async Task Staff_are_here_as_long_as_they_say_so()
    {
        await Presence.StaffSeen(session, Pat);
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Presence.StaffSeen(session, Ann);
        Assert.Equal([Ann, Pat], await Presence.StaffHere(session));

        Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal([Ann], await Presence.StaffHere(session));

        await Presence.StaffGone(session, Ann.Id);
        Assert.Equal([], await Presence.StaffHere(session));
    }

    [Fact]
    public async Task A_person_with_two_consoles_and_a_new_name_is_here_once()
    {
        await Presence.StaffSeen(session, Pat);
        await Presence.StaffSeen(session, Pat with { Name = "Pat \"O'Neil\" Ünal" });

        Assert.Equal([Pat with { Name = "Pat \"O'Neil\" Ünal" }], await Presence.StaffHere(session));
    }
}

public sealed class LocalPresenceTests : PresenceContract
{
    private readonly LocalPresence presence;

    public LocalPresenceTests() => presence = new LocalPresence(Clock);

    protected override IPresence Presence => presence;

    [Fact]
    public async Task A_session_without_a_ping_for_a_day_is_forgotten()
    {
        await presence.Seen([(Session, "e1")]);

        Clock.Advance(TimeSpan.FromHours(25));
        await presence.Seen([("another", "e2")]);

        Assert.Empty((await presence.Read(Session))!.LastSeen);
    }
}

public sealed class RedisPresenceTests : PresenceContract, IClassFixture<PrivateRedis>
{
    private readonly PrivateRedis redis;
    private readonly RedisPresence presence;

    public RedisPresenceTests(PrivateRedis redis)
    {
        this.redis = redis;
        presence = new RedisPresence(redis.Link(Clock), Clock);
    }

    protected override IPresence Presence => presence;

    [Fact]
    public async Task Nodes_see_each_others_students_and_staff()
    {
        var other = new RedisPresence(redis.Link(Clock), Clock);
        await other.Seen([(Session, "e1")]);
        await other.StaffSeen(Session, new Person("p1", "Pat"));

        Assert.Equal(Clock.Now(), (await presence.Read(Session))!.LastSeenAt("e1"));
        Assert.Single((await presence.StaffHere(Session))!);
    }

    [Fact]
    public async Task A_session_without_a_ping_for_a_day_is_forgotten()
    {
        await presence.Seen([(Session, "e1")]);

        var left = await redis.Link().Ask(database => database.KeyTimeToLiveAsync($"lp:{{{Session}}}:students"));

        Assert.InRange(left.Value!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));
    }

    [Fact]
    public async Task A_Redis_that_forgot_everything_makes_nobody_silent()
    {
        await presence.Seen([(Session, "e1")]);
        Clock.Advance(TimeSpan.FromMinutes(10));
        await redis.Server.FlushAll();

        var forgotten = await presence.Read(Session);
        Assert.Equal(TimeSpan.Zero, forgotten!.CertainSilence("e1", Clock.Now()));

        Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(TimeSpan.FromSeconds(61), (await presence.Read(Session))!.CertainSilence("e1", Clock.Now()));
    }

    [Fact]
    public async Task Without_Redis_presence_is_unknown_and_what_was_missed_meanwhile_makes_nobody_silent()
    {
        await using var server = await RedisServer.New();
        using var link = new RedisLink(server.ConnectionString, Clock);
        var mine = new RedisPresence(link, Clock);
        await mine.Seen([(Session, "e1")]);

        // Held up, not emptied: what was written before is still there afterwards.
        await server.Command("CLIENT PAUSE 3000 ALL");
        await Eventually.True(() => !link.IsUp);
        Clock.Advance(TimeSpan.FromMinutes(2));
        await mine.Seen([(Session, "e1")]);
        await mine.Gone(Session, "e1");
        await mine.StaffSeen(Session, new Person("p1", "Pat"));
        await mine.StaffGone(Session, "p1");
        Assert.Null(await mine.Read(Session));
        Assert.Null(await mine.StaffHere(Session));

        await Eventually.True(() => link.IsUp);
        var presenceNow = await mine.Read(Session);
        Assert.NotNull(presenceNow!.LastSeenAt("e1"));
        Assert.Equal(TimeSpan.Zero, presenceNow.CertainSilence("e1", Clock.Now()));
    }

    [Fact]
    public async Task A_node_that_has_just_started_makes_nobody_silent()
    {
        await presence.Seen([(Session, "e1")]);
        Clock.Advance(TimeSpan.FromMinutes(2));

        var started = new RedisPresence(redis.Link(Clock), Clock);

        Assert.Equal(TimeSpan.Zero, (await started.Read(Session))!.CertainSilence("e1", Clock.Now()));
    }
}

public sealed class PresenceRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, Core.Live.Presence.Online)]
    [InlineData(5_000, Core.Live.Presence.Online)]
    [InlineData(5_001, Core.Live.Presence.Lagging)]
    [InlineData(15_000, Core.Live.Presence.Lagging)]
    [InlineData(15_001, Core.Live.Presence.Lost)]
    [InlineData(-2_000, Core.Live.Presence.Online)]
    public void Presence_follows_from_the_silence(int milliseconds, Presence expected) =>
        Assert.Equal(expected, PresenceRules.Of(Now.AddMilliseconds(-milliseconds), Now));

    [Fact]
    public void Who_was_never_seen_is_neither_here_nor_lost() => Assert.Equal(Core.Live.Presence.Never, PresenceRules.Of(null, Now));
}
