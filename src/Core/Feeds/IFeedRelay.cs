namespace LiveProctor.Core.Feeds;

/// <summary>
/// Carries committed batches to the other nodes as a hint. It may lose, double or reorder them: a reader that finds a gap reads the log.
/// Two implementations: <c>RedisRelay</c> between nodes, <c>LocalRelay</c> within one process.
/// </summary>
public interface IFeedRelay
{
    /// <summary>Tells every node, this one included. Never throws and never waits long: the batch is already committed.</summary>
    ValueTask Publish(IReadOnlyList<FeedBatch> batches);

    /// <summary>Calls <paramref name="take"/> for every batch that arrives, in the order of arrival, until disposed.</summary>
    IDisposable Subscribe(Action<FeedBatch> take);
}
