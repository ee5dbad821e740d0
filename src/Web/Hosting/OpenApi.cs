using LiveProctor.Core.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace LiveProctor.Web.Hosting;

/// <summary>The REST description at <c>/openapi/v1.json</c>, made from the endpoints themselves.</summary>
internal static class OpenApi
{
    private const string StaffToken = "staffToken";
    private const string StaffCookie = "staffCookie";
    private const string StudentToken = "studentToken";
    private const string DeliveryKey = "deliveryKey";
    private const string Problem = nameof(ProblemBody);

    public static void AddDescription(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer(Describe);
        options.AddOperationTransformer(Operation);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Our converter hides from the describer what it writes.
            if (context.JsonTypeInfo.Type == typeof(DateTimeOffset) || context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
            {
                schema.Type = JsonSchemaType.String;
                schema.Format = "date-time";
            }

            return Task.CompletedTask;
        });
    });

    public static void MapDescription(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    private static async Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken stop)
    {
        document.Info = new OpenApiInfo { Title = "LiveProctor", Version = "1", Description = "See docs/protocol.md for the hubs and docs/errors.md for the codes of problems." };
        // Wherever it was asked for: the address differs by who asks.
        document.Servers = [];
        document.AddComponent(Problem, await context.GetOrCreateSchemaAsync(typeof(ProblemBody), null, stop));
        document.AddComponent<IOpenApiSecurityScheme>(StaffToken, Bearer("A personal API token from POST /api/v1/tokens."));
        document.AddComponent<IOpenApiSecurityScheme>(StudentToken, Bearer("The token that POST /api/v1/lobby/join answered."));
        document.AddComponent<IOpenApiSecurityScheme>(DeliveryKey, Bearer("The key that creating the delivery system answered."));
        document.AddComponent<IOpenApiSecurityScheme>(StaffCookie, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "liveproctor",
            Description = "From POST /api/v1/account/sign-in. Calls that change something also carry X-LiveProctor: 1.",
        });
    }

    private static Task Operation(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken stop)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        operation.Responses["default"] = new OpenApiResponse
        {
            Description = "A problem: RFC 9457 with a stable code.",
            Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal)
            {
                ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference(Problem, context.Document) },
            },
        };
        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            var policy = metadata.OfType<IAuthorizeData>().Select(data => data.Policy).LastOrDefault(name => name is not null);
            string[] schemes = policy switch
            {
                Rights.Student => [StudentToken],
                Rights.Delivery => [DeliveryKey],
                _ => [StaffToken, StaffCookie],
            };
            operation.Security = [.. schemes.Select(scheme => new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] })];
            operation.Description ??= schemes.Length == 2 ? $"For staff: {policy} or higher." : null;
        }

        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description) => new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description };
}
