using System.Globalization;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;

namespace LiveProctor.Core.Tests.Live;

/// <summary>What was committed to one session's feed in one epoch: the truth that boards are compared with.</summary>
internal sealed class BoardHistory
{
    private readonly List<BoardSnapshot> snapshots;

    /// <param name="sizes">How many events each batch has.</param>
    /// <param name="students">How many entries the events are spread over.</param>
    public BoardHistory(string sessionId, string epoch, IEnumerable<int> sizes, int students = 5)
    {
        var now = new BoardSnapshot(new FeedPosition(epoch, 0), "", new Dictionary<string, string>());
        snapshots = [now];
        var seq = 0L;
        foreach (var size in sizes)
        {
            var events = new List<FeedEvent>();
            for (var i = 0; i < size; i++)
            {
                seq++;
                var text = seq.ToString(CultureInfo.InvariantCulture);
                var entryId = $"e{seq % students}";
                var session = $$"""{"id":"{{sessionId}}","version":{{text}},"name":"Prüfung \"{{text}}\""}""";
                var entry = $$"""{ "id" : "{{entryId}}", "version":{{text}}, "epoch":"{{epoch}}","name":"Zoë 学"}""";
                (string Data, (string Session, string Entry) Change) happened = (seq % 4) switch
                {
                    0 => ($$"""{"session":{{session}},"by":{"id":"p1"} }""", (session, "")),
                    1 => ($$"""{"session":{{session}},"entry":{{entry}} }""", (session, entry)),
                    _ => ($$"""{"entry":{{entry}},"reason":"entry"}""", ("", entry)),
                };
                events.Add(new FeedEvent(seq, "joined", DateTimeOffset.UnixEpoch, happened.Data));
                now = new BoardSnapshot(
                    new FeedPosition(epoch, seq),
                    happened.Change.Session.Length > 0 ? happened.Change.Session : now.Session,
                    happened.Change.Entry.Length > 0 ? new Dictionary<string, string>(now.Entries) { [entryId] = happened.Change.Entry } : now.Entries);
            }

            Batches.Add(new FeedBatch(FeedNames.Session(sessionId), epoch, events));
            Commits.Add(now);
            snapshots.Add(now);
        }
    }

    /// <summary>What was committed together, in order.</summary>
    public List<FeedBatch> Batches { get; } = [];

    /// <summary>The session after each batch.</summary>
    public List<BoardSnapshot> Commits { get; } = [];

    /// <summary>The session as it was at a position; positions inside a batch were never visible.</summary>
    public BoardSnapshot At(long seq) => snapshots.Single(snapshot => snapshot.Position.Seq == seq);
}
