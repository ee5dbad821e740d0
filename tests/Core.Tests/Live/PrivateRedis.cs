using LiveProctor.Core.Live;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Live;

/// <summary>A Redis of one test class's own, and links to it.</summary>
public sealed class PrivateRedis : IAsyncLifetime
{
    private readonly List<RedisLink> links = [];

    public RedisServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RedisServer.New();

    /// <summary>A new connection, as another node has it.</summary>
    public RedisLink Link(TimeProvider? time = null)
    {
        var link = new RedisLink(Server.ConnectionString, time ?? TimeProvider.System);
        links.Add(link);
        return link;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var link in links)
        {
            link.Dispose();
        }

        await Server.DisposeAsync();
    }
}
