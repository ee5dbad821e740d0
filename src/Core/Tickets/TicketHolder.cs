using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>
/// Who holds a ticket, and the test that it opens: user ID and session password open only what the student is registered to in that session
/// (product.md section 4). Whether the user ID or the password was wrong is not told.
/// </summary>
/// <param name="StudentId">The student's id.</param>
/// <param name="Test">The test, as the session gives it.</param>
/// <param name="Own">What was started on the own page; null for who shows a ticket.</param>
internal sealed record TicketHolder(string StudentId, SessionTest Test, OwnStart? Own = null)
{
    /// <summary>Reads the ticket inside a change on the session. Problems: ticketWrong, ticketOutdated, invalid.</summary>
    /// <param name="testCode">Which of the student's tests, where there are several; null for the next to take.</param>
    public static async Task<Result<TicketHolder>> Find(Change change, Session session, string userId, string password, string? testCode)
    {
        const string sql = """
            SELECT registrations.student_id AS StudentId, registrations.test_key AS TestKey, registrations.status AS Status
            FROM students JOIN registrations ON registrations.student_id = students.id
            WHERE students.organisation_id || '' = @organisationId AND students.user_id = @userId AND NOT students.deleted
              AND registrations.session_id = @sessionId AND registrations.status <> 'Cancelled'
            """;
        // Looked up whatever the password is: neither the answer nor its time tells which of the two was wrong.
        return Choose(
            session, await change.All<Assigned>(sql, new { organisationId = session.OrganisationId, userId = Plain(userId), sessionId = session.Id }), password, testCode);
    }

    /// <summary>The same for whom it is known what they are registered to in the session.</summary>
    public static Result<TicketHolder> Choose(Session session, IReadOnlyCollection<Assigned> rows, string password, string? testCode)
    {
        switch (SessionPassword.Match(session, password))
        {
            case PasswordMatch.Former:
                return new Problem(ProblemKind.TicketOutdated, "The password of this session was changed after your ticket was printed. Ask your proctor for a new ticket.");
            case PasswordMatch.Wrong:
                return Wrong;
        }

        // Of several the one under way, then the first that is still to be taken, in the session's order.
        var assigned = session.Tests
            .Join(rows, test => Catalogue.Test.Key(test.Code), row => row.TestKey, (test, row) => (Test: test, row.StudentId, row.Status))
            .OrderBy(item => item.Status switch { "Started" => 0, "Pending" => 1, _ => 2 })
            .ToList();
        if (assigned.Count == 0)
        {
            return Wrong;
        }

        var chosen = testCode is null ? assigned[0] : assigned.Find(item => Catalogue.Test.Key(item.Test.Code) == Catalogue.Test.Key(testCode));
        return chosen.Test is null
            ? Problem.Invalid(("testCode", "Your ticket does not open this test."))
            : new TicketHolder(chosen.StudentId, chosen.Test);
    }

    /// <summary>Who comes from the own page, which says who they are and what they may take. Problems: invalid.</summary>
    public static Result<TicketHolder> Of(Session session, OwnStart own) =>
        session.Tests.FirstOrDefault(test => Catalogue.Test.Key(test.Code) == Catalogue.Test.Key(own.TestCode)) is { } test
            ? new TicketHolder(own.StudentId, test, own)
            : Problem.Invalid(("registrationId", "This session no longer has this test. Ask who invited you."));

    /// <summary>Why what let the student in a moment ago no longer does, now that the registrations are locked; null when it still does.</summary>
    /// <param name="registrations">The student's to this test that were not cancelled, locked.</param>
    public Problem? WhyNot(Session session, IReadOnlyList<Registration> registrations) => Own switch
    {
        null => registrations.Any(registration => registration.SessionId == session.Id) ? null : Wrong,
        { RegistrationId: null } => null,
        { RegistrationId: { } id } => registrations.FirstOrDefault(registration => registration.Id == id) switch
        {
            null => Gone,
            { Status: RegistrationStatus.Completed } => new Problem(ProblemKind.AlreadyDone, "You have finished this test already."),
            var registration when registration.SessionId == (session.Individual ? null : session.Id) => null,
            _ => new Problem(ProblemKind.Stale, "Your test was moved at this moment. Look again."),
        },
    };

    /// <summary>That the student, or what was to be started, is not there any more.</summary>
    public Problem Gone => Own switch
    {
        null => Wrong,
        { RegistrationId: null } => OwnPage.Missing,
        _ => Problem.NotFound("registration"),
    };

    private static Problem Wrong => new(ProblemKind.TicketWrong, "User ID and password do not match. Check both against your ticket, or ask your proctor.");

    /// <summary>A user ID as it is stored, whatever way it was typed.</summary>
    internal static string Plain(string userId) => new string([.. userId.Where(character => character is not ('-' or ' ' or '–'))]).ToUpperInvariant();

    /// <summary>A test of the session to which the user ID's student is registered.</summary>
    internal sealed record Assigned(string StudentId, string TestKey, string Status);
}

/// <summary>A student who starts a test from the own page.</summary>
/// <param name="RegistrationId">Null for a practice test that is tried without one.</param>
internal sealed record OwnStart(string StudentId, string TestCode, string? RegistrationId = null);
