using LiveProctor.Core.Feeds;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>
/// Writes mails into the outbox, in the transaction of the change that they tell of. What holds afterwards: no mail that has not been handed over
/// tells dates that are no longer true, and whoever was to be told of a change has a row that says what became of it.
/// </summary>
public static class Notices
{
    internal const string NoAddress = "No e-mail address is known.";

    // Above every sequence that the student's calendar may have seen of the session.
    private const string NextSequence = """
        (SELECT COALESCE(max(seen.number), 0) + 1 FROM (
            SELECT sequence AS number FROM outbox WHERE outbox.student_id = students.id AND outbox.session_id = @sessionId
            UNION ALL SELECT former_sequence FROM outbox WHERE outbox.student_id = students.id AND outbox.former_session_id = @sessionId) AS seen)
        """;

    /// <summary>Lets the mails follow a step of their session: other dates, cancelled, deleted. Anything else concerns none of them.</summary>
    /// <param name="notify">Whether somebody asked for the registered students to be told.</param>
    internal static Task Follow(Change change, Session before, Session after, bool notify) => Follow(change, [(before, after)], notify);

    /// <summary>The same for many sessions of one organisation, in a few statements.</summary>
    internal static async Task Follow(Change change, IReadOnlyCollection<(Session Before, Session After)> steps, bool notify)
    {
        var real = steps.Where(step => !step.After.Simulated).ToList();
        var cancelled = real.Where(step => step.After.Phase == SessionPhase.Cancelled && step.Before.Phase != SessionPhase.Cancelled).ToList();
        var moved = real.Except(cancelled).Where(step => step.After.ScheduleVersion != step.Before.ScheduleVersion || (step.After.Deleted && !step.Before.Deleted)).ToList();
        if (cancelled.Count + moved.Count == 0)
        {
            return;
        }

        // A node that is about to hand one of them over waits here, or has done it.
        await change.All<string>(
            $"SELECT id FROM outbox WHERE {change.Dialect.Among("session_id", "@ids")} AND due_at IS NOT NULL ORDER BY id{change.Dialect.ForUpdate}", new { ids = Ids([.. cancelled, .. moved]) });
        var batch = Id.New(change.Now);
        await Supersede(change, cancelled, batch, notify, MailKind.Moved, MailKind.Invited, MailKind.Reassigned);
        var superseded = await Supersede(change, moved, batch, notify, MailKind.Moved);
        await Refresh(change, moved);
        if (notify)
        {
            await Tell(change, cancelled, batch, MailKind.Cancelled, onlySuperseded: false);
        }

        if (notify || superseded > 0)
        {
            await Tell(change, [.. moved.Where(step => !step.After.Deleted)], batch, MailKind.Moved, onlySuperseded: !notify);
        }
    }

    private static Many Ids(IEnumerable<(Session Before, Session After)> steps) => new(steps.Select(step => step.After.Id));

    // With a new mail to everybody, what failed before need not be sent again either; without, it stays for somebody to see.
    private static async Task<int> Supersede(Change change, IReadOnlyCollection<(Session Before, Session After)> steps, string batch, bool notify, params MailKind[] kinds)
    {
        var states = notify ? "'Waiting', 'Sending', 'Failed', 'Unconfirmed'" : "'Waiting', 'Sending'";
        var sql = $"""
            UPDATE outbox SET state = 'Superseded', claim = @batch, since = @now, due_at = NULL
            WHERE {change.Dialect.Among("session_id", "@ids")} AND state IN ({states}) AND {change.Dialect.In("kind", "@kinds")}
            """;
        return steps.Count == 0 ? 0 : await change.Execute(sql, new { ids = Ids(steps), batch, now = change.Now, kinds = kinds.Select(kind => kind.ToString()).ToArray() });
    }

