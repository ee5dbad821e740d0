using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Registrations;

/// <summary>What a manager makes of a registration.</summary>
public sealed record RegistrationEdit
{
    /// <summary>The session from now on; left out or null: none.</summary>
    public string? SessionId { get; init; }

    /// <summary>Test settings from now on; left out, they stay as they are.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    /// <summary>Whether the students shall be told by mail.</summary>
    public bool Notify { get; init; }
}

/// <summary>Registrations to be moved.</summary>
public sealed record MovedRegistrations
{
    /// <summary>At most 5,000.</summary>
    public IReadOnlyList<string?>? Ids { get; init; }

    /// <summary>Where they are moved to; left out or null: to no session.</summary>
    public string? SessionId { get; init; }

    /// <summary>Whether the students shall be told by mail.</summary>
    public bool Notify { get; init; }
}

/// <summary>Registrations to be taken back.</summary>
public sealed record CancelledRegistrations
{
    /// <summary>At most 5,000.</summary>
    public IReadOnlyList<string?>? Ids { get; init; }

    /// <summary>Whether the students shall be told by mail.</summary>
    public bool Notify { get; init; }
}

/// <summary>
/// Moves registrations to another session or to none, gives them other settings, and takes them back: while their test was not started.
/// An entry that waits is taken off the list of the session that it stands on. A registration that is taken back gives its credit back.
/// Problems: notFound, stale, invalid, registrationStarted, sessionEnded, sessionCancelled, alreadyDone.
/// </summary>
public sealed class ChangeRegistrations(Changes changes)
{
    private const int Most = 5_000;

    /// <param name="version">The version that the editor saw; null when it does not matter.</param>
    public Task<Result<RegistrationView>> Edit(Actor by, string id, RegistrationEdit input, long? version) => changes.Run<RegistrationView>(by, async change =>
    {
        var check = new Check();
        var sessionId = check.OptionalText("sessionId", input.SessionId, 64);
        var settings = input.Settings is null ? null : StudentRules.Settings(check, input.Settings);
        if (check.Failed(out var problem))
        {
            return problem;
        }

        var (_, step) = (await RegistrationChange.Move(change, by.OrganisationId, [id], sessionId, settings, version, input.Notify))[0];
        return step.Failed(out problem)
            ? problem
            : (await ListRegistrations.View(change, by.OrganisationId, [id]))[id] with { OverCapacity = await Capacity.Over(change, step.Value.Next.SessionId) };
    });

    /// <param name="version">The version that the caller saw; null when it does not matter.</param>
    public Task<Result<Done>> CancelOne(Actor by, string id, long? version, bool notify = false) => changes.Run<Done>(by, async change =>
        (await RegistrationChange.Cancel(change, by.OrganisationId, [id], version, notify))[0].Step.Then(_ => new Done()));

    /// <summary>Moves many at once; each is answered for itself.</summary>
    public Task<Result<ChangedMany>> Move(Actor by, MovedRegistrations input, Once? once) => Many(
        by, input.Ids, once, async (change, ids) => await RegistrationChange.Move(change, by.OrganisationId, ids, input.SessionId?.Trim(), notify: input.Notify), input.SessionId?.Trim());

    /// <summary>Takes many back at once; each is answered for itself.</summary>
    public Task<Result<ChangedMany>> Cancel(Actor by, CancelledRegistrations input, Once? once) =>
        Many(by, input.Ids, once, async (change, ids) => await RegistrationChange.Cancel(change, by.OrganisationId, ids, notify: input.Notify), sessionId: null);

    private Task<Result<ChangedMany>> Many(
        Actor by, IReadOnlyList<string?>? input, Once? once, Func<Change, IReadOnlyList<string>, Task<IReadOnlyList<(string Id, Result<RegistrationStep> Step)>>> act, string? sessionId) =>
        changes.Run<ChangedMany>(
            by,
            async change =>
            {
                var check = new Check();
                check.OptionalText("sessionId", sessionId, 64);
                check.That(input is { Count: > 0 }, "ids", "Name at least one registration.");
                var ids = GroupRules.Ids(check, "ids", input ?? [], Most);
                if (check.Failed(out var problem))
                {
                    return problem;
                }

                var steps = await act(change, ids);
                var refused = steps.Where(step => step.Step.Failed(out _)).Select(step => new RefusedRegistration(step.Id, step.Step.Problem!.Code, step.Step.Problem.Detail)).ToList();
                var already = steps.Count(step => !step.Step.Failed(out _) && step.Step.Value.Outcome == RegistrationOutcome.Already);
                return new ChangedMany(steps.Count - refused.Count - already, already, refused, await Capacity.Over(change, sessionId));
            },
            once);
}
