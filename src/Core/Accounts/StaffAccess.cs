using System.Security.Claims;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Accounts;

/// <summary>
/// Whether what let a person in still does. A request is judged when it arrives; a connection lives on, and must be judged again:
/// the person may have been disabled, have chosen another password, or have made the token worthless.
/// </summary>
public sealed class StaffAccess(StaffStore staff, ApiTokens tokens)
{
    /// <summary>What whoever is let in no longer is told.</summary>
    public static readonly Problem Ended = new(ProblemKind.SignInRequired, "Your account has changed. Sign in again.");

    private const string Stamp = "stamp";
    private const string Token = "token";

    /// <summary>The principal of a person.</summary>
    /// <param name="staff">The account as it is.</param>
    /// <param name="scheme">How it was authenticated.</param>
    /// <param name="tokenHash">The API token's hash, where it was by one.</param>
    public static ClaimsPrincipal Principal(Staff staff, string scheme, string? tokenHash = null) => tokenHash is null
        ? ActorClaims.Principal(staff.Actor, scheme, new Claim(Stamp, staff.SecurityStamp))
        : ActorClaims.Principal(staff.Actor, scheme, new Claim(Token, tokenHash));

    /// <summary>The account as it is now; null when the principal no longer opens it.</summary>
    public async Task<Staff?> Account(ClaimsPrincipal? principal)
    {
        if (ActorClaims.Find(principal) is not { Kind: ActorKind.Staff } actor)
        {
            return null;
        }

        if (principal!.FindFirst(Token)?.Value is { } hash)
        {
            return await tokens.OwnerByHash(hash);
        }

        var account = await staff.ById(actor.Id);
        return account is { Disabled: false } && principal.FindFirst(Stamp)?.Value is { } stamp && Secret.Same(stamp, account.SecurityStamp) ? account : null;
    }

    /// <summary>True when the account is open and has the role that the principal carries.</summary>
    public async Task<bool> Holds(ClaimsPrincipal principal) =>
        await Account(principal) is { } account && account.Role == ActorClaims.Of(principal).Role;
}
