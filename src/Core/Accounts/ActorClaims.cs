using System.Security.Claims;

namespace LiveProctor.Core.Accounts;

/// <summary>How an <see cref="Actor"/> stands in the principal of a request or connection: written when it is authenticated, read wherever rights are judged.</summary>
public static class ActorClaims
{
    private const string Kind = "kind";
    private const string Id = "id";
    private const string Name = "name";
    private const string Organisation = "organisation";
    private const string Role = "role";

    /// <summary>The principal of an authenticated actor.</summary>
    /// <param name="actor">Whom it stands for.</param>
    /// <param name="scheme">How it was authenticated.</param>
    /// <param name="more">Claims that only this scheme reads.</param>
    public static ClaimsPrincipal Principal(Actor actor, string scheme, params Claim[] more) => new(new ClaimsIdentity(
        [
            new Claim(Kind, actor.Kind.ToString()),
            new Claim(Id, actor.Id),
            new Claim(Name, actor.Name),
            new Claim(Organisation, actor.OrganisationId),
            new Claim(Role, actor.Role.ToString()),
            .. more,
        ],
        scheme,
        Name,
        Role));

    /// <summary>Who the principal stands for; null when nobody is authenticated.</summary>
    public static Actor? Find(ClaimsPrincipal? principal) =>
        principal?.Identity?.IsAuthenticated == true
        && Enum.TryParse<ActorKind>(principal.FindFirstValue(Kind), out var kind)
        && principal.FindFirstValue(Id) is { } id
            ? new Actor(kind, id, principal.FindFirstValue(Name) ?? "", principal.FindFirstValue(Organisation) ?? "")
            {
                Role = Enum.TryParse<Role>(principal.FindFirstValue(Role), out var role) ? role : Core.Role.Observer,
            }
            : null;

    /// <summary>Who the principal stands for, behind an authorisation policy that lets nobody unknown through.</summary>
    public static Actor Of(ClaimsPrincipal? principal) =>
        Find(principal) ?? throw new InvalidOperationException("Nobody is authenticated here; the endpoint lacks its policy.");

    private static string? FindFirstValue(this ClaimsPrincipal principal, string type) => principal.FindFirst(type)?.Value;
}
