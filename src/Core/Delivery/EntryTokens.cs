using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.Core.Delivery;

/// <summary>
/// Signs and verifies entry tokens: compact JWS (RFC 7515) with ES256 (RFC 7518 section 3.4) and the claims of
/// docs/protocol.md section 7. The reader takes only what the writer writes: one algorithm, one type, known keys,
/// canonical base64url, no unknown or repeated member.
/// </summary>
public static class EntryTokens
{
    /// <summary>The longest that a token may live, from <c>iat</c> to <c>exp</c>.</summary>
    public static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(120);

    const string Algorithm = "ES256";
    const string Type = "entry+jwt";

    // Strict: case-sensitive, every required member there, none unknown (so never a "crit"), none twice.
    // The text goes into base64url, so nothing in it needs escaping for HTML.
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Strict) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Writes the claims as a token signed by the key.</summary>
    /// <exception cref="ArgumentException">The token would live longer than <see cref="LongestLife"/>.</exception>
    public static string Sign(EntryTokenClaims claims, SigningKey key)
    {
        if (LivesTooLong(claims))
        {
            throw new ArgumentException($"An entry token lives at most {LongestLife.TotalSeconds} seconds.", nameof(claims));
        }

        var header = new Header { Alg = Algorithm, Kid = key.Kid, Typ = Type };
        var signed = $"{Encode(header)}.{Encode(claims)}";
        using var ecdsa = key.Open();
        var signature = ecdsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>
    /// Reads a token. The claims come back only if everything holds: form, algorithm, type, a key among
    /// <paramref name="keys"/>, signature, issuer, audience, length of life, and <c>nbf</c> ≤ now &lt; <c>exp</c>.
    /// Otherwise the first thing that does not, in that order.
    /// </summary>
    public static EntryTokenReading Verify(
        string token, IReadOnlyCollection<SigningKey> keys, string issuer, string audience, DateTimeOffset now)
    {
        if (token.Split('.') is not [var head, var body, var tail]
            || Decode<Header>(head) is not { } header
            || Bytes(body) is null
            || Bytes(tail) is not { } signature)
        {
            return EntryTokenFault.Malformed;
        }

        if (!string.Equals(header.Alg, Algorithm, StringComparison.Ordinal))
        {
            return EntryTokenFault.WrongAlgorithm;
        }

        if (!string.Equals(header.Typ, Type, StringComparison.Ordinal))
        {
            return EntryTokenFault.WrongType;
        }

        if (keys.FirstOrDefault(known => string.Equals(known.Kid, header.Kid, StringComparison.Ordinal)) is not { } key)
        {
            return EntryTokenFault.UnknownKey;
        }

        using (var ecdsa = key.Open())
        {
            var signed = Encoding.ASCII.GetBytes($"{head}.{body}");
            if (!ecdsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
            {
                return EntryTokenFault.BadSignature;
            }
        }

        return Decode<EntryTokenClaims>(body) is { } claims
            ? Judge(claims, issuer, audience, now)
            : EntryTokenFault.Malformed;
    }

    static EntryTokenReading Judge(EntryTokenClaims claims, string issuer, string audience, DateTimeOffset now) => claims switch
    {
        _ when !string.Equals(claims.Issuer, issuer, StringComparison.Ordinal) => EntryTokenFault.WrongIssuer,
        _ when !string.Equals(claims.Audience, audience, StringComparison.Ordinal) => EntryTokenFault.WrongAudience,
        _ when LivesTooLong(claims) => EntryTokenFault.LivesTooLong,
        _ when now < claims.NotBefore => EntryTokenFault.NotYet,
        _ when now >= claims.ExpiresAt => EntryTokenFault.Expired,
        _ => claims,
    };

    // Judged in whole seconds, as the token carries them.
    static bool LivesTooLong(EntryTokenClaims claims) =>
        claims.ExpiresAt.ToUnixTimeSeconds() - claims.IssuedAt.ToUnixTimeSeconds() > (long)LongestLife.TotalSeconds;

    static string Encode<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value, Json));

    static T? Decode<T>(string text) where T : class
    {
        if (Bytes(text) is not { } bytes)
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize<T>(StrictUtf8.GetString(bytes), Json);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null;
        }
    }

    // The framework's decoder also takes padding, white space and stray trailing bits; RFC 7515 does not.
    static byte[]? Bytes(string text)
    {
        try
        {
            var bytes = Base64Url.DecodeFromChars(text);
            return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal) ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    sealed record Header
    {
        [JsonPropertyName("alg")]
        public required string Alg { get; init; }

        // Optional, so that a foreign token is refused for its algorithm or key and not only as malformed.
        [JsonPropertyName("kid")]
        public string? Kid { get; init; }

        [JsonPropertyName("typ")]
        public string? Typ { get; init; }
    }
}

/// <summary>Why an entry token was not taken.</summary>
public enum EntryTokenFault
{
    /// <summary>Not three canonical base64url parts, or not the JSON of an entry token.</summary>
    Malformed,

    /// <summary><c>alg</c> is not ES256.</summary>
    WrongAlgorithm,

    /// <summary><c>typ</c> is not <c>entry+jwt</c>.</summary>
    WrongType,

    /// <summary>No known key is called <c>kid</c>.</summary>
    UnknownKey,

    /// <summary>Not signed by that key, or changed since.</summary>
    BadSignature,

    /// <summary><c>iss</c> is another hub.</summary>
    WrongIssuer,

    /// <summary><c>aud</c> is another delivery system.</summary>
    WrongAudience,

    /// <summary><c>exp</c> is more than 120 seconds after <c>iat</c>.</summary>
    LivesTooLong,

    /// <summary>Before <c>nbf</c>.</summary>
    NotYet,

    /// <summary>At or after <c>exp</c>.</summary>
    Expired,
}

/// <summary>What reading an entry token gave: exactly one of the claims and the fault.</summary>
public readonly record struct EntryTokenReading
{
    /// <summary>The claims, when everything holds.</summary>
    public EntryTokenClaims? Claims { get; private init; }

    /// <summary>The first thing that does not hold.</summary>
    public EntryTokenFault? Fault { get; private init; }

    /// <summary>A reading that holds.</summary>
    public static implicit operator EntryTokenReading(EntryTokenClaims claims) => new() { Claims = claims };

    /// <summary>A reading that does not.</summary>
    public static implicit operator EntryTokenReading(EntryTokenFault fault) => new() { Fault = fault };
}
