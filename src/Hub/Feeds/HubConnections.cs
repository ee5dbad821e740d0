using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Feeds;

/// <summary>
/// Gives every connection of a hub its <see cref="FeedReader"/> (a hub finds it in <c>Context.Features</c>) and takes it back at the end.
/// It goes around typed clients, which would write a shared message anew for each receiver.
/// </summary>
public sealed class HubConnections<THub>(FeedConnections feeds, ILogger<DefaultHubLifetimeManager<THub>> log) : DefaultHubLifetimeManager<THub>(log)
    where THub : Microsoft.AspNetCore.SignalR.Hub
{
    public override Task OnConnectedAsync(HubConnectionContext connection)
    {
        connection.Features.Set(new FeedReader(connection.ConnectionId, new Client(connection), connection.Abort));
        return base.OnConnectedAsync(connection);
    }

    public override Task OnDisconnectedAsync(HubConnectionContext connection)
    {
        if (connection.Features.Get<FeedReader>() is { } reader)
        {
            feeds.Disconnected(reader);
        }

        return base.OnDisconnectedAsync(connection);
    }

    private sealed class Client(HubConnectionContext connection) : IFeedClient
    {
        public Task Feed(FeedMessage message) => connection.WriteAsync(message.Serialized).AsTask();

        public Task Head(IReadOnlyList<FeedHead> heads) => connection.WriteAsync(new InvocationMessage(nameof(Head), [heads])).AsTask();

        public Task Presence(PresenceMessage message) => connection.WriteAsync(message.Serialized).AsTask();
    }
}
