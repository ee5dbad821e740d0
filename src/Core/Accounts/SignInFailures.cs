using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Accounts;

/// <summary>
/// Counts failed sign-ins in a row, over all nodes, and locks at the fifth (product.md section 9). By the e-mail that was tried and not by the account:
/// so an e-mail that nobody has is locked in the same way, and the answer does not tell which accounts exist.
/// </summary>
public sealed class SignInFailures(Db db, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>How long the e-mail stays locked; null when it is not.</summary>
    public async Task<TimeSpan?> LockedFor(string email)
    {
        const string sql = "SELECT locked_until FROM sign_in_failures WHERE account = @account AND locked_until > @now";
        var now = time.Now();
        var until = await db.Read(connection => connection.QuerySingleOrDefaultAsync<long?>(sql, new { account = Account(email), now }));
        return until is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) - now : null;
    }

    /// <summary>Adds a failure; answers true when it was the one that locks.</summary>
    public Task<bool> Count(string email) => db.Write(async (connection, transaction) =>
    {
        // A lock that is over starts a new row of failures. One statement: failures on different nodes never count as one.
        const string sql = """
            INSERT INTO sign_in_failures (account, failed_count, locked_until, at) VALUES (@account, 1, NULL, @now)
            ON CONFLICT (account) DO UPDATE SET
              failed_count = CASE WHEN sign_in_failures.locked_until <= @now THEN 1 ELSE sign_in_failures.failed_count + 1 END,
              locked_until = CASE
                WHEN sign_in_failures.locked_until <= @now THEN NULL
                WHEN sign_in_failures.failed_count + 1 >= @most THEN @until
                ELSE sign_in_failures.locked_until END,
              at = @now
            RETURNING failed_count
            """;
        var now = time.Now();
        await connection.ExecuteAsync("DELETE FROM sign_in_failures WHERE at < @old", new { old = now - Kept }, transaction);
        var count = await connection.QuerySingleAsync<long>(
            sql, new { account = Account(email), now, until = now + StaffRules.Lockout, most = (long)StaffRules.FailuresUntilLocked }, transaction);
        return (count == StaffRules.FailuresUntilLocked, Commit: true);
    });

    /// <summary>A sign-in succeeded: the row of failures is over.</summary>
    public async Task Clear(string email)
    {
        const string any = "SELECT count(*) FROM sign_in_failures WHERE account = @account";
        var account = Account(email);
        if (await db.Read(connection => connection.ExecuteScalarAsync<long>(any, new { account })) > 0)
        {
            await db.Write(async (connection, transaction) =>
                (await connection.ExecuteAsync("DELETE FROM sign_in_failures WHERE account = @account", new { account }, transaction), Commit: true));
        }
    }

    // People type passwords into the wrong field: what was tried is kept as a hash.
    private static string Account(string email) => Secret.Hash(StaffRules.EmailKey(email));
}
