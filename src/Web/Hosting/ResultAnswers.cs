using LiveProctor.Core.Problems;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LiveProctor.Web.Hosting;

/// <summary>Turns what a use case answers into what goes over the wire.</summary>
public static class ResultAnswers
{
    /// <summary>200 with the value.</summary>
    public static Results<Ok<T>, ProblemAnswer> ToOk<T>(this Result<T> result) => result.ToOk(value => value);

    /// <summary>200 with what the value is shown as.</summary>
    public static Results<Ok<TShown>, ProblemAnswer> ToOk<T, TShown>(this Result<T> result, Func<T, TShown> show) =>
        result.Failed(out var problem) ? new ProblemAnswer(problem) : TypedResults.Ok(show(result.Value));

    /// <summary>200 with the value, and its version in <c>ETag</c>.</summary>
    public static Results<Ok<T>, ProblemAnswer> ToOk<T>(this Result<T> result, HttpContext http, Func<T, long> version)
    {
        if (!result.Failed(out _))
        {
            http.ShowVersion(version(result.Value));
        }

        return result.ToOk();
    }

    /// <summary>Answers with the value, or with the Problem that stood in its way.</summary>
    public static Task<Results<TAnswer, ProblemAnswer>> On<T, TAnswer>(this Result<T> result, Func<T, Task<Results<TAnswer, ProblemAnswer>>> answer)
        where TAnswer : IResult => result.Failed(out var problem) ? Task.FromResult<Results<TAnswer, ProblemAnswer>>(new ProblemAnswer(problem)) : answer(result.Value);

    /// <summary>201 with the value and where it lives from now on.</summary>
    public static Results<Created<T>, ProblemAnswer> ToCreated<T>(this Result<T> result, Func<T, string> location) => result.ToCreated(value => value, location);

    /// <summary>201 with what the value is shown as, and where it lives from now on.</summary>
    public static Results<Created<TShown>, ProblemAnswer> ToCreated<T, TShown>(this Result<T> result, Func<T, TShown> show, Func<T, string> location) =>
        result.Failed(out var problem) ? new ProblemAnswer(problem) : TypedResults.Created(location(result.Value), show(result.Value));

    /// <summary>204, whatever the value.</summary>
    public static Results<NoContent, ProblemAnswer> ToNoContent<T>(this Result<T> result) =>
        result.Failed(out var problem) ? new ProblemAnswer(problem) : TypedResults.NoContent();
}
