using System.Net;
using System.Text;
using System.Text.Json;
using LiveProctor.Bench.Load;

namespace LiveProctor.Bench.Yardsticks;

/// <summary>A client of a yardstick that pushes. Implementations: <see cref="BareHubClient"/>, <see cref="SocketIoClient"/>, <see cref="BareSocketClient"/>.</summary>
internal interface IPushClient : IDisposable
{
    /// <summary>Takes the bytes of every pushed message, valid during the call only.</summary>
    Action<ReadOnlyMemory<byte>>? Pushed { set; }

    /// <summary>Names the connection; it hears the bell when it wants to.</summary>
    Task Register(string name, bool hears);

    /// <summary>Pushes to the connection of that name.</summary>
    void Relay(string target, string payload);

    /// <summary>The same after a durable insert and a publish.</summary>
    void Keep(string target, string payload);

    /// <summary>Pushes to everyone who hears the bell.</summary>
    void Ring(string payload);
}

/// <summary>A client of <see cref="BareHub"/>.</summary>
internal sealed class BareHubClient(HubClient hub) : IPushClient
{
    public Action<ReadOnlyMemory<byte>>? Pushed
    {
        set => hub.Pushed = value is null ? null : (_, message) => value(message);
    }

    public static async Task<IPushClient> Connect(IPEndPoint server) => new BareHubClient(await HubClient.Connect(server, "/hub"));

    public Task Register(string name, bool hears) => hub.Invoke("Register", name, hears);

    public void Relay(string target, string payload) => hub.Send("Relay", target, payload);

    public void Keep(string target, string payload) => hub.Send("Keep", target, payload);

    public void Ring(string payload) => hub.Send("Ring", payload);

    public void Dispose() => hub.Dispose();
}

/// <summary>A client of <see cref="BareSockets"/>.</summary>
internal sealed class BareSocketClient : IPushClient
{
    private readonly WireSocket socket;
    private readonly TaskCompletionSource named = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private BareSocketClient(WireSocket socket)
    {
        this.socket = socket;
        _ = socket.Read(Take);
    }

    public Action<ReadOnlyMemory<byte>>? Pushed { private get; set; }

    public static async Task<IPushClient> Connect(IPEndPoint server) => new BareSocketClient(await WireSocket.Connect(server, "/socket"));

    public Task Register(string name, bool hears)
    {
        socket.Send(Encoding.UTF8.GetBytes($"N {name}"));
        return named.Task;
    }

    public void Relay(string target, string payload) => socket.Send(Encoding.UTF8.GetBytes($"R {target} {payload}"));

    public void Keep(string target, string payload) => throw new NotSupportedException("Bare sockets keep nothing.");

    public void Ring(string payload) => socket.Send(Encoding.UTF8.GetBytes($"G {payload}"));

    public void Dispose() => socket.Dispose();

    private void Take(ReadOnlyMemory<byte> message)
    {
        if (!named.Task.IsCompleted && message.Span.SequenceEqual("OK"u8))
        {
            named.TrySetResult();
        }
        else
        {
            Pushed?.Invoke(message);
        }
    }
}

/// <summary>
/// A client of socketio.mjs by its protocols (Engine.IO 4, Socket.IO 5: their packets begin with a digit for each), over WebSocket alone.
/// </summary>
internal sealed class SocketIoClient : IPushClient
{
    private readonly WireSocket socket;
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource named = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SocketIoClient(WireSocket socket)
    {
        this.socket = socket;
        _ = socket.Read(Take);
    }

    public Action<ReadOnlyMemory<byte>>? Pushed { private get; set; }

    public static async Task<IPushClient> Connect(IPEndPoint server)
    {
        var client = new SocketIoClient(await WireSocket.Connect(server, "/socket.io/?EIO=4&transport=websocket"));
        client.socket.Send("40"u8);
        await client.joined.Task;
        return client;
    }

    public Task Register(string name, bool hears)
    {
        socket.Send(Encoding.UTF8.GetBytes($"420{JsonSerializer.Serialize(new object[] { "register", name, hears })}"));
        return named.Task;
    }

    public void Relay(string target, string payload) => Send("relay", target, payload);

    public void Keep(string target, string payload) => Send("keep", target, payload);

    public void Ring(string payload) => Send("ring", payload);

    public void Dispose() => socket.Dispose();

    private void Send(params string[] words) => socket.Send(Encoding.UTF8.GetBytes($"42{JsonSerializer.Serialize(words)}"));

    private void Take(ReadOnlyMemory<byte> message)
    {
        var text = message.Span;
        if (text.StartsWith("42"u8))
        {
            Pushed?.Invoke(message);
        }
        else if (text.SequenceEqual("2"u8))
        {
            socket.Send("3"u8);
        }
        else if (text.StartsWith("430"u8))
        {
            named.TrySetResult();
        }
        else if (text.StartsWith("40"u8))
        {
            joined.TrySetResult();
        }
    }
}
