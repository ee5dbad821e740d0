using LiveProctor.Core;
using LiveProctor.Core.Problems;
using LiveProctor.TestSupport;
using LiveProctor.Web.Hosting;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

/// <summary>Problem details (RFC 9457) are frozen to the letter in <c>tests/Contracts</c>.</summary>
public sealed class ProblemShapeTests
{
    [Fact]
    public void A_problem_with_everything_is_as_it_was_frozen() => Frozen("problem", ProblemBody.Of(
        new Problem(ProblemKind.Throttled, "Too many wrong attempts.")
        {
            RetryAfter = TimeSpan.FromSeconds(2.1), Fields = new Dictionary<string, string[]>(StringComparer.Ordinal) { ["code"] = ["Ask your proctor."] },
        }) with { Trace = "trace-1" });

    [Fact]
    public void A_plain_problem_is_as_it_was_frozen() => Frozen("problemPlain", ProblemBody.Of(Problem.NotFound("session")));

    private static void Frozen(string name, ProblemBody body)
    {
        var (frozen, now) = Contract.Compare(name, Json.Write(body));
        Assert.Equal(frozen, now);
    }
}
