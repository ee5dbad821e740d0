using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Profiles;

/// <summary>
/// Lets the sessions of profiles that changed follow: those still scheduled take the settings over, those that run are offered them.
/// Called every few seconds. What a run leaves undone is found by the next one, since only the stored session says what it heard of last.
/// </summary>
public sealed class FollowProfiles(ProfileStore profiles, Changes changes, TimeProvider time)
{
    private const int Batch = 50;

    /// <summary>
    /// For so long after a change its sessions are looked through again: a session that was being created at that moment may have
    /// taken the profile as it was before, and be stored after the first look.
    /// </summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromMinutes(1);

    /// <returns>How many sessions changed.</returns>
    public async Task<int> Run(CancellationToken stop = default)
    {
        var changed = 0;
        var failures = new List<Exception>();
        foreach (var work in await profiles.Changed())
        {
            var failed = failures.Count;
            var after = "";
            IReadOnlyList<string> ids;
            do
            {
                stop.ThrowIfCancellationRequested();
                ids = await profiles.Behind(work, after, Batch);
                changed += await All(ids, failures);
                after = ids.Count > 0 ? ids[^1] : after;
            }
            while (ids.Count == Batch);

            if (failures.Count == failed && time.Now() - work.At >= LookAgain)
            {
                await changes.Run<Done>(Actor.System, async change =>
                {
                    await ProfileStore.Followed(change, work);
                    return new Done();
                });
            }
        }

        return failures.Count > 0 ? throw new AggregateException("Some sessions could not follow their profile.", failures) : changed;
    }

    // Many in one transaction; where that fails each on its own, so that one session does not keep the others behind.
    private async Task<int> All(IReadOnlyList<string> ids, List<Exception> failures)
    {
        try
        {
            return ids.Count == 0 ? 0 : await Together(ids);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && ids.Count == 1)
        {
            failures.Add(failure);
            return 0;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            var changed = 0;
            foreach (var id in ids)
            {
                changed += await All([id], failures);
            }

            return changed;
        }
    }

    private async Task<int> Together(IReadOnlyList<string> ids) => (await changes.Run<int>(Actor.System, async change =>
    {
        var changed = 0;
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            changed += await Follow(change, id) ? 1 : 0;
        }

        return changed;
    })).Value;

    private static async Task<bool> Follow(Change change, string id)
    {
        var loaded = await SessionChange.LockAndLoad(change, id);
        if (loaded.Failed(out _) || await ProfileStore.Current(change, loaded.Value.OrganisationId, loaded.Value.ProfileId) is not { } profile)
        {
            return false;
        }

        var session = loaded.Value;
        if (FollowRules.Follow(session, profile) is not { } step)
        {
            await ProfileStore.Heard(change, session, profile);
            return false;
        }

        session = await SessionChange.Write(change, session, step);
        while (SessionRules.Due(session, settled: false, change.Now) is { } due)
        {
            session = await SessionChange.Write(change, session, due with { Late = null });
        }

        return true;
    }
}
