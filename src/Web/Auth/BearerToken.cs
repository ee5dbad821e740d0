namespace LiveProctor.Web.Auth;

/// <summary>The secret that a request carries, RFC 6750.</summary>
internal static class BearerToken
{
    private const string Scheme = "Bearer ";

    /// <summary>The token of the request; null when it carries none. In the address only for hubs: a browser's WebSocket takes no headers, and addresses end up in logs.</summary>
    public static string? Of(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        if (header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return header[Scheme.Length..].Trim();
        }

        return http.Request.Path.StartsWithSegments("/hubs", StringComparison.Ordinal) && http.Request.Query["access_token"].ToString() is { Length: > 0 } token ? token : null;
    }
}
