using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Entries;

/// <summary>A command on several entries, as staff send it (docs/protocol.md section 4).</summary>
public sealed record EntriesRequest
{
    /// <summary>The longest list of one command.</summary>
    public const int Most = 500;

    /// <summary>The entries as they were on the screen.</summary>
    public IReadOnlyList<EntryRef>? Entries { get; init; }

    /// <summary>At most 255 characters; required by deny and terminate.</summary>
    public string? Reason { get; init; }

    /// <summary>Approve: test settings to set with the approval.</summary>
    public IReadOnlyDictionary<string, string>? Settings { get; init; }

    /// <summary>Extend: 1 to 14,400.</summary>
    public int? Seconds { get; init; }

    /// <summary>Message: 1 to 255 characters.</summary>
    public string? Text { get; init; }

    /// <summary>Reinstate: whether the test begins anew. Left out or false, it goes on where it ended.</summary>
    public bool NextAttempt { get; init; }

    private static bool IsSetting(KeyValuePair<string, string> setting) =>
        Id.Plausible(setting.Key) && setting.Value is { Length: <= 200 } && Problems.Check.CanBeShown(setting.Value);

    internal IEnumerable<(string Field, string Sentence)> Check(bool reason = false, bool seconds = false, bool text = false)
    {
        if (Entries is null or { Count: > Most } || (Entries.Count == 0 && !text))
        {
            yield return ("entries", $"Name 1 to {Most} entries.");
        }
        else if (Entries.Any(entry => entry?.Id is null || !Id.Plausible(entry.Id)) || Entries.DistinctBy(entry => entry.Id).Count() != Entries.Count)
        {
            yield return ("entries", "Each entry is named once, by its id and version.");
        }

        if (Reason is { Length: > EntryRules.LongestText } || !Problems.Check.CanBeShown(Reason, lines: true))
        {
            yield return ("reason", $"A reason has at most {EntryRules.LongestText} characters, all of which can be shown.");
        }
        else if (reason && string.IsNullOrWhiteSpace(Reason))
        {
            yield return ("reason", "Say why; the student sees it.");
        }

        if ((seconds || Seconds is not null) && Seconds is not (>= 1 and <= EntryRules.LongestExtension))
        {
            yield return ("seconds", $"Extend by 1 to {EntryRules.LongestExtension} seconds.");
        }

        if ((text && string.IsNullOrWhiteSpace(Text)) || Text is { Length: > EntryRules.LongestText } || !Problems.Check.CanBeShown(Text, lines: true))
        {
            yield return ("text", $"A message has 1 to {EntryRules.LongestText} characters, all of which can be shown.");
        }

        if (Settings is { Count: > 50 } || Settings?.All(IsSetting) == false)
        {
            yield return ("settings", "At most 50 settings, with names of up to 64 and values of up to 200 characters, on one line.");
        }
    }
}

/// <summary>One entry as it was on the screen.</summary>
/// <param name="Version">Compared by approve and deny.</param>
public sealed record EntryRef(string Id, long Version = 0);

/// <summary>What became of each entry, in the order asked.</summary>
public sealed record EntriesAnswer(IReadOnlyList<EntryOutcome> Results);

/// <summary>What became of one entry.</summary>
/// <param name="Outcome">docs/protocol.md section 4.</param>
/// <param name="By">Who had decided, when it was decided already.</param>
/// <param name="Detail">Why it was refused.</param>
public sealed record EntryOutcome(string Id, string Outcome, long Version, Person? By = null, DateTimeOffset? At = null, string? Detail = null);
