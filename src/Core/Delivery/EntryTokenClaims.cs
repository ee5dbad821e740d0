using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.Core.Delivery;

/// <summary>What an entry token says, under the names of docs/protocol.md section 7. Instants have whole seconds (RFC 7519 NumericDate).</summary>
public sealed record EntryTokenClaims
{
    /// <summary>The hub's public URL.</summary>
    [JsonPropertyName("iss")]
    public required string Issuer { get; init; }

    /// <summary>The id of the delivery system that may redeem the token.</summary>
    [JsonPropertyName("aud")]
    public required string Audience { get; init; }

    /// <summary>The student's id, or the entry's for a guest.</summary>
    [JsonPropertyName("sub")]
    public required string Subject { get; init; }

    /// <summary>The token's own id: what is redeemed once is this, not the text of the token.</summary>
    [JsonPropertyName("jti")]
    public required string TokenId { get; init; }

    /// <summary>When it was signed.</summary>
    [JsonPropertyName("iat"), JsonConverter(typeof(NumericDate))]
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The first instant at which it counts.</summary>
    [JsonPropertyName("nbf"), JsonConverter(typeof(NumericDate))]
    public required DateTimeOffset NotBefore { get; init; }

    /// <summary>The first instant at which it no longer counts, at most 120 seconds after <see cref="IssuedAt"/>.</summary>
    [JsonPropertyName("exp"), JsonConverter(typeof(NumericDate))]
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The organisation's id.</summary>
    [JsonPropertyName("org")]
    public required string Organisation { get; init; }

    /// <summary>The session's id.</summary>
    [JsonPropertyName("session")]
    public required string Session { get; init; }

    /// <summary>The entry's id.</summary>
    [JsonPropertyName("entry")]
    public required string Entry { get; init; }

    /// <summary>Which attempt of the entry, from 1.</summary>
    [JsonPropertyName("attempt")]
    public required int Attempt { get; init; }

    /// <summary>The session's schedule version at signing; a token of an older one is no longer redeemed.</summary>
    [JsonPropertyName("scheduleVersion")]
    public required int ScheduleVersion { get; init; }

    /// <summary>The test's code.</summary>
    [JsonPropertyName("test")]
    public required string Test { get; init; }

    /// <summary>The test's sections, in order.</summary>
    [JsonPropertyName("sections")]
    public required IReadOnlyList<EntryTokenSection> Sections { get; init; }

    /// <summary>The student's test settings (accommodations).</summary>
    [JsonPropertyName("settings")]
    public required IReadOnlyDictionary<string, string> Settings { get; init; }

    sealed class NumericDate : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var seconds = reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var whole)
                ? whole
                : throw new JsonException("An instant is a whole number of seconds.");
            return seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw new JsonException("The instant is out of range.");
        }

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value.ToUnixTimeSeconds());
    }
}

/// <summary>A section of the test as the entry token names it.</summary>
public sealed record EntryTokenSection
{
    /// <summary>The section's title.</summary>
    [JsonPropertyName("title")]
    public required string Title { get; init; }

    /// <summary>Whether it opens only by its seal code or by the proctor.</summary>
    [JsonPropertyName("sealed")]
    public required bool Sealed { get; init; }
}
