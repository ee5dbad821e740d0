using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>A REST call as the program describes it.</summary>
/// <param name="Policy">Whom it is for; null for everybody.</param>
/// <param name="Body">The schema of its body; null when it takes none.</param>
internal sealed record Operation(string Method, string Path, string? Policy, JsonObject? Body, bool BodyRequired, IReadOnlyList<(string Name, string Type)> Query)
{
    public string Name => $"{Method} {Path}";

    public bool ById => Path.Contains('{', StringComparison.Ordinal);

    public bool Changes => Method is not "GET";

    /// <summary>Every call of the running program. Fails when one that it answers is not described.</summary>
    public static async Task<IReadOnlyList<Operation>> All(HubApp hub)
    {
        using var nobody = hub.Nobody();
        var document = JsonNode.Parse(await nobody.GetStringAsync("/openapi/v1.json"))!;
        var schemas = new Schemas(document);
        var described = document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(call => (Method: call.Key.ToUpperInvariant(), Path: path.Key, Node: call.Value!)))
            .ToDictionary(call => $"{call.Method} {call.Path}", StringComparer.Ordinal);
        var answered = hub.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods.Select(method => (
                Name: $"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}",
                Policy: endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null ? endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>()[^1].Policy : null)))
            .ToList();
        Xunit.Assert.Empty(answered.Select(call => call.Name).Except(described.Keys, StringComparer.Ordinal));
        return [.. answered.Select(call =>
        {
            var (method, path, node) = described[call.Name];
            var body = node["requestBody"];
            return new Operation(
                method, path, call.Policy, body?["content"]!["application/json"]?["schema"] is { } schema ? schemas.Resolve(schema) : null,
                body?["required"]?.GetValue<bool>() == true,
                [.. (node["parameters"]?.AsArray() ?? []).Where(parameter => parameter!["in"]!.GetValue<string>() == "query")
                    .Select(parameter => (parameter!["name"]!.GetValue<string>(), Schemas.TypeOf(parameter["schema"]!.AsObject())))]);
        })];
    }
}

/// <summary>The schemas of the description, with references followed.</summary>
internal sealed class Schemas(JsonNode document)
{
    /// <summary>The schema itself: without reference, without "or null".</summary>
    public JsonObject Resolve(JsonNode? schema)
    {
        var found = schema!.AsObject();
        if (found["$ref"] is { } reference)
        {
            return Resolve(document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]);
        }

        if (found["oneOf"] is JsonArray choices)
        {
            return Resolve(choices.First(choice => choice!["type"]?.ToString() != "null"));
        }

        var copy = found.DeepClone().AsObject();
        foreach (var (name, property) in found["properties"]?.AsObject() ?? [])
        {
            copy["properties"]![name] = Resolve(property).DeepClone();
        }

        if (found["items"] is { } items)
        {
            copy["items"] = Resolve(items).DeepClone();
        }

        return copy;
    }

    /// <summary>The JSON type; <c>enum</c> for a choice.</summary>
    public static string TypeOf(JsonObject schema) => schema["enum"] is not null ? "enum"
        : schema["type"] is JsonArray types ? types.Select(type => type!.GetValue<string>()).First(type => type != "null")
        : schema["type"]?.GetValue<string>() ?? "any";
}
