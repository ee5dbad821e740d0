using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>
/// Deletes mails that nobody needs any more, for they hold names and addresses: what is settled after <see cref="SettledKept"/>, what failed or was never
/// confirmed after <see cref="TroubleKept"/>. Those of a session stay until it has been over for as long: their numbers keep calendars in order.
/// </summary>
public sealed class ForgetMails(Db db, TimeProvider time)
{
    /// <summary>How long mails are kept that were sent, written to a file or replaced.</summary>
    public static readonly TimeSpan SettledKept = TimeSpan.FromDays(90);

    /// <summary>How long those are kept that somebody may still have to do something about.</summary>
    public static readonly TimeSpan TroubleKept = TimeSpan.FromDays(365);

    // So that no transaction takes long; the rest is for the next minutes.
    private const int AtATime = 1000;

    /// <returns>How many were deleted.</returns>
    public Task<int> Run()
    {
        const string sql = """
            DELETE FROM outbox WHERE id IN (
                SELECT id FROM outbox WHERE due_at IS NULL AND since < @settled
                  AND (state IN ('Sent', 'Written', 'Superseded') OR (state IN ('Failed', 'Unconfirmed') AND since < @trouble))
                  AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id IN (outbox.session_id, outbox.former_session_id) AND NOT sessions.deleted AND sessions.closes_at > @settled)
                ORDER BY since LIMIT @most)
              AND due_at IS NULL
            """;
        var now = time.Now();
        return db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, new { settled = now - SettledKept, trouble = now - TroubleKept, most = AtATime }, transaction), Commit: true));
    }
}
