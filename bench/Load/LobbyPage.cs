using System.Net;
using System.Text.Json;

namespace LiveProctor.Bench.Load;

/// <summary>Where a client stands in a feed.</summary>
internal sealed record Held(string Epoch, long Seq);

/// <summary>What a student's page holds open: the lobby's hub, with both feeds followed (docs/protocol.md section 5).</summary>
internal sealed class LobbyPage : IDisposable
{
    private readonly HubClient hub;

    private LobbyPage(HubClient hub) => this.hub = hub;

    /// <summary>Where it stood after following.</summary>
    public Held? Lobby { get; private set; }

    public Held? Me { get; private set; }

    /// <summary>The student was approved before the page followed.</summary>
    public bool Approved { get; private set; }

    public Task Ended => hub.Ended;

    /// <summary>Connects and follows, from where an earlier connection stood.</summary>
    /// <param name="pushed">Takes every invocation of the server.</param>
    public static async Task<LobbyPage> Open(IPEndPoint server, string token, Action<HubClient, ReadOnlyMemory<byte>>? pushed = null, Held? lobby = null, Held? me = null)
    {
        var page = new LobbyPage(await HubClient.Connect(server, $"/hubs/lobby?access_token={token}", pushed));
        try
        {
            var bytes = await page.hub.Invoke("Enter", lobby, me);
            page.Approved = bytes.AsSpan().IndexOf("\"state\":\"approved\""u8) >= 0;
            using var answer = JsonDocument.Parse(bytes);
            page.Lobby = Position(answer.RootElement.GetProperty("result").GetProperty("lobby"));
            page.Me = Position(answer.RootElement.GetProperty("result").GetProperty("me"));
            return page;
        }
        catch
        {
            page.Dispose();
            throw;
        }
    }

    /// <summary>The student's presence; nothing when the connection has just ended.</summary>
    public void Ping()
    {
        try
        {
            hub.Send(PingCall);
        }
        catch (Exception gone) when (gone is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // Whoever waits for its end opens it anew.
        }
    }

    public void Dispose() => hub.Dispose();

    private static readonly byte[] PingCall = HubClient.Encode("Ping", [], id: null);

    private static Held Position(JsonElement answer) => new(answer.GetProperty("epoch").GetString()!, answer.GetProperty("seq").GetInt64());
}
