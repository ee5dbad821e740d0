using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Problems;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>Personal API tokens, docs/protocol.md section 6.</summary>
internal static class TokensApi
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        var tokens = api.MapGroup("/tokens").WithTags("Tokens");
        tokens.MapPost("", Issue).AllowAnonymous().WithSummary("Get an API token for an e-mail and password");
        tokens.MapDelete("/current", Revoke).For(Role.Observer).WithSummary("Make the token of this request worthless");
    }

    private static async Task<Results<Created<IssuedToken>, ProblemAnswer>> Issue(Credentials credentials, SignIn signIn, ApiTokens tokens, HttpContext http)
    {
        var signedIn = await signIn.Run(credentials, ClientAddress.Of(http));
        var issued = signedIn.Failed(out var problem) ? problem : await tokens.Issue(signedIn.Value.Actor);
        return issued.ToCreated(_ => "/api/v1/tokens/current");
    }

    private static async Task<Results<NoContent, ProblemAnswer>> Revoke(Caller caller, ApiTokens tokens, HttpContext http) =>
        BearerToken.Of(http) is { } token
            ? (await tokens.Revoke(caller.Actor, token)).ToNoContent()
            : new ProblemAnswer(Problem.NotFound("token on this request"));
}
