using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Hub.Feeds;
using LiveProctor.Hub.Lobby;
using LiveProctor.TestSupport;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>What a hub sends of feeds is frozen to the letter in <c>tests/Contracts</c>.</summary>
public sealed class FeedShapesTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly FeedEvent Event = new(8, "approved", Nine, """{"entry":{"id":"entry-1"},"by":{"id":"staff-1","name":"Ada Proctor"}}""");

    public static TheoryData<string, object> Shapes => new()
    {
        { "followAnswer", new FollowAnswer { Feed = "session:session-1", Epoch = "epoch", Seq = 8, Now = Nine, Snapshot = """{"session":{"id":"session-1"},"entries":[]}""", Events = [Event] } },
        { "followAnswerReplay", new FollowAnswer { Feed = "me", Epoch = "epoch", Seq = 8, Now = Nine, Snapshot = null, Events = [] } },
        {
            "enterAnswer", new EnterAnswer(
                new FollowAnswer { Feed = "lobby", Epoch = "epoch", Seq = 8, Now = Nine, Snapshot = null, Events = [Event] },
                new FollowAnswer { Feed = "me", Epoch = "epoch", Seq = 3, Now = Nine, Snapshot = """{"me":{"entryId":"entry-1"}}""", Events = [] })
        },
        { "feedMessage", new FeedMessage("session:session-1", "epoch", [Event]) },
        { "headMessage", new[] { new FeedHead("lobby", "epoch", 8) } },
        { "presenceMessage", new PresenceMessage("me", """[{"ahead":3}]""") },
    };

    [Theory, MemberData(nameof(Shapes), DisableDiscoveryEnumeration = true)]
    public void A_shape_is_as_it_was_frozen(string name, object example)
    {
        var (frozen, now) = Contract.Compare(name, Json.Write(example));
        Assert.Equal(frozen, now);
    }
}
