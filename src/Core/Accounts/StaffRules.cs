using System.Buffers;
using System.Net.Mail;

namespace LiveProctor.Core.Accounts;

/// <summary>What a staff account may be (product.md section 9). Pure.</summary>
public static class StaffRules
{
    /// <summary>The shortest password.</summary>
    public const int PasswordLength = 12;

    /// <summary>The longest password: hashing costs the server what the sender decides.</summary>
    public const int LongestPassword = 200;

    /// <summary>Failures in a row that lock an account.</summary>
    public const int FailuresUntilLocked = 5;

    /// <summary>How long a locked account stays so.</summary>
    public static readonly TimeSpan Lockout = TimeSpan.FromMinutes(5);

    // White space, control characters, and what would make several addresses of one or put a name in front.
    private static readonly SearchValues<char> NotInEmail = SearchValues.Create(
        [.. Enumerable.Range(0, char.MaxValue + 1).Select(code => (char)code).Where(character => char.IsWhiteSpace(character) || char.IsControl(character)), .. "<>\",;"]);

    /// <summary>How an e-mail address is compared.</summary>
    public static string EmailKey(string email) => email.Trim().ToLowerInvariant();

    /// <summary>True for one plain address with a domain, at most 254 characters.</summary>
    public static bool IsEmail(string text) =>
        text.Length is > 2 and <= 254
        && !text.AsSpan().ContainsAny(NotInEmail)
        && MailAddress.TryCreate(text, out var address)
        && string.Equals(address.Address, text, StringComparison.Ordinal);

    /// <summary>Why a password is refused, as a sentence; null when it is taken.</summary>
    public static string? PasswordFault(string password, string email) => password switch
    {
        { Length: < PasswordLength } => $"A password has at least {PasswordLength} characters.",
        { Length: > LongestPassword } => $"A password has at most {LongestPassword} characters.",
        _ when !Problems.Check.CanBeShown(password) => "A password has only characters that can be typed.",
        _ when password.Distinct().Count() < 4 => "A password has at least four different characters.",
        _ when EmailKey(password) == EmailKey(email) || EmailKey(password) == EmailKey(email).Split('@')[0] => "A password is not the e-mail address.",
        _ => null,
    };
}
