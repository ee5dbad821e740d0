using LiveProctor.Core;
using LiveProctor.Core.Catalogue;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;

namespace LiveProctor.Web.Api;

/// <summary>The catalogue of tests, docs/protocol.md section 6.</summary>
internal static class TestsApi
{
    public static void MapTests(this IEndpointRouteBuilder api)
    {
        var tests = api.MapGroup("/tests").WithTags("Tests");
        tests.MapGet("", async (Caller caller, TestStore store) => TypedResults.Ok(Page.Of(await store.Of(caller.OrganisationId))))
            .For(Role.Observer).WithSummary("Every test by code");
        tests.MapPost("", async (NewTest input, Caller caller, CreateTest create, HttpContext http) =>
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(test => $"/api/v1/tests#{test.Id}"))
            .For(Role.Manager).WithSummary("Add a test");
    }
}
