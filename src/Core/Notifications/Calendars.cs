using Dapper;
using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>The secret of somebody's calendar feed; null when there is none.</summary>
public sealed record CalendarSecret(string? Secret);

/// <summary>
/// Calendar feeds: a student's by registrations, a member of staff's by sessions. Whoever has the address can read it, so it holds names and times and nothing
/// that opens a door, and a new address makes the old one fail.
/// </summary>
public sealed class Calendars(Db db, Changes changes, PublicAddress address, TimeProvider time)
{
    private const int Most = 1000;

    /// <summary>For how long a session stays in a feed after its end.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>The caller's own.</summary>
    public async Task<CalendarSecret> OfStaff(Actor actor) => new(await db.Read(connection =>
        connection.QuerySingleOrDefaultAsync<string>("SELECT secret FROM calendars WHERE staff_id = @id", new { id = actor.Id })));

    /// <summary>A new address for the caller; an old one ends.</summary>
    public Task<Result<CalendarSecret>> Renew(Actor actor) => changes.Run<CalendarSecret>(actor, async change =>
    {
        const string sql = """
            INSERT INTO calendars (secret, organisation_id, staff_id, created_at) VALUES (@secret, @organisationId, @staffId, @now)
            ON CONFLICT (staff_id) DO UPDATE SET secret = @secret, created_at = @now
            """;
        var secret = Secret.New();
        await change.Execute(sql, new { secret, organisationId = actor.OrganisationId, staffId = actor.Id, now = change.Now });
        change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "calendarRenewed", actor.Id);
        return new CalendarSecret(secret);
    });

    /// <summary>Ends the caller's address.</summary>
    public Task<Result<CalendarSecret>> Revoke(Actor actor) => changes.Run<CalendarSecret>(actor, async change =>
    {
        if (await change.Execute("DELETE FROM calendars WHERE staff_id = @id", new { id = actor.Id }) > 0)
        {
            change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), "calendarRevoked", actor.Id);
        }

        return new CalendarSecret(null);
    });

    /// <summary>The student's, by the secret of the own page. Problems: notFound.</summary>
    public async Task<Result<CalendarSecret>> OfStudent(string page)
    {
        const string sql = """
            SELECT students.id AS Student, calendars.secret AS Secret FROM students LEFT JOIN calendars ON calendars.student_id = students.id WHERE students.page_secret = @page AND NOT students.deleted
            """;
        var row = Id.Plausible(page) ? await db.Read(connection => connection.QuerySingleOrDefaultAsync<(string Student, string? Secret)?>(sql, new { page })) : null;
        return row is { } found ? new CalendarSecret(found.Secret) : Problem.NotFound("page");
    }

    /// <summary>A new address for the student whose own page it is. Problems: notFound.</summary>
    public Task<Result<CalendarSecret>> RenewOfStudent(string page) => changes.Run<CalendarSecret>(Actor.System, async change =>
    {
        const string find = "SELECT id AS Id, organisation_id AS OrganisationId FROM students WHERE page_secret = @page AND NOT deleted";
        const string sql = """
            INSERT INTO calendars (secret, organisation_id, student_id, created_at) VALUES (@secret, @OrganisationId, @Id, @now)
            ON CONFLICT (student_id) DO UPDATE SET secret = @secret, created_at = @now
            """;
        if (!Id.Plausible(page) || await change.Find<Owner>(find, new { page }) is not { } student)
        {
            return Problem.NotFound("page");
        }

        var secret = Secret.New();
        await change.Execute(sql, new { secret, student.OrganisationId, student.Id, now = change.Now });
        change.Record(student.OrganisationId, AuditLog.Organisation(student.OrganisationId), "calendarRenewed", student.Id);
        return new CalendarSecret(secret);
    });

    /// <summary>The feed at an address, as iCalendar text. Problems: notFound.</summary>
    public async Task<Result<string>> Read(string secret)
    {
        const string owner = """
            SELECT calendars.student_id AS StudentId, calendars.staff_id AS StaffId, organisations.name AS Organisation, students.page_secret AS Page, staff.disabled AS Disabled
            FROM calendars JOIN organisations ON organisations.id = calendars.organisation_id
            LEFT JOIN students ON students.id = calendars.student_id AND NOT students.deleted LEFT JOIN staff ON staff.id = calendars.staff_id
            WHERE calendars.secret = @secret
            """;
        if (!Id.Plausible(secret) || await db.Read(connection => connection.QuerySingleOrDefaultAsync<Followed>(owner, new { secret })) is not { } followed
            || followed.Disabled == true || (followed.StudentId is not null && followed.Page is null))
        {
            return Problem.NotFound("calendar");
        }

        var rows = await db.Read(connection => connection.QueryAsync<(string Document, long Told, long Ahead)>(
            followed.StudentId is null ? StaffSessions : StudentSessions,
            new { id = followed.StudentId ?? followed.StaffId, since = time.Now() - Kept, most = Most }));
        return CalendarText.Write(null, rows.Select(row => Event(followed, Json.Read<Session>(row.Document), new CalendarNumbers(row.Told, row.Ahead))), followed.Organisation);
    }

    private const string StaffSessions = """
        SELECT sessions.document, 0, 0 FROM session_proctors JOIN sessions ON sessions.id = session_proctors.session_id
        WHERE session_proctors.staff_id = @id AND NOT sessions.deleted AND NOT sessions.simulated AND sessions.closes_at > @since
        ORDER BY sessions.opens_at, sessions.id LIMIT @most
        """;

    private const string StudentSessions = """
        SELECT sessions.document,
               COALESCE((SELECT max(CASE WHEN outbox.session_id = sessions.id THEN outbox.sequence ELSE outbox.former_sequence END) FROM outbox
                         WHERE outbox.student_id = @id AND sessions.id IN (outbox.session_id, outbox.former_session_id)), 0),
               COALESCE((SELECT max(outbox.sequence - outbox.schedule_version) FROM outbox WHERE outbox.student_id = @id AND outbox.session_id = sessions.id), 0)
        FROM sessions WHERE NOT sessions.deleted AND sessions.closes_at > @since
          AND sessions.id IN (SELECT session_id FROM registrations WHERE student_id = @id AND status <> 'Cancelled')
        ORDER BY sessions.opens_at, sessions.id LIMIT @most
        """;

    private CalendarEvent Event(Followed followed, Session session, CalendarNumbers numbers) => new()
    {
        Uid = followed.StudentId is { } student ? MailWriter.Uid(session.Id, student) : $"{session.Id}.{followed.StaffId}@liveproctor",
        Sequence = numbers.Of(session),
        Stamp = session.PhaseSince > session.CreatedAt ? session.PhaseSince : session.CreatedAt,
        StartsAt = session.OpensAt,
        EndsAt = session.ClosesAt,
        Summary = session.Name,
        Description = string.Join(", ", session.Tests.Select(test => test.Title)),
        Url = followed.Page is { } page ? $"{address.Value}/my/{page}" : $"{address.Value}/?session={session.Id}",
        Cancelled = session.Phase == SessionPhase.Cancelled,
    };

    private sealed record Owner(string Id, string OrganisationId);

    private sealed class Followed
    {
        public string? StudentId { get; init; }

        public string? StaffId { get; init; }

        public string Organisation { get; init; } = "";

        public string? Page { get; init; }

        public bool? Disabled { get; init; }
    }
}
