using System.Diagnostics.CodeAnalysis;

namespace LiveProctor.Core.Problems;

/// <summary>A value, or the Problem that stood in its way.</summary>
public readonly record struct Result<T>
{
    private readonly T? value;

    private Result(T? value, Problem? problem)
    {
        this.value = value;
        Problem = problem;
    }

    /// <summary>What stood in the way; null when there is a value.</summary>
    public Problem? Problem { get; }

    /// <summary>The value; throws when there is a Problem, so ask <see cref="Failed"/> first.</summary>
    public T Value => Problem is null ? value! : throw new InvalidOperationException($"[{Problem.Code}] {Problem.Detail}");

    /// <summary>True, with the Problem, when there is no value.</summary>
    public bool Failed([NotNullWhen(true)] out Problem? problem)
    {
        problem = Problem;
        return problem is not null;
    }

    /// <summary>The same Problem, or the value made into something else.</summary>
    public Result<TNext> Then<TNext>(Func<T, TNext> next) => Problem is { } problem ? problem : next(Value);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Problem problem) => new(default, problem);

    public static implicit operator Result<T>(ProblemKind kind) => new(default, new Problem(kind, kind.Title + "."));
}

/// <summary>The value of a <see cref="Result{T}"/> that says no more than that it was done.</summary>
public readonly record struct Done;
