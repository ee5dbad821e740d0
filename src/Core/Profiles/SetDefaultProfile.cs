using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>
/// Says which profile applies where a session names none; sessions that name none follow afterwards (<see cref="FollowProfiles"/>).
/// Problems: invalid.
/// </summary>
public sealed class SetDefaultProfile(Changes changes)
{
    public Task<Result<DefaultProfile>> Run(Actor by, DefaultProfile wanted) => changes.Run<DefaultProfile>(by, async change =>
    {
        await ProfileStore.Lock(change, by.OrganisationId);
        if (wanted.ProfileId is { } id && (!Id.Plausible(id) || await ProfileStore.Load(change, by.OrganisationId, id) is null))
        {
            return Problem.Invalid(("profileId", "There is no such profile."));
        }

        var before = await ProfileStore.Default(change, by.OrganisationId);
        if (before != wanted.ProfileId)
        {
            await ProfileStore.SetDefault(change, by.OrganisationId, wanted.ProfileId);
            await ProfileStore.HaveFollowed(change, by.OrganisationId, ProfileStore.NoneNamed);
            change.Record(
                by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "defaultProfileSet", wanted.ProfileId ?? "", new { before, after = wanted.ProfileId });
        }

        return wanted;
    });
}
