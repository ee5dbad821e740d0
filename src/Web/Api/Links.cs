using LiveProctor.Core;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Web.Api;

/// <summary>The addresses that people follow: from the configured public URL, otherwise from where the request came in.</summary>
public sealed class Links(PublicAddress address)
{
    /// <summary>The session with its join link as a whole address.</summary>
    public SessionView Absolute(HttpContext http, SessionView session) =>
        session.JoinLink is { } path ? session with { JoinLink = Base(http) + path } : session;

    /// <summary>Where a student goes: the join link, or the join page with the ID filled in.</summary>
    public string Join(HttpContext http, Session session) => Base(http) + (JoinLink.Path(session) ?? $"/join/{JoinId.Show(session.JoinId)}");

    private string Base(HttpContext http) => address.IsConfigured ? address.Value : $"{http.Request.Scheme}://{http.Request.Host}";
}
