namespace LiveProctor.Core.Problems;

/// <summary>
/// A refusal that the caller can act on: what the rules, stores and use cases answer instead of throwing.
/// On REST it becomes RFC 9457 problem details, on a hub an error whose message is <c>[code] detail</c>.
/// </summary>
/// <param name="Kind">The row of the table in docs/errors.md.</param>
/// <param name="Detail">One plain sentence for the person in front of the screen.</param>
public sealed record Problem(ProblemKind Kind, string Detail)
{
    /// <summary>Sentences by the name of the input field they speak of; empty when the problem is not about fields.</summary>
    public IReadOnlyDictionary<string, string[]> Fields { get; init; } = new Dictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>When the same request may succeed, where that is known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The stable code, as in docs/errors.md.</summary>
    public string Code => Kind.Code;

    /// <summary>An input that does not fit its rule: every field with its sentence.</summary>
    public static Problem Invalid(params (string Field, string Sentence)[] errors) =>
        new(ProblemKind.Invalid, errors.Length == 1 ? errors[0].Sentence : "Some fields need another look.")
        {
            Fields = errors.GroupBy(error => error.Field, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Select(error => error.Sentence).ToArray(), StringComparer.Ordinal),
        };

    /// <summary>The thing asked for does not exist for this caller; says nothing of whether it exists for others.</summary>
    public static Problem NotFound(string thing) => new(ProblemKind.NotFound, $"There is no such {thing}.");
}
