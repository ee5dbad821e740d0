using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Live;

/// <summary>
/// The live state of sessions as consoles show it, kept beside storage so that a thousand followers cost storage nothing.
/// A board is exact for the position it holds, and may be behind: a reader takes the snapshot and then the feed's events after its position.
/// Two implementations: <c>RedisBoard</c>, and <c>LocalBoard</c> within one process; one contract suite for both.
/// </summary>
public interface ILiveBoard
{
    /// <summary>
    /// Applies committed batches of <c>session:</c> feeds and ignores every other. A batch that starts right after the board's position is applied;
    /// an older or repeated one is ignored; one that leaves a gap is kept aside until what is missing has come, for nodes apply in any order what was committed in one.
    /// A gap that stays open too long, or another epoch, makes the board forget the session, to be rebuilt by its next reader.
    /// A session that nobody has read yet has no board, and applying to it does nothing.
    /// Never throws: the batches are committed whether or not the board can be reached.
    /// </summary>
    ValueTask Apply(IReadOnlyList<FeedBatch> batches);

    /// <summary>
    /// The session's board; null when it must be rebuilt from storage, or the board cannot be reached.
    /// After answering null the board keeps aside what is applied meanwhile, so that the <see cref="Put"/> that follows misses nothing.
    /// </summary>
    ValueTask<BoardSnapshot?> Read(string sessionId);

    /// <summary>Puts a board built from storage in place, unless a newer one of the same epoch is there already.</summary>
    ValueTask Put(string sessionId, BoardSnapshot board);
}

/// <summary>A session as the console shows it, at one position of its feed.</summary>
/// <param name="Position">Where in <c>session:{id}</c> it was true.</param>
/// <param name="Session">JSON of the session's view; empty until it is known.</param>
/// <param name="Entries">JSON of each entry's row, by entry id.</param>
public sealed record BoardSnapshot(FeedPosition Position, string Session, IReadOnlyDictionary<string, string> Entries);
