using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using LiveProctor.PracticeDelivery.Attempts;
using LiveProctor.PracticeDelivery.Hub;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.PracticeDelivery.Pages;

/// <summary>What the student's page, or a program in its place, may call. The cookie says whose attempt it is.</summary>
public static class TestApi
{
    const string Cookie = "practice_attempt";
    static readonly TimeSpan Ping = TimeSpan.FromSeconds(3);

    /// <summary>Adds the endpoints.</summary>
    public static void MapTestApi(this WebApplication app)
    {
        var api = app.MapGroup("/api");
        api.MapPost("/start", Start);
        api.MapGet("/state", (HttpContext http, Room room, TimeProvider clock) => AtDesk(http, room, clock, desk => Shown(desk, clock)));
        api.MapGet("/events", Events);
        api.MapPost("/heartbeat", (HeartbeatRequest body, HttpContext http, Room room, TimeProvider clock) =>
            AtDesk(http, room, clock, desk => Heartbeat(desk, body, clock)));
        api.MapPost("/answer", (AnswerRequest body, HttpContext http, Room room, TimeProvider clock) =>
            AtDesk(http, room, clock, desk => Answer(desk, body, clock)));
        api.MapPost("/submit", (SubmitRequest _, HttpContext http, Room room, TimeProvider clock) =>
            AtDesk(http, room, clock, desk => Submit(desk, clock)));
    }

    static async Task<IResult> Start(
        StartRequest body, HttpContext http, HubSettings settings, TokenKeys keys, HubClient hub, Room room, TimeProvider clock, IHostApplicationLifetime life)
    {
        if (!settings.Complete)
        {
            return Problem(503, "notConfigured", "This test is not connected to LiveProctor yet.");
        }

        var back = settings.WayBack(fromHub: null, body.Return);
        if (string.IsNullOrEmpty(body.Token) || body.Token.Length > 16_384)
        {
            return Problem(422, "tokenInvalid", "There is no entry token.", back);
        }

        // Not the request's own token: a redeemed token must not be lost because the browser hung up.
        var stop = life.ApplicationStopping;
        if (await keys.Refuse(body.Token, stop) is { } refused)
        {
            return Problem(refused, back);
        }

        var reply = await Redeem(hub, body.Token, clock, stop);
        if (reply.Value is not { } redeemed)
        {
            return Problem(reply.Problem!, back);
        }

        var (desk, secret) = room.Open(redeemed, settings.WayBack(redeemed.ReturnUrl, body.Return));
        http.Response.Cookies.Append(Cookie, secret, new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = http.Request.IsHttps,
            MaxAge = TimeSpan.FromDays(1),
        });
        return Shown(desk, clock);
    }

    static async Task<HubReply<Redeemed>> Redeem(HubClient hub, string token, TimeProvider clock, CancellationToken stop)
    {
        var backOff = new BackOff(clock, TimeSpan.FromSeconds(2));
        for (var attempt = 1; ; attempt++)
        {
            var reply = await hub.Redeem(token, stop);
            if (reply.Problem is not { Retry: true } problem || problem.Code == "keyRefused" || attempt == 3)
            {
                return reply;
            }

            await backOff.Wait(problem.After, stop);
        }
    }

    static IResult Heartbeat(Desk desk, HeartbeatRequest body, TimeProvider clock)
    {
        if (body.Question is { } question && PracticeTest.Find(question) is not null)
        {
            desk.Change(attempt => AttemptRules.Look(attempt, question, clock.GetUtcNow()));
        }

        return TypedResults.NoContent();
    }

    static IResult Answer(Desk desk, AnswerRequest body, TimeProvider clock)
    {
        if (PracticeTest.Find(body.Question) is not { } question || !question.Offers(body.Answer))
        {
            return Problem(422, "answerInvalid", $"A question has a number from 1 to {PracticeTest.Total}, and an answer is the letter of one of its options.");
        }

        if (desk.Attempt is { Phase: Phase.Running } attempt && attempt.SealOf(question.Number) is { } seal)
        {
            return Problem(409, "sealed", $"The section “{seal.Title}” is sealed.");
        }

        return desk.Change(present => AttemptRules.Answer(present, question.Number, body.Answer!)).Phase == Phase.Running
            ? Shown(desk, clock)
            : Problem(409, "notRunning", "The questions are not open now.");
    }

    static IResult Submit(Desk desk, TimeProvider clock) =>
        desk.Change(attempt => AttemptRules.Submit(attempt, reason: null, clock.GetUtcNow())).Phase == Phase.Submitted
            ? Shown(desk, clock)
            : Problem(409, "notRunning", "The test can be handed in while its questions are open.");

    static IResult Events(HttpContext http, Room room, TimeProvider clock, IHostApplicationLifetime life) =>
        AtDesk(http, room, clock, desk =>
        {
            var mine = http.Request.Cookies[Cookie];
            return TypedResults.ServerSentEvents(Follow(desk, () => ReferenceEquals(room.ByCookie(mine), desk), clock, life.ApplicationStopping, http.RequestAborted));
        });

    // "state" whenever something changed; "ping" every few seconds, which the page answers with its heartbeat: a timer
    // of a page in the background would be slowed down by the browser.
    static async IAsyncEnumerable<SseItem<AttemptView?>> Follow(
        Desk desk, Func<bool> stillMine, TimeProvider clock, CancellationToken stopping, [EnumeratorCancellation] CancellationToken gone)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping, gone);
        while (!stop.IsCancellationRequested)
        {
            var changed = desk.Changed;
            if (!stillMine())
            {
                yield return new SseItem<AttemptView?>(null, "elsewhere");
                yield break;
            }

            yield return new SseItem<AttemptView?>(AttemptView.Of(desk.Attempt, clock.GetUtcNow()), "state");
            while (!changed.IsCompleted && !stop.IsCancellationRequested)
            {
                await Task.WhenAny(changed, Task.Delay(Ping, clock, stop.Token));
                if (!changed.IsCompleted && !stop.IsCancellationRequested)
                {
                    yield return new SseItem<AttemptView?>(null, "ping");
                }
            }
        }
    }

    static IResult AtDesk(HttpContext http, Room room, TimeProvider clock, Func<Desk, IResult> act)
    {
        if (room.ByCookie(http.Request.Cookies[Cookie]) is not { } desk)
        {
            return Problem(401, "noAttempt", "No test is open in this browser.");
        }

        desk.Hear(clock.GetUtcNow());
        return act(desk);
    }

    static Ok<AttemptView> Shown(Desk desk, TimeProvider clock) => TypedResults.Ok(AttemptView.Of(desk.Attempt, clock.GetUtcNow()));

    static ProblemHttpResult Problem(HubProblem problem, string? returnUrl) => problem.Code switch
    {
        "tokenInvalid" or "tokenExpired" => Problem(422, problem.Code, problem.Detail, returnUrl),
        _ when problem.Retry => Problem(503, "hubAway", "LiveProctor cannot be reached. Try again in a moment.", returnUrl),
        _ => Problem(409, problem.Code, problem.Detail, returnUrl),
    };

    static ProblemHttpResult Problem(int status, string code, string detail, string? returnUrl = null) => TypedResults.Problem(
        detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code, ["returnUrl"] = returnUrl });

    sealed record StartRequest(string? Token, string? Return);

    sealed record HeartbeatRequest(int? Question);

    sealed record AnswerRequest(int Question, string? Answer);

    sealed record SubmitRequest;
}
