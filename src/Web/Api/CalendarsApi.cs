using System.Security.Cryptography;
using System.Text;
using LiveProctor.Core;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace LiveProctor.Web.Api;

/// <summary>Where somebody's calendar program finds the feed; null when there is no address.</summary>
public sealed record CalendarLink(string? Url);

/// <summary>Makes addresses of calendar feeds.</summary>
internal sealed class CalendarLinks(PublicAddress address)
{
    public CalendarLink Of(HttpContext http, CalendarSecret calendar) => new(calendar.Secret is { } secret
        ? $"{(address.IsConfigured ? address.Value : $"{http.Request.Scheme}://{http.Request.Host}")}/calendar/{secret}.ics"
        : null);
}

/// <summary>Calendar feeds, and the addresses that open them.</summary>
internal static class CalendarsApi
{
    public static void MapCalendars(this WebApplication app)
    {
        var me = app.MapGroup("/api/v1/me/calendar").WithTags("Calendar");
        me.MapGet("", async (Caller caller, Calendars calendars, CalendarLinks links, HttpContext http) => TypedResults.Ok(links.Of(http, await calendars.OfStaff(caller.Actor))))
            .For(Role.Observer).WithSummary("The address of the caller's own calendar feed");
        me.MapPost("", async (Caller caller, Calendars calendars, CalendarLinks links, HttpContext http) => (await calendars.Renew(caller.Actor)).ToOk(secret => links.Of(http, secret)))
            .For(Role.Observer).WithSummary("A new address; the old one ends");
        me.MapDelete("", async (Caller caller, Calendars calendars) => (await calendars.Revoke(caller.Actor)).ToNoContent())
            .For(Role.Observer).WithSummary("No address any more");
        var student = app.MapGroup("/api/v1/my/{secret}/calendar").WithTags("Calendar").AllowAnonymous();
        student.MapGet("", async (string secret, Calendars calendars, JoinThrottle throttle, CalendarLinks links, HttpContext http) =>
            (await throttle.Guard(ClientAddress.Of(http), () => calendars.OfStudent(secret))).ToOk(calendar => links.Of(http, calendar)))
            .WithSummary("The address of a student's calendar feed");
        student.MapPost("", async (string secret, Calendars calendars, JoinThrottle throttle, CalendarLinks links, HttpContext http) =>
            (await throttle.Guard(ClientAddress.Of(http), () => calendars.RenewOfStudent(secret))).ToOk(calendar => links.Of(http, calendar)))
            .WithSummary("A new address for the student; the old one ends");
        app.MapGet("/calendar/{secret}.ics", Feed).AllowAnonymous().ExcludeFromDescription();
    }

    private static async Task<Results<ContentHttpResult, StatusCodeHttpResult, ProblemAnswer>> Feed(string secret, Calendars calendars, JoinThrottle throttle, HttpContext http)
    {
        var feed = await throttle.Guard(ClientAddress.Of(http), () => calendars.Read(secret));
        if (feed.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var tag = new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(feed.Value)))[..32]}\"");
        var headers = http.Response.GetTypedHeaders();
        headers.ETag = tag;
        headers.CacheControl = new CacheControlHeaderValue { Private = true, MaxAge = TimeSpan.FromMinutes(15) };
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(seen => seen.Compare(tag, useStrongComparison: false))
            ? TypedResults.StatusCode(StatusCodes.Status304NotModified)
            : TypedResults.Text(feed.Value, "text/calendar; charset=utf-8");
    }
}
