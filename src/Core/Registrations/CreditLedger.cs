using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>What moves credits.</summary>
public enum CreditKind
{
    /// <summary>A registration took one.</summary>
    Taken,

    /// <summary>A registration that never started gave its own back.</summary>
    Returned,

    /// <summary>An administrator added some.</summary>
    Granted,
}

/// <summary>A line of the ledger.</summary>
/// <param name="Seq">Counts the organisation's lines from 1, without gaps.</param>
/// <param name="Amount">Added to the balance; negative when taken.</param>
/// <param name="Balance">After it; never negative.</param>
/// <param name="RegistrationId">Null, like the two after it, when no registration moved them.</param>
/// <param name="TestCode">The test of the registration.</param>
public sealed record CreditLine(
    long Seq, DateTimeOffset At, CreditKind Kind, long Amount, long Balance, string? RegistrationId, CreditStudent? Student, string? TestCode, string Note, Person By);

/// <summary>Whose registration moved credits, by the name of today.</summary>
public sealed record CreditStudent(string Id, string ExternalId, string GivenName, string FamilyName);

/// <summary>The balance and a page of the ledger, the newest line first.</summary>
public sealed record CreditPage(long Balance, IReadOnlyList<CreditLine> Items, string? Next);

/// <summary>
/// The organisation's credits: the balance stands in its row, every movement in an append-only ledger beside it. A registration takes one once
/// and returns it at most once: an index holds that, and the balance cannot fall below zero.
/// </summary>
public sealed class CreditLedger(Db db)
{
    /// <summary>What an organisation begins with.</summary>
    public const long Opening = 100_000;

