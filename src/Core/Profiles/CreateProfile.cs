using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>Adds a proctoring profile to the organisation.</summary>
public sealed class CreateProfile(Changes changes)
{
    /// <summary>The profile; <c>invalid</c>, or <c>duplicate</c> when the name is taken.</summary>
    public Task<Result<Profile>> Run(Actor by, NewProfile input, Once? once) => changes.Run<Profile>(
        by,
        async change =>
        {
            var read = ProfileRules.Read(input, Id.New(change.Now), change.Now);
            if (read.Failed(out var problem))
            {
                return problem;
            }

            await ProfileStore.Lock(change, by.OrganisationId);
            var profile = read.Value;
            if (!await ProfileStore.Insert(change, by.OrganisationId, profile))
            {
                return new Problem(ProblemKind.Duplicate, $"There is a profile called {profile.Name} already.");
            }

            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "profileCreated", profile.Id, new { profile.Name, profile.Settings });
            return profile;
        },
        once);
}
