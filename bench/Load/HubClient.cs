using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace LiveProctor.Bench.Load;

/// <summary>
/// A client of the SignalR hub protocol (JSON, version 1) over a <see cref="WireSocket"/>, without negotiation.
/// It reads only as much of a message as a scenario asks for.
/// </summary>
internal sealed class HubClient : IDisposable
{
    private const byte End = 0x1E;
    private static readonly byte[] Handshake = [.. "{\"protocol\":\"json\",\"version\":1}"u8, End];
    private static readonly byte[] PingMessage = [.. "{\"type\":6}"u8, End];

    private readonly WireSocket socket;
    private readonly ConcurrentDictionary<long, TaskCompletionSource<byte[]>> waiting = new();
    private readonly TaskCompletionSource greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long invocations;

    private HubClient(WireSocket socket, Action<HubClient, ReadOnlyMemory<byte>>? pushed)
    {
        this.socket = socket;
        Pushed = pushed;
        Ended = Receive();
    }

    /// <summary>Takes every invocation that the server pushes: the bytes of the message, valid during the call only.</summary>
    public Action<HubClient, ReadOnlyMemory<byte>>? Pushed { get; set; }

    /// <summary>Ends with the connection.</summary>
    public Task Ended { get; }

    /// <summary>Connects and greets.</summary>
    public static async Task<HubClient> Connect(IPEndPoint server, string path, Action<HubClient, ReadOnlyMemory<byte>>? pushed = null)
    {
        var client = new HubClient(await WireSocket.Connect(server, path), pushed);
        client.socket.Send(Handshake);
        await client.greeted.Task;
        return client;
    }

    /// <summary>Invokes a hub method and answers the whole completion message.</summary>
    /// <exception cref="InvalidOperationException">The method refused.</exception>
    public async Task<byte[]> Invoke(string method, params object?[] arguments)
    {
        var id = Interlocked.Increment(ref invocations);
        var answered = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[id] = answered;
        socket.Send(Encode(method, arguments, id));
        var answer = await answered.Task;
        return answer.AsSpan().IndexOf("\"error\":"u8) < 0 ? answer : throw new InvalidOperationException(Encoding.UTF8.GetString(answer));
    }

    /// <summary>Invokes a hub method and does not ask for an answer.</summary>
    public void Send(string method, params object?[] arguments) => socket.Send(Encode(method, arguments, id: null));

    /// <summary>Sends bytes that <see cref="Encode"/> made.</summary>
    public void Send(byte[] encoded) => socket.Send(encoded);

    /// <summary>Tells the server that this side is alive.</summary>
    public void Ping() => socket.Send(PingMessage);

    /// <summary>An invocation as bytes.</summary>
    public static byte[] Encode(string method, object?[] arguments, long? id) =>
    [
        .. JsonSerializer.SerializeToUtf8Bytes(
            id is null
                ? (object)new { type = 1, target = method, arguments }
                : new { type = 1, invocationId = $"{id}", target = method, arguments },
            JsonSerializerOptions.Web),
        End,
    ];

    public void Dispose() => socket.Dispose();

    private async Task Receive()
    {
        await socket.Read(Take);
        foreach (var answer in waiting.Values)
        {
            answer.TrySetException(new IOException("The connection ended."));
        }

        greeted.TrySetException(new IOException("The connection ended before the greeting."));
        _ = greeted.Task.Exception;
    }

    // A frame may hold several messages, each ended by the record separator.
    private void Take(ReadOnlyMemory<byte> frame)
    {
        while (frame.Span.IndexOf(End) is >= 0 and var end)
        {
            Dispatch(frame[..end]);
            frame = frame[(end + 1)..];
        }
    }

    private void Dispatch(ReadOnlyMemory<byte> message)
    {
        var text = message.Span;
        if (text.StartsWith("{\"type\":1,"u8))
        {
            Pushed?.Invoke(this, message);
        }
        else if (text.StartsWith("{\"type\":3,\"invocationId\":\""u8))
        {
            if (Utf8Parser.TryParse(text[26..], out long id, out _) && waiting.TryRemove(id, out var answer))
            {
                answer.TrySetResult(text.ToArray());
            }
        }
        else if (text.StartsWith("{\"error\":"u8))
        {
            greeted.TrySetException(new IOException(Encoding.UTF8.GetString(text)));
        }
        else if (text.SequenceEqual("{}"u8))
        {
            greeted.TrySetResult();
        }
    }
}
