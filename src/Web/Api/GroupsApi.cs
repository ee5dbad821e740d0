using LiveProctor.Core;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Students;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>Groups of students, docs/protocol.md section 6.</summary>
internal static class GroupsApi
{
    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/groups").WithTags("Groups");
        groups.MapGet("", List).For(Role.Observer).WithSummary("Groups by name");
        groups.MapPost("", async (NewGroup input, Caller caller, CreateGroup create, HttpContext http) =>
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(group => $"/api/v1/groups/{group.Id}"))
            .For(Role.Manager).WithSummary("Add a group");
        groups.MapGet("/{id}", async (string id, Caller caller, GroupStore store, HttpContext http) => (await Find(caller, store, id)).ToOk(http, group => group.Version))
            .For(Role.Observer).WithSummary("A group");
        groups.MapPut("/{id}", async (string id, NewGroup input, Caller caller, EditGroup edit, HttpContext http) =>
            await http.RequiredVersion().On(async version => (await edit.Run(caller.Actor, id, input, version)).ToOk(http, group => group.Version)))
            .For(Role.Manager).WithSummary("Change a group's name or members");
        groups.MapDelete("/{id}", async (string id, Caller caller, DeleteGroup delete, HttpContext http) =>
            await http.RequiredVersion().On(async version => (await delete.Run(caller.Actor, id, version)).ToNoContent()))
            .For(Role.Manager).WithSummary("Take a group away; its students stay");
        groups.MapGet("/{id}/students", Students).For(Role.Observer).WithSummary("The members of a group by external ID");
        groups.MapPost("/{id}/register", async (string id, GroupRegistration input, Caller caller, RegisterStudents register, HttpContext http) =>
            (await register.Group(caller.Actor, id, input, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Register every member to a test, with or without a session");
    }

    private static async Task<Results<Ok<Page<Group>>, ProblemAnswer>> List(Caller caller, GroupStore store, string? search, string? cursor, int limit = 50)
    {
        var check = new Check();
        var text = check.OptionalText("search", search, 100) ?? "";
        check.Number("limit", limit, 1, StudentStore.MostPerPage);
        return check.Failed(out var problem) ? new ProblemAnswer(problem) : (await store.List(caller.OrganisationId, text, cursor, limit)).ToOk();
    }

    private static async Task<Results<Ok<Page<Student>>, ProblemAnswer>> Students(string id, Caller caller, GroupStore groups, StudentStore store, string? search, string? cursor, int limit = 50)
    {
        var check = new Check();
        var text = check.OptionalText("search", search, 100) ?? "";
        check.Number("limit", limit, 1, StudentStore.MostPerPage);
        var found = await Find(caller, groups, id);
        return check.Failed(out var problem) || found.Failed(out problem) ? new ProblemAnswer(problem) : (await store.List(caller.OrganisationId, text, id, cursor, limit)).ToOk();
    }

    private static async Task<Result<Group>> Find(Caller caller, GroupStore store, string id) =>
        Id.Plausible(id) && await store.Find(caller.OrganisationId, id) is { } group ? group : Problem.NotFound("group");
}
