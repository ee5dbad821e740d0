using LiveProctor.Core;
using LiveProctor.Hub.Dashboard;
using LiveProctor.Hub.Errors;
using LiveProctor.Hub.Feeds;
using LiveProctor.Hub.Lobby;
using LiveProctor.Hub.Presence;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LiveProctor.Hub;

/// <summary>Registers and maps the hubs.</summary>
public static class HubSetup
{
    // A hub message is at most this long; docs/protocol.md section 1.
    private const int LongestMessage = 64 * 1024;

    public static void AddHubs(this IServiceCollection services)
    {
        services.AddSignalR(options =>
            {
                options.MaximumReceiveMessageSize = LongestMessage;
                options.MaximumParallelInvocationsPerClient = 1;
                options.EnableDetailedErrors = false;
                options.AddFilter<HubFaults>();
                options.AddFilter<HubArguments>();
            })
            .AddHubOptions<DashboardHub>(options => options.AddFilter<StaffGuard>())
            .AddJsonProtocol(options => Json.Configure(options.PayloadSerializerOptions));
        services.AddSingleton<IHubProtocol>(provider => new CodedJsonProtocol(provider.GetRequiredService<IOptions<JsonHubProtocolOptions>>()));
        services.AddFeeds();
        services.AddSingleton<HubFaults>();
        services.AddSingleton<HubArguments>();
        services.AddSingleton<StaffGuard>();
        services.AddSingleton<Snapshots>();
        services.AddSingleton<Attendance>();
        services.AddHostedService<PresenceBeat>();
        services.AddHostedService<StaffWatch>();
    }

    public static void MapHubs(this IEndpointRouteBuilder app)
    {
        app.Map<DashboardHub>("/hubs/dashboard");
        app.Map<LobbyHub>("/hubs/lobby");
    }

    private static void Map<THub>(this IEndpointRouteBuilder app, string path)
        where THub : Microsoft.AspNetCore.SignalR.Hub => app.MapHub<THub>(path, options =>
    {
        options.ApplicationMaxBufferSize = LongestMessage;
        options.TransportMaxBufferSize = LongestMessage;
        options.TransportSendTimeout = TimeSpan.FromSeconds(5);
        options.CloseOnAuthenticationExpiration = true;
    });
}
