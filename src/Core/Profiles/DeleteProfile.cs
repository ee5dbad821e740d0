using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>
/// Deletes a profile that nothing to come or running uses. Sessions that are over keep the settings they had.
/// Problems: notFound, stale, profileInUse.
/// </summary>
public sealed class DeleteProfile(Changes changes)
{
    /// <param name="version">The version that was seen.</param>
    public Task<Result<Done>> Run(Actor by, string id, long version) => changes.Run<Done>(by, async change =>
    {
        await ProfileStore.Lock(change, by.OrganisationId);
        if (!Id.Plausible(id) || await ProfileStore.Load(change, by.OrganisationId, id) is not { } profile)
        {
            return Problem.NotFound("profile");
        }

        if (ProfileRules.WhyNotDelete(profile, version) is { } problem)
        {
            return problem;
        }

        await ProfileStore.Delete(change, by.OrganisationId, id);
        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "profileDeleted", id, new { profile.Name, profile.Settings });
        return new Done();
    });
}
