using LiveProctor.Core;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Students;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>The organisation's students, docs/protocol.md section 6.</summary>
internal static class StudentsApi
{
    public static void MapStudents(this IEndpointRouteBuilder api)
    {
        var students = api.MapGroup("/students").WithTags("Students");
        students.MapGet("", List).For(Role.Observer).WithSummary("Students by external ID");
        students.MapPost("", async (NewStudent input, Caller caller, CreateStudent create, HttpContext http) =>
            (await create.Run(caller.Actor, input, http.Once())).ToCreated(student => $"/api/v1/students#{student.Id}"))
            .For(Role.Manager).WithSummary("Add a student");
        students.MapGet("/{id}", async (string id, Caller caller, StudentStore store, HttpContext http) => Show(await Find(caller, store, id), http))
            .For(Role.Observer).WithSummary("A student");
        students.MapPut("/{id}", async (string id, NewStudent input, Caller caller, EditStudent edit, HttpContext http) =>
            await http.RequiredVersion().On(async version => Show(await edit.Run(caller.Actor, id, input, version), http)))
            .For(Role.Manager).WithSummary("Change a student");
        students.MapDelete("/{id}", async (string id, Caller caller, DeleteStudent delete, HttpContext http) =>
            await http.RequiredVersion().On(async version => (await delete.Run(caller.Actor, id, version)).ToNoContent()))
            .For(Role.Manager).WithSummary("Take a student off the list");
    }

    private static async Task<Results<Ok<Page<Student>>, ProblemAnswer>> List(Caller caller, StudentStore store, string? search, string? group, string? cursor, int limit = 50)
    {
        var check = new Check();
        var text = check.OptionalText("search", search, 100) ?? "";
        var of = check.OptionalText("group", group, 100) ?? "";
        check.Number("limit", limit, 1, StudentStore.MostPerPage);
        return check.Failed(out var problem) ? new ProblemAnswer(problem) : (await store.List(caller.OrganisationId, text, of, cursor, limit)).ToOk();
    }

    private static async Task<Result<Student>> Find(Caller caller, StudentStore store, string id) =>
        Id.Plausible(id) && await store.Find(caller.OrganisationId, id) is { } student ? student : Problem.NotFound("student");

    private static Results<Ok<Student>, ProblemAnswer> Show(Result<Student> student, HttpContext http) => student.ToOk(http, shown => shown.Version);
}
