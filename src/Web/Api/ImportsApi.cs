using LiveProctor.Core;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Web.Auth;
using LiveProctor.Web.Hosting;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.OpenApi;

namespace LiveProctor.Web.Api;

/// <summary>What is chosen when an import is applied.</summary>
/// <param name="Notify">Whether the registered students of moved sessions are told by mail.</param>
internal sealed record ApplyRequest(bool? Notify = null);

/// <summary>Files whose rows become sessions, students, groups and registrations: docs/protocol.md section 6.</summary>
internal static class ImportsApi
{
    /// <summary>Where files are sent, which are larger than any other body.</summary>
    public const string Path = "/api/v1/imports";

    public static void MapImports(this IEndpointRouteBuilder api)
    {
        var imports = api.MapGroup("/imports").WithTags("Imports");
        imports.MapGet("", List).For(Role.Manager).WithSummary("Imports, the newest first");
        imports.MapPost("", Start).For(Role.Manager).WithSummary("Send a file; it is read and its rows are judged in the background").AddOpenApiOperationTransformer((operation, _, _) =>
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Description = "The file itself: .xlsx, .csv or a OneRoster zip of at most 10 MB.",
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/octet-stream"] = new() },
            };
            return Task.CompletedTask;
        });
        imports.MapGet("/templates/{file}", Template).For(Role.Manager).WithSummary("sessions, students, groups or registrations, as .xlsx or .csv");
        imports.MapGet("/{id}", async (Caller caller, string id, ImportStore store) => (await store.Find(caller.OrganisationId, id)).ToOk()).For(Role.Manager);
        imports.MapGet("/{id}/rows", Rows).For(Role.Manager).WithSummary("Rows with what becomes of them");
        imports.MapGet("/{id}/report.csv", (Caller caller, string id, ImportStore store) => Report(caller, id, store, xlsx: false)).For(Role.Manager);
        imports.MapGet("/{id}/report.xlsx", (Caller caller, string id, ImportStore store) => Report(caller, id, store, xlsx: true)).For(Role.Manager);
        imports.MapPost("/{id}/apply", async (Caller caller, string id, [FromBody] ApplyRequest? request, ApplyImport apply, HttpContext http) =>
                (await apply.Run(caller.Actor, id, request?.Notify, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Let happen what the preview shows");
        imports.MapPost("/{id}/cancel", async (Caller caller, string id, CancelImport cancel, HttpContext http) => (await cancel.Run(caller.Actor, id, http.Once())).ToOk())
            .For(Role.Manager).WithSummary("Stop it; what was written stays");
    }

    private static async Task<Results<Created<Import>, ProblemAnswer>> Start(
        Caller caller, StartImport start, HttpContext http, string? kind, string? fileName, string? timeZone, string? tests, string? mode, bool? move)
    {
        var check = new Check();
        var options = new ImportOptions
        {
            TimeZone = check.OptionalText("timeZone", timeZone, 64) ?? "UTC",
            Tests = [.. (check.OptionalText("tests", tests, 4000) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
            Mode = string.IsNullOrEmpty(mode) ? SessionMode.InPerson : check.Choice("mode", Named<SessionMode>(mode)),
            Move = move ?? false,
        };
        var chosen = check.Choice("kind", Named<ImportKind>(kind));
        return check.Failed(out var problem)
            ? new ProblemAnswer(problem)
            : (await start.Run(caller.Actor, chosen, fileName, options, await Body(http), http.Once())).ToCreated(import => $"{Path}/{import.Id}");
    }

    private static async Task<Results<Ok<Page<Import>>, ProblemAnswer>> List(Caller caller, ImportStore store, string? cursor, int limit = 50)
    {
        var check = new Check();
        check.Number("limit", limit, 1, ImportStore.MostPerPage);
        check.That(string.IsNullOrEmpty(cursor) || Id.Plausible(cursor), "cursor", "This is no cursor of this list.");
        return check.Failed(out var problem) ? new ProblemAnswer(problem) : TypedResults.Ok(await store.List(caller.OrganisationId, cursor ?? "", limit));
    }

    private static async Task<Results<Ok<Page<ImportRow>>, ProblemAnswer>> Rows(
        Caller caller, string id, ImportStore store, string? outcome, bool? remarked, long? cursor, int limit = 100)
    {
        var check = new Check();
        check.Number("limit", limit, 1, ImportStore.MostPerPage);
        check.That(cursor is null or >= 0, "cursor", "This is no cursor of this list.");
        RowOutcome? only = string.IsNullOrEmpty(outcome) ? null : check.Choice("outcome", Named<RowOutcome>(outcome));
        var found = check.Failed(out var problem) ? problem : await store.Find(caller.OrganisationId, id);
        return found.Failed(out problem) ? new ProblemAnswer(problem) : TypedResults.Ok(await store.Rows(found.Value.Id, only, remarked ?? false, cursor ?? 0, limit));
    }

    private static Results<FileContentHttpResult, ProblemAnswer> Template(string file)
    {
        var xlsx = file.EndsWith(".xlsx", StringComparison.Ordinal);
        var content = (xlsx || file.EndsWith(".csv", StringComparison.Ordinal)) && Named<ImportKind>(file[..file.LastIndexOf('.')]) is { } kind ? ImportFiles.Template(kind, xlsx) : null;
        return content is null ? new ProblemAnswer(Problem.NotFound("template")) : TypedResults.File(content, xlsx ? ImportFiles.XlsxType : ImportFiles.CsvType, file);
    }

    private static async Task<Results<FileContentHttpResult, ProblemAnswer>> Report(Caller caller, string id, ImportStore store, bool xlsx)
    {
        var found = await store.Find(caller.OrganisationId, id);
        if (found.Failed(out var problem))
        {
            return new ProblemAnswer(problem);
        }

        var content = ImportFiles.Report(found.Value, await store.AllRows(id), xlsx);
        var name = System.IO.Path.GetFileNameWithoutExtension(found.Value.FileName);
        return TypedResults.File(content, xlsx ? ImportFiles.XlsxType : ImportFiles.CsvType, $"{name} report.{(xlsx ? "xlsx" : "csv")}");
    }

    // A byte more than a file may have is enough to see that it is too large.
    private static async Task<byte[]> Body(HttpContext http)
    {
        using var file = new MemoryStream();
        var buffer = new byte[81_920];
        for (int read; file.Length <= StartImport.LargestFile && (read = await http.Request.Body.ReadAsync(buffer, http.RequestAborted)) > 0;)
        {
            file.Write(buffer.AsSpan(0, read));
        }

        return file.ToArray();
    }

    private static T? Named<T>(string? name)
        where T : struct, Enum =>
        Enum.TryParse<T>(name, ignoreCase: true, out var value) && Enum.IsDefined(value) && !char.IsAsciiDigit(name![0]) ? value : null;
}
