using System.Text;
using System.Text.Json.Nodes;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>Bodies that differ from a good one in one thing that no call may accept.</summary>
internal static class Spoiled
{
    private const string TooDeep = "{\"deep\":";
    private static readonly string Long = new('x', 100_000);

    /// <summary>Bodies that are not the object that the call takes.</summary>
    public static IEnumerable<(string What, string Text)> Wholes(GoodCall call)
    {
        var good = call.Body!.ToJsonString();
        if (call.Operation.BodyRequired)
        {
            yield return ("an empty body", "");
            yield return ("null", "null");
        }

        yield return ("an array", "[]");
        yield return ("a string", "\"x\"");
        yield return ("a number", "5");
        yield return ("half a body", good[..(good.Length / 2)]);
        yield return ("two bodies", good + good);
        yield return ("a deep body", string.Concat(Enumerable.Repeat(TooDeep, 200)) + "1" + new string('}', 200));
        yield return ("1 MB", $"{{\"pad\":\"{new string('x', 1024 * 1024)}\",{good[1..]}");
        yield return ("no JSON", "<a>b</a>");
    }

    /// <summary>Bodies with one bad field.</summary>
    public static IEnumerable<(string What, string Text)> Fields(GoodCall call)
    {
        foreach (var name in call.Needs)
        {
            yield return ($"without {name}", With(call.Body!, body => body.Remove(name)));
            yield return ($"{name} null", With(call.Body!, body => body[name] = null));
        }

        foreach (var (name, schema) in call.Operation.Body!["properties"]?.AsObject() ?? [])
        {
            foreach (var (what, json) in Values(schema!.AsObject(), call.Body![name], name))
            {
                yield return ($"{name} {what}", Raw(call.Body!, name, json));
            }
        }
    }

    // Each as JSON text: some of it no JSON writer would write.
    private static IEnumerable<(string What, string Json)> Values(JsonObject schema, JsonNode? good, string name)
    {
        var type = Schemas.TypeOf(schema);
        foreach (var wrong in WrongTypes(type))
        {
            yield return ($"of a wrong type: {wrong}", wrong);
        }

        switch (type)
        {
            case "string":
                yield return ("far too long", $"\"{Long}\"");
                yield return ("with U+0000", "\"abcdef\\u0000ghijkl\"");
                yield return ("with half a character", "\"abcdef\\ud800ghijkl\"");
                yield return ("with a bell", "\"abcdef\\u0007ghijkl\"");
                break;
            case "integer":
                yield return ("beyond any number", "99999999999999999999");
                yield return ("infinite", "1e400");
                yield return ("no number", "NaN");
                // The version of an entry is compared, not judged: any other one is answered as stale, for that entry.
                if (name != "version")
                {
                    yield return ("below zero", "-1");
                    yield return ("far below zero", "-2147483648");
                }

                break;
            case "enum":
                yield return ("unknown", "\"nonsense\"");
                yield return ("as a number", "0");
                yield return ("as a number in text", "\"0\"");
                break;
            case "array":
                yield return ("with a null", "[null]");
                yield return ("too many", $"[{string.Join(',', Enumerable.Repeat("\"x\"", 20_000))}]");
                foreach (var (what, json) in Values(schema["items"]!.AsObject(), (good as JsonArray)?.FirstOrDefault(), "items"))
                {
                    yield return ($"with one {what}", $"[{json}]");
                }

                break;
            case "object" when schema["properties"] is JsonObject properties:
                foreach (var (inner, property) in properties)
                {
                    foreach (var (what, json) in Values(property!.AsObject(), good?[inner], inner))
                    {
                        yield return ($"with {inner} {what}", Raw(good as JsonObject ?? [], inner, json));
                    }
                }

                break;
            case "object" when schema["additionalProperties"] is not null:
                yield return ("with a number", "{\"a\":5}");
                yield return ("with a long value", $"{{\"a\":\"{Long}\"}}");
                yield return ("with a long key", $"{{\"{Long}\":\"a\"}}");
                yield return ("with U+0000", "{\"a\":\"a\\u0000b\"}");
                yield return ("with U+0000 in a key", "{\"a\\u0000b\":\"a\"}");
                yield return ("with a bell", "{\"a\":\"a\\u0007b\"}");
                yield return ("with a bell in a key", "{\"a\\u0007b\":\"a\"}");
                yield return ("too many", $"{{{string.Join(',', Enumerable.Range(0, 5000).Select(number => $"\"k{number}\":\"v\""))}}}");
                break;
        }
    }

    private static string[] WrongTypes(string type) => type switch
    {
        "string" or "enum" => ["5.5", "true", "{}", "[]"],
        "integer" => ["\"5\"", "1.5", "true", "[]"],
        "boolean" => ["\"true\"", "0", "{}"],
        "array" => ["{}", "\"x\"", "5"],
        _ => ["[]", "\"x\"", "5"],
    };

    private static string With(JsonObject good, Action<JsonObject> spoil)
    {
        var body = good.DeepClone().AsObject();
        spoil(body);
        return body.ToJsonString();
    }

    private static string Raw(JsonObject good, string name, string json)
    {
        const string mark = "\"-here-\"";
        var body = good.DeepClone().AsObject();
        body[name] = "-here-";
        return new StringBuilder(body.ToJsonString()).Replace(mark, json).ToString();
    }
}
