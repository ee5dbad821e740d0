using LiveProctor.Core;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Problems;
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
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(test => $"/api/v1/tests/{test.Id}"))
            .For(Role.Manager).WithSummary("Add a test");
        tests.MapGet("/{id}", async (string id, Caller caller, TestStore store, HttpContext http) =>
            (Id.Plausible(id) && await store.Find(caller.OrganisationId, id) is { } found ? (Result<Test>)found : Problem.NotFound("test")).ToOk(http, test => test.Version))
            .For(Role.Observer).WithSummary("A test, by its id or code");
        tests.MapPut("/{id}", async (string id, NewTest input, Caller caller, EditTest edit, HttpContext http) =>
            await http.RequiredVersion().On(async version => (await edit.Run(caller.Actor, id, input, version)).ToOk(http, test => test.Version)))
            .For(Role.Manager).WithSummary("Change a test; sessions take it over when their lobby opens");
    }
}
