using Dapper;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What deleting sessions would do.</summary>
/// <param name="Sessions">How many would be deleted.</param>
/// <param name="Registrations">How many registrations would lose their session.</param>
/// <param name="Refused">Those that would stay, and why.</param>
/// <param name="Students">How many students those registrations are of.</param>
/// <param name="WithEmail">How many of them can be written to.</param>
/// <param name="Recommended">Whether telling them is recommended: a session that is still to come would be deleted.</param>
/// <param name="Delivery">Where mails go.</param>
public sealed record DeletionPreview(
    int Sessions, long Registrations, IReadOnlyList<DeletionRefusal> Refused, long Students, long WithEmail, bool Recommended, MailDelivery Delivery);

/// <summary>A session that cannot be deleted now.</summary>
public sealed record DeletionRefusal(string Id, string Name, string Reason);

/// <summary>Says what deleting sessions would do, before anybody confirms it. Problems: invalid, forbidden.</summary>
public sealed class PreviewDeletion(Db db, IMailCarrier carrier)
{
    public async Task<Result<DeletionPreview>> Run(Actor actor, IReadOnlyList<string>? ids)
    {
        if (actor.Kind != ActorKind.Staff || actor.Role < Role.Manager)
        {
            return new Problem(ProblemKind.Forbidden, "This needs the role manager.");
        }

        if (DeleteSessionsRequest.WhyNot(ids) is { } wrong)
        {
            return Problem.Invalid(("ids", wrong));
        }

        var sessionsSql = $"SELECT document FROM sessions WHERE organisation_id = @organisationId AND NOT deleted AND {db.Dialect.In("id", "@ids")}";
        var registrationsSql = $"""
            SELECT count(*) AS Registrations, count(DISTINCT students.id) AS Students, count(DISTINCT CASE WHEN students.email IS NULL THEN NULL ELSE students.id END) AS WithEmail
            FROM registrations JOIN students ON students.id = registrations.student_id
            WHERE registrations.status = 'Pending' AND {db.Dialect.In("registrations.session_id", "@ids")}
            """;
        return await db.Read<Result<DeletionPreview>>(async connection =>
        {
            var sessions = (await connection.QueryAsync<string>(sessionsSql, new { organisationId = actor.OrganisationId, ids = ids!.ToArray() })).Select(Json.Read<Session>).ToList();
            var refused = sessions.Select(session => (session, SessionRules.Delete(session).Problem)).Where(item => item.Problem is not null)
                .Select(item => new DeletionRefusal(item.session.Id, item.session.Name, item.Problem!.Detail)).ToList();
            var left = sessions.Select(session => session.Id).Except(refused.Select(refusal => refusal.Id), StringComparer.Ordinal).ToArray();
            var lost = left.Length == 0 ? new Lost(0, 0, 0) : await connection.QuerySingleAsync<Lost>(registrationsSql, new { ids = left });
            var coming = sessions.Any(session => session.Phase == SessionPhase.Scheduled && left.Contains(session.Id, StringComparer.Ordinal));
            return new DeletionPreview(left.Length, lost.Registrations, refused, lost.Students, lost.WithEmail, coming && lost.Students > 0, carrier.Describe());
        });
    }

    private sealed record Lost(long Registrations, long Students, long WithEmail);
}
