using System.Data.Common;
using Dapper;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Notifications;

/// <summary>A mail that this node has taken to send.</summary>
/// <param name="Claim">Proves that it is still this node's.</param>
/// <param name="Facts">Null when there is nothing to send any more: it was settled while it was taken.</param>
public sealed record ClaimedMail(string Id, string Claim, long Attempts, DateTimeOffset FirstTriedAt, MailFacts? Facts);

/// <summary>
/// The sender's side of the outbox. A row is worked on by whoever wrote its claim, as long as nobody else did; every step is one statement
/// with the claim and the expected state as its condition, so a node that was asleep finds that it has nothing to say any more.
/// </summary>
public sealed class OutboxStore(Db db, PublicAddress address, TimeProvider time)
{
    /// <summary>Takes the mail that is due for longest and reads what it has to say as it is now; null when none is due.</summary>
    /// <param name="hold">For how long; afterwards another node may take it, for nothing that a server would deliver has been said.</param>
    public Task<ClaimedMail?> Claim(TimeSpan hold)
    {
        var sql = $"""
            UPDATE outbox SET state = 'Sending', claim = @claim, since = @now, due_at = @until, attempts = attempts + 1, first_tried_at = COALESCE(first_tried_at, @now)
            WHERE id = (SELECT id FROM outbox WHERE due_at <= @now AND state IN ('Waiting', 'Sending') ORDER BY due_at, id LIMIT 1{db.Dialect.ForUpdateSkipLocked})
            RETURNING id
            """;
        return db.Write<ClaimedMail?>(async (connection, transaction) =>
        {
            var now = time.Now();
            var claim = Secret.New();
            if (await connection.QuerySingleOrDefaultAsync<string>(sql, new { claim, now, until = now + hold }, transaction) is not { } id)
            {
                return (null, Commit: false);
            }

            var row = await connection.QuerySingleAsync<Row>(Row.Read, new { id }, transaction);
            var tests = (await connection.QueryAsync<string>(Row.ReadTests, new { row.OrganisationId, row.StudentId, row.TestsOf }, transaction)).AsList();
            var (facts, state, reply) = row.Facts(tests, address.Value);
            if (facts is not null)
            {
                facts = facts with
                {
                    Sequence = await Sequence(connection, transaction, row.StudentId, facts.Session),
                    FormerSequence = await Sequence(connection, transaction, row.StudentId, facts.FormerSession),
                };
            }

            const string settle = "UPDATE outbox SET state = @state, reply = @reply, due_at = NULL WHERE id = @id";
            const string tell = "UPDATE outbox SET sequence = @Sequence, former_sequence = @FormerSequence, schedule_version = @version, recipient = @Address WHERE id = @id";
            await (facts is null
                ? connection.ExecuteAsync(settle, new { id, state = state.ToString(), reply }, transaction)
                : connection.ExecuteAsync(tell, new { id, facts.Sequence, facts.FormerSequence, version = facts.Session?.ScheduleVersion ?? row.ScheduleVersion, facts.Address }, transaction));
            return (new ClaimedMail(id, claim, row.Attempts, row.FirstTriedAt, facts), Commit: true);
        });
    }

    /// <summary>Writes down that the mail's end is about to be said; false when the mail is no longer this node's, or no longer true.</summary>
    /// <param name="hold">Until when an answer can be expected; afterwards the mail's fate is not known.</param>
    public Task<bool> MarkHandingOver(ClaimedMail mail, TimeSpan hold) => Step(
        "UPDATE outbox SET state = 'HandingOver', since = @now, due_at = @until WHERE id = @Id AND claim = @Claim AND state = 'Sending'", mail, hold);

    /// <summary>The same for mails that can be carried twice without harm: only whether it is still this node's.</summary>
    public Task<bool> KeepHold(ClaimedMail mail, TimeSpan hold) => Step(
        "UPDATE outbox SET due_at = @until WHERE id = @Id AND claim = @Claim AND state = 'Sending'", mail, hold);

    /// <summary>Writes down what became of it. An answer that came late still counts, as long as nobody decided otherwise.</summary>
    /// <param name="dueAt">When it is tried again; null for never.</param>
    public Task Record(ClaimedMail mail, MailState state, string reply, DateTimeOffset? dueAt)
    {
        const string sql = """
            UPDATE outbox SET state = @state, reply = @reply, since = @now, due_at = @dueAt
            WHERE id = @Id AND claim = @Claim AND state IN ('Sending', 'HandingOver', 'Unconfirmed')
            """;
        return db.Write(async (connection, transaction) => (await connection.ExecuteAsync(
            sql, new { mail.Id, mail.Claim, state = state.ToString(), reply, now = time.Now(), dueAt = dueAt?.ToUnixTimeMilliseconds() }, transaction), Commit: true));
    }

