using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace LiveProctor.Bench.Yardsticks;

/// <summary>Runs a yardstick in this process: <c>serve hub|socket|polling</c>, with the settings of the program's own server.</summary>
internal static class Serve
{
    private const int LongestMessage = 64 * 1024;

    /// <param name="kind">hub, socket or polling.</param>
    /// <param name="port">Where to listen, on loopback.</param>
    /// <param name="postgres">The database's connection string; empty for none.</param>
    /// <param name="redis">Redis' connection string; empty for none.</param>
    /// <param name="board">The file of <see cref="BareBoard"/>; empty for none.</param>
    public static async Task Run(string kind, int port, string postgres, string redis, string board)
    {
        // Without this a change of configuration files is watched for, in every folder beneath.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, Args = ["--hostBuilder:reloadConfigOnChange=false"] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets => sockets.Backlog = 4096);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddSignalR(options => options.MaximumReceiveMessageSize = LongestMessage).AddJsonProtocol(options => Core.Json.Configure(options.PayloadSerializerOptions));
        await using var stores = new BareStores(postgres, redis);
        await stores.Prepare();
        builder.Services.AddSingleton(stores);
        builder.Services.AddSingleton(new BareBoard(board));
        await using var app = builder.Build();
        await using var data = kind == "polling" ? BareStores.Source(postgres) : null;
        switch (kind)
        {
            case "hub":
                app.MapHub<BareHub>("/hub", options =>
                {
                    options.ApplicationMaxBufferSize = LongestMessage;
                    options.TransportMaxBufferSize = LongestMessage;
                });
                break;
            case "socket":
                BareSockets.Map(app);
                break;
            case "polling":
                PolledLobby.Map(app, data!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(kind), kind, "hub, socket or polling");
        }

        await app.RunAsync();
    }
}
