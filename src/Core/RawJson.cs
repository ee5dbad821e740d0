using System.Text.Json;
using System.Text.Json.Serialization;

namespace LiveProctor.Core;

/// <summary>For a text that is JSON already: it is written as it is, not as a string that holds JSON, and read back the same way.</summary>
public sealed class RawJson : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value, skipInputValidation: true);
}
