using LiveProctor.Core.Feeds;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>
/// Writes mails into the outbox, in the transaction of the change that they tell of. What holds afterwards: no mail that has not been handed over
/// tells dates that are no longer true, and whoever was to be told of a change has a row that says what became of it.
/// </summary>
public static partial class Notices
{
    internal const string NoAddress = "No e-mail address is known.";

    /// <summary>
    /// Lets the mails follow a step of their session: other dates, or cancelled. That it opens, is held, stopped or ends is nobody's mail, and neither is a copy
    /// of it; reopening gives it another end and is told like one. Who was about to be told something is told what is true instead, whatever was asked for.
    /// </summary>
    /// <param name="notify">Whether somebody asked for the registered students to be told.</param>
    internal static Task Follow(Change change, Session before, Session after, bool notify) => Follow(change, [(before, after)], notify);

    /// <summary>The same for many sessions of one organisation, in a few statements.</summary>
    internal static async Task Follow(Change change, IReadOnlyCollection<(Session Before, Session After)> steps, bool notify)
    {
        var real = steps.Where(step => !step.After.Simulated).ToList();
        var cancelled = real.Where(step => step.After.Phase == SessionPhase.Cancelled && step.Before.Phase != SessionPhase.Cancelled).ToList();
        var moved = real.Except(cancelled).Where(step => step.After.ScheduleVersion != step.Before.ScheduleVersion).ToList();
        if (cancelled.Count + moved.Count == 0)
        {
            return;
        }

        await Lock(change, Ids([.. cancelled, .. moved]));
        var batch = Id.New(change.Now);
        if (cancelled.Count > 0)
        {
            await PartReassigned(change, Ids(cancelled));
            await Supersede(change, Ids(cancelled), batch, notify, MailKind.Moved, MailKind.Invited, MailKind.Reassigned);
            await Tell(change, cancelled, batch, MailKind.Cancelled, onlySuperseded: !notify);
        }

        if (moved.Count > 0)
        {
            var superseded = await Supersede(change, Ids(moved), batch, notify, MailKind.Moved);
            await Refresh(change, Ids(moved));
            if (notify || superseded > 0)
            {
                await Tell(change, moved, batch, MailKind.Moved, onlySuperseded: !notify);
            }
        }
    }

    private static Many Ids(IEnumerable<(Session Before, Session After)> steps) => new(steps.Select(step => step.After.Id));

    // A node that is about to hand one of them over waits here, or has done it.
    private static Task Lock(Change change, Many sessionIds) => change.All<string>(
        $"SELECT id FROM outbox WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND due_at IS NOT NULL ORDER BY id{change.Dialect.ForUpdate}", new { sessionIds });

    // With a new mail to everybody, what failed before need not be sent again either; without, it stays for somebody to see.
    private static Task<int> Supersede(Change change, Many sessionIds, string batch, bool notify, params MailKind[] kinds)
    {
        var states = notify ? "'Waiting', 'Sending', 'Failed', 'Unconfirmed'" : "'Waiting', 'Sending'";
        var sql = $"""
            UPDATE outbox SET state = 'Superseded', claim = @batch, since = @now, due_at = NULL
            WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND state IN ({states}) AND {change.Dialect.In("kind", "@kinds")}
            """;
        return change.Execute(sql, new { sessionIds, batch, now = change.Now, kinds = kinds.Select(kind => kind.ToString()).ToArray() });
    }

    // Of several mails that bring a student here the one of the cancellation takes over one; each other has a session of its own that was left.
    private static Task<int> PartReassigned(Change change, Many sessionIds)
    {
        var sql = $"""
            UPDATE outbox SET kind = 'Removed', state = 'Waiting', claim = '', session_id = former_session_id, former_session_id = NULL, sequence = former_sequence
            WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND kind = 'Reassigned' AND state IN ('Waiting', 'Sending') AND former_session_id IS NOT NULL
              AND EXISTS (SELECT 1 FROM outbox AS other WHERE other.student_id = outbox.student_id AND other.session_id = outbox.session_id
                          AND other.kind = 'Reassigned' AND other.state IN ('Waiting', 'Sending') AND other.id > outbox.id)
            """;
        return change.Execute(sql, new { sessionIds });
    }

    // An invitation is true again as soon as it is written anew, which happens when it is sent.
    private static Task<int> Refresh(Change change, Many sessionIds)
    {
        var sql = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = CASE WHEN state = 'Sending' THEN @now ELSE due_at END
            WHERE {change.Dialect.Among("session_id", "@sessionIds")} AND state IN ('Waiting', 'Sending') AND kind IN ('Invited', 'Reassigned')
            """;
        return change.Execute(sql, new { sessionIds, now = change.Now });
    }

    // A mail that was superseded unsent hands on what the student knows: the dates, or the session that was left for this one.
    private static async Task Tell(Change change, IReadOnlyList<(Session Before, Session After)> steps, string batch, MailKind kind, bool onlySuperseded)
    {
        var rows = new Rows<(Session Before, Session After)>(steps)
            .Text("session_id", step => step.After.Id).Number("version", step => step.After.ScheduleVersion)
            .Text("mark", step => $"{kind}:{step.After.Id}:{step.After.ScheduleVersion}:")
            .Instant("opens_at", step => step.Before.OpensAt).Instant("closes_at", step => step.Before.ClosesAt);

        // Each registered student once a session. SQLite takes the left side of a CROSS JOIN first.
        var registered = $"""
            (SELECT DISTINCT rows.session_id, rows.version, rows.mark, rows.opens_at, rows.closes_at, registrations.student_id
             FROM {rows.From(change.Dialect)} CROSS JOIN registrations
             WHERE registrations.session_id = rows.session_id AND registrations.organisation_id = @organisationId AND registrations.status IN ('Pending', 'Started')) AS told
            """;
        var sql = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, former_session_id, former_opens_at, former_closes_at,
                                state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, told.mark || students.id, @kind, students.id, told.session_id, told.version,
                   unsent.former_session_id,
                   COALESCE(unsent.former_opens_at, told.opens_at), COALESCE(unsent.former_closes_at, told.closes_at),
                   CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM {registered} JOIN students ON students.id = told.student_id
            LEFT JOIN outbox AS unsent ON unsent.id = (
                SELECT max(one.id) FROM outbox AS one
                WHERE one.student_id = students.id AND one.session_id = told.session_id AND one.claim = @batch AND one.kind IN ('Moved', 'Reassigned'))
            WHERE NOT EXISTS (SELECT 1 FROM outbox AS fresh WHERE fresh.student_id = students.id AND fresh.session_id = told.session_id
                              AND fresh.kind IN ('Invited', 'Reassigned') AND fresh.state = 'Waiting')
              {(onlySuperseded ? "AND unsent.id IS NOT NULL" : "")}
            ON CONFLICT (once) DO NOTHING RETURNING session_id
            """;
        var parameters = rows.Parameters(change.Dialect, new
        {
            organisationId = steps[0].After.OrganisationId, kind = kind.ToString(), batch, now = change.Now, noAddress = NoAddress, askedBy = change.Actor.Name,
        });
        var written = (await change.All<string>(sql, parameters)).CountBy(id => id).ToDictionary(StringComparer.Ordinal);
        foreach (var (_, after) in steps.Where(step => written.ContainsKey(step.After.Id)))
        {
            change.Record(after.OrganisationId, FeedNames.Session(after.Id), "candidatesNotified", after.Id, new { mails = written[after.Id], scheduleVersion = after.ScheduleVersion });
        }
    }
}
