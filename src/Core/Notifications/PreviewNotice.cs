using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>A change that somebody is about to save.</summary>
/// <param name="OpensAt">See <see cref="SessionTimes"/>; null when it stays.</param>
/// <param name="ClosesAt">See <see cref="SessionTimes"/>; null when it stays.</param>
/// <param name="TimeZone">IANA name; the session's when left out.</param>
/// <param name="Cancel">The session will be cancelled.</param>
public sealed record NoticeQuestion(string? OpensAt = null, string? ClosesAt = null, string? TimeZone = null, bool Cancel = false);

/// <summary>What the form offers.</summary>
/// <param name="Candidates">Students registered in the session, pending or started.</param>
/// <param name="WithEmail">Those of them who can be written to.</param>
/// <param name="Changes">False when the dates are the same, so that nobody needs to be told.</param>
/// <param name="Recommended">Whether sending is recommended, and <paramref name="Reasons"/> why.</param>
/// <param name="Delivery">Where mails go.</param>
public sealed record NoticePreview(long Candidates, long WithEmail, bool Changes, bool Recommended, IReadOnlyList<NoticeReason> Reasons, MailDelivery Delivery);

/// <summary>Whom a change of dates would be told to, and whether it should be. Problems: notFound, forbidden, invalid.</summary>
public sealed class PreviewNotice(Db db, SeeSession see, IMailCarrier carrier)
{
    public async Task<Result<NoticePreview>> Run(Actor actor, string sessionId, NoticeQuestion question)
    {
        const string sql = """
            SELECT count(DISTINCT students.id) AS Candidates, count(DISTINCT CASE WHEN students.email IS NULL THEN NULL ELSE students.id END) AS WithEmail
            FROM registrations JOIN students ON students.id = registrations.student_id
            WHERE registrations.session_id = @sessionId AND registrations.organisation_id = @organisationId AND registrations.status IN ('Pending', 'Started')
            """;
        var seen = await see.Run(actor, sessionId);
        if (seen.Failed(out var problem))
        {
            return problem;
        }

        var session = seen.Value;
        if (SessionRights.WhyNotSteer(actor, session) is { } forbidden)
        {
            return forbidden;
        }

        var entered = Entered(session, question);
        if (entered.Failed(out problem))
        {
            return problem;
        }

        var before = new Window(session.OpensAt, session.ClosesAt);
        IReadOnlyList<NoticeReason> reasons = question.Cancel ? [NoticeReason.Cancelled] : NoticeRules.Reasons(before, entered.Value);
        var counts = await db.Read(connection => connection.QuerySingleAsync<Counts>(sql, new { sessionId, organisationId = session.OrganisationId }));
        return new NoticePreview(counts.Candidates, counts.WithEmail, question.Cancel || entered.Value != before, reasons.Count > 0, reasons, carrier.Describe());
    }

    private static Result<Window> Entered(Session session, NoticeQuestion question)
    {
        if (question.TimeZone is { } name && SessionTimes.Zone(name) is null)
        {
            return Problem.Invalid(("timeZone", "There is no time zone of this name; use one such as Europe/Paris."));
        }

        var zone = SessionTimes.Zone(question.TimeZone ?? session.TimeZone) ?? TimeZoneInfo.Utc;
        var (opens, opensWrong) = question.OpensAt is { } from ? SessionTimes.Parse(from, zone) : (session.OpensAt, null);
        var (closes, closesWrong) = question.ClosesAt is { } to ? SessionTimes.Parse(to, zone) : (session.ClosesAt, null);
        return opensWrong is not null ? Problem.Invalid(("opensAt", opensWrong))
            : closesWrong is not null ? Problem.Invalid(("closesAt", closesWrong))
            : new Window(opens!.Value, closes!.Value);
    }

    private sealed record Counts(long Candidates, long WithEmail);
}
