using LiveProctor.Core.Live;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Core.Feeds;

/// <summary>
/// The relay between nodes, by Redis publish and subscribe. What this node publishes reaches its own subscribers without the way through Redis,
/// so a Redis that is away costs only what other nodes did, until their feeds' next look at the log.
/// </summary>
public sealed class RedisRelay : IFeedRelay, IDisposable
{
    private const string Channel = "liveproctor:feeds";

    // Beyond it one change travels as several messages: what happens to ten thousand entries at once must not hold up other feeds.
    private const int MostEvents = 100;

    private readonly RedisLink link;
    private readonly LocalRelay local;
    private readonly ILogger log;
    private readonly string name;
    private readonly Lock gate = new();
    private Task<bool>? listening;

    public RedisRelay(RedisLink link, TimeProvider time, ILogger<RedisRelay> log, ILogger<LocalRelay> localLog)
    {
        this.link = link;
        this.log = log;
        local = new LocalRelay(localLog);
        name = Id.New(time.Now());
        link.CameUp += ListenAgain;
    }

    public ValueTask Publish(IReadOnlyList<FeedBatch> batches)
    {
        var told = local.Publish(batches);
        foreach (var message in Messages(batches))
        {
            // Not awaited: the link keeps the order, and a Redis that hangs must not hold up the command.
            _ = link.Publish(Channel, RelayedMessage.Write(name, message)).AsTask();
        }

        return told;
    }

    public IDisposable Subscribe(Action<FeedBatch> take)
    {
        var subscription = local.Subscribe(take);
        _ = Listen();
        return subscription;
    }

    /// <summary>Listens to the other nodes; false while Redis is out of reach, and tried again when it comes up.</summary>
    public Task<bool> Listen()
    {
        lock (gate)
        {
            return listening is { IsCompletedSuccessfully: true, Result: true } or { IsCompleted: false }
                ? listening
                : listening = link.Subscribe(Channel, Take).AsTask();
        }
    }

    public void Dispose() => link.CameUp -= ListenAgain;

    private void ListenAgain(object? sender, EventArgs args)
    {
        lock (gate)
        {
            // Nobody here listens before the first subscriber.
            if (listening is null)
            {
                return;
            }
        }

        _ = Listen();
    }

    private void Take(byte[] message)
    {
        try
        {
            if (RelayedMessage.Read(message, except: name) is { } batches)
            {
                _ = local.Publish(batches).AsTask();
            }
        }
        catch (Exception strange) when (strange is IOException or FormatException or ArgumentException or OverflowException)
        {
            // Of another version of the program, perhaps: a hint lost, which the log makes good.
            log.LogWarning(strange, "A relayed message could not be read");
        }
    }

    private static IEnumerable<IReadOnlyList<FeedBatch>> Messages(IReadOnlyList<FeedBatch> batches)
    {
        var message = new List<FeedBatch>();
        var events = 0;
        foreach (var part in batches.SelectMany(batch => batch.Events.Chunk(MostEvents).Select(some => batch with { Events = some })))
        {
            message.Add(part);
            events += part.Events.Count;
            if (events >= MostEvents)
            {
                yield return message;
                message = [];
                events = 0;
            }
        }

        if (message.Count > 0)
        {
            yield return message;
        }
    }
}
