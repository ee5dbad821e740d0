using LiveProctor.Core.Tickets;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace LiveProctor.Web.Api;

/// <summary>The student's own page. The secret in its address is the credential.</summary>
internal static class MyApi
{
    public static void MapMy(this IEndpointRouteBuilder api)
    {
        var my = api.MapGroup("/my/{secret}").WithTags("Own page");
        my.MapGet("", async (string secret, OwnPage page, HttpContext http) => (await page.Run(secret, ClientAddress.Of(http))).ToOk())
            .AllowAnonymous().WithSummary("The student's tests, and the practice tests");
        my.MapPost("/registrations/{id}/start", async (string secret, string id, [FromBody] OwnStartRequest? request, StartOwnTest start, HttpContext http) =>
            (await start.Run(secret, id, request ?? new OwnStartRequest(), ClientAddress.Of(http), http.Once())).ToCreated(_ => "/api/v1/lobby/me"))
            .AllowAnonymous().WithSummary("Start a test: into its session's lobby, or in a session of its own");
        my.MapPost("/practice", async (string secret, OwnPracticeRequest request, StartOwnTest start, HttpContext http) =>
            (await start.Practice(secret, request, ClientAddress.Of(http), http.Once())).ToCreated(_ => "/api/v1/lobby/me"))
            .AllowAnonymous().WithSummary("Try a practice test without a session");
    }
}
