using System.Text;
using LiveProctor.Core;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LiveProctor.Web.Api;

/// <summary>What is printed and handed out: tickets, session passwords, seal codes (docs/protocol.md section 6).</summary>
internal static class TicketsApi
{
    public static void MapTickets(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/sessions/{id}").WithTags("Tickets");
        session.MapPost("/tickets", Print).For(Role.Proctor).WithSummary("The tickets of a session, of a group or of some students, as JSON or CSV; recorded");
        session.MapPost("/password", ChangePassword).For(Role.Proctor).WithSummary("Give the session another password; tickets printed before no longer open anything");
        session.MapGet("/seal-codes", async (string id, Caller caller, SealCodes codes) => (await codes.See(caller.Actor, id)).ToOk())
            .For(Role.Proctor).WithSummary("The code of each sealed section; missing ones are made");
        session.MapPost("/seal-codes", async (string id, [FromBody] NewSealCodes? which, Caller caller, SealCodes codes, HttpContext http) =>
            (await codes.Renew(caller.Actor, id, which ?? new NewSealCodes(), http.Once())).ToOk())
            .For(Role.Proctor).WithSummary("Make seal codes anew: all, of one test, or of one section");
    }

    private static async Task<Results<Ok<TicketSheet>, ContentHttpResult, ProblemAnswer>> Print(
        string id, [FromBody] TicketsRequest? request, Caller caller, PrintTickets print, HttpContext http, Links links)
    {
        var printed = await print.Run(caller.Actor, id, request ?? new TicketsRequest(), session => links.Join(http, session), http.Once());
        return printed.Failed(out var problem) ? new ProblemAnswer(problem)
            : request?.Format == "csv" ? TypedResults.Text(TicketsCsv.Write(printed.Value), "text/csv", Encoding.UTF8)
            : TypedResults.Ok(printed.Value);
    }

    private static async Task<Results<Ok<SessionView>, ProblemAnswer>> ChangePassword(
        string id, [FromBody] NewSessionPassword? wanted, Caller caller, ChangeSessionPassword change, HttpContext http, Links links)
    {
        var version = http.SeenVersion();
        if (version.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var changed = await change.Run(caller.Actor, id, wanted ?? new NewSessionPassword(), version.Value, http.Once());
        if (!changed.Failed(out _))
        {
            http.ShowVersion(changed.Value.Version);
        }

        return changed.ToOk(session => links.Absolute(http, session));
    }
}
