using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>What an administrator says of an existing member of staff.</summary>
public sealed record StaffEdit
{
    /// <summary>1–120 characters.</summary>
    public string? Name { get; init; }

    /// <summary>What the person may do.</summary>
    public Role? Role { get; init; }

    /// <summary>A disabled person is out at once.</summary>
    public bool? Disabled { get; init; }
}

/// <summary>Changes the name or role of a member of staff, or shuts the person out.</summary>
public sealed class EditStaff(Changes changes)
{
    /// <summary>The account as it is now; <c>invalid</c>, <c>notFound</c>, or <c>forbidden</c> for a change that would leave nobody to undo it.</summary>
    public async Task<Result<StaffView>> Run(Actor by, string id, StaffEdit input)
    {
        var check = new Check();
        var name = check.Text("name", input.Name, 120);
        var role = check.Choice("role", input.Role);
        check.That(input.Disabled is not null, "disabled", "This is true or false.");
        if (check.Failed(out var problem))
        {
            return problem;
        }

        return await changes.Run<StaffView>(by, async change =>
        {
            // Administrators edit one after the other, each still being one: two that demote each other would leave none.
            if (!await StaffStore.LockAdministrators(change, by.OrganisationId, by.Id))
            {
                return ProblemKind.Forbidden;
            }

            if (await StaffStore.ForUpdate(change, by.OrganisationId, id) is not { } staff)
            {
                return Problem.NotFound("member of staff");
            }

            var edited = staff with { Name = name, Role = role, Disabled = input.Disabled!.Value };
            // So an organisation always keeps an administrator.
            if (staff.Id == by.Id && (edited.Disabled || edited.Role != Role.Administrator))
            {
                return new Problem(ProblemKind.Forbidden, "You cannot disable yourself or give up your own role; another administrator can.");
            }

            if (edited.Disabled && !staff.Disabled)
            {
                edited = edited with { SecurityStamp = Secret.New() };
                await ApiTokens.RevokeAll(change, id);
            }

            await StaffStore.Update(change, edited);
            change.Announce(FeedNames.Staff(id), "staffEdited", new { });
            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "staffEdited", id, new { edited.Name, edited.Role, edited.Disabled });
            return StaffView.Of(edited);
        });
    }
}
