using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>
/// A registration a row: student by external ID, test by code, session by name or join ID, or none. A row never takes a student out of a session,
/// and moves one to another only where that was chosen for the file: sending the same list again undoes nobody's later move.
/// </summary>
internal sealed class RegistrationRows : IRowKind
{
    private const string ExternalId = "external_id";
    private const string TestCode = "test_code";
    private const string SessionColumn = "session";
    private const string Settings = "settings";

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(ExternalId, true, "The school's own ID of the student."),
        new(TestCode, true, "The code of a test of the catalogue."),
        new(SessionColumn, false, "The session's name, or its join ID. Empty: none, or the one that the registration has."),
        new(Settings, false, "Test settings such as fontSize=large; extraTime=25, over the student's own. Empty leaves them as they are; a dash takes them all away."),
    ];

    public int AtOnce => 500;

    public string Subject(IReadOnlyDictionary<string, string> cells) => $"{cells.Get(ExternalId)}: {cells.Get(TestCode)}";

    public string Key(IReadOnlyDictionary<string, string> cells) => $"{Student.Key(cells.Get(ExternalId))}\n{Test.Key(cells.Get(TestCode))}";

    public async Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var roster = await RegistrationRoster.Load(
            change, import.OrganisationId, rows.Select(row => row.Cells.Get(ExternalId)), rows.Select(row => row.Cells.Get(TestCode)), rows.Select(row => row.Cells.Get(SessionColumn)));
        var judged = rows.Select(row =>
        {
            var (verdict, wanted) = Judge(row.Cells, roster, import.Options.Move, change.Now);
            return (Verdict: apply ? ImportRules.AtApply(row, verdict) : verdict, Wanted: wanted);
        }).ToList();

        // Each row is whole or rejected: where credits end, the rows before still count.
        var credits = roster.Credits;
        for (var index = 0; index < judged.Count; index++)
        {
            if (judged[index].Verdict.Outcome == RowOutcome.Create && --credits < 0)
            {
                judged[index] = (RowVerdict.Rejected("The organisation has no credit left for this registration."), null);
            }
        }

        return apply ? await Write(change, import.OrganisationId, judged) : [.. judged.Select(row => row.Verdict)];
    }

    private static (RowVerdict Verdict, WantedRegistration? Wanted) Judge(IReadOnlyDictionary<string, string> cells, RegistrationRoster roster, bool move, DateTimeOffset now)
    {
        var wrong = new List<string>();
        var student = roster.Student(cells.Get(ExternalId));
        var test = roster.Test(cells.Get(TestCode));
        var (session, sessionWrong) = roster.Session(cells.Get(SessionColumn));
        var (settings, settingsWrong) = StudentColumns.ReadSettings(cells.Get(Settings));
        if (student is null)
        {
            wrong.Add(cells.Get(ExternalId).Length == 0 ? "The row names no student." : $"There is no student with the ID {cells.Get(ExternalId)}.");
        }

        if (test is null)
        {
            wrong.Add(cells.Get(TestCode).Length == 0 ? "The row names no test." : $"There is no test with the code {cells.Get(TestCode)}.");
        }

        wrong.AddRange(new[] { sessionWrong, settingsWrong }.OfType<string>());
        if (wrong.Count > 0)
        {
            return (RowVerdict.Rejected(wrong), null);
        }

        var values = cells.Get(Settings).Length == 0 ? null : settings!.ToDictionary(pair => pair.Key, pair => pair.Value ?? "", StringComparer.Ordinal);
        if (values is not null)
        {
            var check = new Problems.Check();
            StudentRules.Settings(check, settings!);
            if (check.Failed(out var problem))
            {
                return (RowVerdict.Rejected(problem.Detail), null);
            }
        }

        var wanted = new WantedRegistration(student!, test!, session?.Id, values);
        var existing = roster.Latest(student!, test!);
        return existing is null or { Status: RegistrationStatus.Cancelled } ? (New(wanted, session, existing, now), wanted)
            : (Existing(existing, wanted, session, roster, move, now), wanted);
    }

    private static RowVerdict New(WantedRegistration wanted, Session? session, Registration? cancelled, DateTimeOffset now) =>
        session is not null && RegistrationRules.WhyNot(session, Test.Key(wanted.TestCode), now) is { } problem
            ? RowVerdict.Rejected(problem.Detail)
            : new RowVerdict { Outcome = RowOutcome.Create, Remarks = cancelled is null ? [] : ["An earlier registration of the student to this test was cancelled."] };

    private static RowVerdict Existing(Registration existing, WantedRegistration wanted, Session? session, RegistrationRoster roster, bool move, DateTimeOffset now)
    {
        var same = new RowVerdict { Outcome = RowOutcome.Same, SubjectId = existing.Id };
        var elsewhere = session is not null && existing.SessionId != session.Id;
        if (existing.Status == RegistrationStatus.Completed)
        {
            // Who has done the test elsewhere and is named for another session takes it again.
            return elsewhere ? New(wanted, session, cancelled: null, now) : same with { Remarks = ["The student has completed the test."] };
        }

        var changes = new List<FieldChange>();
        if (elsewhere)
        {
            changes.Note("session", roster.SessionName(existing.SessionId), session!.Name);
        }

        if (wanted.Settings is { } settings)
        {
            changes.Note("settings", StudentColumns.Show(existing.Settings), StudentColumns.Show(settings));
        }

        if (changes.Count == 0)
        {
            return same;
        }

        if (existing.Status == RegistrationStatus.Started)
        {
            return elsewhere ? RowVerdict.Rejected("The student has started the test, so the registration cannot be moved.") : same with { Remarks = ["The student has started the test; the settings stay."] };
        }

        if (elsewhere && existing.SessionId is not null && !move)
        {
            return RowVerdict.Rejected($"The student is registered in “{roster.SessionName(existing.SessionId)}”. Choose “move” for the file to put them into “{session!.Name}”.");
        }

        return elsewhere && RegistrationRules.WhyNot(session!, Test.Key(wanted.TestCode), now) is { } problem
            ? RowVerdict.Rejected(problem.Detail)
            : same with { Outcome = RowOutcome.Update, Changes = changes, Seen = $"{existing.Id} {existing.SessionId} {StudentColumns.Show(existing.Settings)}" };
    }

    private static async Task<IReadOnlyList<RowVerdict>> Write(Change change, string organisationId, List<(RowVerdict Verdict, WantedRegistration? Wanted)> judged)
    {
        var wanted = judged.Where(row => row.Verdict.Outcome is RowOutcome.Create or RowOutcome.Update).Select(row => row.Wanted!).ToList();
        if (wanted.Count == 0)
        {
            return [.. judged.Select(row => row.Verdict)];
        }

        var done = await RegistrationChange.Register(change, organisationId, wanted);
        if (done.Failed(out var problem))
        {
            // Somebody took the credits at this moment: the rows are judged again at the next look.
            throw new InvalidOperationException($"[{problem.Code}] {problem.Detail}");
        }

        var results = new Queue<RegistrationResult>(done.Value);
        return [.. judged.Select(row =>
        {
            if (row.Verdict.Outcome is not (RowOutcome.Create or RowOutcome.Update))
            {
                return row.Verdict;
            }

            var result = results.Dequeue();
            return result.Refusal is { } refusal ? RowVerdict.Rejected(refusal.Detail) : row.Verdict with { SubjectId = result.Registration!.Id };
        })];
    }
}
