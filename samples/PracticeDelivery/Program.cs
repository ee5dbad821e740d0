using System.Text.Json;
using System.Text.Json.Serialization;
using LiveProctor.PracticeDelivery;
using LiveProctor.PracticeDelivery.Attempts;
using LiveProctor.PracticeDelivery.Hub;
using LiveProctor.PracticeDelivery.Pages;

var builder = WebApplication.CreateBuilder(args);
var settings = HubSettings.From(builder.Configuration);

builder.WebHost.ConfigureKestrel(kestrel =>
{
    kestrel.AddServerHeader = false;
    kestrel.Limits.MaxRequestBodySize = 64 * 1024;
});
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(5));
builder.Services.ConfigureHttpJsonOptions(json =>
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase)));
builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = false);
builder.Services.AddProblemDetails();
builder.Services.AddSingleton(settings);
builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddSingleton<HubClient>();
builder.Services.AddSingleton<TokenKeys>();
builder.Services.AddSingleton<AttemptJournal>();
builder.Services.AddSingleton<Reporter>();
builder.Services.AddSingleton<Room>();
builder.Services.AddHostedService(services => services.GetRequiredService<Room>());
builder.Services.AddHostedService<Attendance>();
builder.Services.AddHostedService<Listener>();

var app = builder.Build();
app.UseExceptionHandler();
app.UseStatusCodePages();
app.UseStrictHeaders();
app.MapPages();
app.MapTestApi();
app.MapGet("/healthz", () => settings.Complete ? Results.Ok() : Results.StatusCode(503));

foreach (var missing in settings.Missing())
{
    app.Logger.LogWarning("Not connected to LiveProctor: set {Setting}.", missing);
}

app.Run();
