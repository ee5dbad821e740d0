using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>The delivery system's side: redeem, report, fetch commands, and the keys to verify entry tokens with.</summary>
internal static class DeliveryApi
{
    public static void MapDelivery(this IEndpointRouteBuilder api)
    {
        var delivery = api.MapGroup("/delivery").WithTags("Delivery").RequireAuthorization(Rights.Delivery);
        delivery.MapPost("/redeem", Redeem);
        delivery.MapPost("/progress", Progress);
        delivery.MapGet("/commands", Commands);
    }

    public static void MapKeys(this IEndpointRouteBuilder app) =>
        app.MapGet("/.well-known/jwks.json", async (SigningKeys keys, HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=300";
            return TypedResults.Ok(new KeySet([.. (await keys.Known()).Select(key => key.ToJwk())]));
        }).AllowAnonymous().WithTags("Delivery");

    private static async Task<Results<Ok<RedeemAnswer>, ProblemAnswer>> Redeem(Caller caller, RedeemRequest request, RedeemEntryToken redeem, HttpContext http) =>
        (await redeem.Run(caller.Actor, request.Token, http.Once())).ToOk();

    private static async Task<Results<Ok<ProgressAnswer>, ProblemAnswer>> Progress(Caller caller, ProgressRequest request, ReportProgress report) =>
        (await report.Run(caller.Actor, request)).ToOk();

    private static async Task<Results<Ok<CommandsAnswer>, ProblemAnswer>> Commands(
        Caller caller, FetchCommands fetch, string? after, int? wait, CancellationToken stop) =>
        (await fetch.Run(caller.Actor, after, wait, stop)).ToOk();

    internal sealed record RedeemRequest(string? Token);

    /// <summary>A JWK set, RFC 7517 section 5.</summary>
    internal sealed record KeySet(IReadOnlyList<PublicJwk> Keys);
}
