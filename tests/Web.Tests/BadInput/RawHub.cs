using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>What a hub answered to one call: its result, or its error, or neither when it closed the connection.</summary>
internal readonly record struct HubAnswer(bool Closed, string? Error, string Text);

/// <summary>The JSON protocol of hubs by hand: says what no client library would say.</summary>
internal sealed class RawHub : IAsyncDisposable
{
    private const char End = '\u001e';
    private readonly ClientWebSocket socket;
    private readonly StringBuilder received = new();
    private readonly byte[] buffer = new byte[16 * 1024];
    private int calls;

    private RawHub(ClientWebSocket socket) => this.socket = socket;

    /// <summary>Connects; null, with the status, when the hub refuses.</summary>
    public static async Task<(RawHub? Hub, HttpStatusCode Status)> Try(HubApp hub, string name, string? token, string? origin = null, string? cookie = null)
    {
        var opening = new ClientWebSocket();
        opening.Options.CollectHttpResponseDetails = true;
        foreach (var (header, value) in new[] { ("Origin", origin), ("Cookie", cookie) })
        {
            if (value is not null)
            {
                opening.Options.SetRequestHeader(header, value);
            }
        }

        try
        {
            await opening.ConnectAsync(new Uri($"ws://{hub.Address.Authority}/hubs/{name}{(token is null ? "" : $"?access_token={Uri.EscapeDataString(token)}")}"), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            var status = opening.HttpStatusCode;
            opening.Dispose();
            return (null, status);
        }

        var connection = new RawHub(opening);
        await connection.Send("""{"protocol":"json","version":1}""");
        var shaken = await connection.Receive();
        Xunit.Assert.Equal("{}", shaken);
        return (connection, HttpStatusCode.SwitchingProtocols);
    }

    /// <summary>Connects.</summary>
    public static async Task<RawHub> Open(HubApp hub, string name, string token) =>
        (await Try(hub, name, token)).Hub ?? throw new InvalidOperationException($"The hub {name} refused.");

    /// <summary>Calls a method with these arguments, each as JSON.</summary>
    public Task<HubAnswer> Call(string method, params string[] arguments) => Call(method, $"[{string.Join(',', arguments)}]");

    /// <summary>Calls a method with what stands where the arguments belong.</summary>
    public async Task<HubAnswer> Call(string method, string arguments)
    {
        var id = $"{++calls}";
        try
        {
            await Send($$"""{"type":1,"invocationId":"{{id}}","target":{{JsonSerializer.Serialize(method)}},"arguments":{{arguments}}}""");
            while (await Receive() is { } text)
            {
                var message = JsonDocument.Parse(text).RootElement;
                if (message.GetProperty("type").GetInt32() == 7)
                {
                    return new HubAnswer(true, null, text);
                }

                if (message.GetProperty("type").GetInt32() == 3 && message.GetProperty("invocationId").GetString() == id)
                {
                    return new HubAnswer(false, message.TryGetProperty("error", out var error) ? error.GetString() : null, text);
                }
            }
        }
        catch (Exception fault) when (fault is WebSocketException or IOException)
        {
            // Closed without a word.
        }

        return new HubAnswer(true, null, "");
    }

    /// <summary>Sends one message.</summary>
    public Task Send(string text) => socket.SendAsync(Encoding.UTF8.GetBytes(text + End), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    /// <summary>Reads until the hub closes the connection; answers everything that it said.</summary>
    public async Task<string> UntilClosed()
    {
        var said = new StringBuilder();
        try
        {
            while (await Receive() is { } text)
            {
                said.AppendLine(text);
            }
        }
        catch (WebSocketException)
        {
            // Closed without a word.
        }

        return said.ToString();
    }

    /// <summary>Reads until the hub says something that contains these words; answers that message.</summary>
    public async Task<string> UntilSays(string words)
    {
        while (await Receive() is { } text)
        {
            if (text.Contains(words, StringComparison.Ordinal))
            {
                return text;
            }
        }

        throw new InvalidOperationException($"Closed before it said {words}.");
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> Receive()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60), TimeProvider.System);
        while (true)
        {
            var all = received.ToString();
            var end = all.IndexOf(End, StringComparison.Ordinal);
            if (end >= 0)
            {
                received.Clear().Append(all.AsSpan(end + 1));
                return all[..end];
            }

            var part = await socket.ReceiveAsync(buffer, patience.Token);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return null;
            }

            received.Append(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
    }
}
