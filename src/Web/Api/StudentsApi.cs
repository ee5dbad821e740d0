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
    }

    private static async Task<Results<Ok<Page<Student>>, ProblemAnswer>> List(Caller caller, StudentStore store, string? search, string? cursor, int limit = 50)
    {
        var check = new Check();
        var text = check.OptionalText("search", search, 100) ?? "";
        check.Number("limit", limit, 1, StudentStore.MostPerPage);
        return check.Failed(out var problem) ? new ProblemAnswer(problem) : (await store.List(caller.OrganisationId, text, cursor, limit)).ToOk();
    }
}
