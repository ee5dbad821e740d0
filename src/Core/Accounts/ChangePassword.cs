using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>A member of staff chooses another password: every other sign-in and every API token of the person ends.</summary>
public sealed class ChangePassword(Changes changes)
{
    /// <summary>The account as it is now; <c>invalid</c> when the password is refused or no longer the one that was compared.</summary>
    /// <param name="comparedHash">What the current password was compared with.</param>
    public Task<Result<Staff>> Run(Actor by, string comparedHash, string newHash) => changes.Run<Staff>(by, async change =>
    {
        if (await StaffStore.ForUpdate(change, by.OrganisationId, by.Id) is not { Disabled: false } staff || staff.PasswordHash != comparedHash)
        {
            return Problem.Invalid(("current", "The password was changed meanwhile."));
        }

        var changed = staff with { PasswordHash = newHash, SecurityStamp = Secret.New() };
        await StaffStore.Update(change, changed);
        await ApiTokens.RevokeAll(change, staff.Id);
        change.Announce(FeedNames.Staff(staff.Id), "passwordChanged", new { });
        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "passwordChanged", staff.Id);
        return changed;
    });
}
