using System.Text.Json.Serialization;
using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace LiveProctor.Hub.Feeds;

/// <summary>What a hub sends to whoever follows feeds (docs/protocol.md section 2). The hubs' own client interfaces extend it.</summary>
public interface IFeedClient
{
    /// <summary>Consecutive events of one followed feed.</summary>
    Task Feed(FeedMessage message);

    /// <summary>The positions of all followed feeds, so that a lost last event is noticed.</summary>
    Task Head(IReadOnlyList<FeedHead> heads);

    /// <summary>Ephemeral changes: never numbered, newest wins.</summary>
    Task Presence(PresenceMessage message);
}

/// <summary>Consecutive events of one feed. One message is shared by all who follow the feed under the same name, and written as bytes once.</summary>
/// <param name="feed">The name that the client followed.</param>
/// <param name="epoch">The history that the events belong to.</param>
/// <param name="events">At least one.</param>
public sealed class FeedMessage(string feed, string epoch, IReadOnlyList<FeedEvent> events)
{
    private SerializedHubMessage? serialized;

    public string Feed { get; } = feed;

    public string Epoch { get; } = epoch;

    public IReadOnlyList<FeedEvent> Events { get; } = events;

    [JsonIgnore]
    internal SerializedHubMessage Serialized => serialized ??= new(new InvocationMessage(nameof(IFeedClient.Feed), [this]));
}

/// <summary>Where a followed feed stands.</summary>
public sealed record FeedHead(string Feed, string Epoch, long Seq);

/// <summary>Ephemeral changes on a followed feed.</summary>
/// <param name="feed">The name that the client followed.</param>
/// <param name="changes">A JSON array.</param>
public sealed class PresenceMessage(string feed, string changes)
{
    private SerializedHubMessage? serialized;

    public string Feed { get; } = feed;

    [JsonConverter(typeof(RawJson))]
    public string Changes { get; } = changes;

    [JsonIgnore]
    internal SerializedHubMessage Serialized => serialized ??= new(new InvocationMessage(nameof(IFeedClient.Presence), [this]));
}

/// <summary>The answer of <c>Follow</c>: after the snapshot, if there is one, and the events the client is at <c>{epoch, seq}</c>.</summary>
public sealed record FollowAnswer
{
    /// <summary>The name that was followed.</summary>
    public required string Feed { get; init; }

    public required string Epoch { get; init; }

    public required long Seq { get; init; }

    /// <summary>The server's time.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>JSON of the state at some position before the events; null when the client's own state is continued.</summary>
    [JsonConverter(typeof(RawJson))]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? Snapshot { get; init; }

    public required IReadOnlyList<FeedEvent> Events { get; init; }
}
