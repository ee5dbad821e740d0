using System.Net;

namespace LiveProctor.Web.Tests;

/// <summary>
/// Keeps cookies as a browser does whose clock is the site's. A cookie container alone compares a cookie's end with the machine's clock, and a site
/// under test has one of its own.
/// </summary>
internal sealed class SiteCookies(CookieContainer cookies) : DelegatingHandler(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var kept = cookies.GetCookieHeader(request.RequestUri!);
        if (kept.Length > 0)
        {
            request.Headers.Add("Cookie", kept);
        }

        var answer = await base.SendAsync(request, cancellationToken);
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var set) ? set : [])
        {
            // An empty one takes the cookie away and keeps its end, which is long past.
            var value = cookie.Split(';')[0];
            cookies.SetCookies(request.RequestUri!, value.EndsWith('=') ? cookie : value + "; path=/");
        }

        return answer;
    }
}
