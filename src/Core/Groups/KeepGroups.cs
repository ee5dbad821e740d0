using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Groups;

/// <summary>Makes a group. Problems: invalid, duplicate.</summary>
public sealed class CreateGroup(Changes changes)
{
    /// <summary>The group with its size.</summary>
    public Task<Result<Group>> Run(Actor by, NewGroup input, Once? once) => changes.Run<Group>(
        by,
        async change =>
        {
            var read = GroupRules.Read(input);
            if (read.Failed(out var problem))
            {
                return problem;
            }

            var (name, ids) = read.Value;
            if ((await StudentStore.Lock(change, by.OrganisationId, ids ?? [])).Count != (ids?.Count ?? 0))
            {
                return GroupMembers.Unknown;
            }

            var group = new Group { Id = Id.New(change.Now), Name = name, Size = ids?.Count ?? 0 };
            if (!await GroupStore.Insert(change, by.OrganisationId, group))
            {
                return GroupMembers.Taken(name);
            }

            await GroupStore.SetMembers(change, group.Id, ids ?? []);
            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "groupCreated", group.Id, new { group.Name, group.Size });
            return group;
        },
        once);
}

/// <summary>Gives a group another name or other members. Problems: notFound, stale, invalid, duplicate.</summary>
public sealed class EditGroup(Changes changes)
{
    /// <param name="version">The version that the editor saw.</param>
    public Task<Result<Group>> Run(Actor by, string id, NewGroup input, long version) => changes.Run<Group>(by, async change =>
    {
        var read = GroupRules.Read(input);
        if (read.Failed(out var problem))
        {
            return problem;
        }

        var (name, ids) = read.Value;
        if ((await StudentStore.Lock(change, by.OrganisationId, ids ?? [])).Count != (ids?.Count ?? 0))
        {
            return GroupMembers.Unknown;
        }

        var loaded = await GroupMembers.Load(change, by, id, version);
        if (loaded.Failed(out problem))
        {
            return problem;
        }

        var before = loaded.Value;
        var group = before with { Name = name, Size = ids?.Count ?? before.Size, Version = before.Version + 1 };
        if (!await GroupStore.Save(change, by.OrganisationId, group))
        {
            return GroupMembers.Taken(name);
        }

        if (ids is not null)
        {
            await GroupStore.SetMembers(change, id, ids);
        }

        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "groupEdited", id, new { group.Name, was = before.Name, group.Size, wasSize = before.Size });
        return group;
    });
}

/// <summary>Takes a group away; its students and their registrations stay. Problems: notFound, stale.</summary>
public sealed class DeleteGroup(Changes changes)
{
    /// <param name="version">The version that the caller saw.</param>
    public Task<Result<Done>> Run(Actor by, string id, long version) => changes.Run<Done>(by, async change =>
    {
        var loaded = await GroupMembers.Load(change, by, id, version);
        if (loaded.Failed(out var problem))
        {
            return problem;
        }

        await GroupStore.Remove(change, by.OrganisationId, id);
        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "groupDeleted", id, new { loaded.Value.Name, loaded.Value.Size });
        return new Done();
    });
}

/// <summary>What the use cases on groups have in common.</summary>
internal static class GroupMembers
{
    public static readonly Problem Unknown = Problem.Invalid(("studentIds", "One of these students does not exist."));

    public static Problem Taken(string name) => new(ProblemKind.Duplicate, $"There is a group with the name {name} already.");

    public static async Task<Result<Group>> Load(Change change, Actor by, string id, long version) =>
        !Id.Plausible(id) || await GroupStore.Load(change, by.OrganisationId, id) is not { } group ? Problem.NotFound("group")
        : group.Version != version ? new Problem(ProblemKind.Stale, $"Somebody changed the group meanwhile (version {group.Version}).")
        : group;
}
