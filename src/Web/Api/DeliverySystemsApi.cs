using LiveProctor.Core;
using LiveProctor.Core.Delivery;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;

namespace LiveProctor.Web.Api;

/// <summary>The machines that run tests, docs/protocol.md section 6.</summary>
internal static class DeliverySystemsApi
{
    public static void MapDeliverySystems(this IEndpointRouteBuilder api)
    {
        var systems = api.MapGroup("/delivery-systems").WithTags("Delivery systems");
        systems.MapGet("", async (Caller caller, DeliverySystemStore store) =>
            TypedResults.Ok(Page.Of((await store.Of(caller.OrganisationId)).Where(system => !system.Simulated).Select(DeliverySystemView.Of))))
            .For(Role.Administrator).WithSummary("Every delivery system by name");
        systems.MapPost("", async (NewDeliverySystem input, Caller caller, CreateDeliverySystem create, HttpContext http) =>
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(view => $"/api/v1/delivery-systems#{view.Id}"))
            .For(Role.Administrator).WithSummary("Add a delivery system; its key is shown once");
    }
}
