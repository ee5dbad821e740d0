using System.Text.Encodings.Web;
using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Hub.Lobby;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace LiveProctor.Web.Auth;

/// <summary>Staff by API token.</summary>
internal sealed class StaffTokenHandler(ApiTokens tokens, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        BearerToken.Of(Context) is { } token && token.StartsWith(ApiTokens.Prefix, StringComparison.Ordinal) && await tokens.Owner(token) is { } owner
            ? AuthenticateResult.Success(new AuthenticationTicket(StaffAccess.Principal(owner, Scheme.Name, Secret.Hash(token)), Scheme.Name))
            : AuthenticateResult.Fail("The API token is not valid.");
}

/// <summary>Finds the student of an entry by the token's hash (<see cref="Secret.Hash"/>), or says why the token no longer counts.</summary>
public delegate Task<Result<StudentCaller>> FindStudent(string tokenHash);

/// <summary>A student by the token of one entry.</summary>
internal sealed class StudentTokenHandler(FindStudent find, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var found = await find(Secret.Hash(BearerToken.Of(Context) ?? ""));
        if (found.Failed(out var problem))
        {
            Context.Explain(problem);
            return AuthenticateResult.Fail(problem.Detail);
        }

        return AuthenticateResult.Success(new AuthenticationTicket(StudentClaims.Principal(found.Value, Scheme.Name), Scheme.Name));
    }
}

/// <summary>A delivery system by its key.</summary>
internal sealed class DeliveryKeyHandler(DeliverySystemStore systems, IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
{
    protected override async Task<AuthenticateResult> HandleAuthenticateAsync() =>
        BearerToken.Of(Context) is { } key && await systems.ByKeyHash(Secret.Hash(key)) is { } system
            ? AuthenticateResult.Success(new AuthenticationTicket(ActorClaims.Principal(system.Actor, Scheme.Name), Scheme.Name))
            : AuthenticateResult.Fail("The key is not valid.");
}
