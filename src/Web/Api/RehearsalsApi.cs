using LiveProctor.Core.Accounts;
using LiveProctor.Core.Rehearsals;
using LiveProctor.Core.Sessions;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>Rehearsals: sessions with simulated students.</summary>
internal static class RehearsalsApi
{
    public static void MapRehearsals(this IEndpointRouteBuilder api) =>
        api.MapPost("/rehearsals", Start).RequireAuthorization(Rights.Proctor).WithTags("Sessions");

    private static async Task<Results<Created<SessionView>, ProblemAnswer>> Start(Caller caller, StartRehearsal start, HttpContext http, Links links)
    {
        var started = await start.Run(caller.Actor, http.Once());
        if (!started.Failed(out _))
        {
            http.ShowVersion(started.Value.Version);
        }

        return started.ToCreated(session => links.Absolute(http, session), session => $"/api/v1/sessions/{session.Id}");
    }
}
