using LiveProctor.Core.Feeds;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>
/// A session a row. The name tells which: a session that is not over gets the row's times and code, otherwise the row makes a new one.
/// </summary>
internal sealed class SessionRows : IRowKind
{
    public IReadOnlyList<ImportColumn> Columns => SessionColumns.All;

    public int AtOnce => 500;

    public string Subject(IReadOnlyDictionary<string, string> cells) => cells.Get(SessionColumns.Name);

    public string Key(IReadOnlyDictionary<string, string> cells) => SessionStore.NameKey(Subject(cells));

    public async Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var names = await SessionNames.Load(change, import.OrganisationId, rows.Select(row => Key(row.Cells)), forChange: apply);
        var parts = new Lazy<Task<Result<SessionPattern>>>(() => SessionPattern.Load(change, import));
        var judged = new List<Judged>();
        foreach (var row in rows)
        {
            var found = await Judge(row, import.Options, names, parts, change.Now);
            judged.Add(apply ? found with { Verdict = ImportRules.AtApply(row, found.Verdict) } : found);
        }

        return apply ? await Write(change, judged, import.Notify ?? false) : await WithCandidates(change, import.OrganisationId, judged);
    }

    private static async Task<IReadOnlyList<RowVerdict>> WithCandidates(Change change, string organisationId, List<Judged> judged)
    {
        var registered = await Candidates.Of(change, organisationId, [.. judged.Where(row => row.Moves).Select(row => row.Before!.Id)]);
        return [.. judged.Select(row =>
        {
            if (!row.Moves || !registered.TryGetValue(row.Before!.Id, out var found))
            {
                return row.Verdict;
            }

            var reasons = NoticeRules.Reasons(new Window(row.Before.OpensAt, row.Before.ClosesAt), new Window(row.Step!.Next.OpensAt, row.Step.Next.ClosesAt));
            var remark = found.Students == 1 ? "One student is registered for the old dates." : $"{found.Students:N0} students are registered for the old dates.";
            return row.Verdict with { Notice = new RowNotice(found.Students, found.WithEmail, reasons), Remarks = [.. row.Verdict.Remarks, remark] };
        })];
    }

    private static async Task<Judged> Judge(ImportRow row, ImportOptions options, SessionNames names, Lazy<Task<Result<SessionPattern>>> pattern, DateTimeOffset now)
    {
        var zone = SessionTimes.Zone(options.TimeZone)!;
        var remarks = new List<string>();
        var (opensAt, opensWrong) = At(row, SessionColumns.Opens, zone, remarks);
        var (closesAt, closesWrong) = At(row, SessionColumns.Closes, zone, remarks);
        string[] wrong = [.. new[] { opensWrong, closesWrong }.OfType<string>()];
        if (wrong.Length > 0)
        {
            return new Judged(RowVerdict.Rejected(wrong));
        }

        var name = row.Cells.Get(SessionColumns.Name);
        var live = names.Live(name);
        if (live.Count > 1)
        {
            return new Judged(RowVerdict.Rejected($"{live.Count} sessions are called “{name}”: which one is meant cannot be told. Rename all but one."));
        }

        var (verdict, before, step) = live is [var session] ? Edit(session, row, opensAt, closesAt, now)
            : names.Over(name).FirstOrDefault(over => over.OpensAt == opensAt && over.ClosesAt == closesAt) is { } over
                ? (new RowVerdict { Outcome = RowOutcome.Same, SubjectId = over.Id, Remarks = ["This session is over."] }, null, null)
            : Create(await pattern.Value, row, options, opensAt, closesAt, now);
        return new Judged(verdict with { Remarks = [.. remarks, .. verdict.Remarks] }, before, step);
    }

    private static (RowVerdict, Session?, SessionStep?) Edit(Session session, ImportRow row, DateTimeOffset opensAt, DateTimeOffset closesAt, DateTimeOffset now)
    {
        var code = row.Cells.Get(SessionColumns.Code).Or(session.Code ?? "");
        var zone = SessionTimes.Zone(session.TimeZone) ?? TimeZoneInfo.Utc;

        // A file knows minutes, and no hour twice: a time that reads the same is the same.
        opensAt = Show(opensAt, zone) == Show(session.OpensAt, zone) ? session.OpensAt : opensAt;
        closesAt = Show(closesAt, zone) == Show(session.ClosesAt, zone) ? session.ClosesAt : closesAt;
        var changes = new List<FieldChange>();
        changes.Note("opensAt", Show(session.OpensAt, zone), Show(opensAt, zone));
        changes.Note("closesAt", Show(session.ClosesAt, zone), Show(closesAt, zone));
        changes.Note("code", session.Code ?? "", code);
        if (changes.Count == 0)
        {
            return (new RowVerdict { Outcome = RowOutcome.Same, SubjectId = session.Id }, null, null);
        }

        var wanted = session with { OpensAt = opensAt, ClosesAt = closesAt, Code = code.Length == 0 ? null : code };
        if (WrongCode(code) is { } sentence)
        {
            return (RowVerdict.Rejected(sentence), null, null);
        }

        var step = SessionRules.Edit(session, wanted, now);
        return step.Failed(out var problem)
            ? (RowVerdict.Rejected(problem.Detail), null, null)
            : (new RowVerdict
            {
                Outcome = RowOutcome.Update,
                SubjectId = session.Id,
                Changes = changes,
                Seen = $"{session.Id} {session.OpensAt.ToUnixTimeMilliseconds()} {session.ClosesAt.ToUnixTimeMilliseconds()} {session.Code}",
            }, session, step.Value);
    }

    private static (RowVerdict, Session?, SessionStep?) Create(
        Result<SessionPattern> pattern, ImportRow row, ImportOptions options, DateTimeOffset opensAt, DateTimeOffset closesAt, DateTimeOffset now)
    {
        if (pattern.Failed(out var problem))
        {
            return (RowVerdict.Rejected(problem.Detail), null, null);
        }

        var code = row.Cells.Get(SessionColumns.Code).Or("");
        var wrong = SessionRules.CheckWindow(opensAt, closesAt).Select(found => found.Sentence).ToList();
        if (closesAt <= now)
        {
            wrong.Add("The session would have ended already.");
        }

        var name = row.Cells.Get(SessionColumns.Name);
        if (name.Length is 0 or > 120 || name.Any(char.IsControl))
        {
            wrong.Add("A session needs a name of 1 to 120 characters, on one line.");
        }

        if (WrongCode(code) is { } sentence)
        {
            wrong.Add(sentence);
        }

        if (wrong.Count > 0)
        {
            return (RowVerdict.Rejected(wrong), null, null);
        }

        var session = pattern.Value.Make(name, code, options, opensAt, closesAt, now);
        return (new RowVerdict { Outcome = RowOutcome.Create }, null, new SessionStep(session, "sessionCreated"));
    }

    private static async Task<IReadOnlyList<RowVerdict>> Write(Change change, List<Judged> judged, bool notify)
    {
        var made = judged.Where(row => row.Verdict.Outcome == RowOutcome.Create).Select(row => row.Step!.Next).ToList();
        if (made.Count > 0)
        {
            made = await NewSessions.Add(change, made);
        }

        await SessionChange.WriteEdits(change, [.. judged.Where(row => row.Verdict.Outcome == RowOutcome.Update).Select(row => (row.Before!, row.Step!))], notify);
        var next = new Queue<Session>(made);
        return [.. judged.Select(row => row.Verdict.Outcome == RowOutcome.Create ? row.Verdict with { SubjectId = next.Dequeue().Id } : row.Verdict)];
    }

    private static (DateTimeOffset At, string? Wrong) At(ImportRow row, string end, TimeZoneInfo zone, List<string> remarks)
    {
        var (entered, wrong) = SessionColumns.Read(row.Cells, end);
        if (entered is not { } local)
        {
            return (default, wrong);
        }

        var what = end == SessionColumns.Opens ? "The beginning" : "The end";
        if (zone.IsInvalidTime(local))
        {
            return (default, $"{what} does not exist: at {local:HH:mm} on that day the clocks go forward in {zone.Id}.");
        }

        if (!zone.IsAmbiguousTime(local))
        {
            return (new DateTimeOffset(local, zone.GetUtcOffset(local)), null);
        }

        remarks.Add($"{what} comes twice, because the clocks go back that night in {zone.Id}: the first is taken.");
        return (new DateTimeOffset(local, zone.GetAmbiguousTimeOffsets(local).Max()), null);
    }

    private static string? WrongCode(string code) =>
        code.Length > 0 && (code.Length is < 4 or > 32 || code.Any(char.IsControl)) ? "A session code has 4 to 32 characters, on one line." : null;

    private static string Show(DateTimeOffset at, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="Before">The session that is changed; null when one is made.</param>
    private sealed record Judged(RowVerdict Verdict, Session? Before = null, SessionStep? Step = null)
    {
        /// <summary>True when a session gets other dates.</summary>
        public bool Moves => Verdict.Outcome == RowOutcome.Update && Step!.Next.ScheduleVersion != Before!.ScheduleVersion;
    }
}
