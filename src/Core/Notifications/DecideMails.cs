using LiveProctor.Core.Audit;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>Which mails somebody decides on.</summary>
/// <param name="Ids">1–500.</param>
public sealed record MailsRequest(IReadOnlyList<string>? Ids);

/// <summary>What became of one.</summary>
/// <param name="Outcome"><c>sending</c>, <c>arrived</c>, <c>alreadySent</c>, <c>superseded</c>, <c>busy</c> or <c>gone</c>.</param>
public sealed record MailOutcome(string Id, string Outcome);

/// <summary>One for each mail asked for, in the order asked.</summary>
public sealed record MailsAnswer(IReadOnlyList<MailOutcome> Results);

/// <summary>
/// What a person decides about mails that the program does not send by itself any more: send it again, or say that it has arrived.
/// A mail that is sent again tells what is true then. Problems: invalid.
/// </summary>
public sealed class DecideMails(Changes changes)
{
    private const int Most = 500;

    /// <summary>Sends what has failed, is unconfirmed or lies in a file; what waits is tried at once.</summary>
    public Task<Result<MailsAnswer>> SendAgain(Actor actor, MailsRequest request, Once? once = null) => Run(actor, request, once, "mailsSentAgain", async (change, row) =>
    {
        if (!OutboxRules.MaySend(row.State))
        {
            return Refusal(row.State);
        }

        const string newer = """
            SELECT count(*) FROM outbox WHERE student_id = @StudentId AND session_id = @SessionId AND kind IN ('Moved', 'Cancelled') AND state <> 'Superseded'
              AND (schedule_version > @ScheduleVersion OR (kind = 'Cancelled' AND @Kind = 'Moved')) AND id <> @Id
            """;
        if (row.Kind is nameof(MailKind.Moved) && await change.One<long>(newer, row) > 0)
        {
            await change.Execute("UPDATE outbox SET state = 'Superseded', since = @now, due_at = NULL WHERE id = @Id", new { row.Id, now = change.Now });
            return "superseded";
        }

        const string sql = "UPDATE outbox SET state = 'Waiting', claim = '', since = @now, due_at = @now, attempts = 0, first_tried_at = NULL WHERE id = @Id";
        await change.Execute(sql, new { row.Id, now = change.Now });
        return "sending";
    });

    /// <summary>Somebody knows that the student has been told.</summary>
    public Task<Result<MailsAnswer>> Arrived(Actor actor, MailsRequest request, Once? once = null) => Run(actor, request, once, "mailsArrived", async (change, row) =>
    {
        if (!OutboxRules.MaySettle(row.State))
        {
            return Refusal(row.State);
        }

        const string sql = "UPDATE outbox SET state = 'Sent', claim = '', since = @now, due_at = NULL, reply = @reply WHERE id = @Id";
        await change.Execute(sql, new { row.Id, now = change.Now, reply = $"{change.Actor.Name} says that it has arrived." });
        return "arrived";
    });

    private Task<Result<MailsAnswer>> Run(Actor actor, MailsRequest request, Once? once, string action, Func<Change, Row, Task<string>> decide) => changes.Run<MailsAnswer>(
        actor,
        async change =>
        {
            if (request.Ids is not { Count: > 0 and <= Most } ids || ids.Any(id => id is null || !Id.Plausible(id)))
            {
                return Problem.Invalid(("ids", $"Name 1 to {Most} mails."));
            }

            // Locked in the order of their ids, as whatever else touches several does.
            var sql = $"""
                SELECT id AS Id, kind AS Kind, state AS StateText, student_id AS StudentId, session_id AS SessionId, schedule_version AS ScheduleVersion
                FROM outbox WHERE organisation_id = @organisationId AND {change.Dialect.In("id", "@ids")} ORDER BY id{change.Dialect.ForUpdate}
                """;
            var rows = await change.All<Row>(sql, new { organisationId = actor.OrganisationId, ids = ids.Distinct(StringComparer.Ordinal).ToArray() });
            var outcomes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var row in rows)
            {
                outcomes[row.Id] = await decide(change, row);
            }

            if (outcomes.Count > 0)
            {
                change.Record(actor.OrganisationId, AuditLog.Organisation(actor.OrganisationId), action, "outbox", outcomes);
            }

            return new MailsAnswer([.. ids.Select(id => new MailOutcome(id, outcomes.GetValueOrDefault(id, "gone")))]);
        },
        once);

    private static string Refusal(MailState state) => state switch
    {
        MailState.Sent => "alreadySent",
        MailState.Superseded => "superseded",
        _ => "busy",
    };

    private sealed record Row(string Id, string Kind, string StateText, string StudentId, string? SessionId, long ScheduleVersion)
    {
        public MailState State => Enum.Parse<MailState>(StateText);
    }
}
