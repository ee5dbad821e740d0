using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>Who is invited: exactly one of the three.</summary>
/// <param name="Ids">Registrations, at most 500.</param>
/// <param name="SessionId">Everybody registered in the session.</param>
/// <param name="GroupId">Everybody of the group, with all their registrations.</param>
public sealed record Invitation(IReadOnlyList<string>? Ids = null, string? SessionId = null, string? GroupId = null);

/// <summary>What became of it.</summary>
/// <param name="Registrations">How many registrations are invited now.</param>
/// <param name="Mails">How many mails were written: one for each student and session.</param>
/// <param name="WithoutEmail">How many of those cannot be sent.</param>
/// <param name="Already">How many students have an invitation waiting to be sent, and get no second one.</param>
public sealed record InvitationAnswer(int Registrations, int Mails, int WithoutEmail, int Already);

/// <summary>
/// Sends students the address of their own page, with the session as an invitation where there is one. Only registrations that were never started are meant.
/// To invite again is allowed, and is a new mail. Problems: forbidden, notFound, invalid.
/// </summary>
public sealed class InviteStudents(Changes changes)
{
    private const int Most = 500;

    public Task<Result<InvitationAnswer>> Run(Actor actor, Invitation invitation, Once? once = null) => changes.Run<InvitationAnswer>(
        actor,
        async change =>
        {
            var chosen = await Chosen(change, invitation);
            return chosen.Failed(out var problem) ? problem : await Write(change, chosen.Value, invitation);
        },
        once);

    // As a condition on registrations.
    private static async Task<Result<string>> Chosen(Change change, Invitation invitation)
    {
        var organisationId = change.Actor.OrganisationId;
        switch (invitation)
        {
            case { Ids: { } ids, SessionId: null, GroupId: null }:
                if (ids.Count is 0 or > Most || ids.Any(id => id is null || !Id.Plausible(id)))
                {
                    return Problem.Invalid(("ids", $"Name 1 to {Most} registrations."));
                }

                var named = change.Dialect.In("registrations.id", "@ids");
                var count = await change.One<long>($"SELECT count(*) FROM registrations WHERE organisation_id = @organisationId AND {named}", new { organisationId, ids = ids.ToArray() });
                return count == ids.Distinct(StringComparer.Ordinal).Count() ? named : Problem.NotFound("registration");
            case { Ids: null, SessionId: { } session, GroupId: null }:
                return await Known("sessions", session) ? "registrations.session_id = @one" : Problem.NotFound("session");
            case { Ids: null, SessionId: null, GroupId: { } group }:
                return await Known("groups", group)
                    ? "registrations.student_id IN (SELECT student_id FROM group_members WHERE group_id = @one)"
                    : Problem.NotFound("group");
            default:
                return Problem.Invalid(("ids", "Name registrations, a session or a group: one of them."));
        }

        async Task<bool> Known(string table, string id) => Id.Plausible(id)
            && await change.One<long>($"SELECT count(*) FROM {table} WHERE id = @id AND organisation_id = @organisationId", new { id, organisationId }) == 1;
    }

    private static async Task<Result<InvitationAnswer>> Write(Change change, string chosen, Invitation invitation)
    {
        // To what is over or will not take place nobody is invited.
        var invited = $"""
            registrations.organisation_id = @organisationId AND registrations.status = 'Pending' AND {chosen}
              AND (registrations.session_id IS NULL OR EXISTS (SELECT 1 FROM sessions WHERE sessions.id = registrations.session_id AND sessions.phase NOT IN ('Draining', 'Closed', 'Cancelled')))
            """;
        var parameters = new
        {
            organisationId = change.Actor.OrganisationId,
            ids = (invitation.Ids ?? []).ToArray(),
            one = invitation.SessionId ?? invitation.GroupId ?? "",
            batch = Id.New(change.Now),
            now = change.Now,
            noAddress = Notices.NoAddress,
            askedBy = change.Actor.Name,
        };
        foreach (var session in await change.All<string>($"SELECT DISTINCT session_id FROM registrations WHERE {invited} AND session_id IS NOT NULL ORDER BY session_id", parameters))
        {
            // Whoever changes its dates meanwhile finds the invitation, or was found by it.
            await change.LockSession(session);
        }

        // In the order in which everybody locks them: an UPDATE by itself goes as it comes.
        await change.All<string>($"SELECT id FROM registrations WHERE {invited} ORDER BY id{change.Dialect.ForUpdate}", parameters);
        var waiting = """
            EXISTS (SELECT 1 FROM outbox AS earlier WHERE earlier.student_id = registrations.student_id AND earlier.kind = 'Invited'
                    AND earlier.state IN ('Waiting', 'Sending') AND COALESCE(earlier.session_id, '') = COALESCE(registrations.session_id, ''))
            """;
        var already = await change.One<long>($"SELECT count(DISTINCT student_id) FROM registrations WHERE {invited} AND {waiting}", parameters);
        var settle = $"""
            UPDATE outbox SET state = 'Superseded', since = @now WHERE kind = 'Invited' AND state IN ('Failed', 'Unconfirmed') AND organisation_id = @organisationId
              AND EXISTS (SELECT 1 FROM registrations WHERE {invited} AND registrations.student_id = outbox.student_id
                          AND COALESCE(registrations.session_id, '') = COALESCE(outbox.session_id, ''))
            """;
        await change.Execute(settle, parameters);
        var insert = $"""
            INSERT INTO outbox (id, organisation_id, once, kind, student_id, session_id, schedule_version, state, since, due_at, recipient, reply, asked_by, created_at)
            SELECT {change.Dialect.NewId}, @organisationId, 'Invited:' || @batch || ':' || COALESCE(chosen.session_id, '') || ':' || chosen.student_id, 'Invited',
                   chosen.student_id, chosen.session_id, 0,
                   CASE WHEN students.email IS NULL THEN 'Failed' ELSE 'Waiting' END, @now, CASE WHEN students.email IS NULL THEN NULL ELSE @now END,
                   COALESCE(students.email, ''), CASE WHEN students.email IS NULL THEN @noAddress ELSE '' END, @askedBy, @now
            FROM (SELECT DISTINCT student_id, session_id FROM registrations WHERE {invited} AND NOT {waiting}) AS chosen
            JOIN students ON students.id = chosen.student_id
            WHERE true
            ON CONFLICT (once) DO NOTHING
            """;
        var mails = await change.Execute(insert, parameters);
        var without = await change.One<long>("SELECT count(*) FROM outbox WHERE organisation_id = @organisationId AND created_at = @now AND once LIKE 'Invited:' || @batch || ':%' AND state = 'Failed'", parameters);
        var registrations = await change.Execute($"UPDATE registrations SET invited_at = @now, version = version + 1 WHERE {invited}", parameters);
        if (registrations > 0)
        {
            change.Record(parameters.organisationId, AuditLog.Organisation(parameters.organisationId), "studentsInvited", invitation.SessionId ?? invitation.GroupId ?? "registrations", new { registrations, mails });
        }

        return new InvitationAnswer(registrations, mails, (int)without, (int)already);
    }
}
