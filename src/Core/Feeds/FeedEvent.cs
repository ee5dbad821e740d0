using System.Text.Json.Serialization;

namespace LiveProctor.Core.Feeds;

/// <summary>Where a reader of a feed stands. Another epoch means another history: nothing of the old one may be compared with it.</summary>
/// <param name="Epoch">Names one unbroken history of a feed.</param>
/// <param name="Seq">The number of the last event taken; 0 before the first.</param>
public readonly record struct FeedPosition(string Epoch, long Seq);

/// <summary>One numbered event as it is stored, relayed and sent.</summary>
/// <param name="Seq">Contiguous within the epoch, in commit order, from 1.</param>
/// <param name="Kind">docs/protocol.md section 2.</param>
/// <param name="At">When the command that caused it was decided.</param>
/// <param name="Data">A JSON object that carries whole whatever the event changed.</param>
public sealed record FeedEvent(long Seq, string Kind, DateTimeOffset At, [property: JsonConverter(typeof(RawJson))] string Data);

/// <summary>Consecutive events of one feed that were committed together.</summary>
public sealed record FeedBatch(string Feed, string Epoch, IReadOnlyList<FeedEvent> Events)
{
    /// <summary>The number of the first event.</summary>
    [JsonIgnore]
    public long Start => Events[0].Seq;

    /// <summary>True when an event of it says what an entry has become.</summary>
    [JsonIgnore]
    public bool TellsOfEntries => Events.Any(item => item.Data.StartsWith("{\"entry\":", StringComparison.Ordinal));

    /// <summary>The position after this batch.</summary>
    [JsonIgnore]
    public FeedPosition End => new(Epoch, Events[^1].Seq);
}
