using LiveProctor.Core.Groups;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;

namespace LiveProctor.Core.Registrations;

/// <summary>What a manager says of a new registration.</summary>
public sealed record NewRegistration
{
    /// <summary>The student's id.</summary>
    public string? StudentId { get; init; }

    /// <summary>The code of a test.</summary>
    public string? TestCode { get; init; }

    /// <summary>Left out: the test can be started at any time.</summary>
    public string? SessionId { get; init; }

    /// <summary>Test settings over the student's own; at most 30.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }
}

/// <summary>What a manager says of registering many at once: students, or the members of a group.</summary>
public sealed record NewRegistrations
{
    /// <summary>At most <see cref="GroupRules.MostStudents"/>; left out when there is a group.</summary>
    public IReadOnlyList<string?>? StudentIds { get; init; }

    /// <summary>A group's id; left out when there are students.</summary>
    public string? GroupId { get; init; }

    /// <summary>The code of a test.</summary>
    public string? TestCode { get; init; }

    /// <summary>Left out: the test can be started at any time.</summary>
    public string? SessionId { get; init; }

    /// <summary>Test settings over the students' own; at most 30.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }
}

/// <summary>What a manager says of registering a whole group.</summary>
public sealed record GroupRegistration
{
    /// <summary>The code of a test.</summary>
    public string? TestCode { get; init; }

    /// <summary>Left out: the test can be started at any time.</summary>
    public string? SessionId { get; init; }

    /// <summary>Test settings over the students' own; at most 30.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }
}

/// <summary>
/// Registers students to a test, each for one credit: one, a list, or a whole group (product.md section 4). A student has at most one registration to a test
/// that is pending or started; a list or a group moves who is registered elsewhere and has not started.
/// Problems: invalid, notFound (a group), duplicate (one student), creditsExhausted, sessionEnded, sessionCancelled, registrationStarted, alreadyDone.
/// </summary>
public sealed class RegisterStudents(Changes changes)
{
    /// <summary>Registers one student.</summary>
    public Task<Result<RegistrationView>> One(Actor by, NewRegistration input, Once? once) => changes.Run<RegistrationView>(
        by,
        async change =>
        {
            var check = new Check();
            var wanted = new WantedRegistration(
                check.Text("studentId", input.StudentId, 64), check.Text("testCode", input.TestCode, 40), check.OptionalText("sessionId", input.SessionId, 64),
                input.Settings is null ? null : StudentRules.Settings(check, input.Settings));
            if (check.Failed(out var problem))
            {
                return problem;
            }

            var done = await RegistrationChange.Register(change, by.OrganisationId, [wanted]);
            if (done.Failed(out problem))
            {
                return problem;
            }

            var (_, outcome, registration, refusal) = done.Value[0];
            if (refusal is not null)
            {
                return refusal;
            }

            if (outcome != RegistrationOutcome.Registered)
            {
                return new Problem(ProblemKind.Duplicate, "The student is registered to this test already. Move that registration instead.");
            }

            var view = (await ListRegistrations.View(change, by.OrganisationId, [registration!.Id]))[registration.Id];
            return view with { OverCapacity = await Capacity.Over(change, registration.SessionId) };
        },
        once);

    /// <summary>Registers the members of a group.</summary>
    public Task<Result<RegisteredMany>> Group(Actor by, string groupId, GroupRegistration input, Once? once) => Many(
        by, new NewRegistrations { GroupId = groupId, TestCode = input.TestCode, SessionId = input.SessionId, Settings = input.Settings }, once);

    /// <summary>Registers a list of students or the members of a group.</summary>
    public Task<Result<RegisteredMany>> Many(Actor by, NewRegistrations input, Once? once) => changes.Run<RegisteredMany>(
        by,
        async change =>
        {
            var check = new Check();
            var testCode = check.Text("testCode", input.TestCode, 40);
            var sessionId = check.OptionalText("sessionId", input.SessionId, 64);
            var settings = input.Settings is null ? null : StudentRules.Settings(check, input.Settings);
            var ids = GroupRules.Ids(check, "studentIds", input.StudentIds ?? [], GroupRules.MostStudents);
            check.That(input.GroupId is null != input.StudentIds is null, "studentIds", "Name students, or a group.");
            if (check.Failed(out var problem))
            {
                return problem;
            }

            if (input.GroupId is { } groupId)
            {
                if (!Id.Plausible(groupId) || await GroupStore.Find(change, by.OrganisationId, groupId) is null)
                {
                    return Problem.NotFound("group");
                }

                ids = await GroupStore.Members(change, groupId);
            }

            var done = await RegistrationChange.Register(change, by.OrganisationId, [.. ids.Select(id => new WantedRegistration(id, testCode, sessionId, settings))]);
            if (done.Failed(out problem))
            {
                return problem;
            }

            var results = done.Value;
            if (results.Count > 0 && results.All(result => result.Refusal is { } refusal && refusal.Fields.Keys.Any(field => field is "testCode" or "sessionId")))
            {
                // What is wrong is not the students.
                return results[0].Refusal!;
            }

            return new RegisteredMany(
                results.Count(result => result.Outcome == RegistrationOutcome.Registered), results.Count(result => result.Outcome == RegistrationOutcome.Moved),
                results.Count(result => result.Outcome is RegistrationOutcome.Already or RegistrationOutcome.Changed),
                [.. results.Where(result => result.Refusal is not null).Select(result => new RefusedStudent(result.Wanted.StudentId, result.Refusal!.Code, result.Refusal.Detail))],
                await Capacity.Over(change, sessionId));
        },
        once);
}
