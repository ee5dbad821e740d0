using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>A report as a delivery system sends it (docs/protocol.md section 7).</summary>
public sealed record ProgressRequest
{
    public string? EntryId { get; init; }

    public int? Attempt { get; init; }

    /// <summary>From 1, strictly growing per entry.</summary>
    public long? Sequence { get; init; }

    public ReportKind? Kind { get; init; }

    public int? Answered { get; init; }

    public int? Total { get; init; }

    /// <summary>At most 200 characters.</summary>
    public string? Section { get; init; }

    public string? CommandId { get; init; }

    internal IEnumerable<(string Field, string Sentence)> Check()
    {
        if (EntryId is null || !Id.Plausible(EntryId))
        {
            yield return ("entryId", "Name the entry.");
        }

        if (Attempt is null or < 1)
        {
            yield return ("attempt", "Send the attempt as redeemed.");
        }

        if (Sequence is null or < 1)
        {
            yield return ("sequence", "Number the reports of an entry from 1 upwards.");
        }

        if (Kind is null)
        {
            yield return ("kind", "Say what happened.");
        }

        if ((Answered is null) != (Total is null) || Total is < 0 or > 100_000 || Answered < 0 || Answered > Total)
        {
            yield return ("answered", "Send answered and total together, answered at most total.");
        }

        if (Section is { Length: > 200 } || !Problems.Check.CanBeShown(Section))
        {
            yield return ("section", "The title of a section has at most 200 characters, on one line.");
        }

        if (CommandId is not null && !Id.Plausible(CommandId))
        {
            yield return ("commandId", "Send the command's id as it came.");
        }
    }
}

/// <summary>What the hub made of a report.</summary>
/// <param name="Accepted">False for a repetition, which has no effect.</param>
public sealed record ProgressAnswer(EntryState State, bool Accepted, DeliveryCommand? PendingCommand);

/// <summary>
/// A delivery system reports on an entry that it holds. Duplicates have no effect, older reports are refused.
/// Problems: invalid, notFound, wrongAttempt, sequenceTooOld, wrongState, approvalNeeded.
/// </summary>
public sealed class ReportProgress(EntryStore entries, Changes changes, IPresence presence)
{
    public async Task<Result<ProgressAnswer>> Run(Actor delivery, ProgressRequest request)
    {
        var wrong = request.Check().ToArray();
        if (wrong.Length > 0)
        {
            return Problem.Invalid(wrong);
        }

        var known = await entries.Find(request.EntryId!);
        if (known is null || known.Test.Delivery != delivery.Id)
        {
            return Problem.NotFound("entry");
        }

        if (request.Kind is not (ReportKind.Exited or ReportKind.Submitted))
        {
            await presence.Seen([(known.SessionId, known.Id)]);
        }

        var report = new DeliveryReport(
            request.Kind!.Value, request.Attempt!.Value, request.Sequence!.Value, request.Answered, request.Total, request.Section, request.CommandId);

        // A position that changes nothing is the student's presence and no news: it costs storage nothing and fills no feed.
        if (IsQuiet(known, report))
        {
            return Answer(known, accepted: true);
        }

        return await changes.RunInTurn<ProgressAnswer>(known.SessionId, delivery, async change =>
        {
            var loaded = await SessionChange.LockAndLoad(change, known.SessionId);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var entry = (await EntryStore.Load(change, known.SessionId, known.Id))!;
            var reported = EntryRules.Report(entry, loaded.Value, report, change.Now);
            if (reported.Failed(out problem))
            {
                return problem;
            }

            if (reported.Value is not { } step)
            {
                return Answer(entry, accepted: false);
            }

            var written = await EntryChange.Write(change, loaded.Value, entry, step);
            return written.Then(next => Answer(next, accepted: true));
        });
    }

    private static bool IsQuiet(Entry entry, DeliveryReport report) =>
        report.Kind == ReportKind.Position
        && report.Attempt == entry.Attempt
        && report.Sequence > entry.LastSequence
        && (entry.State is EntryState.Testing or EntryState.Paused or EntryState.AtSeal)
        && (report.Answered is null || entry.Progress == new EntryProgress(report.Answered.Value, report.Total!.Value, report.Section));

    private static ProgressAnswer Answer(Entry entry, bool accepted) =>
        new(entry.State, accepted, entry.Pending is { } pending ? DeliveryCommand.Of(entry, pending) : null);
}
