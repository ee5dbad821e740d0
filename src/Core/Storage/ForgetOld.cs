using Dapper;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Storage;

/// <summary>Deletes what is kept for a time only: used idempotency keys, and events that nobody resumes from any more. Called each minute.</summary>
public sealed class ForgetOld(Db db, FeedLog log, TimeProvider time)
{
    /// <summary>How long a feed's events are kept; a reader who was away for longer begins with a snapshot.</summary>
    public static readonly TimeSpan EventsKept = TimeSpan.FromDays(30);

    // So that no transaction takes long; the rest is for the next minutes.
    private const int FeedsAtATime = 200;

    public async Task Run(CancellationToken stop = default)
    {
        var now = time.Now();
        await db.Write(async (connection, transaction) =>
            (await connection.ExecuteAsync("DELETE FROM idempotency WHERE at < @before", new { before = now - Once.Kept }, transaction), Commit: true));
        stop.ThrowIfCancellationRequested();
        await log.Trim(now - EventsKept, FeedsAtATime);
    }
}
