using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;

namespace LiveProctor.Web.Hosting;

/// <summary>Registers live state and the relay: in Redis where it is configured, otherwise in this process.</summary>
internal static class LiveSetup
{
    public static void AddLive(this IServiceCollection services, Settings settings)
    {
        if (settings.Redis is { } redis)
        {
            services.AddSingleton(provider => new RedisLink(redis, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RedisLink>>()));
            services.AddSingleton<IFeedRelay, RedisRelay>();
            services.AddSingleton<ILiveBoard, RedisBoard>();
            services.AddSingleton<IPresence, RedisPresence>();
            services.AddSingleton<IThrottle, RedisThrottle>();
        }
        else
        {
            services.AddSingleton<IFeedRelay, LocalRelay>();
            services.AddSingleton<ILiveBoard>(new LocalBoard());
            services.AddSingleton<IPresence, LocalPresence>();
            services.AddSingleton<IThrottle, LocalThrottle>();
        }
    }
}