    /// <summary>The balance with a page of the ledger.</summary>
    /// <param name="cursor"><see cref="CreditPage.Next"/> of the page before; empty for the first. <c>invalid</c> when it is none of this list.</param>
    public async Task<Result<CreditPage>> List(string organisationId, string? cursor, int limit)
    {
        const string list = "credits";
        if (Cursor.Read(list, cursor) is not { } after || !long.TryParse(after.Length == 0 ? "9223372036854775807" : after, System.Globalization.CultureInfo.InvariantCulture, out var before))
        {
            return Problem.Invalid(("cursor", "This is no cursor of this list."));
        }

        const string sql = """
            SELECT credit_ledger.seq AS Seq, credit_ledger.at AS At, credit_ledger.kind AS Kind, credit_ledger.amount AS Amount, credit_ledger.balance AS Balance,
                   credit_ledger.registration_id AS RegistrationId, credit_ledger.note AS Note, credit_ledger.actor_id AS ActorId, credit_ledger.actor_name AS ActorName,
                   registrations.test_code AS TestCode, students.id AS StudentId, students.external_id AS ExternalId,
                   students.given_name AS GivenName, students.family_name AS FamilyName
            FROM credit_ledger
            LEFT JOIN registrations ON registrations.id = credit_ledger.registration_id
            LEFT JOIN students ON students.id = registrations.student_id
            WHERE credit_ledger.organisation_id = @organisationId AND credit_ledger.seq < @before ORDER BY credit_ledger.seq DESC LIMIT @take
            """;
        return await db.ReadConsistently(async (connection, transaction) =>
        {
            var balance = await connection.ExecuteScalarAsync<long>("SELECT credits FROM organisations WHERE id = @organisationId", new { organisationId }, transaction);
            var rows = (await connection.QueryAsync<Row>(sql, new { organisationId, before, take = limit + 1 }, transaction)).Select(row => row.Line).ToList();
            var page = Page.Of(rows, limit, last => Cursor.Write(list, last.Seq.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            return new CreditPage(balance, page.Items, page.Next);
        });
    }

    /// <summary>Takes one credit for each registration, or none at all. Problems: creditsExhausted.</summary>
    internal static Task<Result<Done>> Take(Change change, string organisationId, IReadOnlyCollection<string> registrationIds) =>
        Move(change, organisationId, CreditKind.Taken, [.. registrationIds.Select(id => ((string?)id, -1L))], "");

    /// <summary>Gives back the credit of each registration.</summary>
    internal static Task Return(Change change, string organisationId, IReadOnlyCollection<string> registrationIds) =>
        Move(change, organisationId, CreditKind.Returned, [.. registrationIds.Select(id => ((string?)id, 1L))], "");

    /// <summary>Adds to the balance.</summary>
    internal static Task Grant(Change change, string organisationId, long amount, string note) => Move(change, organisationId, CreditKind.Granted, [(null, amount)], note);

    /// <summary>What is left.</summary>
    internal static Task<long> Balance(Change change, string organisationId) => change.One<long>("SELECT credits FROM organisations WHERE id = @organisationId", new { organisationId });

    private static async Task<Result<Done>> Move(Change change, string organisationId, CreditKind kind, IReadOnlyList<(string? RegistrationId, long Amount)> movements, string note)
    {
        if (movements.Count == 0)
        {
            return new Done();
        }

        // The organisation's row is locked from here on: whoever moves credits at the same time waits, and finds what is left.
        const string take = """
            UPDATE organisations SET credits = credits + @sum, credit_seq = credit_seq + @count WHERE id = @organisationId AND credits + @sum >= 0
            RETURNING credits AS Balance, credit_seq AS Seq
            """;
        var sum = movements.Sum(movement => movement.Amount);
        if (await change.Find<Head>(take, new { organisationId, sum, count = (long)movements.Count }) is not { } head)
        {
            var left = await Balance(change, organisationId);
            return new Problem(ProblemKind.CreditsExhausted, $"This needs {-sum:N0} {(sum == -1 ? "credit" : "credits")}; {left:N0} {(left == 1 ? "is" : "are")} left.");
        }

        var lines = new List<(long Seq, long Balance, string? RegistrationId, long Amount)>(movements.Count);
        var (seq, balance) = (head.Seq - movements.Count, head.Balance - sum);
        foreach (var (registrationId, amount) in movements)
        {
            lines.Add((++seq, balance += amount, registrationId, amount));
        }

        var rows = new Rows<(long Seq, long Balance, string? RegistrationId, long Amount)>(lines)
            .Number("seq", line => line.Seq).Number("balance", line => line.Balance).Text("registration_id", line => line.RegistrationId).Number("amount", line => line.Amount);
        var insert = $"""
            INSERT INTO credit_ledger (organisation_id, seq, at, kind, amount, balance, registration_id, note, actor_id, actor_name)
            SELECT @organisationId, seq, @at, @kind, amount, balance, registration_id, @note, @actorId, @actorName FROM {rows.From(change.Dialect)}
            """;
        await change.Execute(insert, rows.Parameters(change.Dialect, new
        {
            organisationId, at = change.Now, kind = kind.ToString(), note, actorId = change.Actor.Id, actorName = change.Actor.Name,
        }));
        return new Done();
    }

    private sealed record Head(long Balance, long Seq);

    private sealed class Row
    {
        public long Seq { get; init; }

        public DateTimeOffset At { get; init; }

        public string Kind { get; init; } = "";

        public long Amount { get; init; }

        public long Balance { get; init; }

        public string? RegistrationId { get; init; }

        public string Note { get; init; } = "";

        public string ActorId { get; init; } = "";

        public string ActorName { get; init; } = "";

        public string? TestCode { get; init; }

        public string? StudentId { get; init; }

        public string? ExternalId { get; init; }

        public string? GivenName { get; init; }

        public string? FamilyName { get; init; }

        public CreditLine Line => new(
            Seq, At, Enum.Parse<CreditKind>(Kind), Amount, Balance, RegistrationId,
            StudentId is null ? null : new CreditStudent(StudentId, ExternalId ?? "", GivenName ?? "", FamilyName ?? ""), TestCode, Note, new Person(ActorId, ActorName));
    }
}
