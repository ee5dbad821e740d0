using LiveProctor.Core.Accounts;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LiveProctor.Web.Auth;

/// <summary>Staff in a browser: a cookie that says who, checked against the account at every request.</summary>
internal static class StaffCookie
{
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
        http.SignInAsync(Schemes.Cookie, StaffAccess.Principal(staff, Schemes.Cookie), new AuthenticationProperties { IsPersistent = true });

    // One read by primary key: cheap enough to have a disabled person out, and a new role in force, at the next request.
    private static async Task Validate(CookieValidatePrincipalContext context)
    {
        if (await context.HttpContext.RequestServices.GetRequiredService<StaffAccess>().Account(context.Principal) is { } staff)
        {
            context.ReplacePrincipal(StaffAccess.Principal(staff, Schemes.Cookie));
            return;
        }

        context.RejectPrincipal();
    }

    private static Task Answer(RedirectContext<CookieAuthenticationOptions> context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
