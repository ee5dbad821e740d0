using LiveProctor.Core.Feeds;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LiveProctor.Hub.Feeds;

/// <summary>Registers the feeds of a node. Storage, the relay and the clock come from the host.</summary>
public static class FeedSetup
{
    /// <summary>Call after <c>AddSignalR</c>.</summary>
    public static IServiceCollection AddFeeds(this IServiceCollection services)
    {
        services.TryAddSingleton<FeedLog>();
        services.TryAddSingleton(new FeedTiming());
        services.AddSingleton<FeedTailer>();
        services.AddSingleton<FeedConnections>();
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FeedTailer>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<FeedConnections>());
        services.Replace(ServiceDescriptor.Singleton(typeof(HubLifetimeManager<>), typeof(HubConnections<>)));
        return services;
    }
}
