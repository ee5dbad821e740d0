using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace LiveProctor.Core.Tests.Storage;

public sealed class ForgetOldTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task Used_keys_are_forgotten_after_a_day_and_events_after_thirty(string kind)
    {
        await using var database = await TestDatabase.New(kind);
        var clock = new ManualClock();
        var changes = new Changes(database.Db, new LocalRelay(NullLogger<LocalRelay>.Instance), new LocalBoard(), clock);
        var log = new FeedLog(database.Db, clock);
        var forget = new ForgetOld(database.Db, log, clock);
        var once = new Once("me", "key", "POST /somewhere");
        var runs = 0;

        await Announce();
        clock.Advance(Once.Kept - TimeSpan.FromSeconds(1));
        await forget.Run();
        await Announce();
        Assert.Equal(1, runs);

        clock.Advance(TimeSpan.FromSeconds(2));
        await forget.Run();
        await Announce();
        Assert.Equal(2, runs);

        clock.Advance(ForgetOld.EventsKept - TimeSpan.FromHours(12));
        await forget.Run();
        var page = (await log.Read("lobby:x", 0, 10))!;
        Assert.Equal((2, 2), (page.OldestKept, page.Head.Seq));

        Task Announce() => changes.Run<Done>(
            Actor.System,
            change =>
            {
                runs++;
                change.Announce("lobby:x", "broadcast", new { text = "x" });
                return Task.FromResult<Result<Done>>(new Done());
            },
            once);
    }
}
