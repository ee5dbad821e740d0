using LiveProctor.Core.Audit;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Catalogue;

/// <summary>
/// Changes a test of the catalogue. Sessions whose lobby has not opened give it as it is when that opens; those that run keep the one that they have
/// (docs/decisions/0055). Problems: notFound, stale, invalid.
/// </summary>
public sealed class EditTest(Changes changes)
{
    /// <param name="idOrCode">The test, by its id or its code.</param>
    /// <param name="input">The whole test; a code that is left out stays, another one is refused.</param>
    /// <param name="version">The version that the editor saw.</param>
    public Task<Result<Test>> Run(Actor by, string idOrCode, NewTest input, long version) => changes.Run<Test>(by, async change =>
    {
        if (!Id.Plausible(idOrCode) || await TestStore.Load(change, by.OrganisationId, idOrCode) is not { } before)
        {
            return Problem.NotFound("test");
        }

        if (before.Version != version)
        {
            return new Problem(ProblemKind.Stale, $"Somebody changed the test meanwhile (version {before.Version}).");
        }

        var read = TestRules.Edit(before, input);
        if (read.Failed(out var problem))
        {
            return problem;
        }

        var test = read.Value;
        if (await CreateTest.WhyNotDelivered(change, by.OrganisationId, test) is { } unknown)
        {
            return unknown;
        }

        await TestStore.Save(change, test);
        change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "testEdited", test.Id, new { was = Shown(before), now = Shown(test) });
        return test;
    });

    private static object Shown(Test test) => new { test.Code, test.Title, test.Kind, test.Sections, test.Minutes, test.Proctored, test.LaunchUrl, test.Delivery };
}
