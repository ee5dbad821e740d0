using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Students;

/// <summary>
/// Takes a student off the list: groups and registrations that never started end with it, and their credits come back. What the student did stays on record.
/// Problems: notFound, stale, studentBusy while the student waits or is tested.
/// </summary>
public sealed class DeleteStudent(Changes changes)
{
    /// <param name="version">The version that the caller saw.</param>
    public Task<Result<Done>> Run(Actor by, string id, long version) => changes.Run<Done>(by, async change =>
    {
        if (!Id.Plausible(id))
        {
            return Problem.NotFound("student");
        }

        await Scene.Set(change, by.OrganisationId, await RegistrationStore.OfStudent(change, by.OrganisationId, id), []);
        if (await StudentStore.Load(change, by.OrganisationId, id) is not { } student)
        {
            return Problem.NotFound("student");
        }

        if (student.Version != version)
        {
            return new Problem(ProblemKind.Stale, $"Somebody changed the student meanwhile (version {student.Version}).");
        }

        var registrations = await RegistrationStore.OfStudent(change, by.OrganisationId, id);
        const string active = "SELECT EXISTS (SELECT 1 FROM entries WHERE organisation_id = @organisationId AND student_key = @id AND active)";
        if (registrations.Any(registration => registration.Status == RegistrationStatus.Started) || await change.One<bool>(active, new { organisationId = by.OrganisationId, id }))
        {
            return new Problem(ProblemKind.StudentBusy, $"{student.GivenName} is in a session at this moment.");
        }

        var pending = registrations.Where(registration => registration.Status == RegistrationStatus.Pending).Select(registration => registration.Id).ToList();
        if ((await RegistrationChange.Cancel(change, by.OrganisationId, pending)).Any(step => step.Step.Failed(out _)))
        {
            return new Problem(ProblemKind.StudentBusy, $"{student.GivenName} is in a session at this moment.");
        }

        await StudentStore.Remove(change, by.OrganisationId, student);
        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "studentDeleted", id, new { student.ExternalId, student.GivenName, student.FamilyName, cancelled = pending.Count });
        return new Done();
    });
}
