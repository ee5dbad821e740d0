using System.Text.RegularExpressions;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Tests.Architecture;
using Xunit;

namespace LiveProctor.Core.Tests.Problems;

public sealed partial class ErrorsDocumentTests
{
    [Fact]
    public void The_document_lists_exactly_the_codes_that_are_answered_with_their_status_and_whether_to_retry()
    {
        var documented = Row().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md")))
            .Select(row => $"{row.Groups["code"].Value} {row.Groups["status"].Value} {row.Groups["retry"].Value}");
        var answered = ProblemKind.All.Select(kind => $"{kind.Code} {kind.Status} {(kind.Retry ? "yes" : "no")}");

        Assert.Equal(answered.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Codes_are_camelCase_and_belong_to_one_problem_each()
    {
        Assert.All(ProblemKind.All, kind => Assert.Matches("^[a-z][a-zA-Z]+$", kind.Code));
        Assert.Equal(ProblemKind.All.Count, ProblemKind.All.Select(kind => kind.Code).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_status_is_one_of_a_refusal() => Assert.All(ProblemKind.All, kind => Assert.InRange(kind.Status, 400, 503));

    [GeneratedRegex(@"^\| `(?<code>\w+)` \| (?<status>\d+) \| (?<retry>yes|no) \| \S[^|]* \| \S[^|]* \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
