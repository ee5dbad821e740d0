using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Storage;

namespace LiveProctor.TestSupport;

/// <summary>A live board that keeps nothing, for tests in which nobody looks at it.</summary>
public sealed class NoBoard : ILiveBoard
{
    public ValueTask Apply(IReadOnlyList<FeedBatch> batches) => ValueTask.CompletedTask;

    public ValueTask<BoardSnapshot?> Read(string sessionId) => ValueTask.FromResult<BoardSnapshot?>(null);

    public ValueTask Put(string sessionId, BoardSnapshot board) => ValueTask.CompletedTask;
}

/// <summary>Writes events to feeds as use cases do: in a transaction, relayed after the commit.</summary>
/// <param name="db">Where to.</param>
/// <param name="relay">Who is told; null for nobody.</param>
/// <param name="time">The clock of the changes; null for the real one.</param>
public sealed class Announcer(Db db, IFeedRelay? relay = null, TimeProvider? time = null)
{
    /// <summary>Runs changes on the database.</summary>
    public Changes Changes { get; } = new(db, relay ?? new NoRelay(), new NoBoard(), time ?? TimeProvider.System);

    /// <summary>Announces events whose data is <c>{"text": …}</c> in one change.</summary>
    public async Task Announce(string feed, params string[] texts)
    {
        var result = await Changes.Run<int>(Actor.System, async change =>
        {
            if (FeedNames.LockRank(feed) == 0)
            {
                await change.LockSession(feed[(feed.IndexOf(':', StringComparison.Ordinal) + 1)..]);
            }

            foreach (var text in texts)
            {
                change.Announce(feed, "said", new { text });
            }

            return texts.Length;
        });
        _ = result.Value;
    }

    private sealed class NoRelay : IFeedRelay, IDisposable
    {
        public ValueTask Publish(IReadOnlyList<FeedBatch> batches) => ValueTask.CompletedTask;

        public IDisposable Subscribe(Action<FeedBatch> take) => this;

        public void Dispose()
        {
        }
    }
}
