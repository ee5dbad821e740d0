using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>What an administrator adds to the credits.</summary>
public sealed record CreditGrant
{
    /// <summary>1 to 1,000,000.</summary>
    public int? Amount { get; init; }

    /// <summary>1–255 characters: why.</summary>
    public string? Note { get; init; }
}

/// <summary>The credits that there are.</summary>
public sealed record CreditBalance(long Balance);

/// <summary>Adds credits. Problems: invalid.</summary>
public sealed class GrantCredits(Changes changes)
{
    private const int Most = 1_000_000;

    public Task<Result<CreditBalance>> Run(Actor by, CreditGrant input, Once? once) => changes.Run<CreditBalance>(
        by,
        async change =>
        {
            var check = new Check();
            var amount = check.Number("amount", input.Amount, 1, Most);
            var note = check.Text("note", input.Note, 255);
            if (check.Failed(out var problem))
            {
                return problem;
            }

            await CreditLedger.Grant(change, by.OrganisationId, amount, note);
            var balance = await CreditLedger.Balance(change, by.OrganisationId);
            change.Record(by.OrganisationId, AuditLog.Organisation(by.OrganisationId), "creditsGranted", by.OrganisationId, new { amount, note, balance });
            return new CreditBalance(balance);
        },
        once);
}
