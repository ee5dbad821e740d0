using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>What cleaning up would take away.</summary>
/// <param name="Count">Registrations that were never started though their session has ended.</param>
/// <param name="Sessions">How many sessions they belong to.</param>
public sealed record PastRegistrations(long Count, long Sessions);

/// <summary>The confirmation of cleaning up.</summary>
public sealed record CleanUpRequest
{
    /// <summary>The count that was shown; another one by now is refused.</summary>
    public long? Expected { get; init; }
}

/// <summary>What cleaning up did.</summary>
/// <param name="Removed">Registrations taken back.</param>
/// <param name="Credits">Credits returned.</param>
/// <param name="Before">The organisation's registrations before, those cancelled earlier apart.</param>
/// <param name="After">The same afterwards.</param>
public sealed record CleanUpAnswer(long Removed, long Credits, long Before, long After);

/// <summary>
/// "Delete tests from past sessions" (product.md section 3): takes back what was never started though its session has ended, and returns the credits.
/// A session has ended when it is closed, or was cancelled and its window is over.
/// Problems: invalid, stale when the count is another than expected.
/// </summary>
public sealed class CleanUp(Db db, Changes changes, TimeProvider time)
{
    private const string Past = """
        organisation_id = @organisationId AND status = 'Pending'
        AND EXISTS (SELECT 1 FROM sessions WHERE sessions.id = registrations.session_id AND (phase = 'Closed' OR (phase = 'Cancelled' AND closes_at <= @now)))
        AND NOT EXISTS (SELECT 1 FROM entries WHERE entries.id = registrations.entry_id AND entries.active)
        """;

    /// <summary>What would be taken away now.</summary>
    public Task<PastRegistrations> Preview(Actor by) => db.Read(async connection =>
    {
        var (count, sessions) = await Dapper.SqlMapper.QuerySingleAsync<(long, long)>(
            connection, $"SELECT count(*), count(DISTINCT session_id) FROM registrations WHERE {Past}", new { organisationId = by.OrganisationId, now = time.Now() });
        return new PastRegistrations(count, sessions);
    });

    public Task<Result<CleanUpAnswer>> Run(Actor by, CleanUpRequest input, Once? once) => changes.Run<CleanUpAnswer>(
        by,
        async change =>
        {
            if (input.Expected is not { } expected || expected < 0)
            {
                return Problem.Invalid(("expected", "Send the count that was shown."));
            }

            const string count = "SELECT count(*) FROM registrations WHERE organisation_id = @organisationId AND status <> 'Cancelled'";
            var organisationId = by.OrganisationId;
            var before = await change.One<long>(count, new { organisationId });
            // Locked first and looked at afterwards: who came into another session while the lock was waited for is there by now.
            await change.All<string>($"SELECT id FROM registrations WHERE {Past} ORDER BY id{change.Dialect.ForUpdate}", new { organisationId, now = change.Now });
            var past = await change.All<(string Id, string Student, string Test, string Session)>(
                $"SELECT id, student_id, test_code, session_id FROM registrations WHERE {Past} ORDER BY id{change.Dialect.ForUpdate}", new { organisationId, now = change.Now });
            if (past.Count != expected)
            {
                return new Problem(ProblemKind.Stale, $"There are {past.Count:N0} of them by now. Look again.");
            }

            var ids = past.Select(row => row.Id).ToArray();
            var rows = new Rows<string>(ids).Text("past", id => id);
            await change.Execute(
                $"UPDATE registrations SET status = 'Cancelled', version = version + 1 FROM {rows.From(change.Dialect)} WHERE registrations.id = rows.past", rows.Parameters(change.Dialect));
            await CreditLedger.Return(change, organisationId, ids);
            foreach (var (id, student, test, session) in past)
            {
                change.Record(organisationId, AuditLog.Organisation(organisationId), "registrationCancelled", id, new { student, test, session, because = "cleanUp" });
            }

            var after = await change.One<long>(count, new { organisationId });
            change.Record(organisationId, AuditLog.Organisation(organisationId), "cleanedUp", organisationId, new { removed = ids.Length, before, after });
            return new CleanUpAnswer(ids.Length, ids.Length, before, after);
        },
        once);
}
