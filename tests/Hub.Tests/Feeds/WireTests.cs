using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using LiveProctor.Core;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Hub.Feeds;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Tests.Feeds;

/// <summary>Feeds through a real SignalR connection: what docs/protocol.md section 2 promises, byte by byte.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private static readonly string Feed = FeedNames.Lobby("s");

    private readonly ManualClock clock = new();
    private TestDatabase database = null!;
    private WebApplication app = null!;
    private ClientWebSocket socket = null!;
    private Announcer announcer = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.New("sqlite");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(clock);
        builder.Services.AddSingleton(database.Db);
        builder.Services.AddSingleton<IFeedRelay, LocalRelay>();
        builder.Services.AddSignalR().AddJsonProtocol(options => Json.Configure(options.PayloadSerializerOptions));
        builder.Services.AddFeeds();
        app = builder.Build();
        app.MapHub<FeedHub>("/hub");
        await app.StartAsync();
        announcer = new Announcer(database.Db, app.Services.GetRequiredService<IFeedRelay>(), clock);
        socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(app.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + "/hub"), CancellationToken.None);
        await Send("""{"protocol":"json","version":1}""");
        Assert.Equal("{}", await Receive());
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        await app.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_follow_is_answered_and_events_follow_it()
    {
        await announcer.Announce(Feed, "a");
        var epoch = (await app.Services.GetRequiredService<FeedLog>().Head(Feed))!.Value.Epoch;
        await Send($$"""{"type":1,"invocationId":"1","target":"Follow","arguments":["lobby",null]}""");
        Assert.Equal(
            $$$"""{"type":3,"invocationId":"1","result":{"feed":"lobby","epoch":"{{{epoch}}}","seq":1,"now":"2026-11-21T08:00:00.000Z","snapshot":{"lobby":{}},"events":[]}}""",
            await Receive());
        await announcer.Announce(Feed, "b", "c");
        Assert.Equal(
            $$$"""{"type":1,"target":"Feed","arguments":[{"feed":"lobby","epoch":"{{{epoch}}}","events":[{"seq":2,"kind":"said","at":"2026-11-21T08:00:00.000Z","data":{"text":"b"}},{"seq":3,"kind":"said","at":"2026-11-21T08:00:00.000Z","data":{"text":"c"}}]}]}""",
            await Receive());
        await Send($$"""{"type":1,"invocationId":"2","target":"Follow","arguments":["lobby",{"epoch":"{{epoch}}","seq":2}]}""");
        Assert.Equal(
            $$$"""{"type":3,"invocationId":"2","result":{"feed":"lobby","epoch":"{{{epoch}}}","seq":3,"now":"2026-11-21T08:00:00.000Z","snapshot":null,"events":[{"seq":3,"kind":"said","at":"2026-11-21T08:00:00.000Z","data":{"text":"c"}}]}}""",
            await Receive());
    }

    [Fact]
    public async Task Heads_and_presence_carry_the_name_that_was_followed()
    {
        await announcer.Announce(Feed, "a");
        await Send("""{"type":1,"invocationId":"1","target":"Follow","arguments":["lobby",null]}""");
        var answer = JsonNode.Parse(await Receive())!;
        app.Services.GetRequiredService<FeedConnections>().Presence(Feed, """[{"waiting":3,"proctorPresent":true}]""");
        Assert.Equal("""{"type":1,"target":"Presence","arguments":[{"feed":"lobby","changes":[{"waiting":3,"proctorPresent":true}]}]}""", await Receive());
        clock.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal($$$"""{"type":1,"target":"Head","arguments":[[{"feed":"lobby","epoch":"{{{answer["result"]!["epoch"]}}}","seq":1}]]}""", await Receive());
    }

    [Fact]
    public async Task A_connection_that_ends_follows_nothing_any_more()
    {
        var tailer = app.Services.GetRequiredService<FeedTailer>();
        await Send("""{"type":1,"invocationId":"1","target":"Follow","arguments":["lobby",null]}""");
        await Receive();
        Assert.Equal(1, tailer.Followed);
        socket.Abort();
        await Eventually.True(() => tailer.Followed == 0);
    }

    private Task Send(string message) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(message + "\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>The next message that is no ping.</summary>
    private async Task<string> Receive()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        var text = new StringBuilder();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, deadline.Token);
            text.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
            if (part.EndOfMessage && text.ToString() is var all && all.EndsWith('\u001e'))
            {
                text.Clear();
                if (all != "{\"type\":6}\u001e")
                {
                    return all.TrimEnd('\u001e');
                }
            }
        }
    }

    private sealed class FeedHub(FeedConnections feeds) : Microsoft.AspNetCore.SignalR.Hub
    {
        public async Task<FollowAnswer> Follow(string feed, FeedPosition? position) => (await feeds.Follow(
            Context.Features.Get<FeedReader>()!,
            feed,
            FeedNames.Lobby("s"),
            position,
            _ => Task.FromResult<Result<FeedSnapshot>>(new FeedSnapshot(null, """{"lobby":{}}""")))).Value;
    }
}
