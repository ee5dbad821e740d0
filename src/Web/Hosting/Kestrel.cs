using LiveProctor.Core;
using LiveProctor.Core.Imports;
using LiveProctor.Web.Api;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace LiveProctor.Web.Hosting;

/// <summary>The web server's own settings.</summary>
internal static class Kestrel
{
    /// <summary>docs/protocol.md section 1.</summary>
    public const int LargestBody = 256 * 1024;

    /// <summary>The most bytes of this request's body: a file to import may be larger than anything else.</summary>
    public static int LargestBodyOf(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && request.Path.Equals(ImportsApi.Path, StringComparison.OrdinalIgnoreCase) ? StartImport.LargestFile : LargestBody;

    /// <summary>How much of a body that is refused is read and thrown away.</summary>
    public const int LargestSwallowed = 16 * 1024 * 1024;

    // A class that arrives at the bell, and every client that comes back after a restart, arrives at once.
    private const int Backlog = 4096;

    public static void Configure(IWebHostBuilder web)
    {
        web.UseSockets(sockets => sockets.Backlog = Backlog);
        web.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
    }

    /// <summary>Tells the public address once the server listens, unless it is configured.</summary>
    public static void TellAddress(WebApplication app) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        if (Addresses(app) is [var address, ..])
        {
            app.Services.GetRequiredService<PublicAddress>().Listening(address);
        }
    });

    /// <summary>Where a browser on this machine finds the server.</summary>
    public static IReadOnlyList<string> Addresses(WebApplication app) =>
    [
        .. (app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            .Select(address => address
                .Replace("://[::]", "://localhost", StringComparison.Ordinal)
                .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal)
                .Replace("://+", "://localhost", StringComparison.Ordinal)
                .Replace("://*", "://localhost", StringComparison.Ordinal)),
    ];
}
