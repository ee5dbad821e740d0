using LiveProctor.Core;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>Registrations and the credits that they cost, docs/protocol.md section 6.</summary>
internal static class RegistrationsApi
{
    public static void MapRegistrations(this IEndpointRouteBuilder api)
    {
        var registrations = api.MapGroup("/registrations").WithTags("Registrations");
        registrations.MapGet("", List).For(Role.Observer).WithSummary("Registrations, the newest first; those of a session by student");
        registrations.MapPost("", async (NewRegistration input, Caller caller, RegisterStudents register, HttpContext http) =>
            (await register.One(caller.Actor, input, http.Once())).ToCreated(registration => $"/api/v1/registrations/{registration.Id}"))
            .For(Role.Manager).WithSummary("Register a student to a test, for one credit");
        registrations.MapPost("/bulk", async (NewRegistrations input, Caller caller, RegisterStudents register, HttpContext http) =>
            (await register.Many(caller.Actor, input, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Register many students to a test");
        registrations.MapPost("/move", async (MovedRegistrations input, Caller caller, ChangeRegistrations changes, HttpContext http) =>
            (await changes.Move(caller.Actor, input, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Move registrations to another session, or to none");
        registrations.MapPost("/cancel", async (CancelledRegistrations input, Caller caller, ChangeRegistrations changes, HttpContext http) =>
            (await changes.Cancel(caller.Actor, input, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Take registrations back that never started");
        registrations.MapGet("/{id}", async (string id, Caller caller, ListRegistrations list, HttpContext http) =>
            (Id.Plausible(id) && await list.Find(caller.Actor, id) is { } found ? (Result<RegistrationView>)found : Problem.NotFound("registration")).ToOk(http, view => view.Version))
            .For(Role.Observer).WithSummary("A registration");
        registrations.MapPut("/{id}", async (string id, RegistrationEdit input, Caller caller, ChangeRegistrations changes, HttpContext http) =>
            await http.SeenVersion().On(async version => (await changes.Edit(caller.Actor, id, input, version)).ToOk(http, view => view.Version)))
            .For(Role.Manager).WithSummary("Move a registration, or change its settings");
        registrations.MapDelete("/{id}", async (string id, bool? notify, Caller caller, ChangeRegistrations changes, HttpContext http) =>
            await http.SeenVersion().On(async version => (await changes.CancelOne(caller.Actor, id, version, notify == true)).ToNoContent()))
            .For(Role.Manager).WithSummary("Take a registration back that never started");
    }

    public static void MapCredits(this IEndpointRouteBuilder api)
    {
        var credits = api.MapGroup("/credits").WithTags("Credits");
        credits.MapGet("", async Task<Results<Ok<CreditPage>, ProblemAnswer>> (Caller caller, CreditLedger ledger, string? cursor, int limit = 50) =>
        {
            var check = new Check();
            check.Number("limit", limit, 1, ListRegistrations.MostPerPage);
            return check.Failed(out var problem) ? new ProblemAnswer(problem) : (await ledger.List(caller.OrganisationId, cursor, limit)).ToOk();
        }).For(Role.Manager).WithSummary("The balance, and what moved it, the newest first");
        credits.MapPost("", async (CreditGrant input, Caller caller, GrantCredits grant, HttpContext http) => (await grant.Run(caller.Actor, input, http.Once())).ToOk())
            .For(Role.Administrator).WithSummary("Add credits");
    }

    public static void MapCleanUp(this IEndpointRouteBuilder api)
    {
        var past = api.MapGroup("/clean-up/past-registrations").WithTags("Registrations");
        past.MapGet("", async (Caller caller, CleanUp cleanUp) => TypedResults.Ok(await cleanUp.Preview(caller.Actor)))
            .For(Role.Manager).WithSummary("How many registrations were never started though their session has ended");
        past.MapPost("", async (CleanUpRequest input, Caller caller, CleanUp cleanUp, HttpContext http) => (await cleanUp.Run(caller.Actor, input, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Take them back, and return their credits");
    }

    private static async Task<Results<Ok<Page<RegistrationView>>, ProblemAnswer>> List(
        Caller caller, ListRegistrations list, string? search, string? sessionId, string? studentId, string? groupId, string? testCode, string? status,
        bool? withoutSession, string? cursor, int limit = 50)
    {
        var check = new Check();
        RegistrationStatus? only = null;
        if (!string.IsNullOrEmpty(status))
        {
            var known = Enum.TryParse<RegistrationStatus>(status, ignoreCase: true, out var parsed) && !char.IsAsciiDigit(status[0]) && Enum.IsDefined(parsed);
            check.That(known, "status", "This is pending, started, completed or cancelled.");
            only = parsed;
        }

        var query = new RegistrationQuery(
            check.OptionalText("search", search, 100) ?? "", check.OptionalText("sessionId", sessionId, 64), check.OptionalText("studentId", studentId, 64),
            check.OptionalText("groupId", groupId, 64), check.OptionalText("testCode", testCode, 40), only, withoutSession ?? false, cursor,
            check.Number("limit", limit, 1, ListRegistrations.MostPerPage));
        return check.Failed(out var problem) ? new ProblemAnswer(problem) : (await list.Run(caller.Actor, query)).ToOk();
    }
}