    // An invitation is true again as soon as it is written anew, which happens when it is sent.
    private static async Task Refresh(Change change, IReadOnlyCollection<(Session Before, Session After)> steps)
    {
        var sql = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = CASE WHEN state = 'Sending' THEN @now ELSE due_at END
            WHERE {change.Dialect.Among("session_id", "@ids")} AND state IN ('Waiting', 'Sending') AND kind IN ('Invited', 'Reassigned')
            """;
        if (steps.Count > 0)
        {
            await change.Execute(sql, new { ids = Ids(steps), now = change.Now });
        }
    }

    // A mail that was superseded unsent hands on the dates that the student knows.
    private static async Task Tell(Change change, IReadOnlyList<(Session Before, Session After)> steps, string batch, MailKind kind, bool onlySuperseded)
    {
        if (steps.Count == 0)
        {
            return;
        }

        var rows = new Rows<(Session Before, Session After)>(steps)
            .Text("session_id", step => step.After.Id).Number("version", step => step.After.ScheduleVersion)
            .Text("mark", step => $"{kind}:{step.After.Id}:{step.After.ScheduleVersion}:")
            .Number("least", step => step.After.ScheduleVersion + (kind == MailKind.Cancelled ? 1 : 0))
            .Instant("opens_at", step => step.Before.OpensAt).Instant("closes_at", step => step.Before.ClosesAt);

        // Each registered student once a session. SQLite takes the left side of a CROSS JOIN first.
        var registered = $"""
            (SELECT DISTINCT rows.session_id, rows.version, rows.mark, rows.least, rows.opens_at, rows.closes_at, registrations.student_id
             FROM {rows.From(change.Dialect)} CROSS JOIN registrations
             WHERE registrations.session_id = rows.session_id AND registrations.organisation_id = @organisationId AND registrations.status IN ('Pending', 'Started')) AS told
            """;
        var next = NextSequence.Replace("@sessionId", "told.session_id", StringComparison.Ordinal);
        var sql = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, sequence, former_opens_at, former_closes_at,
                                state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, told.mark || students.id, @kind, students.id, told.session_id, told.version,
                   CASE WHEN {next} > told.least THEN {next} ELSE told.least END,
                   COALESCE(unsent.former_opens_at, told.opens_at), COALESCE(unsent.former_closes_at, told.closes_at),
                   CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM {registered} JOIN students ON students.id = told.student_id
            LEFT JOIN outbox AS unsent ON unsent.student_id = students.id AND unsent.session_id = told.session_id AND unsent.claim = @batch AND unsent.kind = 'Moved'
                 AND unsent.id = (SELECT max(id) FROM outbox AS one WHERE one.student_id = students.id AND one.session_id = told.session_id AND one.claim = @batch AND one.kind = 'Moved')
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

    /// <summary>
    /// Lets the mails follow registrations that were given another session or taken back; to be called after they were written, in the same change.
    /// An invitation that was not handed over yet goes with its student to the new session and says what is true there.
    /// </summary>
    /// <param name="notify">Whether somebody asked for the students to be told.</param>
    internal static async Task FollowMoves(Change change, string organisationId, IReadOnlyList<StudentMove> moves, bool notify)
    {
        foreach (var group in moves.Where(move => !move.Removed).GroupBy(move => (move.From, move.To)))
        {
            var sql = $"""
                UPDATE outbox SET state = 'Waiting', claim = '', due_at = @now, session_id = @to
                WHERE organisation_id = @organisationId AND kind IN ('Invited', 'Reassigned') AND state IN ('Waiting', 'Sending')
                  AND COALESCE(session_id, '') = @from AND {change.Dialect.In("student_id", "@ids")}
                  AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                                  AND COALESCE(registrations.session_id, '') = @from AND registrations.status IN ('Pending', 'Started'))
                """;
            await change.Execute(sql, new
            {
                organisationId, now = change.Now, from = group.Key.From ?? "", to = group.Key.To, ids = group.Select(move => move.StudentId).Distinct(StringComparer.Ordinal).ToArray(),
            });
        }

        if (notify)
        {
            var written = await TellMoves(change, organisationId, moves);
            change.Record(organisationId, Audit.AuditLog.Organisation(organisationId), "candidatesNotified", "registrations", new { mails = written });
        }
    }

    /// <summary>
    /// Tells students that they are in another session (or in none: they may start at any time), or no longer registered for one.
    /// To be called after the registrations were written, in the same change.
    /// </summary>
    /// <param name="moves">Each student once a pair. <c>To</c> null together with <c>Removed</c> means taken back.</param>
    /// <returns>How many mails were written.</returns>
    public static async Task<int> TellMoves(Change change, string organisationId, IReadOnlyList<StudentMove> moves)
    {
        var batch = Id.New(change.Now);
        var written = 0;
        foreach (var group in moves.GroupBy(move => (move.From, move.To, move.Removed)))
        {
            var (from, to, removed) = group.Key;
            if (removed && from is null)
            {
                continue;
            }

            var kind = removed ? MailKind.Removed : to is null ? MailKind.Invited : MailKind.Reassigned;
            var former = removed ? null : from;
            var about = removed ? from : to;
            var sql = $"""
                INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, sequence, former_session_id, former_sequence,
                                    state, since, due_at, recipient, reply, asked_by, created_at)
                SELECT {change.Dialect.NewId}, @organisationId, @kind || ':' || @batch || ':' || COALESCE(@sessionId, '') || ':' || students.id, @kind, students.id, @sessionId, 0,
                       {NextSequence} + COALESCE(@version, 0), @former, {NextSequence.Replace("@sessionId", "@former", StringComparison.Ordinal)} + COALESCE(@formerVersion, 0),
                       CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                       COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
                FROM students WHERE students.organisation_id = @organisationId AND {change.Dialect.In("students.id", "@ids")}
                  AND (@kind <> 'Removed' OR NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = students.id AND registrations.session_id = @sessionId
                                                          AND registrations.status IN ('Pending', 'Started')))
                  AND (@kind = 'Removed' OR NOT EXISTS (SELECT 1 FROM outbox AS fresh WHERE fresh.student_id = students.id AND fresh.kind IN ('Invited', 'Reassigned')
                                                        AND fresh.state = 'Waiting' AND COALESCE(fresh.session_id, '') = COALESCE(@sessionId, '')))
                ON CONFLICT (once) DO NOTHING
                """;
            written += await change.Execute(sql, new
            {
                organisationId,
                kind = kind.ToString(),
                batch,
                sessionId = about,
                former,
                version = about is null ? null : (await SessionStore.Load(change, about))?.ScheduleVersion,
                formerVersion = former is null ? null : (await SessionStore.Load(change, former))?.ScheduleVersion,
                ids = group.Select(move => move.StudentId).Distinct(StringComparer.Ordinal).ToArray(),
                now = change.Now,
                noAddress = NoAddress,
                askedBy = change.Actor.Name,
            });
        }

        return written;
    }
}

/// <summary>A student whose registration has gone from one session to another.</summary>
/// <param name="From">Null: it had none.</param>
/// <param name="To">Null: it has none any more.</param>
/// <param name="Removed">True when the registration was taken back.</param>
public sealed record StudentMove(string StudentId, string? From, string? To, bool Removed = false);
