using LiveProctor.Core;
using LiveProctor.Core.Tickets;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace LiveProctor.Web.Api;

/// <summary>What is printed and handed out: tickets, session passwords, seal codes (docs/protocol.md section 6).</summary>
internal static class TicketsApi
{
    public static void MapTickets(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/sessions/{id}").WithTags("Tickets");
        session.MapGet("/seal-codes", async (string id, Caller caller, SealCodes codes) => (await codes.See(caller.Actor, id)).ToOk())
            .For(Role.Proctor).WithSummary("The code of each sealed section; missing ones are made");
        session.MapPost("/seal-codes", async (string id, [FromBody] NewSealCodes? which, Caller caller, SealCodes codes, HttpContext http) =>
            (await codes.Renew(caller.Actor, id, which ?? new NewSealCodes(), http.Once())).ToOk())
            .For(Role.Proctor).WithSummary("Make seal codes anew: all, of one test, or of one section");
    }
}
