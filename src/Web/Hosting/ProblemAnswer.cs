using System.Text.Json.Serialization;
using LiveProctor.Core;
using LiveProctor.Core.Problems;

namespace LiveProctor.Web.Hosting;

/// <summary>RFC 9457 problem details as every refusal is answered (docs/protocol.md section 1).</summary>
public sealed record ProblemBody
{
    /// <summary>Names the problem's kind; not an address.</summary>
    public required string Type { get; init; }

    /// <summary>The same for every occurrence of the kind.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Stable, as in docs/errors.md.</summary>
    public required string Code { get; init; }

    /// <summary>One sentence for the person in front of the screen.</summary>
    public required string Detail { get; init; }

    /// <summary>True when the same request may succeed later.</summary>
    public required bool Retry { get; init; }

    /// <summary>When that is, where it is known.</summary>
    public long? RetryAfterSeconds { get; init; }

    /// <summary>Sentences by the name of the field they speak of.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    /// <summary>What the log holds more about under this name; only for what went wrong inside.</summary>
    [JsonPropertyName("traceId")]
    public string? Trace { get; init; }

    /// <summary>The details of a problem.</summary>
    public static ProblemBody Of(Problem problem) => new()
    {
        Type = $"urn:liveproctor:problem:{problem.Code}",
        Title = problem.Kind.Title,
        Status = problem.Kind.Status,
        Code = problem.Code,
        Detail = problem.Detail,
        Retry = problem.Kind.Retry,
        RetryAfterSeconds = problem.RetryAfter is { } wait ? Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)) : null,
        Errors = problem.Fields.Count > 0 ? problem.Fields : null,
    };
}

/// <summary>Answers a Problem.</summary>
public sealed class ProblemAnswer(Problem problem) : IResult
{
    /// <summary>What is answered.</summary>
    public Problem Problem => problem;

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext) => Write(httpContext, problem);

    /// <summary>Writes the problem as the response, which must not have started.</summary>
    public static Task Write(HttpContext http, Problem problem, string? trace = null)
    {
        var body = ProblemBody.Of(problem) with { Trace = trace };
        http.Response.StatusCode = body.Status;
        http.Response.Headers.CacheControl = "no-store";
        if (body.RetryAfterSeconds is { } seconds)
        {
            http.Response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (body.Status == StatusCodes.Status401Unauthorized)
        {
            http.Response.Headers.WWWAuthenticate = "Bearer";
        }

        return http.Response.WriteAsJsonAsync(body, Json.Options, "application/problem+json", http.RequestAborted);
    }
}
