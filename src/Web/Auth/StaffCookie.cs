using System.Security.Claims;
using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LiveProctor.Web.Auth;

/// <summary>Staff in a browser: a cookie that says who, checked against the account at every request.</summary>
internal static class StaffCookie
{
    private const string Stamp = "stamp";

    public static void Configure(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "liveproctor";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Strict;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.Cookie.IsEssential = true;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        // A page asks by script: it wants a status, not another page.
        options.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
        options.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        options.Events.OnValidatePrincipal = Validate;
    }

    /// <summary>Gives the browser the person's cookie.</summary>
    public static Task SignIn(HttpContext http, Staff staff) =>
        http.SignInAsync(Schemes.Cookie, Principal(staff), new AuthenticationProperties { IsPersistent = true });

    private static ClaimsPrincipal Principal(Staff staff) => ActorClaims.Principal(staff.Actor, Schemes.Cookie, new Claim(Stamp, staff.SecurityStamp));

    // One read by primary key: cheap enough to have a disabled person out, and a new role in force, at the next request.
    private static async Task Validate(CookieValidatePrincipalContext context)
    {
        var store = context.HttpContext.RequestServices.GetRequiredService<StaffStore>();
        var staff = ActorClaims.Find(context.Principal) is { } actor ? await store.ById(actor.Id) : null;
        if (staff is null || staff.Disabled || context.Principal!.FindFirst(Stamp)?.Value is not { } stamp || !Secret.Same(stamp, staff.SecurityStamp))
        {
            context.RejectPrincipal();
            return;
        }

        context.ReplacePrincipal(Principal(staff));
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
