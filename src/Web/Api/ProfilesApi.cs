using LiveProctor.Core;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>Proctoring profiles, docs/protocol.md section 6.</summary>
internal static class ProfilesApi
{
    public static void MapProfiles(this IEndpointRouteBuilder api)
    {
        var profiles = api.MapGroup("/profiles").WithTags("Profiles");
        profiles.MapGet("", async (Caller caller, ProfileStore store) => TypedResults.Ok(Page.Of(await store.Of(caller.OrganisationId))))
            .For(Role.Observer).WithSummary("Every profile by name");
        profiles.MapPost("", Create).For(Role.Manager).WithSummary("Add a profile");
        profiles.MapPut("/default", async (DefaultProfile wanted, Caller caller, SetDefaultProfile set) => (await set.Run(caller.Actor, wanted)).ToOk())
            .For(Role.Manager).WithSummary("Choose the profile that applies where a session names none");
        profiles.MapGet("/{id}", See).For(Role.Observer).WithSummary("One profile");
        profiles.MapPut("/{id}", Edit).For(Role.Manager).WithSummary("Change a profile; scheduled sessions follow, running ones are offered the change");
        profiles.MapDelete("/{id}", Delete).For(Role.Manager).WithSummary("Delete a profile that no session needs any more");
        api.MapPost("/sessions/{id}/profile", Take).For(Role.Proctor).WithTags("Sessions")
            .WithSummary("Give the session the settings of its profile as they are now");
    }

    private static async Task<Results<Created<Profile>, ProblemAnswer>> Create(NewProfile input, Caller caller, CreateProfile create, HttpContext http)
    {
        var created = await create.Run(caller.Actor, input, http.Once());
        if (!created.Failed(out _))
        {
            http.ShowVersion(created.Value.Version);
        }

        return created.ToCreated(profile => $"/api/v1/profiles/{profile.Id}");
    }

    private static async Task<Results<Ok<Profile>, ProblemAnswer>> See(string id, Caller caller, ProfileStore store, HttpContext http) =>
        Show(Id.Plausible(id) && await store.Find(caller.OrganisationId, id) is { } profile ? profile : Problem.NotFound("profile"), http);

    private static async Task<Results<Ok<Profile>, ProblemAnswer>> Edit(string id, NewProfile input, Caller caller, EditProfile edit, HttpContext http)
    {
        var version = http.RequiredVersion();
        return version.Failed(out var problem) ? new ProblemAnswer(problem) : Show(await edit.Run(caller.Actor, id, input, version.Value), http);
    }

    private static async Task<Results<NoContent, ProblemAnswer>> Delete(string id, Caller caller, DeleteProfile delete, HttpContext http)
    {
        var version = http.RequiredVersion();
        return version.Failed(out var problem) ? new ProblemAnswer(problem) : (await delete.Run(caller.Actor, id, version.Value)).ToNoContent();
    }

    private static async Task<Results<Ok<SessionView>, ProblemAnswer>> Take(
        string id, Caller caller, TakeProfile take, HttpContext http, Links links)
    {
        var version = http.SeenVersion();
        if (version.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var taken = await take.Run(caller.Actor, id, version.Value, http.Once());
        if (!taken.Failed(out _))
        {
            http.ShowVersion(taken.Value.Version);
        }

        return taken.ToOk(session => links.Absolute(http, session));
    }

    private static Results<Ok<Profile>, ProblemAnswer> Show(Result<Profile> result, HttpContext http)
    {
        if (!result.Failed(out _))
        {
            http.ShowVersion(result.Value.Version);
        }

        return result.ToOk();
    }
}
