using LiveProctor.Core;
using LiveProctor.Core.Accounts;

namespace LiveProctor.Web.Auth;

/// <summary>Who calls an endpoint, as a parameter of its handler. The endpoint's policy has let it in.</summary>
/// <param name="Actor">Who it is.</param>
public sealed record Caller(Actor Actor)
{
    /// <summary>The tenant that everything the caller asks for is looked up in.</summary>
    public string OrganisationId => Actor.OrganisationId;

    /// <summary>Called by the framework.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => ValueTask.FromResult<Caller?>(new Caller(ActorClaims.Of(http.User)));
}
