using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LiveProctor.Bench.Load;

/// <summary>
/// A WebSocket client (RFC 6455) that costs little: text frames, no compression, masked with the zero key,
/// which leaves the payload as it is. Thousands of them fit into one process beside the server that they measure.
/// </summary>
internal sealed class WireSocket : IDisposable
{
    private const int FirstBuffer = 2048;

    private readonly Socket socket;
    private readonly Lock sending = new();
    private byte[] received = new byte[FirstBuffer];
    private ArrayBufferWriter<byte>? begun;
    private int filled;

    private WireSocket(Socket socket) => this.socket = socket;

    /// <summary>Opens a connection and upgrades it.</summary>
    /// <param name="server">Where the server listens.</param>
    /// <param name="path">Path and query.</param>
    /// <exception cref="IOException">The server did not upgrade; the message holds its answer.</exception>
    public static async Task<WireSocket> Connect(IPEndPoint server, string path)
    {
        var opened = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await opened.ConnectAsync(server);
            var wire = new WireSocket(opened);
            var request = $"GET {path} HTTP/1.1\r\nHost: {server}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";
            await opened.SendAsync(Encoding.ASCII.GetBytes(request));
            await wire.ReadUpgrade();
            return wire;
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Sends one text message. Small messages fit into the socket's buffer, so this does not wait.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        var frame = ArrayPool<byte>.Shared.Rent(message.Length + 14);
        frame[0] = 0x81;
        var at = 2;
        if (message.Length < 126)
        {
            frame[1] = (byte)(0x80 | message.Length);
        }
        else
        {
            frame[1] = 0x80 | 126;
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)message.Length));
            at = 4;
        }

        frame.AsSpan(at, 4).Clear();
        message.CopyTo(frame.AsSpan(at + 4));
        lock (sending)
        {
            for (var sent = 0; sent < at + 4 + message.Length;)
            {
                sent += socket.Send(frame.AsSpan(sent, at + 4 + message.Length - sent));
            }
        }

        ArrayPool<byte>.Shared.Return(frame);
    }

    /// <summary>Hands every message to <paramref name="take"/> until the connection ends. The span is valid during the call only.</summary>
    public async Task Read(Action<ReadOnlyMemory<byte>> take)
    {
        try
        {
            while (true)
            {
                Deliver(take);
                if (filled == received.Length)
                {
                    Array.Resize(ref received, received.Length * 2);
                }

                var count = await socket.ReceiveAsync(received.AsMemory(filled));
                if (count == 0)
                {
                    return;
                }

                filled += count;
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The other side is gone, or this one was closed: both end the connection.
        }
    }

    public void Dispose() => socket.Dispose();

    private void Deliver(Action<ReadOnlyMemory<byte>> take)
    {
        var start = 0;
        while (filled - start >= 2)
        {
            long length = received[start + 1] & 0x7F;
            var head = 2;
            if (length == 126)
            {
                if (filled - start < 4)
                {
                    break;
                }

                length = BinaryPrimitives.ReadUInt16BigEndian(received.AsSpan(start + 2));
                head = 4;
            }
            else if (length == 127)
            {
                if (filled - start < 10)
                {
                    break;
                }

                length = BinaryPrimitives.ReadInt64BigEndian(received.AsSpan(start + 2));
                head = 10;
            }

            if (filled - start < head + length)
            {
                break;
            }

            if ((received[start] & 0x0F) is 0 or 1 or 2)
            {
                Message(received.AsMemory(start + head, (int)length), last: (received[start] & 0x80) != 0, take);
            }

            start += head + (int)length;
        }

        if (start > 0)
        {
            received.AsSpan(start, filled - start).CopyTo(received);
            filled -= start;

            // A snapshot is read once; its buffer must not stay with an idle connection.
            if (filled == 0 && received.Length > FirstBuffer)
            {
                received = new byte[FirstBuffer];
            }
        }
    }

    // A long message comes in several frames.
    private void Message(ReadOnlyMemory<byte> frame, bool last, Action<ReadOnlyMemory<byte>> take)
    {
        if (last && begun is null)
        {
            take(frame);
            return;
        }

        begun ??= new ArrayBufferWriter<byte>(FirstBuffer * 4);
        begun.Write(frame.Span);
        if (last)
        {
            take(begun.WrittenMemory);
            begun = null;
        }
    }

    private async Task ReadUpgrade()
    {
        while (true)
        {
            var count = await socket.ReceiveAsync(received.AsMemory(filled));
            filled += count;
            var end = received.AsSpan(0, filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var answer = Encoding.ASCII.GetString(received, 0, end);
                if (!answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal))
                {
                    throw new IOException($"No upgrade: {answer}");
                }

                received.AsSpan(end + 4, filled - end - 4).CopyTo(received);
                filled -= end + 4;
                return;
            }

            if (count == 0 || filled == received.Length)
            {
                throw new IOException($"No upgrade: {Encoding.ASCII.GetString(received, 0, filled)}");
            }
        }
    }
}
