using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>Changes a student. Entries keep the name that they were made with. Problems: notFound, stale, invalid, duplicate.</summary>
public sealed class EditStudent(Changes changes)
{
    /// <param name="version">The version that the editor saw.</param>
    public Task<Result<Student>> Run(Actor by, string id, NewStudent input, long version) => changes.Run<Student>(by, async change =>
    {
        if (!Id.Plausible(id) || await StudentStore.Load(change, by.OrganisationId, id) is not { } before)
        {
            return Problem.NotFound("student");
        }

        if (before.Version != version)
        {
            return new Problem(ProblemKind.Stale, $"Somebody changed the student meanwhile (version {before.Version}).");
        }

        var read = StudentRules.Edit(before, input);
        if (read.Failed(out var problem))
        {
            return problem;
        }

        if (await StudentStore.Save(change, by.OrganisationId, [read.Value]) is not [var student])
        {
            return new Problem(ProblemKind.Duplicate, $"There is a student with the ID {read.Value.ExternalId} already.");
        }

        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "studentEdited", id, new { was = Shown(before), now = Shown(student) });
        return student;
    });

    private static object Shown(Student student) =>
        new { student.ExternalId, student.GivenName, student.FamilyName, student.Email, student.Language, student.Groups, student.Settings };
}
