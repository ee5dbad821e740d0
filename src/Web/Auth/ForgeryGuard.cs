using LiveProctor.Core;
using LiveProctor.Core.Problems;
using LiveProctor.Web.Hosting;

namespace LiveProctor.Web.Auth;

/// <summary>
/// Keeps other sites' pages from using a signed-in browser. A browser sends the cookie by itself, but adds a header of ours only for scripts of our own pages
/// (OWASP: custom request headers). A WebSocket carries no such header; there the origin that the browser states must be ours.
/// </summary>
internal static class ForgeryGuard
{
    private const string Header = "X-LiveProctor";

    public static void UseForgeryGuard(this WebApplication app) => app.Use((http, next) =>
    {
        if (http.User.Identity is not { IsAuthenticated: true, AuthenticationType: Schemes.Cookie })
        {
            return next(http);
        }

        if (!IsOwnOrigin(http))
        {
            return ProblemAnswer.Write(http, new Problem(ProblemKind.Forbidden, "The request comes from another site."));
        }

        return IsSafe(http) || http.Request.Headers[Header] == "1"
            ? next(http)
            : ProblemAnswer.Write(http, new Problem(ProblemKind.HeaderRequired, $"Send {Header}: 1 with a call that changes something."));
    });

    private static bool IsSafe(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method)
        // The official client negotiates by POST, without our header; its origin was just checked.
        || http.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal);

    // Compared without the scheme: a proxy that ends TLS may not tell ours.
    private static bool IsOwnOrigin(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return true;
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from))
        {
            return false;
        }

        var address = http.RequestServices.GetRequiredService<PublicAddress>();
        return Same(from, $"{from.Scheme}://{http.Request.Host.Value}") || (address.IsConfigured && Same(from, address.Value));
    }

    private static bool Same(Uri from, string ours) =>
        Uri.TryCreate(ours, UriKind.Absolute, out var own)
        && string.Equals(from.Host, own.Host, StringComparison.OrdinalIgnoreCase)
        && from.Port == own.Port;
}
