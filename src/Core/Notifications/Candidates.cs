using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>Whom a change of a session concerns.</summary>
/// <param name="Students">Who is registered, pending or started.</param>
/// <param name="WithEmail">Those of them who can be written to.</param>
internal sealed record Candidates(long Students, long WithEmail)
{
    /// <summary>Those of many sessions, by session; one without any is left out.</summary>
    public static async Task<IReadOnlyDictionary<string, Candidates>> Of(Change change, string organisationId, IReadOnlyCollection<string> sessionIds)
    {
        var sql = $"""
            SELECT registrations.session_id, count(DISTINCT students.id), count(DISTINCT CASE WHEN students.email IS NULL THEN NULL ELSE students.id END)
            FROM registrations JOIN students ON students.id = registrations.student_id
            WHERE {change.Dialect.Among("registrations.session_id", "@ids")} AND registrations.organisation_id = @organisationId AND registrations.status IN ('Pending', 'Started')
            GROUP BY registrations.session_id
            """;
        var rows = sessionIds.Count == 0 ? [] : await change.All<(string Id, long Students, long WithEmail)>(sql, new { organisationId, ids = new Many(sessionIds) });
        return rows.ToDictionary(row => row.Id, row => new Candidates(row.Students, row.WithEmail), StringComparer.Ordinal);
    }
}
