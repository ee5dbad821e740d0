using System.Collections.Concurrent;

namespace LiveProctor.Hub.Feeds;

/// <summary>Answers that cost something and may be a little old: who asks while one is made, or soon after, gets the same.</summary>
/// <param name="age">How old an answer may be.</param>
internal sealed class SharedAnswers<T>(TimeSpan age, TimeProvider time)
    where T : class
{
    private readonly ConcurrentDictionary<string, (Task<T?> Answer, long At)> answers = new(StringComparer.Ordinal);

    /// <summary>The answer of this key; null answers and failures are not kept.</summary>
    public async Task<T?> Get(string key, Func<Task<T?>> make)
    {
        if (answers.TryGetValue(key, out var known) && time.GetElapsedTime(known.At) < age)
        {
            return await known.Answer;
        }

        foreach (var (old, _) in answers.Where(pair => time.GetElapsedTime(pair.Value.At) >= age))
        {
            answers.TryRemove(old, out _);
        }

        var answer = make();
        answers[key] = (answer, time.GetTimestamp());
        try
        {
            var made = await answer;
            if (made is null)
            {
                answers.TryRemove(key, out _);
            }

            return made;
        }
        catch
        {
            answers.TryRemove(key, out _);
            throw;
        }
    }
}
