using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;

namespace LiveProctor.Web.Auth;

/// <summary>How callers are authenticated and what they may do.</summary>
internal static class Schemes
{
    /// <summary>The scheme of every request: passes on to the one that fits what the request carries.</summary>
    public const string Any = "LiveProctor";

    /// <summary>Staff in a browser.</summary>
    public const string Cookie = "StaffCookie";

    /// <summary>Staff by API token.</summary>
    public const string Token = "StaffToken";

    /// <summary>A student by the token of one entry.</summary>
    public const string Student = "StudentToken";

    /// <summary>A delivery system by its key.</summary>
    public const string Delivery = "DeliveryKey";

    public static void AddAuth(this IServiceCollection services)
    {
        services.AddAuthentication(Any)
            .AddPolicyScheme(Any, null, options => options.ForwardDefaultSelector = Select)
            .AddCookie(Cookie, StaffCookie.Configure)
            .AddScheme<AuthenticationSchemeOptions, StaffTokenHandler>(Token, null)
            .AddScheme<AuthenticationSchemeOptions, StudentTokenHandler>(Student, null)
            .AddScheme<AuthenticationSchemeOptions, DeliveryKeyHandler>(Delivery, null);
        services.AddAuthorizationBuilder()
            .AddPolicy(Rights.Observer, policy => Staff(policy, Role.Observer))
            .AddPolicy(Rights.Proctor, policy => Staff(policy, Role.Proctor))
            .AddPolicy(Rights.Manager, policy => Staff(policy, Role.Manager))
            .AddPolicy(Rights.Administrator, policy => Staff(policy, Role.Administrator))
            .AddPolicy(Rights.Student, policy => Only(policy, ActorKind.Student))
            .AddPolicy(Rights.Delivery, policy => Only(policy, ActorKind.Delivery))
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAssertion(IsNoEndpoint).Build());
    }

    private static string Select(HttpContext http) => BearerToken.Of(http) switch
    {
        null => Cookie,
        var token when token.StartsWith(StudentTokens.Prefix, StringComparison.Ordinal) => Student,
        var token when token.StartsWith(DeliveryKeys.Prefix, StringComparison.Ordinal) => Delivery,
        _ => Token,
    };

    // An endpoint that states no policy is closed to everybody; what is no endpoint is answered 404 or 405 after this.
    private static bool IsNoEndpoint(AuthorizationHandlerContext context) =>
        context.Resource is not HttpContext http || http.GetEndpoint() is not RouteEndpoint;

    private static void Staff(AuthorizationPolicyBuilder policy, Role role) =>
        policy.RequireAuthenticatedUser().RequireAssertion(context => ActorClaims.Find(context.User) is { } actor && actor.AtLeast(role));

    private static void Only(AuthorizationPolicyBuilder policy, ActorKind kind) =>
        policy.RequireAuthenticatedUser().RequireAssertion(context => ActorClaims.Find(context.User)?.Kind == kind);
}
