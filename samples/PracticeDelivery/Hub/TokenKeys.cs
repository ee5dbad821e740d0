using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace LiveProctor.PracticeDelivery.Hub;

/// <summary>
/// Checks entry tokens here, against the public keys of the hub, before the hub is asked: most of what a stranger
/// can send ends at this door.
/// </summary>
public sealed class TokenKeys(HubClient hub, HubSettings settings, TimeProvider clock) : IDisposable
{
    // The hub's clock and this one may differ a little; redeeming there is the exact check.
    static readonly TimeSpan Leeway = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);
    static readonly TimeSpan BetweenFetches = TimeSpan.FromSeconds(2);

    readonly SemaphoreSlim fetching = new(1, 1);
    IReadOnlyDictionary<string, ECParameters> keys = new Dictionary<string, ECParameters>();
    DateTimeOffset fetchedAt = DateTimeOffset.MinValue;

    /// <summary>Null when the token is good here; otherwise <c>tokenInvalid</c>, <c>tokenExpired</c> or <c>hubAway</c> with why.</summary>
    public async Task<HubProblem?> Refuse(string token, CancellationToken stop)
    {
        if (token.Split('.') is not [var head, var body, var tail] || Read(head) is not { } header || Bytes(tail) is not { Length: 64 } signature)
        {
            return Invalid("It is not an entry token.");
        }

        if (Text(header, "alg") != "ES256" || Text(header, "typ") != "entry+jwt" || Text(header, "kid") is not { } kid)
        {
            return Invalid("It is not an entry token.");
        }

        if (await Key(kid, stop) is not { } key)
        {
            return fetchedAt == DateTimeOffset.MinValue
                ? new HubProblem { Code = "hubAway", Detail = "The hub's public keys could not be read.", Retry = true }
                : Invalid("It was not signed by the hub.");
        }

        using (var ecdsa = ECDsa.Create(key))
        {
            if (!ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), signature, HashAlgorithmName.SHA256))
            {
                return Invalid("Its signature does not fit.");
            }
        }

        return Read(body) is { } claims ? RefuseClaims(claims) : Invalid("It is not an entry token.");
    }

    /// <inheritdoc/>
    public void Dispose() => fetching.Dispose();

    HubProblem? RefuseClaims(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        if (settings.Audience is { } audience && Text(claims, "aud") != audience)
        {
            return Invalid("It is for another delivery system.");
        }

        if (Instant(claims, "exp") is not { } expires || Instant(claims, "nbf") is not { } begins)
        {
            return Invalid("It does not say how long it counts.");
        }

        return now >= expires + Leeway
            ? new HubProblem { Code = "tokenExpired", Detail = "It was used too late.", Retry = false }
            : now < begins - Leeway ? Invalid("It does not count yet.") : null;
    }

    async Task<ECParameters?> Key(string kid, CancellationToken stop)
    {
        if (Known(kid, Fresh) is { } known)
        {
            return known;
        }

        await fetching.WaitAsync(stop);
        try
        {
            // Whoever sends unknown key names cannot make us ask the hub more often than this.
            if (Known(kid, Fresh) is { } meanwhile)
            {
                return meanwhile;
            }

            if (clock.GetUtcNow() - fetchedAt >= BetweenFetches && await hub.Jwks(stop) is { } text && Parse(text) is { Count: > 0 } fetched)
            {
                keys = fetched;
                fetchedAt = clock.GetUtcNow();
            }

            return Known(kid, TimeSpan.MaxValue);
        }
        finally
        {
            fetching.Release();
        }
    }

    ECParameters? Known(string kid, TimeSpan within) =>
        clock.GetUtcNow() - fetchedAt < within && keys.TryGetValue(kid, out var key) ? key : null;

    static Dictionary<string, ECParameters>? Parse(string jwks)
    {
        try
        {
            using var document = JsonDocument.Parse(jwks);
            var found = new Dictionary<string, ECParameters>();
            foreach (var key in document.RootElement.GetProperty("keys").EnumerateArray())
            {
                if (Text(key, "kty") == "EC" && Text(key, "crv") == "P-256" && Text(key, "kid") is { } kid
                    && Bytes(Text(key, "x")) is { Length: 32 } x && Bytes(Text(key, "y")) is { Length: 32 } y)
                {
                    found[kid] = new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } };
                }
            }

            return found;
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    static HubProblem Invalid(string why) => new() { Code = "tokenInvalid", Detail = why, Retry = false };

    static JsonElement? Read(string part)
    {
        try
        {
            var element = JsonElement.Parse(Bytes(part) ?? []);
            return element.ValueKind == JsonValueKind.Object ? element : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static byte[]? Bytes(string? part)
    {
        try
        {
            return part is null ? null : Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static DateTimeOffset? Instant(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var seconds)
        && seconds is > 0 and < 100_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
