using System.Data.Common;
using System.Net.Sockets;
using System.Text.Json;
using LiveProctor.Core.Problems;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LiveProctor.Web.Hosting;

/// <summary>
/// What is answered when a request fails before or outside its use case: unreadable input, storage that does not answer, or a mistake of ours.
/// No message of an exception reaches the client, in no environment: it may hold names, values or SQL.
/// </summary>
public static class Faults
{
    private static readonly object ProblemItem = new();

    /// <summary>Says which problem a refusal by status alone (401, 403) stands for.</summary>
    public static void Explain(this HttpContext http, Problem problem) => http.Items[ProblemItem] = problem;

    /// <summary>Answers problem details for every exception and for every error status that has no body.</summary>
    public static void UseProblems(this WebApplication app)
    {
        // Takes the place of the page that a development host would show.
        app.UseExceptionHandler(new ExceptionHandlerOptions { ExceptionHandler = AnswerException, SuppressDiagnosticsCallback = _ => true });
        app.UseStatusCodePages(context => ProblemAnswer.Write(context.HttpContext, OfStatus(context.HttpContext)));
    }

    private static Task AnswerException(HttpContext http)
    {
        var fault = http.Features.Get<IExceptionHandlerFeature>()!.Error;
        if (Known(fault, http) is { } problem)
        {
            if (problem.Kind == ProblemKind.Unavailable)
            {
                Log(http).LogError(fault, "Storage did not answer {Method} {Path}", http.Request.Method, http.Request.Path);
            }

            return ProblemAnswer.Write(http, problem);
        }

        Log(http).LogError(fault, "{Method} {Path} failed, request {Trace}", http.Request.Method, http.Request.Path, http.TraceIdentifier);
        return ProblemAnswer.Write(http, new Problem(ProblemKind.Unexpected, "Something went wrong here; it is in the log."), http.TraceIdentifier);
    }

    private static Problem? Known(Exception fault, HttpContext http) => fault switch
    {
        BadHttpRequestException { InnerException: JsonException json } => OfJson(json),
        JsonException json => OfJson(json),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => TooLarge(http),
        // A charset that nobody knows; the framework has no other sign of it.
        InvalidOperationException { Message: var message } when message.StartsWith("Unable to read the request as JSON", StringComparison.Ordinal) => NotJson,
        BadHttpRequestException { StatusCode: StatusCodes.Status415UnsupportedMediaType } => NotJson,
        BadHttpRequestException bad when bad.Message.Contains("body", StringComparison.OrdinalIgnoreCase) =>
            new Problem(ProblemKind.MalformedJson, "The call needs a JSON object as its body."),
        BadHttpRequestException => new Problem(ProblemKind.InvalidArguments, "A part of the address or a header is not what this call takes."),
        _ when IsStorageDown(fault) => new Problem(ProblemKind.Unavailable, "Storage does not answer; try again in a moment.") { RetryAfter = TimeSpan.FromSeconds(2) },
        _ => null,
    };

    /// <summary>
    /// Answers a body that states its length to be too large before anything reads it, and lets the server take what is already on its way:
    /// cut off, a client that is still sending sees a broken connection and never the answer.
    /// </summary>
    public static void UseBodyLimit(this WebApplication app) => app.Use((http, next) =>
    {
        var most = Kestrel.LargestBodyOf(http.Request);
        var tooLarge = http.Request.ContentLength > most;
        if ((tooLarge || most > Kestrel.LargestBody) && http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = tooLarge ? Kestrel.LargestSwallowed : most;
        }

        return tooLarge ? ProblemAnswer.Write(http, TooLarge(http)) : next(http);
    });

    private static Problem TooLarge(HttpContext http) => Kestrel.LargestBodyOf(http.Request) is > Kestrel.LargestBody and var most
        ? new(ProblemKind.TooLarge, $"A file has at most {most / 1024 / 1024} MB. Import it in parts.")
        : new(ProblemKind.TooLarge, $"A body has at most {Kestrel.LargestBody / 1024} KB.");

    private static Problem NotJson => new(ProblemKind.UnsupportedMediaType, "Send the body as application/json.");

    /// <summary>Says where the JSON is wrong. The framework's own words name types of the program, so only the messages of our converters are passed on.</summary>
    private static Problem OfJson(JsonException fault)
    {
        var place = fault.Path is { Length: > 1 } path ? path : "the body";
        var line = fault.LineNumber is { } number ? $" (line {number + 1})" : "";
        var ours = fault.Message.StartsWith("An instant ", StringComparison.Ordinal);
        var sentence = ours ? fault.Message : $"This is not what the call takes at {place}{line}.";
        var field = fault.Path is ['$', '.', .. var name] ? name : null;
        return new Problem(ProblemKind.MalformedJson, ours ? $"At {place}: {fault.Message}" : sentence)
        {
            Fields = field is null ? new Dictionary<string, string[]>(StringComparer.Ordinal) : new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [sentence] },
        };
    }

    private static bool IsStorageDown(Exception? fault) => fault switch
    {
        null => false,
        PostgresException postgres => postgres.SqlState[..2] is "08" or "53" or "57" || postgres.IsTransient,
        NpgsqlException => true,
        SqliteException sqlite => sqlite.SqliteErrorCode is 5 or 6 or 10 or 13 or 14,
        DbException => false,
        SocketException => true,
        TimeoutException => true,
        _ => IsStorageDown(fault.InnerException),
    };

    private static Problem OfStatus(HttpContext http)
    {
        if (http.Items.TryGetValue(ProblemItem, out var item) && item is Problem problem && problem.Kind.Status == http.Response.StatusCode)
        {
            return problem;
        }

        return http.Response.StatusCode switch
        {
            401 => new Problem(ProblemKind.SignInRequired, "Sign in first."),
            403 => new Problem(ProblemKind.Forbidden, "Your role does not allow this."),
            404 => new Problem(ProblemKind.NotFound, "There is nothing at this address."),
            405 => new Problem(ProblemKind.MethodNotAllowed, $"{http.Request.Method} does not exist here."),
            413 => TooLarge(http),
            415 => NotJson,
            429 => new Problem(ProblemKind.Throttled, "Too many attempts; wait a moment."),
            503 => new Problem(ProblemKind.Unavailable, "The program does not answer; try again in a moment."),
            >= 500 => new Problem(ProblemKind.Unexpected, "Something went wrong here; it is in the log."),
            _ => new Problem(ProblemKind.InvalidArguments, "The request is not what this call takes."),
        };
    }

    private static ILogger Log(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger("LiveProctor.Faults");
}
