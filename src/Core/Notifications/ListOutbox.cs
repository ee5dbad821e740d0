using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>A mail as the manager sees it.</summary>
/// <param name="Since">Since when it is in its state.</param>
/// <param name="NextTryAt">When it is tried next; null when it is not waiting.</param>
/// <param name="Recipient">The address that it goes or went to; empty when none is known.</param>
/// <param name="Reply">The mail server's answer, the file, or why nothing came of it; empty at first.</param>
/// <param name="AskedBy">Who asked for it.</param>
public sealed record OutboxRow(
    string Id, MailKind Kind, MailState State, DateTimeOffset Since, DateTimeOffset CreatedAt, DateTimeOffset? NextTryAt, long Attempts,
    string StudentId, string StudentName, string Recipient, string? SessionId, string? SessionName, string Reply, string AskedBy);

/// <summary>What the mail page opens with.</summary>
/// <param name="Counts">How many mails are in each state; a state without any is left out.</param>
/// <param name="Language">The language of students who have none of their own.</param>
public sealed record OutboxSummary(MailDelivery Delivery, string Language, IReadOnlyDictionary<MailState, long> Counts);

/// <summary>What the list of mails is asked for.</summary>
/// <param name="Search">In the student's name and the address; at most 120 characters.</param>
public sealed record OutboxQuery(MailState? State = null, string? SessionId = null, string? Search = null, string? Cursor = null, int? Limit = null);

/// <summary>The organisation's mails, the newest first. Problems: invalid.</summary>
public sealed class ListOutbox(Db db, IMailCarrier carrier)
{
    private const int DefaultLimit = 50;

    public async Task<Result<Page<OutboxRow>>> Run(Actor actor, OutboxQuery query)
    {
        var check = new Check();
        var search = check.OptionalText("search", query.Search, 120);
        var limit = check.Number("limit", query.Limit, 1, 200, DefaultLimit);
        var after = ReadCursor(query.Cursor);
        check.That(after is not null, "cursor", "This is no cursor of this list.");
        check.That(query.SessionId is null || Id.Plausible(query.SessionId), "sessionId", "There is no such session.");
        if (check.Failed(out var problem))
        {
            return problem;
        }

        var where = new StringBuilder("outbox.organisation_id = @organisationId");
        where.Append(query.State is null ? "" : " AND outbox.state = @state");
        where.Append(query.SessionId is null ? "" : " AND outbox.session_id = @sessionId");
        where.Append(after!.Value.Id.Length == 0 ? "" : " AND (outbox.created_at < @createdAt OR (outbox.created_at = @createdAt AND outbox.id < @id))");
        if (search is not null)
        {
            var name = db.Dialect.Contains("students.given_name || ' ' || students.family_name", "@pattern");
            where.Append(CultureInfo.InvariantCulture, $" AND ({name} OR {db.Dialect.Contains("outbox.recipient", "@pattern")})");
        }

        var sql = $"""
            SELECT outbox.id AS Id, outbox.kind AS Kind, outbox.state AS State, outbox.since AS Since, outbox.created_at AS CreatedAt, outbox.due_at AS DueAt,
                   outbox.attempts AS Attempts, outbox.student_id AS StudentId, students.given_name AS GivenName, students.family_name AS FamilyName,
                   CASE WHEN outbox.recipient = '' THEN COALESCE(students.email, '') ELSE outbox.recipient END AS Recipient,
                   outbox.session_id AS SessionId, sessions.name AS SessionName, outbox.reply AS Reply, outbox.asked_by AS AskedBy
            FROM outbox LEFT JOIN students ON students.id = outbox.student_id LEFT JOIN sessions ON sessions.id = COALESCE(outbox.session_id, outbox.former_session_id)
            WHERE {where} ORDER BY outbox.created_at DESC, outbox.id DESC LIMIT @take
            """;
        var rows = (await db.Read(connection => connection.QueryAsync<Row>(sql, new
        {
            organisationId = actor.OrganisationId,
            state = query.State?.ToString(),
            sessionId = query.SessionId,
            pattern = $"%{search?.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%",
            createdAt = after.Value.CreatedAt,
            id = after.Value.Id,
            take = limit + 1,
        }))).Select(row => row.Shown).ToList();
        return rows.Count <= limit ? new Page<OutboxRow>(rows) : new Page<OutboxRow>(rows[..limit], WriteCursor(rows[limit - 1]));
    }

    /// <summary>What the mail page opens with.</summary>
    public async Task<OutboxSummary> Summary(Actor actor)
    {
        const string counts = "SELECT state, count(*) FROM outbox WHERE organisation_id = @organisationId GROUP BY state";
        const string language = "SELECT language FROM organisations WHERE id = @organisationId";
        var parameters = new { organisationId = actor.OrganisationId };
        return await db.Read(async connection => new OutboxSummary(
            carrier.Describe(),
            await connection.QuerySingleOrDefaultAsync<string>(language, parameters) ?? "en",
            (await connection.QueryAsync<(string State, long Count)>(counts, parameters)).ToDictionary(row => Enum.Parse<MailState>(row.State), row => row.Count)));
    }

    private static string WriteCursor(OutboxRow last) =>
        Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"outbox|{last.CreatedAt.ToUnixTimeMilliseconds()}|{last.Id}")));

    private static (long CreatedAt, string Id)? ReadCursor(string? cursor)
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return (0, "");
        }

        var parts = cursor.Length <= 1000 && Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)).Split('|') : [];
        return parts is ["outbox", var at, var id] && Id.Plausible(id) && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var createdAt) ? (createdAt, id) : null;
    }

    private sealed class Row
    {
        public string Id { get; init; } = "";

        public string Kind { get; init; } = "";

        public string State { get; init; } = "";

        public DateTimeOffset Since { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public long? DueAt { get; init; }

        public long Attempts { get; init; }

        public string StudentId { get; init; } = "";

        public string? GivenName { get; init; }

        public string? FamilyName { get; init; }

        public string Recipient { get; init; } = "";

        public string? SessionId { get; init; }

        public string? SessionName { get; init; }

        public string Reply { get; init; } = "";

        public string AskedBy { get; init; } = "";

        private MailState TheState => Enum.Parse<MailState>(State);

        public OutboxRow Shown => new(
            Id, Enum.Parse<MailKind>(Kind), TheState, Since, CreatedAt, TheState == MailState.Waiting && DueAt is { } due ? DateTimeOffset.FromUnixTimeMilliseconds(due) : null, Attempts,
            StudentId, $"{GivenName} {FamilyName}".Trim(), Recipient, SessionId, SessionName, Reply, AskedBy);
    }
}
