using LiveProctor.Core;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>What students are told by mail: the offer, the outbox and invitations.</summary>
internal static class NotificationsApi
{
    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        api.MapPost("/sessions/{id}/notice-preview", async (Caller caller, string id, NoticeQuestion question, PreviewNotice preview) =>
            (await preview.Run(caller.Actor, id, question)).ToOk())
            .For(Role.Proctor).WithTags("Mail").WithSummary("Whom a change of dates would be told to");
        api.MapPost("/registrations/invite", async (Caller caller, Invitation invitation, InviteStudents invite, HttpContext http) =>
            (await invite.Run(caller.Actor, invitation, http.Once())).ToOk())
            .For(Role.Manager).WithTags("Mail").WithSummary("Send students the address of their own page");
        var outbox = api.MapGroup("/outbox").WithTags("Mail");
        outbox.MapGet("", List).For(Role.Manager).WithSummary("Mails, the newest first");
        outbox.MapGet("/summary", async (Caller caller, ListOutbox list) => TypedResults.Ok(await list.Summary(caller.Actor))).For(Role.Manager).WithSummary("Where mails go, and how many are in each state");
        outbox.MapPut("/language", async (Caller caller, LanguageChoice choice, ChooseLanguage choose) => (await choose.Run(caller.Actor, choice)).ToOk())
            .For(Role.Manager).WithSummary("The language of mails to students who have none of their own");
        outbox.MapPost("/send-again", async (Caller caller, MailsRequest request, DecideMails decide, HttpContext http) =>
            (await decide.SendAgain(caller.Actor, request, http.Once())).ToOk()).For(Role.Manager).WithSummary("Send mails again that the program does not send by itself any more");
        outbox.MapPost("/{id}/send-again", async (Caller caller, string id, DecideMails decide, HttpContext http) =>
            (Id.Plausible(id) ? (await decide.SendAgain(caller.Actor, new MailsRequest([id]), http.Once())).Then(answer => answer.Results[0]) : Gone(id)).ToFound()).For(Role.Manager).WithSummary("Send one mail again");
        outbox.MapPost("/arrived", async (Caller caller, MailsRequest request, DecideMails decide, HttpContext http) =>
            (await decide.Arrived(caller.Actor, request, http.Once())).ToOk()).For(Role.Manager).WithSummary("Say that mails have arrived");
    }

    private static MailOutcome Gone(string id) => new(id, "gone");

    private static Results<Ok<MailOutcome>, ProblemAnswer> ToFound(this Result<MailOutcome> result) =>
        result is { Problem: null, Value.Outcome: "gone" } ? new ProblemAnswer(Problem.NotFound("mail")) : result.ToOk();

    private static async Task<Results<Ok<Page<OutboxRow>>, ProblemAnswer>> List(
        Caller caller, ListOutbox list, string? state, string? sessionId, string? search, string? cursor, int? limit)
    {
        MailState? only = null;
        if (!string.IsNullOrEmpty(state))
        {
            if (!Enum.TryParse<MailState>(state, ignoreCase: true, out var parsed) || !Enum.IsDefined(parsed) || !char.IsAsciiLetter(state[0]))
            {
                return new ProblemAnswer(Problem.Invalid(("state", "There is no such state.")));
            }

            only = parsed;
        }

        return (await list.Run(caller.Actor, new OutboxQuery(only, string.IsNullOrEmpty(sessionId) ? null : sessionId, search, cursor, limit))).ToOk();
    }
}
