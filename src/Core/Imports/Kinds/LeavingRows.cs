using LiveProctor.Core.Audit;
using LiveProctor.Core.Groups;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>A class a row, whose group is left by those who are not, or no more, enrolled in it. The group itself stays.</summary>
internal static class LeavingRows
{
    private const int MostNamed = 10;

    /// <summary>The external IDs of everybody who belongs to one of the classes' groups.</summary>
    public static async Task<IReadOnlyList<string>> Members(Change change, string organisationId, IReadOnlyCollection<ImportRow> rows)
    {
        var sql = $"""
            SELECT DISTINCT students.external_id FROM groups JOIN group_members ON group_members.group_id = groups.id JOIN students ON students.id = group_members.student_id
            WHERE groups.organisation_id = @organisationId AND {change.Dialect.Among("groups.name_key", "@keys")} AND NOT students.deleted
            """;
        return rows.Count == 0 ? [] : await change.All<string>(sql, new { organisationId, keys = new Many(rows.Select(Key)) });
    }

    public static async Task<IReadOnlyList<RowVerdict>> Run(Change change, string organisationId, IReadOnlyList<ImportRow> rows, IReadOnlyList<string> members, bool apply)
    {
        var students = await StudentStore.ByExternalIds(change, organisationId, members, locked: apply);
        var byGroup = students.Values.SelectMany(student => student.Groups.Select(name => (Key: Group.Key(name), student))).ToLookup(pair => pair.Key, pair => pair.student, StringComparer.Ordinal);
        var leaving = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var verdicts = new List<RowVerdict>(rows.Count);
        foreach (var row in rows)
        {
            var leave = byGroup[Key(row)].Where(Leaves(row)).OrderBy(student => Student.Key(student.ExternalId), StringComparer.Ordinal).ToList();
            var now = Judge(row, leave, byGroup[Key(row)].Count());
            var verdict = apply ? ImportRules.AtApply(row, now) : now;
            verdicts.Add(verdict);
            foreach (var student in verdict.Outcome == RowOutcome.Remove ? leave : [])
            {
                leaving.TryAdd(Student.Key(student.ExternalId), new HashSet<string>(StringComparer.Ordinal));
                leaving[Student.Key(student.ExternalId)].Add(Key(row));
            }
        }

        if (apply && leaving.Count > 0)
        {
            var changed = leaving.Select(pair => Without(students[pair.Key], pair.Value)).ToList();
            await StudentStore.Save(change, organisationId, changed);
            foreach (var student in changed)
            {
                change.Record(
                    organisationId, AuditLog.Organisation(organisationId), "studentEdited", student.Id,
                    new { was = new { students[Student.Key(student.ExternalId)].Groups }, now = new { student.Groups } });
            }
        }

        return verdicts;
    }

    private static string Key(ImportRow row) => Group.Key(row.Cells.Get(OneRosterRows.Class));

    private static Student Without(Student student, HashSet<string> groupKeys) =>
        student with { Groups = [.. student.Groups.Where(name => !groupKeys.Contains(Group.Key(name)))], Version = student.Version + 1 };

    private static Func<Student, bool> Leaves(ImportRow row)
    {
        var stays = row.Cells.TryGetValue(OneRosterRows.Stay, out var named);
        var ids = Json.Read<List<string>>(stays ? named! : row.Cells.Get(OneRosterRows.Leave)).Select(Student.Key).ToHashSet(StringComparer.Ordinal);
        return student => ids.Contains(Student.Key(student.ExternalId)) != stays;
    }

    private static RowVerdict Judge(ImportRow row, List<Student> leave, int size)
    {
        if (leave.Count == 0)
        {
            return new RowVerdict { Outcome = RowOutcome.Same };
        }

        var names = string.Join(", ", leave.Take(MostNamed).Select(student => $"{student.ExternalId} {student.GivenName} {student.FamilyName}".TrimEnd()));
        return new RowVerdict
        {
            Outcome = RowOutcome.Remove,
            Changes = [new FieldChange("members", $"{size}", $"{size - leave.Count}")],
            Remarks = [leave.Count > MostNamed ? $"Leave the group: {names} and {leave.Count - MostNamed:N0} more." : $"Leave the group: {names}."],
            Seen = string.Join('\n', leave.Select(student => student.Id).Prepend(Key(row))),
        };
    }
}
