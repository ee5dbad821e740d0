using LiveProctor.Core.Audit;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>A student whose registration has gone from one session to another.</summary>
/// <param name="From">Null: it had none.</param>
/// <param name="To">Null: it has none any more.</param>
/// <param name="Removed">True when the registration was taken back.</param>
public sealed record StudentMove(string StudentId, string? From, string? To, bool Removed = false);

public static partial class Notices
{
    // Whether the student was ever told by mail of the session @about: only then a calendar can hold it.
    private const string Told = """
        EXISTS (SELECT 1 FROM outbox AS told WHERE told.student_id = students.id AND told.session_id = @about AND told.state IN ('HandingOver', 'Sent', 'Unconfirmed', 'Written'))
        """;

    /// <summary>
    /// Lets the mails follow registrations that were given another session or taken back; to be called after they were written, in the same change.
    /// A mail that was not handed over yet goes with its student to the new session and says what is true there.
    /// </summary>
    /// <param name="moves">Each student once a pair. <c>To</c> null together with <c>Removed</c> means taken back.</param>
    /// <param name="notify">Whether somebody asked for the students to be told.</param>
    public static async Task FollowMoves(Change change, string organisationId, IReadOnlyList<StudentMove> moves, bool notify)
    {
        var batch = Id.New(change.Now);
        var written = 0;
        foreach (var group in (notify ? moves : await OfMailsOnTheirWay(change, organisationId, moves)).GroupBy(move => (move.From, move.To, move.Removed)))
        {
            var (from, to, removed) = group.Key;
            var ids = new Many(group.Select(move => move.StudentId).Distinct(StringComparer.Ordinal));
            var parameters = new
            {
                organisationId, batch, from, to, ids, now = change.Now, askedBy = change.Actor.Name, noAddress = NoAddress,
                fromText = from ?? "", toText = to ?? "",
            };
            if (removed)
            {
                await WithRemoved(change, parameters);
                written += notify && from is not null ? await TellRemoved(change, parameters) : 0;
                continue;
            }

            await WithMoved(change, parameters);
            await Merge(change, organisationId, ids);
            written += notify ? await TellMoved(change, parameters) : 0;
        }

        if (notify)
        {
            change.Record(organisationId, AuditLog.Organisation(organisationId), "candidatesNotified", "registrations", new { mails = written });
        }
    }

    // Where nobody is to be told, only mails that were not handed over yet change: a file of thousands of moves asks once who has any.
    private static async Task<IEnumerable<StudentMove>> OfMailsOnTheirWay(Change change, string organisationId, IReadOnlyList<StudentMove> moves)
    {
        var sql = $"""
            SELECT DISTINCT student_id FROM outbox WHERE organisation_id || '' = @organisationId AND state IN ('Waiting', 'Sending') AND {change.Dialect.Among("student_id", "@ids")}
            """;
        var students = moves.Count == 0
            ? []
            : (await change.All<string>(sql, new { organisationId, ids = new Many(moves.Select(move => move.StudentId)) })).ToHashSet(StringComparer.Ordinal);
        return moves.Where(move => students.Contains(move.StudentId));
    }

