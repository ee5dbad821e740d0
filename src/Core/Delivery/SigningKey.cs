using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;

namespace LiveProctor.Core.Delivery;

/// <summary>The private half of an ES256 key (ECDSA on P-256) that signs entry tokens, with the name it is known by.</summary>
public sealed record SigningKey
{
    /// <summary>The key's RFC 7638 thumbprint, base64url: the same key always has the same name.</summary>
    public required string Kid { get; init; }

    /// <summary>The private key as PKCS#8 (DER). Never leaves the hub.</summary>
    public required byte[] Pkcs8 { get; init; }

    /// <summary>When the key was made; rotation goes by it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Makes a new random key.</summary>
    public static SigningKey Create(DateTimeOffset now)
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new SigningKey { Kid = Thumbprint(ecdsa), Pkcs8 = ecdsa.ExportPkcs8PrivateKey(), CreatedAt = now };
    }

    /// <summary>The public half as a JSON Web Key (RFC 7517), as it stands in <c>/.well-known/jwks.json</c>.</summary>
    public PublicJwk ToJwk()
    {
        using var ecdsa = Open();
        var (x, y) = Coordinates(ecdsa);
        return new PublicJwk { X = x, Y = y, Kid = Kid };
    }

    /// <summary>The key ready for use; the caller disposes of it.</summary>
    internal ECDsa Open()
    {
        var ecdsa = ECDsa.Create();
        ecdsa.ImportPkcs8PrivateKey(Pkcs8, out _);
        return ecdsa;
    }

    // RFC 7638 section 3: the required members only, in lexicographic order, without white space.
    static string Thumbprint(ECDsa ecdsa)
    {
        var (x, y) = Coordinates(ecdsa);
        var members = $$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""";
        return Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(members)));
    }

    static (string X, string Y) Coordinates(ECDsa ecdsa)
    {
        var q = ecdsa.ExportParameters(includePrivateParameters: false).Q;
        return (Base64Url.EncodeToString(q.X), Base64Url.EncodeToString(q.Y));
    }
}

/// <summary>A public key of entry tokens as one member of a JWK set (RFC 7517, RFC 7518 section 6.2).</summary>
public sealed record PublicJwk
{
    /// <summary>Always <c>EC</c>.</summary>
    [JsonPropertyName("kty")]
    public string Kty { get; } = "EC";

    /// <summary>Always <c>P-256</c>.</summary>
    [JsonPropertyName("crv")]
    public string Crv { get; } = "P-256";

    /// <summary>The point's x, 32 bytes in base64url.</summary>
    [JsonPropertyName("x")]
    public required string X { get; init; }

    /// <summary>The point's y, 32 bytes in base64url.</summary>
    [JsonPropertyName("y")]
    public required string Y { get; init; }

    /// <summary>The key's name, as in the header of the tokens that it signed.</summary>
    [JsonPropertyName("kid")]
    public required string Kid { get; init; }

    /// <summary>Always <c>sig</c>: for signatures only.</summary>
    [JsonPropertyName("use")]
    public string Use { get; } = "sig";

    /// <summary>Always <c>ES256</c>.</summary>
    [JsonPropertyName("alg")]
    public string Alg { get; } = "ES256";
}
