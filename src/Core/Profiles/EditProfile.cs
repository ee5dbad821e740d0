using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>Changes a profile. Its sessions follow afterwards (<see cref="FollowProfiles"/>). Problems: notFound, stale, invalid, duplicate.</summary>
public sealed class EditProfile(Changes changes)
{
    /// <param name="version">The version that the editor saw.</param>
    public Task<Result<Profile>> Run(Actor by, string id, NewProfile input, long version) => changes.Run<Profile>(by, async change =>
    {
        await ProfileStore.Lock(change, by.OrganisationId);
        if (!Id.Plausible(id) || await ProfileStore.Load(change, by.OrganisationId, id) is not { } profile)
        {
            return Problem.NotFound("profile");
        }

        var edited = ProfileRules.Edit(profile, input, version);
        if (edited.Failed(out var problem))
        {
            return problem;
        }

        var next = edited.Value;
        if (!await ProfileStore.Save(change, by.OrganisationId, next))
        {
            return new Problem(ProblemKind.Duplicate, $"There is a profile called {next.Name} already.");
        }

        if (next.Settings != profile.Settings)
        {
            await ProfileStore.HaveFollowed(change, by.OrganisationId, id);
            if (profile.IsDefault)
            {
                await ProfileStore.HaveFollowed(change, by.OrganisationId, ProfileStore.NoneNamed);
            }
        }

        change.Record(
            by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "profileEdited", id,
            new { next.Name, next.Version, before = profile.Settings, after = next.Settings });
        return next;
    });
}
