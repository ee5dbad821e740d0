using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>The feeds of one node, on a database and a relay that it may share with others.</summary>
internal sealed class Node : IAsyncDisposable
{
    /// <summary>Impatient, so that tests that run on real time end soon.</summary>
    public static readonly FeedTiming Quick = new() { Poll = TimeSpan.FromMilliseconds(50), Heads = TimeSpan.FromMilliseconds(200) };

    private Node(Db db, IFeedRelay relay, TimeProvider time, FeedTiming timing)
    {
        Log = new FeedLog(db, time);
        Announcer = new Announcer(db, relay, time);
        Tailer = new FeedTailer(Log, relay, time, timing, NullLogger<FeedTailer>.Instance);
        Connections = new FeedConnections(Tailer, time, timing);
    }

    public FeedLog Log { get; }

    public Announcer Announcer { get; }

    public FeedTailer Tailer { get; }

    public FeedConnections Connections { get; }

    /// <summary>How often a snapshot was asked for.</summary>
    public int Snapshots { get; private set; }

    /// <summary>How many events older than the head a snapshot is, as long as it need not be fresh.</summary>
    public int SnapshotsBehind { get; set; }

    public static async Task<Node> Start(Db db, IFeedRelay relay, TimeProvider? time = null, FeedTiming? timing = null)
    {
        var node = new Node(db, relay, time ?? TimeProvider.System, timing ?? Quick);
        await node.Tailer.StartAsync(CancellationToken.None);
        await node.Connections.StartAsync(CancellationToken.None);
        return node;
    }

    /// <summary>A snapshot of everything said in a feed: <c>{"texts": […]}</c>.</summary>
    public async Task<Result<FeedSnapshot>> Snapshot(string feed, bool fresh)
    {
        Snapshots++;
        var page = await Log.Read(feed, 0, 1_000_000) ?? new FeedPage(await Log.Begin(feed), 1, []);
        var told = page.Events.Take(fresh ? int.MaxValue : Math.Max(0, page.Events.Count - SnapshotsBehind)).ToList();
        var seq = told.Count > 0 ? told[^1].Seq : page.OldestKept - 1;
        return new FeedSnapshot(new FeedPosition(page.Head.Epoch, seq), Json.Write(new { texts = told.Select(item => Said.Of(item.Data)) }));
    }

    public async ValueTask DisposeAsync()
    {
        await Connections.StopAsync(CancellationToken.None);
        Connections.Dispose();
        await Tailer.DisposeAsync();
    }
}

/// <summary>The data of the announcer's events.</summary>
internal sealed record Said(string Text)
{
    public static string Of(string data) => Json.Read<Said>(data).Text;

    /// <summary>Everything that was ever said in a feed, from the log.</summary>
    public static async Task<IReadOnlyList<string>> All(FeedLog log, string feed) =>
        await log.Read(feed, 0, 1_000_000) is { } page ? [.. page.Events.Select(item => Of(item.Data))] : [];
}

/// <summary>The state that <see cref="Node.Snapshot"/> tells.</summary>
internal sealed record Told(IReadOnlyList<string> Texts);