    /// <summary>Gives back a mail that was not begun with: it is due as it was.</summary>
    public Task Release(ClaimedMail mail)
    {
        const string sql = """
            UPDATE outbox SET state = 'Waiting', due_at = @now, attempts = attempts - 1 WHERE id = @Id AND claim = @Claim AND state = 'Sending'
            """;
        return db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, new { mail.Id, mail.Claim, now = time.Now() }, transaction), Commit: true));
    }

    /// <summary>Mails whose end was said by a node that never wrote down the answer: from now on it is for a person to decide.</summary>
    public Task<int> TellUnconfirmed()
    {
        const string sql = """
            UPDATE outbox SET state = 'Unconfirmed', reply = @reply, since = @now, due_at = NULL WHERE state = 'HandingOver' AND due_at <= @now
            """;
        const string reply = "The program ended while it handed this mail over. Whether the mail server took it is not known.";
        return db.Write(async (connection, transaction) => (await connection.ExecuteAsync(sql, new { reply, now = time.Now() }, transaction), Commit: true));
    }

    // Above every number that the student's calendar may have seen of the session, in mails and in the feed (RFC 5545 section 3.8.7.4).
    private static async Task<long> Sequence(DbConnection connection, DbTransaction transaction, string studentId, Session? session)
    {
        if (session is null)
        {
            return 0;
        }

        var last = await connection.QuerySingleAsync<CalendarNumbers>(CalendarNumbers.Read, new { studentId, sessionId = session.Id }, transaction);
        return Math.Max(last.Told + 1, last.Of(session));
    }

    private Task<bool> Step(string sql, ClaimedMail mail, TimeSpan hold) => db.Write(async (connection, transaction) =>
    {
        var now = time.Now();
        return (await connection.ExecuteAsync(sql, new { mail.Id, mail.Claim, now, until = now + hold }, transaction) == 1, Commit: true);
    });

    private sealed class Row
    {
        public const string Read = """
            SELECT outbox.id AS Id, outbox.organisation_id AS OrganisationId, outbox.kind AS Kind, outbox.student_id AS StudentId, outbox.schedule_version AS ScheduleVersion,
                   outbox.former_opens_at AS FormerOpensAt, outbox.former_closes_at AS FormerClosesAt,
                   outbox.attempts AS Attempts, outbox.first_tried_at AS FirstTriedAt,
                   organisations.name AS OrganisationName, organisations.language AS OrganisationLanguage,
                   students.given_name AS GivenName, students.family_name AS FamilyName, students.email AS Email, students.language AS Language, students.page_secret AS PageSecret,
                   session.document AS Session, former.document AS FormerSession
            FROM outbox JOIN organisations ON organisations.id = outbox.organisation_id
            LEFT JOIN students ON students.id = outbox.student_id
            LEFT JOIN sessions AS session ON session.id = outbox.session_id
            LEFT JOIN sessions AS former ON former.id = outbox.former_session_id
            WHERE outbox.id = @id
            """;

        public const string ReadTests = """
            SELECT tests.title FROM registrations JOIN tests ON tests.organisation_id = @OrganisationId AND tests.code_key = registrations.test_key
            WHERE registrations.student_id = @StudentId AND registrations.status IN ('Pending', 'Started')
              AND COALESCE(registrations.session_id, '') = @TestsOf
            ORDER BY tests.title
            """;

        public string Id { get; init; } = "";

        public string OrganisationId { get; init; } = "";

        public string Kind { get; init; } = "";

        public string StudentId { get; init; } = "";

        public long ScheduleVersion { get; init; }

        public long? FormerOpensAt { get; init; }

        public long? FormerClosesAt { get; init; }

        public long Attempts { get; init; }

        public DateTimeOffset FirstTriedAt { get; init; }

        public string OrganisationName { get; init; } = "";

        public string OrganisationLanguage { get; init; } = "";

        public string? GivenName { get; init; }

        public string? FamilyName { get; init; }

        public string? Email { get; init; }

        public string? Language { get; init; }

        public string? PageSecret { get; init; }

        public string? Session { get; init; }

        public string? FormerSession { get; init; }

        private MailKind What => Enum.Parse<MailKind>(Kind);

        // A session that was deleted has let its registrations go: they can be started at any time.
        private Session? TheSession => Session is null || (Json.Read<Session>(Session) is { Deleted: true } && What == MailKind.Invited) ? null : Json.Read<Session>(Session);

        public string TestsOf => TheSession?.Id ?? "";

        public (MailFacts? Facts, MailState State, string Reply) Facts(IReadOnlyList<string> tests, string site)
        {
            var session = TheSession;
            if (OutboxRules.WhyNot(What, session, registered: PageSecret is not null && tests.Count > 0, student: PageSecret is not null) is var (why, settled))
            {
                return (null, settled, why);
            }

            if (string.IsNullOrEmpty(Email))
            {
                return (null, MailState.Failed, Notices.NoAddress);
            }

            var language = MailTexts.Languages.Contains(Language) ? Language! : OrganisationLanguage;
            return (
                new MailFacts
                {
                    Id = Id,
                    Kind = What,
                    OrganisationName = OrganisationName,
                    StudentId = StudentId,
                    GivenName = GivenName ?? "",
                    FamilyName = FamilyName ?? "",
                    Address = Email,
                    Language = language,
                    Page = $"{site}/my/{PageSecret}",
                    Session = session,
                    Formerly = FormerOpensAt is { } opens && FormerClosesAt is { } closes
                        ? new Window(DateTimeOffset.FromUnixTimeMilliseconds(opens), DateTimeOffset.FromUnixTimeMilliseconds(closes))
                        : null,
                    FormerSession = FormerSession is null ? null : Json.Read<Session>(FormerSession),
                    Tests = tests,
                },
                MailState.Sending,
                "");
        }
    }
}
