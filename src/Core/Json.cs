using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.Core;

/// <summary>The one way JSON is written: on the wire, in feeds and in storage (docs/protocol.md section 1).</summary>
public static class Json
{
    /// <summary>camelCase, enums as camelCase text, nulls left out, instants in UTC with milliseconds.</summary>
    public static JsonSerializerOptions Options { get; } = Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));

    /// <summary>Applies the conventions to options that a framework owns.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = 32;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        options.Converters.Add(new InstantConverter());
        return options;
    }

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    public static T Read<T>(string json) => JsonSerializer.Deserialize<T>(json, Options)!;

    private sealed class InstantConverter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant)
                ? Instant.Truncate(instant)
                : throw new JsonException("An instant must be written as in ISO 8601 with its offset, such as 2026-11-21T09:00:00Z.");

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }
}

/// <summary>Instants have whole milliseconds everywhere, so that storage, wire and memory hold the same value.</summary>
public static class Instant
{
    /// <summary>The instant without what is finer than a millisecond, in UTC.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());

    /// <summary>The time now, in whole milliseconds.</summary>
    public static DateTimeOffset Now(this TimeProvider time) => Truncate(time.GetUtcNow());
}
