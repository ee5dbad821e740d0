using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Problems;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Api;

/// <summary>The signed-in person's own account, docs/protocol.md section 6.</summary>
internal static class AccountApi
{
    public static void MapAccount(this IEndpointRouteBuilder api)
    {
        var account = api.MapGroup("/account").WithTags("Account");
        account.MapPost("/sign-in", SignInByCookie).AllowAnonymous().WithSummary("Sign in with a browser");
        account.MapPost("/sign-out", SignOut).For(Role.Observer).WithSummary("Sign out of the browser");
        account.MapGet("/me", async (Caller caller, StaffStore staff) => TypedResults.Ok(await MeOf(staff, caller.Actor.Id))).For(Role.Observer).WithSummary("Who is signed in");
        account.MapPost("/password", Change).For(Role.Observer).WithSummary("Choose another password");
    }

    private static async Task<Results<Ok<SignedIn>, ProblemAnswer>> SignInByCookie(Credentials credentials, SignIn signIn, StaffStore staff, HttpContext http)
    {
        var result = await signIn.Run(credentials, ClientAddress.Of(http));
        if (result.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        await StaffCookie.SignIn(http, result.Value);
        return TypedResults.Ok(new SignedIn(await MeOf(staff, result.Value.Id)));
    }

    private static async Task<NoContent> SignOut(Caller caller, SignIn signIn, HttpContext http)
    {
        await http.SignOutAsync(Schemes.Cookie);
        await signIn.SignedOut(caller.Actor);
        return TypedResults.NoContent();
    }

    private static async Task<Results<NoContent, ProblemAnswer>> Change(
        PasswordChange input, Caller caller, StaffStore staff, SignIn signIn, Passwords passwords, ChangePassword change, HttpContext http)
    {
        var account = await staff.ById(caller.Actor.Id);
        var check = new Check();
        check.That(!string.IsNullOrEmpty(input.Current), "current", "This is needed.");
        if (StaffRules.PasswordFault(input.Next ?? "", account!.Email) is { } fault)
        {
            check.Add("next", fault);
        }

        if (check.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var compared = await signIn.Check(account, account.Email, input.Current!, ClientAddress.Of(http));
        if (compared.Failed(out problem))
        {
            return new ProblemAnswer(problem.Kind == ProblemKind.SignInFailed ? Problem.Invalid(("current", "This is not your password.")) : problem);
        }

        var changed = await change.Run(caller.Actor, account.PasswordHash!, passwords.Hash(input.Next!));
        if (!changed.Failed(out _) && http.User.Identity?.AuthenticationType == Schemes.Cookie)
        {
            await StaffCookie.SignIn(http, changed.Value);
        }

        return changed.ToNoContent();
    }

    private static async Task<Me> MeOf(StaffStore staff, string id)
    {
        var account = await staff.ById(id) ?? throw new InvalidOperationException("An authenticated account is gone.");
        return new Me(account.Id, account.Name, account.Email, account.Role, await staff.Organisation(account.OrganisationId));
    }

    /// <summary>Who is signed in.</summary>
    internal sealed record Me(string Id, string Name, string Email, Role Role, Organisation Organisation);

    /// <summary>The answer to signing in.</summary>
    internal sealed record SignedIn(Me Staff);

    /// <summary>The current password and the one to be.</summary>
    internal sealed record PasswordChange(string? Current, string? Next);
}
