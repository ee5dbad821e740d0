using LiveProctor.Core;
using LiveProctor.Core.Storage;
using LiveProctor.Hub;
using LiveProctor.Scheduler;
using LiveProctor.Web.Api;
using LiveProctor.Web.Auth;
using Microsoft.AspNetCore.HttpOverrides;

namespace LiveProctor.Web.Hosting;

/// <summary>Puts the program together: configuration, what is registered, and what a request passes through.</summary>
public static class LiveProctorHost
{
    /// <summary>The program, prepared and ready to run: its tables are up to date and there is somebody who can sign in.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="adjust">Last changes to what is registered, for tests.</param>
    /// <exception cref="SettingsRefusedException">The configuration cannot be started with.</exception>
    public static async Task<WebApplication> Build(string[] args, Action<WebApplicationBuilder>? adjust = null)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = Root("appsettings.json"), WebRootPath = Path.Combine(Root("wwwroot"), "wwwroot") });
        var settings = SettingsReader.Read(builder.Configuration, builder.Environment.ContentRootPath);
        Register(builder, settings);
        adjust?.Invoke(builder);
        var app = builder.Build();
        await Startup.Prepare(app, settings);
        Map(app, settings);
        return app;
    }

    private static void Register(WebApplicationBuilder builder, Settings settings)
    {
        Kestrel.Configure(builder.WebHost);
        var services = builder.Services;
        services.AddSingleton(settings);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new PublicAddress(settings.PublicUrl));
        services.ConfigureHttpJsonOptions(options => Json.Configure(options.SerializerOptions));
        services.Configure<RouteHandlerOptions>(options => options.ThrowOnBadRequest = true);
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null;
            foreach (var network in settings.TrustedProxies)
            {
                options.KnownIPNetworks.Add(network);
            }
        });
        services.AddStorage(settings);
        services.AddLive(settings);
        services.AddAccounts();
        services.AddCatalogue();
        services.AddSessions();
        services.AddTickets();
        services.AddNotifications(settings);
        services.AddRehearsals(settings);
        services.AddImports();
        services.AddHubs();
        services.AddDescription();
        if (settings.RunsScheduler)
        {
            services.AddScheduler(settings.Postgres);
        }
    }

    private static void Map(WebApplication app, Settings settings)
    {
        Kestrel.TellAddress(app);
        app.UseForwardedHeaders();
        app.UseResponseHeaders();
        app.UseProblems();
        app.UseBodyLimit();
        if (settings.ServesWeb)
        {
            app.UsePageFiles();
        }

        // Endpoints that need to know nobody answer from here, and go on answering while the database that knows everybody does not.
        app.UseRouting();
        app.MapHealth();
        if (!settings.ServesWeb)
        {
            return;
        }

        app.MapPages();
        app.UseAuthentication();
        app.UseForgeryGuard();
        app.UseAuthorization();
        app.UseRepeatedRequests();
        var api = app.MapGroup("/api/v1");
        api.MapTime();
        api.MapAccount();
        api.MapTokens();
        api.MapStaff();
        api.MapTests();
        api.MapStudents();
        api.MapGroups();
        api.MapRegistrations();
        api.MapCredits();
        api.MapCleanUp();
        api.MapProfiles();
        api.MapDeliverySystems();
        api.MapSessions();
        api.MapNotifications();
        api.MapRehearsals();
        api.MapImports();
        api.MapEntries();
        api.MapTickets();
        api.MapMy();
        api.MapLobby();
        api.MapDelivery();
        app.MapCalendars();
        app.MapKeys();
        app.MapHubs();
        app.MapDescription();
    }

    // A build or a published folder holds them beside the program, a source tree in the project's folder.
    private static string Root(string name) =>
        Path.Exists(Path.Combine(Directory.GetCurrentDirectory(), name)) ? Directory.GetCurrentDirectory() : AppContext.BaseDirectory;
}
