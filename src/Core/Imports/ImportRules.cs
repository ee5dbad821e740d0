using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports;

/// <summary>What may happen to an import and to one of its rows. Pure.</summary>
internal static class ImportRules
{
    /// <summary>How many of an organisation's imports are read or written at the same time.</summary>
    public const int MostAtWork = 3;

    /// <summary>Why its rows cannot be written now; null when they can.</summary>
    /// <param name="notify">Whether students of moved sessions shall be told; null when nobody was asked.</param>
    public static Problem? WhyNotApply(Import import, bool? notify) =>
        import.State != ImportState.Previewed ? NotReady(import, "applied")
        : import.Notice is not null && notify is null
            ? Problem.Invalid(("notify", $"The file moves sessions of {import.Notice.Candidates:N0} registered students. Say whether they shall be told by e-mail."))
        : null;

    /// <summary>Why it cannot be stopped; null when it can.</summary>
    public static Problem? WhyNotCancel(Import import) =>
        import.State is ImportState.Reading or ImportState.Previewed or ImportState.Applying ? null : NotReady(import, "stopped");

    /// <summary>
    /// What becomes of a row when it is applied, after somebody may have changed what the preview showed. An import does what its preview
    /// promised or nothing: a row that was rejected stays so, and nobody's later change is overwritten.
    /// </summary>
    /// <param name="previewed">As the manager saw it.</param>
    /// <param name="now">What it would do now.</param>
    public static RowVerdict AtApply(ImportRow previewed, RowVerdict now) => (previewed.Outcome, now.Outcome) switch
    {
        (RowOutcome.Reject, _) => RowVerdict.Rejected(previewed.Wrong),
        (_, RowOutcome.Reject or RowOutcome.Same) => now,
        var (then, outcome) when then == outcome && previewed.Seen == now.Seen => now,
        _ => RowVerdict.Rejected("Somebody changed this after the preview. Import the file again to see what it would do now."),
    };

    private static Problem NotReady(Import import, string verb) => new(ProblemKind.ImportNotReady, import.State switch
    {
        ImportState.Reading => $"The file is still being read and cannot be {verb} yet.",
        ImportState.Applying => $"The import is being applied and cannot be {verb}.",
        ImportState.Applied => $"The import was applied already and cannot be {verb}.",
        ImportState.Cancelled => $"The import was stopped and cannot be {verb}.",
        _ => $"The file could not be read, so it cannot be {verb}.",
    });
}
