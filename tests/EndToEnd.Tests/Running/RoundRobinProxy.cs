using System.Net;
using System.Net.Sockets;

namespace LiveProctor.EndToEnd.Tests.Running;

/// <summary>
/// A plain load balancer: each new connection goes to the next node that takes it, and stays there. It looks at no byte.
/// </summary>
internal sealed class RoundRobinProxy : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IReadOnlyList<Uri> nodes;
    private int next;

    public RoundRobinProxy(IReadOnlyList<Uri> nodes)
    {
        this.nodes = nodes;
        listener.Start(4096);
        Address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        _ = Accept();
    }

    public string Address { get; }

    public void Dispose() => listener.Dispose();

    private async Task Accept()
    {
        try
        {
            while (true)
            {
                _ = Carry(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception ended) when (ended is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var outside = client;
        using var inside = await Connect();
        if (inside is null)
        {
            return;
        }

        try
        {
            var there = outside.GetStream().CopyToAsync(inside.GetStream());
            var back = inside.GetStream().CopyToAsync(outside.GetStream());
            await Task.WhenAny(there, back);
        }
        catch (Exception broken) when (broken is IOException or SocketException)
        {
            // Either side is gone; so is the other.
        }
    }

    private async Task<TcpClient?> Connect()
    {
        for (var tried = 0; tried < nodes.Count; tried++)
        {
            var node = nodes[(int)((uint)Interlocked.Increment(ref next) % nodes.Count)];
            var client = new TcpClient { NoDelay = true };
            try
            {
                await client.ConnectAsync(node.Host, node.Port);
                return client;
            }
            catch (SocketException)
            {
                client.Dispose();
            }
        }

        return null;
    }
}
