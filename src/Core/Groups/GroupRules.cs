using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Groups;

/// <summary>What a manager says of a group.</summary>
public sealed record NewGroup
{
    /// <summary>1–100 characters.</summary>
    public string? Name { get; init; }

    /// <summary>Who belongs to it, at most 10,000. Left out: nobody in a new one, and unchanged in an existing one.</summary>
    public IReadOnlyList<string?>? StudentIds { get; init; }
}

/// <summary>What a group may be. Pure.</summary>
public static class GroupRules
{
    /// <summary>The largest group.</summary>
    public const int MostStudents = 10_000;

    /// <summary>The name and the students of the input; <c>invalid</c> with every field that needs another look.</summary>
    public static Result<(string Name, IReadOnlyList<string>? StudentIds)> Read(NewGroup input)
    {
        var check = new Check();
        var name = check.Text("name", input.Name, 100);
        var ids = input.StudentIds is null ? null : Ids(check, "studentIds", input.StudentIds, MostStudents);
        return check.Failed(out var problem) ? problem : (name, ids);
    }

    /// <summary>A list of ids without repetitions.</summary>
    public static IReadOnlyList<string> Ids(Check check, string field, IReadOnlyList<string?> ids, int most)
    {
        check.That(ids.Count <= most, field, $"There are at most {most:N0}.");
        check.That(ids.All(id => id is not null && Id.Plausible(id)), field, "One of these is no id.");
        return [.. ids.OfType<string>().Distinct(StringComparer.Ordinal)];
    }
}
