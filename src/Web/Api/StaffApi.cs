using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;

namespace LiveProctor.Web.Api;

/// <summary>The organisation's staff, docs/protocol.md section 6.</summary>
internal static class StaffApi
{
    public static void MapStaff(this IEndpointRouteBuilder api)
    {
        var staff = api.MapGroup("/staff").WithTags("Staff");
        staff.MapGet("", async (Caller caller, StaffStore store) => TypedResults.Ok(Page.Of((await store.Of(caller.OrganisationId)).Select(StaffView.Of))))
            .For(Role.Administrator).WithSummary("Everybody of the staff");
        staff.MapGet("/names", async (Caller caller, StaffStore store) => TypedResults.Ok(Page.Of((await store.Of(caller.OrganisationId)).Where(person => !person.Disabled).Select(person => new Person(person.Id, person.Name)))))
            .For(Role.Manager).WithSummary("Who may be a session's proctor");
        staff.MapPost("", async (NewStaff input, Caller caller, CreateStaff create, Passwords passwords, HttpContext http) =>
            (await create.Run(caller.Actor, input, GeneratedPassword.New(), passwords.Hash, http.Once())).ToCreated(view => $"/api/v1/staff/{view.Id}"))
            .For(Role.Administrator).WithSummary("Add a member of staff");
        staff.MapPut("/{id}", async (string id, StaffEdit input, Caller caller, EditStaff edit) => (await edit.Run(caller.Actor, id, input)).ToOk())
            .For(Role.Administrator).WithSummary("Change a name or role, or shut a person out");
    }
}
