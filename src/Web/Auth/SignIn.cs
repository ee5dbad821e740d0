using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Web.Auth;

/// <summary>What a person signs in with.</summary>
public sealed record Credentials(string? Email, string? Password);

/// <summary>
/// Checks an e-mail and password (product.md section 9). Whether an account exists shows neither in the answer nor in the time it takes:
/// an e-mail that nobody has is compared, counted, locked and audited like any other.
/// </summary>
public sealed class SignIn(StaffStore staff, Passwords passwords, SignInFailures failures, IThrottle throttle, Changes changes)
{
    // One attempt on an account at a time in a process: guesses made at once cannot overtake the count of failures,
    // and the permits of an account are not used up by a person whose programs all sign in at once.
    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>The account; <c>invalid</c>, <c>throttled</c>, <c>lockedOut</c> or <c>signInFailed</c>. Audited either way.</summary>
    /// <param name="address">Where the attempt comes from.</param>
    public async Task<Result<Staff>> Run(Credentials credentials, string address)
    {
        if (credentials is not { Email.Length: > 0, Password.Length: > 0 })
        {
            return Problem.Invalid([.. Missing(credentials)]);
        }

        var permit = await throttle.Take(address, ThrottleLimits.SignInByAddress);
        if (!permit.Allowed)
        {
            return new Problem(ProblemKind.Throttled, "Too many failed attempts from your network; wait a moment.") { RetryAfter = permit.RetryAfter };
        }

        var account = await staff.ByEmail(credentials.Email);
        var checkedPassword = await Check(account, credentials.Email, credentials.Password, address);
        if (checkedPassword.Failed(out var problem))
        {
            await throttle.Fail(address, ThrottleLimits.SignInByAddress);
            return problem;
        }

        await throttle.GiveBack(address, ThrottleLimits.SignInByAddress);
        await Record(account!, account!.Actor, "signedIn", new { address });
        return account;
    }

    /// <summary>Compares a password, counting failures; <c>lockedOut</c> or <c>signInFailed</c>.</summary>
    /// <param name="account">Null when nobody has the e-mail.</param>
    public async Task<Result<Done>> Check(Staff? account, string email, string password, string address)
    {
        var gate = gates[(uint)StaffRules.EmailKey(email).GetHashCode(StringComparison.Ordinal) % gates.Length];
        await gate.WaitAsync();
        try
        {
            if (await failures.LockedFor(email) is { } wait)
            {
                return new Problem(ProblemKind.LockedOut, "Too many failed attempts; the account is locked for a few minutes.") { RetryAfter = wait };
            }

            if (password.Length <= StaffRules.LongestPassword && passwords.Fits(account?.PasswordHash, password) && account is { Disabled: false })
            {
                await failures.Clear(email);
                return default(Done);
            }

            var locked = await failures.Count(email);
            await Record(account, Actor.System, "signInFailed", new { address, locked });
            return new Problem(ProblemKind.SignInFailed, "E-mail or password is wrong.");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>The person signed out.</summary>
    public Task SignedOut(Actor actor) => changes.Run<Done>(actor, change =>
    {
        change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "signedOut", actor.Id);
        return Task.FromResult<Result<Done>>(default(Done));
    });

    // A failure of nobody is written too, to a chain of no organisation: leaving it out would be quicker, and tell.
    private Task Record(Staff? account, Actor actor, string action, object details) => changes.Run<Done>(actor, change =>
    {
        var organisation = account?.OrganisationId ?? "";
        change.Record(organisation, AuditLog.Organisation(organisation), action, account?.Id ?? "", details);
        return Task.FromResult<Result<Done>>(default(Done));
    });

    private static IEnumerable<(string, string)> Missing(Credentials credentials)
    {
        if (string.IsNullOrEmpty(credentials.Email))
        {
            yield return ("email", "This is needed.");
        }

        if (string.IsNullOrEmpty(credentials.Password))
        {
            yield return ("password", "This is needed.");
        }
    }
}
