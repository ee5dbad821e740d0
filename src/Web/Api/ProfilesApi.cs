using LiveProctor.Core;
using LiveProctor.Core.Profiles;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;

namespace LiveProctor.Web.Api;

/// <summary>Proctoring profiles, docs/protocol.md section 6.</summary>
internal static class ProfilesApi
{
    public static void MapProfiles(this IEndpointRouteBuilder api)
    {
        var profiles = api.MapGroup("/profiles").WithTags("Profiles");
        profiles.MapGet("", async (Caller caller, ProfileStore store) => TypedResults.Ok(Page.Of(await store.Of(caller.OrganisationId))))
            .For(Role.Observer).WithSummary("Every profile by name");
        profiles.MapPost("", async (NewProfile input, Caller caller, CreateProfile create, HttpContext http) =>
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(profile => $"/api/v1/profiles#{profile.Id}"))
            .For(Role.Manager).WithSummary("Add a profile");
    }
}
