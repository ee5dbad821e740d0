using LiveProctor.Core.Audit;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>A student a row, by external ID.</summary>
/// <param name="addsGroups">True where the file knows only some of a student's groups: they are added, and none is left.</param>
internal sealed class StudentRows(bool addsGroups) : IRowKind
{
    public IReadOnlyList<ImportColumn> Columns => StudentColumns.All;

    public int AtOnce => 2_000;

    public string Subject(IReadOnlyDictionary<string, string> cells) =>
        $"{cells.Get(StudentColumns.ExternalId)} {cells.Get(StudentColumns.GivenName)} {cells.Get(StudentColumns.FamilyName)}".TrimEnd();

    public string Key(IReadOnlyDictionary<string, string> cells) => cells.ContainsKey(LeftAlone) ? "" : Student.Key(cells.Get(StudentColumns.ExternalId));

    public async Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var known = await StudentStore.ByExternalIds(change, import.OrganisationId, rows.Select(row => row.Cells.Get(StudentColumns.ExternalId)), locked: apply);
        var judged = new List<(RowVerdict Verdict, Student? Wanted)>(rows.Count);
        foreach (var row in rows)
        {
            var (verdict, wanted) = row.Cells.ContainsKey(LeftAlone)
                ? (new RowVerdict { Outcome = RowOutcome.Same }, null)
                : Judge(row, known.GetValueOrDefault(Key(row.Cells)), change.Now);
            judged.Add((apply ? ImportRules.AtApply(row, verdict) : verdict, wanted));
        }

        if (apply)
        {
            await Write(change, import.OrganisationId, judged, known);
        }

        return [.. judged.Select(row => row.Verdict)];
    }

    /// <summary>A cell that stands in rows which are of no student.</summary>
    public const string LeftAlone = "left_alone";

    private (RowVerdict, Student?) Judge(ImportRow row, Student? now, DateTimeOffset at)
    {
        var cells = row.Cells;
        var (settings, wrong) = StudentColumns.ReadSettings(cells.Get(StudentColumns.Settings));
        if (wrong is not null)
        {
            return (RowVerdict.Rejected(wrong), null);
        }

        var groupCell = cells.Get(StudentColumns.Groups);
        var groups = groupCell.Length == 0 ? null : groupCell == "-" ? [] : groupCell.Several();
        var input = new NewStudent
        {
            ExternalId = now?.ExternalId ?? cells.Get(StudentColumns.ExternalId),
            GivenName = cells.Get(StudentColumns.GivenName),
            FamilyName = cells.Get(StudentColumns.FamilyName).Or(now?.FamilyName ?? ""),
            Email = cells.Get(StudentColumns.Email).Or(now?.Email ?? ""),
            Language = cells.Get(StudentColumns.Language).Or(now?.Language ?? ""),
            Groups = groups is null ? null : [.. addsGroups ? (now?.Groups ?? []).Union(groups, StringComparer.OrdinalIgnoreCase) : groups],
            Settings = cells.Get(StudentColumns.Settings).Length == 0 ? null : settings,
        };
        var read = now is null ? StudentRules.Read(input, row.Foreseen ?? Id.New(at), at) : StudentRules.Edit(now, input);
        if (read.Failed(out var problem))
        {
            return (RowVerdict.Rejected([.. problem.Fields.SelectMany(field => field.Value.Select(sentence => $"{field.Key}: {sentence}"))]), null);
        }

        if (now is null)
        {
            return (new RowVerdict { Outcome = RowOutcome.Create, SubjectId = read.Value.Id }, read.Value);
        }

        var changes = new List<FieldChange>();
        changes.Note("givenName", now.GivenName, read.Value.GivenName);
        changes.Note("familyName", now.FamilyName, read.Value.FamilyName);
        changes.Note("email", now.Email ?? "", read.Value.Email ?? "");
        changes.Note("language", now.Language, read.Value.Language);
        changes.Note("groups", Show(now.Groups), Show(read.Value.Groups));
        changes.Note("settings", StudentColumns.Show(now.Settings), StudentColumns.Show(read.Value.Settings));
        var seen = string.Join('\n', now.Id, now.GivenName, now.FamilyName, now.Email, now.Language, Show(now.Groups), StudentColumns.Show(now.Settings));
        return (new RowVerdict { Outcome = changes.Count == 0 ? RowOutcome.Same : RowOutcome.Update, SubjectId = now.Id, Changes = changes, Seen = seen }, read.Value);
    }

    private static async Task Write(Change change, string organisationId, List<(RowVerdict Verdict, Student? Wanted)> judged, IReadOnlyDictionary<string, Student> known)
    {
        var chain = AuditLog.Organisation(organisationId);
        var added = (await StudentStore.Insert(change, organisationId, Wanted(RowOutcome.Create))).ToDictionary(student => student.Id, StringComparer.Ordinal);
        await StudentStore.Save(change, organisationId, Wanted(RowOutcome.Update));
        for (var index = 0; index < judged.Count; index++)
        {
            var (verdict, wanted) = judged[index];
            switch (verdict.Outcome)
            {
                case RowOutcome.Create when !added.ContainsKey(wanted!.Id):
                    judged[index] = (RowVerdict.Rejected("Somebody added a student with this ID at the same moment."), null);
                    break;
                case RowOutcome.Create:
                    change.Record(organisationId, chain, "studentCreated", wanted.Id, new { wanted.ExternalId });
                    break;
                case RowOutcome.Update:
                    change.Record(organisationId, chain, "studentEdited", wanted!.Id, new { was = Shown(known[Student.Key(wanted.ExternalId)]), now = Shown(wanted) });
                    break;
            }
        }

        List<Student> Wanted(RowOutcome outcome) => [.. judged.Where(row => row.Verdict.Outcome == outcome).Select(row => row.Wanted!)];
    }

    // In the order in which they are listed, so that another order in the file is no change.
    private static string Show(IEnumerable<string> groups) => string.Join("; ", groups.OrderBy(Groups.Group.Key, StringComparer.Ordinal));

    private static object Shown(Student student) =>
        new { student.ExternalId, student.GivenName, student.FamilyName, student.Email, student.Language, student.Groups, student.Settings };
}
