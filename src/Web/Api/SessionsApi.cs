using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LiveProctor.Web.Api;

/// <summary>Sessions: list, create, edit, delete, steer.</summary>
internal static class SessionsApi
{
    public static void MapSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");
        sessions.MapGet("", List).RequireAuthorization(Rights.Observer);
        sessions.MapPost("", Create).RequireAuthorization(Rights.Proctor);
        sessions.MapGet("/{id}", See).RequireAuthorization(Rights.Observer);
        sessions.MapPut("/{id}", Edit).RequireAuthorization(Rights.Proctor);
        sessions.MapDelete("/{id}", Delete).RequireAuthorization(Rights.Manager);
        sessions.MapPost("/{id}/duplicate", Duplicate).RequireAuthorization(Rights.Proctor);
        sessions.MapPost("/delete-preview", PreviewDelete).RequireAuthorization(Rights.Manager);
        sessions.MapPost("/delete", DeleteMany).RequireAuthorization(Rights.Manager);
        sessions.MapGet("/{id}/qr.svg", QrCode).RequireAuthorization(Rights.Observer);
        sessions.MapGet("/{id}/report", Report).RequireAuthorization(Rights.Observer);
        Phase(sessions, "open", (steer, caller, id, request, once) => steer.Open(caller.Actor, id, request, once));
        Phase(sessions, "hold", (steer, caller, id, request, once) => steer.Hold(caller.Actor, id, request, once));
        Phase(sessions, "release", (steer, caller, id, request, once) => steer.Release(caller.Actor, id, request, once));
        Phase(sessions, "stop", (steer, caller, id, request, once) => steer.Stop(caller.Actor, id, request, once));
        Phase(sessions, "reopen", (steer, caller, id, request, once) => steer.Reopen(caller.Actor, id, request, once));
        Phase(sessions, "cancel", (steer, caller, id, request, once) => steer.Cancel(caller.Actor, id, request, once));
    }

    private static async Task<Results<Ok<SessionListPage>, ProblemAnswer>> List(
        Caller caller, ListSessions list, string? search, bool? hidePast, bool? showOld, string? phase, string? proctor, DateTimeOffset? from, DateTimeOffset? to,
        string? sort, string? cursor, int? limit)
    {
        var phases = new List<SessionPhase>();
        foreach (var name in (phase ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<SessionPhase>(name, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || char.IsAsciiDigit(name[0]))
            {
                return new ProblemAnswer(Problem.Invalid(("phase", "There is no such phase.")));
            }

            phases.Add(parsed);
        }

        return (await list.Run(caller.Actor, new SessionListQuery
        {
            Search = search, HidePast = hidePast ?? false, ShowOld = showOld ?? false, Phases = phases, Proctor = proctor, From = from, To = to,
            Sort = sort, Cursor = cursor, Limit = limit,
        })).ToOk();
    }

    private static async Task<Results<Created<SessionView>, ProblemAnswer>> Create(
        Caller caller, SessionRequest request, CreateSession create, HttpContext http, Links links)
    {
        var created = await create.Run(caller.Actor, request, http.Once());
        if (!created.Failed(out _))
        {
            http.ShowVersion(created.Value.Version);
        }

        return created.ToCreated(session => links.Absolute(http, session), session => $"/api/v1/sessions/{session.Id}");
    }

    private static async Task<Results<Ok<SessionView>, ProblemAnswer>> See(Caller caller, string id, SeeSession see, HttpContext http, Links links) =>
        Show((await see.Run(caller.Actor, id)).Then(SessionView.Of), http, links);

    private static async Task<Results<Ok<SessionView>, ProblemAnswer>> Edit(
        Caller caller, string id, SessionRequest request, EditSession edit, HttpContext http, Links links)
    {
        var version = http.RequiredVersion();
        return version.Failed(out var problem)
            ? new ProblemAnswer(problem)
            : Show(await edit.Run(caller.Actor, id, request, version.Value), http, links);
    }

    private static async Task<Results<NoContent, ProblemAnswer>> Delete(Caller caller, string id, DeleteSession delete, HttpContext http, bool? notify)
    {
        var version = http.RequiredVersion();
        return version.Failed(out var problem) ? new ProblemAnswer(problem) : (await delete.Run(caller.Actor, id, version.Value, notify == true)).ToNoContent();
    }

    private static async Task<Results<Created<SessionView>, ProblemAnswer>> Duplicate(
        Caller caller, string id, [FromBody] DuplicateRequest? request, DuplicateSession duplicate, HttpContext http, Links links)
    {
        var created = await duplicate.Run(caller.Actor, id, request ?? new DuplicateRequest(), http.Once());
        if (!created.Failed(out _))
        {
            http.ShowVersion(created.Value.Version);
        }

        return created.ToCreated(session => links.Absolute(http, session), session => $"/api/v1/sessions/{session.Id}");
    }

    private static async Task<Results<Ok<DeletionPreview>, ProblemAnswer>> PreviewDelete(Caller caller, SessionIds request, PreviewDeletion preview) =>
        (await preview.Run(caller.Actor, request.Ids)).ToOk();

    private static async Task<Results<Ok<DeleteSessionsAnswer>, ProblemAnswer>> DeleteMany(
        Caller caller, DeleteSessionsRequest request, DeleteSessions delete, HttpContext http) =>
        (await delete.Run(caller.Actor, request, http.Once())).ToOk();

    private static async Task<Results<ContentHttpResult, ProblemAnswer>> QrCode(Caller caller, string id, SeeSession see, HttpContext http, Links links)
    {
        var session = await see.Run(caller.Actor, id);
        return session.Failed(out var problem)
            ? new ProblemAnswer(problem)
            : TypedResults.Text(Web.QrCode.Svg(links.Join(http, session.Value)), "image/svg+xml");
    }

    private static async Task<Results<Ok<ReportView>, ProblemAnswer>> Report(Caller caller, string id, SeeSession see, EntryStore entries)
    {
        var session = await see.Run(caller.Actor, id);
        return session.Failed(out var problem)
            ? new ProblemAnswer(problem)
            : TypedResults.Ok(ReportView.Of(session.Value, await entries.OfSession(id)));
    }

    private delegate Task<Result<SessionView>> PhaseCommand(SteerSession steer, Caller caller, string id, PhaseRequest request, Once? once);

    private static void Phase(IEndpointRouteBuilder sessions, string name, PhaseCommand command) => sessions
        .MapPost("/{id}/" + name, async Task<Results<Ok<SessionView>, ProblemAnswer>> (
            Caller caller, string id, [FromBody] PhaseRequest? request, SteerSession steer, HttpContext http, Links links) =>
        {
            var version = http.SeenVersion();
            return version.Failed(out var problem)
                ? new ProblemAnswer(problem)
                : Show(await command(steer, caller, id, (request ?? new PhaseRequest()) with { Version = version.Value ?? request?.Version }, http.Once()), http, links);
        })
        .RequireAuthorization(Rights.Proctor);

    private static Results<Ok<SessionView>, ProblemAnswer> Show(Result<SessionView> result, HttpContext http, Links links)
    {
        if (!result.Failed(out _))
        {
            http.ShowVersion(result.Value.Version);
        }

        return result.ToOk(session => links.Absolute(http, session));
    }
}

/// <summary>The body of <c>POST /api/v1/sessions/delete-preview</c>.</summary>
internal sealed record SessionIds(IReadOnlyList<string>? Ids);
