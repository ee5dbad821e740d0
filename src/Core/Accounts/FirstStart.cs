using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>The first start on an empty database: makes the organisation and its administrator. Of nodes that start at the same moment, one does.</summary>
public sealed class FirstStart(Changes changes)
{
    // Any number that nothing else in the database uses.
    private const long LockNumber = 4_771_902_236;

    /// <summary>True when this call made them; false when there was staff already.</summary>
    /// <param name="passwordHash">Makes what is kept of the password, which takes a while.</param>
    public async Task<bool> Run(string organisationName, string email, Func<string> passwordHash)
    {
        var made = await changes.Run<bool>(Actor.System, async change =>
        {
            if (change.Dialect == Dialect.Postgres)
            {
                await change.Execute("SELECT pg_advisory_xact_lock(@number)", new { number = LockNumber });
            }

            if (!await StaffStore.IsEmpty(change))
            {
                return false;
            }

            var organisation = new Organisation(Id.New(change.Now), organisationName);
            var administrator = new Staff
            {
                Id = Id.New(change.Now), OrganisationId = organisation.Id, Email = email, Name = "Administrator", Role = Role.Administrator,
                PasswordHash = passwordHash(), SecurityStamp = Secret.New(), CreatedAt = change.Now,
            };
            await StaffStore.Insert(change, organisation);
            await StaffStore.Insert(change, administrator);
            change.Record(organisation.Id, AuditLog.Organisation(organisation.Id), "organisationCreated", organisation.Id, new { organisation.Name });
            change.Record(organisation.Id, AuditLog.Organisation(organisation.Id), "staffCreated", administrator.Id, new { administrator.Email, administrator.Role });
            return true;
        });
        return made.Value;
    }
}
