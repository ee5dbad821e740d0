using LiveProctor.Core.Audit;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Catalogue;

/// <summary>Adds a test to the organisation's catalogue.</summary>
public sealed class CreateTest(Changes changes)
{
    /// <summary>The test; <c>invalid</c>, or <c>duplicate</c> when the code is taken.</summary>
    public Task<Result<Test>> Run(Actor by, NewTest input, Once? once) => changes.Run<Test>(
        by,
        async change =>
        {
            var read = TestRules.Read(input, Id.New(change.Now), change.Now);
            if (read.Failed(out var problem))
            {
                return problem;
            }

            var test = read.Value;
            if (await WhyNotDelivered(change, by.OrganisationId, test) is { } unknown)
            {
                return unknown;
            }

            if (!await TestStore.Insert(change, by.OrganisationId, test))
            {
                return new Problem(ProblemKind.Duplicate, $"There is a test with the code {test.Code} already.");
            }

            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "testCreated", test.Id, new { test.Code, test.Title });
            return test;
        },
        once);

    /// <summary>That the organisation has no such delivery system; null when it has, or the test needs none.</summary>
    internal static async Task<Problem?> WhyNotDelivered(Change change, string organisationId, Test test) =>
        test.Delivery == TestRules.NoDelivery || await DeliverySystemStore.Exists(change, organisationId, test.Delivery)
            ? null
            : Problem.Invalid(("delivery", "There is no such delivery system; \"none\" stands for a test without one."));
}
