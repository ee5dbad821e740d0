using System.Security.Cryptography;
using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Web.Hosting;

/// <summary>What a handler reads from the headers that guard against acting twice and against acting on what has changed.</summary>
public static class RequestHeaders
{
    private const string IdempotencyKey = "Idempotency-Key";
    private static readonly object OnceItem = new();

    /// <summary>The request's <c>Idempotency-Key</c>, to be given to <see cref="Changes.Run{T}"/>; null when it carries none.</summary>
    public static Once? Once(this HttpContext http) => http.Items.TryGetValue(OnceItem, out var once) ? (Once)once! : null;

    /// <summary>The version that the caller has seen, from <c>If-Match</c>; null when the header is missing.</summary>
    public static Result<long?> SeenVersion(this HttpContext http)
    {
        var text = http.Request.Headers.IfMatch.ToString().Trim();
        return text.Length == 0 ? (long?)null
            : long.TryParse(text.Trim('"'), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version
            : new Problem(ProblemKind.InvalidArguments, "If-Match holds the version as it came in ETag, such as \"7\".");
    }

    /// <summary>The version that the caller has seen, where the call needs it.</summary>
    public static Result<long> RequiredVersion(this HttpContext http)
    {
        var seen = http.SeenVersion();
        return seen.Failed(out var problem) ? problem
            : seen.Value is { } version ? version
            : new Problem(ProblemKind.VersionRequired, "Send If-Match with the version that you have seen.");
    }

    /// <summary>Tells the caller the version of what is answered.</summary>
    public static void ShowVersion(this HttpContext http, long version) =>
        http.Response.Headers.ETag = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"{version}\"");

    /// <summary>Reads the <c>Idempotency-Key</c> of calls that carry one. Stands after authentication: keys of different callers never meet.</summary>
    public static void UseRepeatedRequests(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Headers.TryGetValue(IdempotencyKey, out var values))
        {
            var key = values.ToString();
            if (key.Length is 0 or > 100)
            {
                await ProblemAnswer.Write(http, new Problem(ProblemKind.InvalidArguments, $"{IdempotencyKey} has 1 to 100 characters."));
                return;
            }

            http.Request.EnableBuffering(bufferThreshold: Kestrel.LargestBody);
            var body = Convert.ToHexStringLower(await SHA256.HashDataAsync(http.Request.Body, http.RequestAborted));
            http.Request.Body.Position = 0;
            var scope = ActorClaims.Find(http.User) is { } actor ? $"{actor.Kind}:{actor.Id}" : "anonymous";
            http.Items[OnceItem] = new Once(scope, key, $"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {body}");
        }

        await next(http);
    });
}
