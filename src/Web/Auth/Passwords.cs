using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using Microsoft.AspNetCore.Identity;

namespace LiveProctor.Web.Auth;

/// <summary>Hashes passwords that people choose, by ASP.NET Core Identity's hasher.</summary>
public sealed class Passwords(IPasswordHasher<Staff> hasher)
{
    // The hasher takes a user that it does not look at.
    private static readonly Staff Nobody = new() { Id = "", OrganisationId = "", Email = "", Name = "", Role = Role.Observer, SecurityStamp = "", CreatedAt = default };

    // Compared with when there is no account, so that the answer takes as long.
    private readonly Lazy<string> decoy = new(() => hasher.HashPassword(Nobody, Secret.New()));

    /// <summary>How the password is kept.</summary>
    public string Hash(string password) => hasher.HashPassword(Nobody, password);

    /// <summary>True when it is the password; takes as long without an account.</summary>
    /// <param name="hash">As kept; null when there is no account or it has no password.</param>
    /// <param name="password">As typed.</param>
    public bool Fits(string? hash, string password) =>
        hasher.VerifyHashedPassword(Nobody, hash ?? decoy.Value, password) != PasswordVerificationResult.Failed && hash is not null;
}

/// <summary>Passwords that the program makes up and shows once.</summary>
internal static class GeneratedPassword
{
    /// <summary>Twenty characters without look-alikes in groups of five: 98 bits.</summary>
    public static string New() => string.Join('-', Enumerable.Range(0, 4).Select(_ => Secret.NewReadable(5)));
}
