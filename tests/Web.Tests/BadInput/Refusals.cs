using System.Net;
using System.Text.Json;
using LiveProctor.Core.Problems;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>Sends what must be refused, and gathers whatever was not refused as docs/errors.md says.</summary>
internal sealed class Refusals(TwoSchools schools)
{
    private static readonly string[] Inside =
        ["   at ", "exception", "System.", "Microsoft.", "LiveProctor.", "npgsql", "sqlite", "SELECT ", "INSERT ", ".cs:", "sqlstate"];

    private readonly List<string> faults = [];

    public int Sent { get; private set; }

    /// <summary>Sends a request that must be refused and change nothing.</summary>
    /// <param name="what">Names it when it is not.</param>
    /// <param name="request">Makes it: again, when guessing is throttled.</param>
    /// <param name="codes">Those that may be answered; any when there are none.</param>
    public async Task Send(string what, HttpClient client, Func<HttpRequestMessage> request, params string[] codes)
    {
        var before = await schools.Contents.Read();
        var (answer, text) = await Answer(client, request);
        if (answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Locked)
        {
            // Guessing is throttled, as it must be: wait it out, for what is asked here is another question.
            schools.Clock.Advance(TimeSpan.FromMinutes(6));
            (answer, text) = await Answer(client, request);
        }

        Sent++;
        Judge(what, (int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, text, codes);
        answer.Dispose();
        var after = await schools.Contents.Read();
        if (before != after)
        {
            faults.Add($"{what}: something changed: {Contents.Difference(before, after)}");
        }
    }

    /// <summary>Notes a fault.</summary>
    public void Add(string fault) => faults.Add(fault);

    /// <summary>Fails with everything that was gathered.</summary>
    public void AreAll()
    {
        Assert.True(Sent > 0);
        Assert.True(faults.Count == 0, $"{faults.Count} faults of {Sent}:\n{string.Join('\n', faults.Take(80))}");
    }

    /// <summary>True for text that shows the inside of the program.</summary>
    public static bool ShowsInside(string text) => Inside.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase));

    private static async Task<(HttpResponseMessage Answer, string Text)> Answer(HttpClient client, Func<HttpRequestMessage> request)
    {
        using var message = request();
        var answer = await client.SendAsync(message);
        return (answer, await answer.Content.ReadAsStringAsync());
    }

    private void Judge(string what, int status, string? type, string text, string[] codes)
    {
        var shown = text.Length > 400 ? text[..400] : text;
        if (status is < 400 or > 499)
        {
            faults.Add($"{what}: {status} {shown}");
            return;
        }

        if (type != "application/problem+json")
        {
            faults.Add($"{what}: {status} as {type}: {shown}");
            return;
        }

        var problem = JsonDocument.Parse(text).RootElement;
        var code = problem.GetProperty("code").GetString()!;
        if (ProblemKind.All.FirstOrDefault(kind => kind.Code == code)?.Status != status)
        {
            faults.Add($"{what}: {status} is not the status of {code}");
        }
        else if (codes.Length > 0 && !codes.Contains(code))
        {
            faults.Add($"{what}: {code} instead of {string.Join(" or ", codes)}: {shown}");
        }

        if (ShowsInside(text))
        {
            faults.Add($"{what}: the inside shows: {shown}");
        }

        if (text.Length > 4000)
        {
            faults.Add($"{what}: a refusal of {text.Length} characters");
        }
    }
}
