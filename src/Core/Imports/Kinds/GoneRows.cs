using LiveProctor.Core.Audit;
using LiveProctor.Core.Imports.Reading;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>
/// A user a row who is marked to be deleted. The student is taken off the list as by hand (<see cref="DeleteStudent"/>); who has started a test, or waits for
/// one, only leaves the groups.
/// </summary>
internal static class GoneRows
{
    /// <summary>Locks the sessions in which those who go have entries, as sessions are locked before students.</summary>
    public static async Task LockSessions(Change change, string organisationId, IReadOnlyCollection<ImportRow> rows)
    {
        if (rows.Count == 0)
        {
            return;
        }

        var ids = await StudentStore.Ids(change, organisationId, rows.Select(Key).ToHashSet(StringComparer.Ordinal));
        await Scene.Set(change, organisationId, await Pending(change, organisationId, [.. ids.Values]), []);
    }

    public static async Task<IReadOnlyList<RowVerdict>> Run(Change change, string organisationId, IReadOnlyList<ImportRow> rows, bool apply)
    {
        if (rows.Count == 0)
        {
            return [];
        }

        var students = await StudentStore.ByExternalIds(change, organisationId, rows.Select(Key), locked: apply);
        var ids = students.Values.Select(student => student.Id).ToList();
        var pending = (await Pending(change, organisationId, ids)).ToLookup(registration => registration.StudentId, registration => registration.Id, StringComparer.Ordinal);
        var busy = await Busy(change, organisationId, ids);
        var judged = rows.Select(row =>
        {
            var student = students.GetValueOrDefault(Key(row));
            var verdict = Judge(student, student is not null && busy.Contains(student.Id), student is null ? 0 : pending[student.Id].Count());
            return (Student: student, Verdict: apply ? ImportRules.AtApply(row, verdict) : verdict);
        }).ToList();
        if (apply)
        {
            var leave = judged.Where(row => row.Verdict.Outcome == RowOutcome.Remove).Select(row => row.Student!).ToLookup(student => busy.Contains(student.Id));
            await Delete(change, organisationId, [.. leave[false]], pending);
            await TakeOutOfGroups(change, organisationId, [.. leave[true]]);
        }

        return [.. judged.Select(row => row.Verdict)];
    }

    private static string Key(ImportRow row) => Student.Key(row.Cells.Get(StudentColumns.ExternalId));

    private static RowVerdict Judge(Student? student, bool busy, int pending)
    {
        if (student is null)
        {
            return new RowVerdict { Outcome = RowOutcome.Same, Remarks = ["Marked to be deleted; there is no such student."] };
        }

        var groups = string.Join("; ", student.Groups);
        if (busy)
        {
            return new RowVerdict
            {
                Outcome = student.Groups.Count == 0 ? RowOutcome.Same : RowOutcome.Remove,
                SubjectId = student.Id,
                Changes = student.Groups.Count == 0 ? [] : [new FieldChange("groups", groups, "")],
                Remarks = ["Marked to be deleted; the student has started a test, so only the groups are left."],
                Seen = $"{student.Id} groups {groups}",
            };
        }

        return new RowVerdict
        {
            Outcome = RowOutcome.Remove,
            SubjectId = student.Id,
            Changes = [new FieldChange("student", $"{student.GivenName} {student.FamilyName}".TrimEnd(), "")],
            Remarks = [pending == 0 ? "Marked to be deleted." : $"Marked to be deleted; {pending} {(pending == 1 ? "registration" : "registrations")} that never started end, and the credits come back."],
            Seen = $"{student.Id} {student.ExternalId} {student.GivenName} {student.FamilyName} {pending}",
        };
    }

    private static async Task Delete(Change change, string organisationId, IReadOnlyList<Student> students, ILookup<string, string> pending)
    {
        var ended = await RegistrationChange.Cancel(change, organisationId, [.. students.SelectMany(student => pending[student.Id])]);
        if (ended.Select(one => one.Step).FirstOrDefault(step => step.Failed(out _)).Problem is { } problem)
        {
            // Somebody came into a session at this moment: the rows are judged again at the next look.
            throw new InvalidOperationException($"[{problem.Code}] {problem.Detail}");
        }

        await StudentStore.Remove(change, organisationId, students);
        foreach (var student in students)
        {
            change.Record(
                organisationId, AuditLog.Organisation(organisationId), "studentDeleted", student.Id,
                new { student.ExternalId, student.GivenName, student.FamilyName, cancelled = pending[student.Id].Count() });
        }
    }

    private static async Task TakeOutOfGroups(Change change, string organisationId, IReadOnlyList<Student> students)
    {
        await StudentStore.Save(change, organisationId, [.. students.Select(student => student with { Groups = [], Version = student.Version + 1 })]);
        foreach (var student in students)
        {
            change.Record(organisationId, AuditLog.Organisation(organisationId), "studentEdited", student.Id, new { was = new { student.Groups }, now = new { Groups = Array.Empty<string>() } });
        }
    }

    private static async Task<IReadOnlyList<Registration>> Pending(Change change, string organisationId, IReadOnlyCollection<string> studentIds)
    {
        var ids = studentIds.Count == 0
            ? []
            : await change.All<string>(
                $"SELECT id FROM registrations WHERE organisation_id || '' = @organisationId AND status = 'Pending' AND {change.Dialect.Among("student_id", "@studentIds")}",
                new { organisationId, studentIds = new Many(studentIds) });
        return await RegistrationStore.Load(change, organisationId, ids, locked: false);
    }

    private static async Task<IReadOnlySet<string>> Busy(Change change, string organisationId, IReadOnlyCollection<string> studentIds)
    {
        var sql = $"""
            SELECT student_id FROM registrations WHERE organisation_id || '' = @organisationId AND status = 'Started' AND {change.Dialect.Among("student_id", "@ids")}
            UNION SELECT student_key FROM entries WHERE organisation_id = @organisationId AND active AND {change.Dialect.Among("student_key", "@ids")}
            """;
        return (await change.All<string>(sql, new { organisationId, ids = new Many(studentIds) })).ToHashSet(StringComparer.Ordinal);
    }
}
