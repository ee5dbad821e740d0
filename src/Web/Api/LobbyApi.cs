using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>The student's side: the way in, and what a student does once there.</summary>
internal static class LobbyApi
{
    public static void MapLobby(this IEndpointRouteBuilder api)
    {
        var lobby = api.MapGroup("/lobby").WithTags("Lobby");
        lobby.MapGet("/session", Entrance).AllowAnonymous();
        lobby.MapPost("/join", Join).AllowAnonymous();
        lobby.MapPost("/ticket", async (TicketRequest request, SeeTicket see, HttpContext http) => (await see.Run(request, Address(http))).ToOk())
            .AllowAnonymous().WithSummary("The tests that a ticket opens, also before the lobby does");
        var student = lobby.MapGroup("").RequireAuthorization(Rights.Student);
        student.MapGet("/me", Me);
        student.MapPost("/entry-token", EntryToken);
        student.MapPost("/withdraw", async (CallingStudent caller, StudentCommands commands) => (await commands.Withdraw(caller.Student)).ToOk());
        student.MapPost("/return", async (CallingStudent caller, StudentCommands commands) => (await commands.Return(caller.Student)).ToOk());
        student.MapPost("/ask-again", async (CallingStudent caller, StudentCommands commands) => (await commands.AskAgain(caller.Student)).ToOk());
        student.MapPost("/pause", async (CallingStudent caller, StudentCommands commands) => (await commands.Pause(caller.Student)).ToOk());
        student.MapPost("/resume", async (CallingStudent caller, StudentCommands commands) => (await commands.Resume(caller.Student)).ToOk());
        student.MapPost("/hand", async (CallingStudent caller, HandRequest request, StudentCommands commands) =>
            (request.Raised is { } raised
                ? await commands.RaiseHand(caller.Student, raised)
                : Problem.Invalid(("raised", "Say whether the hand is raised."))).ToOk());
        student.MapPost("/say", async (CallingStudent caller, SayRequest request, StudentCommands commands) =>
            (await commands.Say(caller.Student, request.Text)).ToOk());
        student.MapPost("/unseal", async (CallingStudent caller, UnsealRequest request, Unseal unseal) =>
            (await unseal.Run(caller.Student, request.Code)).ToOk()).WithSummary("A student at a seal types the section's code");
    }

    private static async Task<Results<Ok<EntranceView>, ProblemAnswer>> Entrance(FindSession find, HttpContext http, string? joinId, string? link) =>
        (await find.Run(joinId, link, Address(http))).ToOk(EntranceView.Of);

    private static async Task<Results<Created<JoinAnswer>, ProblemAnswer>> Join(JoinRequest request, JoinLobby join, HttpContext http) =>
        (await join.Run(request, Address(http), http.Once())).ToCreated(_ => "/api/v1/lobby/me");

    private static async Task<Results<Ok<StudentView>, ProblemAnswer>> Me(CallingStudent caller, SeeSession see) =>
        await see.Student(caller.Student.EntryId) is { } snapshot
            ? TypedResults.Ok(new StudentView(snapshot.Me, snapshot.Lobby))
            : new ProblemAnswer(Problem.NotFound("entry"));

    private static async Task<Results<Ok<EntryTokenAnswer>, ProblemAnswer>> EntryToken(CallingStudent caller, FetchEntryToken fetch) =>
        (await fetch.Run(caller.Student)).ToOk();

    private static string Address(HttpContext http) => ClientAddress.Of(http);

    internal sealed record HandRequest(bool? Raised);

    internal sealed record SayRequest(string? Text);

    internal sealed record UnsealRequest(string? Code);

    internal sealed record StudentView(MeView Me, LobbyView Lobby);
}
