using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>The entries of a session, and the commands on them.</summary>
internal static class EntriesApi
{
    public static void MapEntries(this IEndpointRouteBuilder api)
    {
        var session = api.MapGroup("/sessions/{id}").WithTags("Entries");
        session.MapGet("/entries", All).RequireAuthorization(Rights.Observer);
        Command<DecideEntries>(session, "approve", (entries, actor, id, request, once) => entries.Approve(actor, id, request, once));
        Command<DecideEntries>(session, "deny", (entries, actor, id, request, once) => entries.Deny(actor, id, request, once));
        Command<DecideEntries>(session, "revoke", (entries, actor, id, request, once) => entries.Revoke(actor, id, request, once));
        Command<CommandEntries>(session, "pause", (entries, actor, id, request, once) => entries.Pause(actor, id, request, once));
        Command<CommandEntries>(session, "resume", (entries, actor, id, request, once) => entries.Resume(actor, id, request, once));
        Command<CommandEntries>(session, "extend", (entries, actor, id, request, once) => entries.Extend(actor, id, request, once));
        Command<CommandEntries>(session, "terminate", (entries, actor, id, request, once) => entries.Terminate(actor, id, request, once));
        Command<CommandEntries>(session, "release-seal", (entries, actor, id, request, once) => entries.ReleaseSeal(actor, id, request, once));
        Command<ReinstateEntries>(session, "reinstate", (entries, actor, id, request, once) => entries.Run(actor, id, request, once), Rights.Administrator);
        Command<CommandEntries>(session, "message", (entries, actor, id, request, once) => entries.Message(actor, id, request, once));
    }

    private static async Task<Results<Ok<EntriesView>, ProblemAnswer>> All(Caller caller, string id, SeeSession see)
    {
        var session = await see.Run(caller.Actor, id);
        if (session.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var board = await see.Board(id);
        return board is null
            ? new ProblemAnswer(Problem.NotFound("session"))
            : TypedResults.Ok(new EntriesView(
                [.. board.Entries.Values.Select(Json.Read<EntryRow>).OrderBy(entry => entry.Arrival)], board.Position.Epoch, board.Position.Seq));
    }

    private delegate Task<Result<EntriesAnswer>> EntriesCommand<in T>(T useCase, Actor actor, string id, EntriesRequest request, Once? once);

    private static void Command<T>(IEndpointRouteBuilder session, string name, EntriesCommand<T> command, string least = Rights.Proctor)
        where T : class => session
        .MapPost("/" + name, async Task<Results<Ok<EntriesAnswer>, ProblemAnswer>> (
            Caller caller, string id, EntriesRequest request, T useCase, HttpContext http) => (await command(useCase, caller.Actor, id, request, http.Once())).ToOk())
        .RequireAuthorization(least);

    /// <summary>The rows with the position of the session's feed at which they were true.</summary>
    internal sealed record EntriesView(IReadOnlyList<EntryRow> Entries, string Epoch, long Seq);
}
