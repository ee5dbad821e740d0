using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LiveProctor.Bench.Load;

/// <summary>An HTTP/1.1 connection (RFC 9112) that costs little: one request at a time, kept open, answers of known length or in chunks.</summary>
internal sealed class HttpDoor : IDisposable
{
    private readonly IPEndPoint server;
    private readonly Socket socket;
    private byte[] received = new byte[4096];

    private HttpDoor(IPEndPoint server, Socket socket)
    {
        this.server = server;
        this.socket = socket;
    }

    public static async Task<HttpDoor> Open(IPEndPoint server)
    {
        var opened = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await opened.ConnectAsync(server);
            return new HttpDoor(server, opened);
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }

    /// <summary>Posts JSON; answers the status and the body.</summary>
    public Task<(int Status, string Body)> Post(string path, string json, string? bearer = null) => Send("POST", path, json, Bearer(bearer));

    /// <summary>Puts JSON over a version; answers the status and the body.</summary>
    public Task<(int Status, string Body)> Put(string path, string json, long version, string bearer) => Send("PUT", path, json, $"If-Match: \"{version}\"\r\n{Bearer(bearer)}");

    /// <summary>Gets; answers the status and the body.</summary>
    public Task<(int Status, string Body)> Get(string path, string? bearer = null) => Ask($"GET {path} HTTP/1.1\r\nHost: {server}\r\n{Bearer(bearer)}\r\n");

    public void Dispose() => socket.Dispose();

    private Task<(int Status, string Body)> Send(string method, string path, string json, string headers) => Ask(
        $"{method} {path} HTTP/1.1\r\nHost: {server}\r\n{headers}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");

    private static string Bearer(string? token) => token is null ? "" : $"Authorization: Bearer {token}\r\n";

    private async Task<(int Status, string Body)> Ask(string request)
    {
        await socket.SendAsync(Encoding.UTF8.GetBytes(request));
        var filled = 0;
        while (true)
        {
            if (filled == received.Length)
            {
                Array.Resize(ref received, received.Length * 2);
            }

            var count = await socket.ReceiveAsync(received.AsMemory(filled));
            if (count == 0)
            {
                throw new IOException("The connection ended before the answer.");
            }

            filled += count;
            if (Parse(received.AsSpan(0, filled)) is { } answer)
            {
                return answer;
            }
        }
    }

    // Null until the answer is complete.
    private static (int Status, string Body)? Parse(ReadOnlySpan<byte> answer)
    {
        var end = answer.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return null;
        }

        var head = Encoding.ASCII.GetString(answer[..end]);
        var body = answer[(end + 4)..];
        var status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        if (at >= 0)
        {
            var stop = head.IndexOf('\r', at);
            var length = int.Parse(head.AsSpan(at + 16, (stop < 0 ? head.Length : stop) - at - 16), CultureInfo.InvariantCulture);
            return body.Length < length ? null : (status, Encoding.UTF8.GetString(body[..length]));
        }

        if (status == 204)
        {
            return (status, "");
        }

        return body.EndsWith("0\r\n\r\n"u8) ? (status, Chunks(body)) : null;
    }

    private static string Chunks(ReadOnlySpan<byte> body)
    {
        var text = new StringBuilder();
        while (true)
        {
            var end = body.IndexOf("\r\n"u8);
            var length = int.Parse(Encoding.ASCII.GetString(body[..end]), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0)
            {
                return text.ToString();
            }

            text.Append(Encoding.UTF8.GetString(body.Slice(end + 2, length)));
            body = body[(end + 2 + length + 2)..];
        }
    }
}