    private static async Task WithMoved(Change change, object parameters)
    {
        var follow = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = @now, session_id = @to, kind = CASE
                WHEN kind = 'Reassigned' AND @toText = '' AND former_session_id IS NULL THEN 'Invited'
                WHEN kind = 'Reassigned' AND @toText = '' THEN 'Unassigned'
                WHEN kind = 'Unassigned' AND @toText <> '' THEN 'Reassigned'
                ELSE kind END
            WHERE organisation_id = @organisationId AND kind IN ('Invited', 'Reassigned', 'Unassigned') AND state IN ('Waiting', 'Sending')
              AND COALESCE(session_id, '') = @fromText AND {change.Dialect.Among("student_id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                              AND COALESCE(registrations.session_id, '') = @fromText AND registrations.status IN ('Pending', 'Started'))
            """;
        await change.Execute(follow, parameters);

        // Who was to be told of other dates is told of the other session.
        var moved = $"""
            UPDATE outbox SET state = 'Waiting', claim = '', due_at = @now, session_id = @to, former_session_id = session_id, sequence = 0, former_sequence = sequence,
                   kind = CASE WHEN @toText = '' THEN 'Unassigned' ELSE 'Reassigned' END
            WHERE organisation_id = @organisationId AND kind = 'Moved' AND state IN ('Waiting', 'Sending') AND session_id = @fromText AND {change.Dialect.Among("student_id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                              AND registrations.session_id = @fromText AND registrations.status IN ('Pending', 'Started'))
            """;
        await change.Execute(moved, parameters);

        // Whoever is back where the last mail has left them need not hear of the detour.
        var back = $"""
            UPDATE outbox SET state = 'Superseded', claim = @batch, since = @now, due_at = NULL
            WHERE kind = 'Reassigned' AND state = 'Waiting' AND session_id = former_session_id AND {change.Dialect.Among("student_id", "@ids")}
            """;
        await change.Execute(back, parameters);
    }

    // The student knows only the session before the one that was taken back.
    private static async Task WithRemoved(Change change, object parameters)
    {
        var moved = $"""
            UPDATE outbox SET kind = 'Removed', state = 'Waiting', claim = @batch, due_at = @now
            WHERE organisation_id = @organisationId AND kind = 'Moved' AND state IN ('Waiting', 'Sending') AND session_id = @fromText AND {change.Dialect.Among("student_id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                              AND registrations.session_id = @fromText AND registrations.status IN ('Pending', 'Started'))
            """;
        await change.Execute(moved, parameters);
        var sql = $"""
            UPDATE outbox SET kind = 'Removed', state = 'Waiting', claim = @batch, due_at = @now, session_id = former_session_id, former_session_id = NULL, sequence = 0
            WHERE organisation_id = @organisationId AND kind IN ('Reassigned', 'Unassigned') AND state IN ('Waiting', 'Sending') AND former_session_id IS NOT NULL
              AND COALESCE(session_id, '') = @fromText AND {change.Dialect.Among("student_id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                              AND COALESCE(registrations.session_id, '') IN (@fromText, outbox.former_session_id) AND registrations.status IN ('Pending', 'Started'))
            """;
        await change.Execute(sql, parameters);
        var rest = $"""
            UPDATE outbox SET state = 'Superseded', since = @now, due_at = NULL
            WHERE organisation_id = @organisationId AND kind IN ('Invited', 'Reassigned', 'Unassigned') AND state IN ('Waiting', 'Sending')
              AND COALESCE(session_id, '') = @fromText AND {change.Dialect.Among("student_id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = outbox.student_id
                              AND COALESCE(registrations.session_id, '') = @fromText AND registrations.status IN ('Pending', 'Started'))
            """;
        await change.Execute(rest, parameters);
    }

    private static async Task<int> TellMoved(Change change, object parameters)
    {
        // A session that the student is still in, for another test, is not left.
        const string left = """
            CASE WHEN EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = students.id AND registrations.session_id = @from
                              AND registrations.status IN ('Pending', 'Started')) THEN NULL ELSE @from END
            """;
        var told = Told.Replace("@about", "@from", StringComparison.Ordinal);
        var join = $"""
            UPDATE outbox SET former_session_id = @from, kind = CASE WHEN @toText = '' THEN 'Unassigned' ELSE kind END
            WHERE kind IN ('Invited', 'Reassigned') AND state = 'Waiting' AND former_session_id IS NULL AND COALESCE(session_id, '') = @toText AND @fromText <> ''
              AND student_id IN (SELECT students.id FROM students WHERE {change.Dialect.Among("students.id", "@ids")} AND {told} AND {left} IS NOT NULL)
            """;
        await change.Execute(join, parameters);
        var insert = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, former_session_id, state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, 'Moved:' || @batch || ':' || @fromText || ':' || @toText || ':' || moved.id,
                   CASE WHEN @toText <> '' THEN 'Reassigned' WHEN moved.former_id IS NULL THEN 'Invited' ELSE 'Unassigned' END, moved.id, @to, 0, moved.former_id,
                   CASE WHEN moved.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN moved.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(moved.email, ''), CASE WHEN moved.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM (SELECT students.id, students.email, {left} AS former_id, {told} AS told FROM students
                  WHERE students.organisation_id = @organisationId AND {change.Dialect.Among("students.id", "@ids")}) AS moved
            WHERE NOT EXISTS (SELECT 1 FROM outbox AS fresh WHERE fresh.student_id = moved.id AND fresh.kind IN ('Invited', 'Reassigned', 'Unassigned')
                              AND fresh.state = 'Waiting' AND COALESCE(fresh.session_id, '') = @toText
                              AND (moved.former_id IS NULL OR NOT moved.told OR fresh.former_session_id = moved.former_id))
              AND NOT EXISTS (SELECT 1 FROM outbox AS back WHERE back.student_id = moved.id AND back.claim = @batch AND COALESCE(back.session_id, '') = @toText)
            ON CONFLICT (once) DO NOTHING
            """;
        return await change.Execute(insert, parameters);
    }

    private static Task<int> TellRemoved(Change change, object parameters)
    {
        var told = Told.Replace("@about", "@from", StringComparison.Ordinal);
        var sql = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, 'Removed:' || @batch || ':' || @fromText || ':' || students.id, 'Removed', students.id, @from, 0,
                   CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM students WHERE students.organisation_id = @organisationId AND {change.Dialect.Among("students.id", "@ids")}
              AND NOT EXISTS (SELECT 1 FROM registrations WHERE registrations.student_id = students.id AND registrations.session_id = @from
                              AND registrations.status IN ('Pending', 'Started'))
              AND NOT EXISTS (SELECT 1 FROM outbox AS rest WHERE rest.student_id = students.id AND rest.claim = @batch AND rest.kind = 'Removed'
                              AND (rest.session_id = @from OR NOT {told}))
            ON CONFLICT (once) DO NOTHING
            """;
        return change.Execute(sql, parameters);
    }

    // Two invitations that have come to say the same are one.
    private static Task<int> Merge(Change change, string organisationId, Many studentIds)
    {
        var sql = $"""
            UPDATE outbox SET state = 'Superseded', since = @now, due_at = NULL
            WHERE organisation_id = @organisationId AND kind = 'Invited' AND state = 'Waiting' AND former_session_id IS NULL AND {change.Dialect.Among("student_id", "@studentIds")}
              AND EXISTS (SELECT 1 FROM outbox AS other WHERE other.student_id = outbox.student_id AND other.state = 'Waiting'
                          AND COALESCE(other.session_id, '') = COALESCE(outbox.session_id, '')
                          AND (other.kind IN ('Reassigned', 'Unassigned') OR (other.kind = 'Invited' AND other.id > outbox.id)))
            """;
        return change.Execute(sql, new { organisationId, studentIds, now = change.Now });
    }
}
