using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>Adds a student to the organisation.</summary>
public sealed class CreateStudent(Changes changes)
{
    /// <summary>The student; <c>invalid</c>, or <c>duplicate</c> when the external ID is taken.</summary>
    public Task<Result<Student>> Run(Actor by, NewStudent input, Once? once) => changes.Run<Student>(
        by,
        async change =>
        {
            var read = StudentRules.Read(input, Id.New(change.Now), change.Now);
            if (read.Failed(out var problem))
            {
                return problem;
            }

            if ((await StudentStore.Insert(change, by.OrganisationId, [read.Value])).SingleOrDefault() is not { } student)
            {
                return new Problem(ProblemKind.Duplicate, $"There is a student with the ID {read.Value.ExternalId} already.");
            }

            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "studentCreated", student.Id, new { student.ExternalId });
            return student;
        },
        once);
}
