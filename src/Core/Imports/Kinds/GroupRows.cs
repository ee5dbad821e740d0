using LiveProctor.Core.Audit;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>A membership a row: the student of the external ID belongs to the group of the name. Nobody leaves a group because a file does not name them.</summary>
internal sealed class GroupRows : IRowKind
{
    private const string Name = "group";
    private const string ExternalId = "external_id";

    public IReadOnlyList<ImportColumn> Columns { get; } =
    [
        new(Name, true, "The group's name, 1 to 100 characters; a group that does not exist yet is made."),
        new(ExternalId, true, "The school's own ID of a student who belongs to it. One row a student."),
    ];

    public int AtOnce => 2_000;

    public string Subject(IReadOnlyDictionary<string, string> cells) => $"{cells.Get(Name)}: {cells.Get(ExternalId)}";

    public string Key(IReadOnlyDictionary<string, string> cells) => $"{Group.Key(cells.Get(Name))}\n{Student.Key(cells.Get(ExternalId))}";

    public async Task<IReadOnlyList<RowVerdict>> Run(Change change, Import import, IReadOnlyList<ImportRow> rows, bool apply)
    {
        var students = await StudentStore.ByExternalIds(change, import.OrganisationId, rows.Select(row => row.Cells.Get(ExternalId)), locked: apply);
        var verdicts = rows.Select(row =>
        {
            var verdict = Judge(row, students.GetValueOrDefault(Student.Key(row.Cells.Get(ExternalId))));
            return apply ? ImportRules.AtApply(row, verdict) : verdict;
        }).ToList();
        if (!apply)
        {
            return verdicts;
        }

        var joins = rows.Zip(verdicts).Where(pair => pair.Second.Outcome == RowOutcome.Create)
            .GroupBy(pair => Student.Key(pair.First.Cells.Get(ExternalId)), pair => pair.First.Cells.Get(Name), StringComparer.Ordinal);
        var changed = joins.Select(join => students[join.Key]).Zip(joins, (student, names) => student with { Groups = [.. student.Groups, .. names], Version = student.Version + 1 }).ToList();
        await StudentStore.Save(change, import.OrganisationId, changed);
        foreach (var student in changed)
        {
            change.Record(
                import.OrganisationId, AuditLog.Organisation(import.OrganisationId), "studentEdited", student.Id,
                new { was = new { students[Student.Key(student.ExternalId)].Groups }, now = new { student.Groups } });
        }

        return verdicts;
    }

    private static RowVerdict Judge(ImportRow row, Student? student)
    {
        var (name, externalId) = (row.Cells.Get(Name), row.Cells.Get(ExternalId));
        return name.Length is 0 or > 100 || name.Any(char.IsControl) ? RowVerdict.Rejected("A group needs a name of 1 to 100 characters, on one line.")
            : student is null ? RowVerdict.Rejected(externalId.Length == 0 ? "The row names no student." : $"There is no student with the ID {externalId}.")
            : student.Groups.Any(group => Group.Key(group) == Group.Key(name)) ? new RowVerdict { Outcome = RowOutcome.Same, SubjectId = student.Id }
            : new RowVerdict { Outcome = RowOutcome.Create, SubjectId = student.Id, Seen = student.Id };
    }
}
