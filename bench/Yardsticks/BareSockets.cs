using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;

namespace LiveProctor.Bench.Yardsticks;

/// <summary>
/// WebSockets of ASP.NET without SignalR. A message is a verb's letter and its words: <c>N name</c> names the connection,
/// <c>R target payload</c> pushes to one, <c>G payload</c> to everyone.
/// </summary>
internal static class BareSockets
{
    private static readonly ConcurrentDictionary<string, Connection> Connections = new(StringComparer.Ordinal);

    public static void Map(WebApplication app)
    {
        app.UseWebSockets();
        app.Map("/socket", async http =>
        {
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            using var connection = new Connection(socket);
            await Serve(connection);
        });
    }

    private static async Task Serve(Connection connection)
    {
        var buffer = new byte[2048];
        var name = "";
        try
        {
            while (true)
            {
                var got = await connection.Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (got.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                var words = Encoding.UTF8.GetString(buffer, 0, got.Count).Split(' ', 3);
                switch (words[0])
                {
                    case "N":
                        name = words[1];
                        Connections[name] = connection;
                        await connection.Send("OK"u8.ToArray());
                        break;
                    case "R":
                        await Connections[words[1]].Send(Encoding.UTF8.GetBytes(words[2]));
                        break;
                    case "G":
                        var payload = Encoding.UTF8.GetBytes(words[1]);
                        await Task.WhenAll(Connections.Values.Select(other => other.Send(payload)));
                        break;
                }
            }
        }
        catch (WebSocketException)
        {
            // The client is gone.
        }
        finally
        {
            Connections.TryRemove(name, out _);
        }
    }

    private sealed class Connection(WebSocket socket) : IDisposable
    {
        private readonly SemaphoreSlim sending = new(1, 1);

        public WebSocket Socket => socket;

        public void Dispose() => sending.Dispose();

        public async Task Send(byte[] payload)
        {
            await sending.WaitAsync();
            try
            {
                await socket.SendAsync(payload.AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
            }
            catch (WebSocketException)
            {
                // The client is gone.
            }
            finally
            {
                sending.Release();
            }
        }
    }
}
