using System.Security.Cryptography;
using System.Text;

namespace LiveProctor.Core;

/// <summary>Opaque ids: UUID version 7 (RFC 9562) as 32 hexadecimal characters, so that rows written together lie together.</summary>
public static class Id
{
    /// <summary>A new id, ordered by <paramref name="now"/>.</summary>
    public static string New(DateTimeOffset now) => Guid.CreateVersion7(now).ToString("N");

    /// <summary>True when the text could be an id, of ours or an organisation's own: 1–64 characters that can be shown. Storage is not asked for anything else, and could not be: a database refuses U+0000.</summary>
    public static bool Plausible(string text) => text.Length is > 0 and <= 64 && !text.Any(char.IsControl);
}

/// <summary>Secrets: where they come from and how they are kept.</summary>
public static class Secret
{
    // Without 0 O 1 I L U: read aloud, typed from a board, and spelling nothing.
    private const string Readable = "23456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>192 random bits as 32 URL-safe characters: tokens, keys and join links.</summary>
    public static string New() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(24)).Replace('+', '-').Replace('/', '_');

    /// <summary>Random characters of the alphabet without look-alikes.</summary>
    public static string NewReadable(int length) => RandomNumberGenerator.GetString(Readable, length);

    /// <summary>True when every character belongs to the alphabet without look-alikes.</summary>
    public static bool IsReadable(string text) => text.All(character => Readable.Contains(character, StringComparison.Ordinal));

    /// <summary>
    /// SHA-256 in hexadecimal: how a token that carries its own 192 bits is kept. Passwords that people choose go through the password hasher instead.
    /// </summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>Compares two secrets in a time that does not tell how much of them agrees.</summary>
    public static bool Same(string left, string right) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(left), Encoding.UTF8.GetBytes(right));
}
