using LiveProctor.Core.Feeds;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

public static partial class Notices
{
    /// <summary>
    /// Lets the mails follow sessions that are deleted, however many; to be called after their registrations were detached, in the same change. Calendar feeds
    /// leave a deleted session out; who was told of it by mail is told by mail, if somebody asked for that, and the calendar entry is cancelled.
    /// Invitations that wait say from now on that the tests can be started at any time.
    /// </summary>
    /// <param name="sessionIds">The deleted sessions.</param>
    /// <param name="detached">The students whose registrations have lost their session, with that session.</param>
    /// <param name="notify">Whether somebody asked for them to be told.</param>
    internal static async Task FollowDeletions(
        Change change, string organisationId, IReadOnlyCollection<string> sessionIds, IReadOnlyCollection<(string StudentId, string SessionId)> detached, bool notify)
    {
        var ids = new Many(sessionIds);
        await Lock(change, ids);
        var batch = Id.New(change.Now);
        await Supersede(change, ids, batch, notify, MailKind.Moved);

        // Who was on the way from another session into this one knows only the other.
        var reassigned = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = @now, session_id = NULL, kind = CASE WHEN former_session_id IS NULL THEN 'Invited' ELSE 'Unassigned' END
            WHERE {change.Dialect.Among("session_id", "@ids")} AND kind = 'Reassigned' AND state IN ('Waiting', 'Sending')
            """;
        await change.Execute(reassigned, new { ids, now = change.Now });
        var invited = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = CASE WHEN state = 'Sending' THEN @now ELSE due_at END, session_id = NULL
            WHERE {change.Dialect.Among("session_id", "@ids")} AND kind = 'Invited' AND state IN ('Waiting', 'Sending')
            """;
        await change.Execute(invited, new { ids, now = change.Now });
        if (detached.Count == 0)
        {
            return;
        }

        var rows = new Rows<(string StudentId, string SessionId)>(detached).Text("student_id", row => row.StudentId).Text("session_id", row => row.SessionId);
        var insert = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, former_session_id, state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, 'Unassigned:' || freed.session_id || ':' || students.id, 'Unassigned', students.id, NULL, 0, freed.session_id,
                   CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM (SELECT DISTINCT student_id, session_id FROM {rows.From(change.Dialect)}) AS freed JOIN students ON students.id = freed.student_id
            WHERE {(notify ? "true" : "EXISTS (SELECT 1 FROM outbox AS unsent WHERE unsent.student_id = freed.student_id AND unsent.session_id = freed.session_id AND unsent.claim = @batch)")}
            ON CONFLICT (once) DO NOTHING
            """;
        await change.Execute(insert, rows.Parameters(change.Dialect, new { organisationId, batch, now = change.Now, noAddress = NoAddress, askedBy = change.Actor.Name }));
        await Merge(change, organisationId, new Many(detached.Select(row => row.StudentId).Distinct(StringComparer.Ordinal)));
        if (notify)
        {
            foreach (var (sessionId, mails) in detached.Distinct().CountBy(row => row.SessionId))
            {
                change.Record(organisationId, FeedNames.Session(sessionId), "candidatesNotified", sessionId, new { mails });
            }
        }
    }
}
