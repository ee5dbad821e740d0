using System.Collections.Concurrent;
using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using Microsoft.Extensions.Hosting;

namespace LiveProctor.Hub.Feeds;

/// <summary>What the hubs use: connections of this node follow feeds, and stop following them. Whether they may is the caller's to ask.</summary>
public sealed class FeedConnections(FeedTailer tailer, TimeProvider time, FeedTiming timing) : IHostedService, IDisposable
{
    // Heads are told to a tenth of the connections at a time: a steady trickle instead of a burst.
    private const int Turns = 10;

    // An answer fails to join on only when a whole memory of events passes between two steps of one call.
    private const int MostAttempts = 5;

    private readonly ConcurrentDictionary<FeedReader, int> readers = new();
    private ITimer? heads;
    private int turn;
    private int nextTurn;

    /// <summary>How many connections follow something on this node.</summary>
    public int Count => readers.Count;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        heads = time.CreateTimer(_ => TellHeads(), null, timing.Heads / Turns, timing.Heads / Turns);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        heads?.Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => heads?.Dispose();

    /// <summary>
    /// Begins to follow a feed, in place of what the connection followed under the same name.
    /// Everything after the answer is sent to the reader, in order and once; it may arrive before the answer does.
    /// Problems: those of the snapshot, and unavailable.
    /// </summary>
    /// <param name="reader">The connection.</param>
    /// <param name="shownName">The name that the client used (<c>me</c>), which all messages carry.</param>
    /// <param name="feed">The feed's own name (<c>entry:…</c>).</param>
    /// <param name="held">The client's position; null when it has none.</param>
    /// <param name="snapshot">Asked only when the missed events cannot be replayed.</param>
    /// <param name="gate">Asked before each event when events can end the right to follow.</param>
    /// <param name="door">Asked once the feed is held when the right to follow can end at any moment.</param>
    public async Task<Result<FollowAnswer>> Follow(
        FeedReader reader, string shownName, string feed, FeedPosition? held, SnapshotSource snapshot, FeedGate? gate = null, FeedDoor? door = null)
    {
        var followed = tailer.Hold(feed);
        var attached = false;
        try
        {
            if (door is not null)
            {
                var opened = await door();
                if (opened.Failed(out var refusal))
                {
                    return refusal;
                }

                followed.Look(opened.Value);
            }

            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                if (followed.Head is null || attempt > 0)
                {
                    await followed.CatchUp();
                }

                var found = await Answer(followed, shownName, held, snapshot, fresh: attempt > 0);
                if (found.Failed(out var problem))
                {
                    return problem;
                }

                if (found.Value is not { } answer)
                {
                    continue;
                }

                var pump = new FeedPump(followed, reader, shownName, gate, answer.Seq);
                if (followed.Attach(pump, answer.Epoch))
                {
                    attached = true;
                    readers.TryAdd(reader, Interlocked.Increment(ref nextTurn) % Turns);
                    if (!reader.Follow(pump))
                    {
                        followed.Detach(pump);
                        Disconnected(reader);
                    }

                    return answer;
                }
            }

            return ProblemKind.Unavailable;
        }
        finally
        {
            if (!attached)
            {
                followed.Release();
            }
        }
    }

    /// <summary>Stops following; nothing happens when the connection does not follow it.</summary>
    public static void Unfollow(FeedReader reader, string shownName) => reader.Unfollow(shownName);

    /// <summary>The connection is gone.</summary>
    public void Disconnected(FeedReader reader)
    {
        reader.Leave();
        readers.TryRemove(reader, out _);
    }

    /// <summary>Cuts off every connection of this node that follows a feed and for which <paramref name="keep"/> does not hold; it may follow anew what it still may see.</summary>
    public void Drop(string feed, Func<FeedReader, bool> keep)
    {
        foreach (var pump in tailer.Find(feed)?.Pumps() ?? [])
        {
            if (!keep(pump.Reader))
            {
                pump.CutOff();
            }
        }
    }

    /// <summary>Sends ephemeral changes to everybody who follows a feed on this node.</summary>
    /// <param name="feed">The feed's own name.</param>
    /// <param name="changes">A JSON array, as docs/protocol.md section 2 describes for this feed.</param>
    public void Presence(string feed, string changes)
    {
        PresenceMessage? message = null;
        foreach (var pump in tailer.Find(feed)?.Pumps() ?? [])
        {
            message = message?.Feed == pump.ShownName ? message : new PresenceMessage(pump.ShownName, changes);
            _ = pump.Reader.Client.Presence(message);
        }
    }

    /// <summary>An answer that ends where a pump can go on; null when the snapshot was too old to be completed.</summary>
    private async Task<Result<FollowAnswer?>> Answer(FollowedFeed followed, string shownName, FeedPosition? held, SnapshotSource snapshot, bool fresh)
    {
        if (held is { } position && await followed.Missed(position) is { } missed)
        {
            return Complete(shownName, position, null, missed);
        }

        // Before the snapshot is read: what it does not say is then sent as events.
        var head = followed.Head!.Value;
        var read = await snapshot(fresh);
        if (read.Failed(out var problem))
        {
            return problem;
        }

        var from = read.Value.Position ?? head;
        return await followed.Missed(from) is { } since ? Complete(shownName, from, read.Value.Json, since) : (FollowAnswer?)null;
    }

    private FollowAnswer Complete(string shownName, FeedPosition from, string? snapshot, IReadOnlyList<FeedEvent> events) => new()
    {
        Feed = shownName,
        Epoch = from.Epoch,
        Seq = events.Count > 0 ? events[^1].Seq : from.Seq,
        Now = time.Now(),
        Snapshot = snapshot,
        Events = events,
    };

    private void TellHeads()
    {
        turn = (turn + 1) % Turns;
        foreach (var (reader, its) in readers)
        {
            if (its == turn)
            {
                reader.TellHeads();
            }
        }
    }
}
