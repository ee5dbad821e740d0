using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>Which tickets of a session to print; all of them where nothing is named.</summary>
public sealed record TicketsRequest
{
    /// <summary>The most registrations that can be named one by one.</summary>
    public const int MostNamed = 5000;

    public IReadOnlyList<string>? RegistrationIds { get; init; }

    public string? GroupId { get; init; }

    public string? StudentId { get; init; }

    /// <summary><c>json</c>, which it is when left out, or <c>csv</c>.</summary>
    public string? Format { get; init; }

    internal IEnumerable<(string Field, string Sentence)> Check()
    {
        if (RegistrationIds is { Count: 0 or > MostNamed } || RegistrationIds?.All(Plausible) == false)
        {
            yield return ("registrationIds", $"Name 1 to {MostNamed:N0} registrations, each by its id, or leave this out.");
        }

        if (GroupId is not null && !Plausible(GroupId))
        {
            yield return ("groupId", "There is no such group.");
        }

        if (StudentId is not null && !Plausible(StudentId))
        {
            yield return ("studentId", "There is no such student.");
        }

        if (Format is not (null or "json" or "csv"))
        {
            yield return ("format", "This is json or csv.");
        }
    }

    private static bool Plausible(string? id) => id is not null && Id.Plausible(id);
}

/// <summary>A student's credentials for one test in one session.</summary>
public sealed record Ticket(string RegistrationId, string UserId, string Password, TicketStudent Student, string TestCode, string TestTitle, int Minutes);

/// <summary>Whose ticket it is.</summary>
public sealed record TicketStudent(string Id, string ExternalId, string GivenName, string FamilyName);

/// <summary>What all tickets of a session say.</summary>
/// <param name="JoinAddress">Where the QR code leads.</param>
/// <param name="AsksCode">Whether the proctor says a session code aloud; it is on no ticket.</param>
public sealed record TicketsSession(
    string Id, string Name, SessionMode Mode, string TimeZone, DateTimeOffset OpensAt, DateTimeOffset ClosesAt, string JoinId, string JoinAddress, bool AsksCode);

/// <summary>Tickets, by family name.</summary>
public sealed record TicketSheet(TicketsSession Session, IReadOnlyList<Ticket> Items);

/// <summary>
/// The tickets of who is registered to a session and has not finished: for all, a group, or some. Printing is recorded, with who and how many.
/// Problems: notFound, forbidden, invalid.
/// </summary>
public sealed class PrintTickets(Changes changes)
{
    /// <param name="joinAddress">Makes the address that a session's QR code leads to.</param>
    public Task<Result<TicketSheet>> Run(Actor actor, string sessionId, TicketsRequest request, Func<Session, string> joinAddress, Once? once = null) => changes.Run<TicketSheet>(
        actor,
        async change =>
        {
            var wrong = request.Check().ToArray();
            if (wrong.Length > 0)
            {
                return Problem.Invalid(wrong);
            }

            var loaded = await SessionChange.Steer(change, sessionId);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            var session = loaded.Value;
            var rows = await Registered(change, session, request);
            var tests = session.Tests.ToDictionary(test => Catalogue.Test.Key(test.Code), StringComparer.Ordinal);
            var tickets = rows.Where(row => tests.ContainsKey(row.TestKey)).Select(row => row.Ticket(session, tests[row.TestKey]))
                .OrderBy(ticket => ticket.Student.FamilyName, StringComparer.OrdinalIgnoreCase).ThenBy(ticket => ticket.Student.GivenName, StringComparer.OrdinalIgnoreCase)
                .ThenBy(ticket => ticket.UserId, StringComparer.Ordinal).ThenBy(ticket => ticket.TestCode, StringComparer.OrdinalIgnoreCase).ToList();
            change.Record(session.OrganisationId, FeedNames.Session(session.Id), "ticketsPrinted", session.Id, new
            {
                count = tickets.Count, format = request.Format ?? "json", request.GroupId, request.StudentId, registrations = request.RegistrationIds,
            });
            return new TicketSheet(
                new TicketsSession(
                    session.Id, session.Name, session.Mode, session.TimeZone, session.OpensAt, session.ClosesAt, JoinId.Show(session.JoinId), joinAddress(session),
                    session.Code is not null),
                tickets);
        },
        once);

    private static async Task<IReadOnlyList<Row>> Registered(Change change, Session session, TicketsRequest request)
    {
        var sql = $"""
            SELECT registrations.id AS Id, registrations.test_key AS TestKey, students.id AS StudentId, students.user_id AS UserId,
                   students.external_id AS ExternalId, students.given_name AS GivenName, students.family_name AS FamilyName
            FROM registrations JOIN students ON students.id = registrations.student_id
            WHERE registrations.session_id = @sessionId AND registrations.status IN ('Pending', 'Started')
            """;
        if (request.StudentId is not null)
        {
            sql += " AND students.id = @studentId";
        }

        if (request.GroupId is not null)
        {
            sql += " AND EXISTS (SELECT 1 FROM group_members WHERE group_members.group_id = @groupId AND group_members.student_id = students.id)";
        }

        if (request.RegistrationIds is not null)
        {
            sql += $" AND {change.Dialect.In("registrations.id", "@ids")}";
        }

        return await change.All<Row>(sql, new { sessionId = session.Id, studentId = request.StudentId, groupId = request.GroupId, ids = request.RegistrationIds?.ToArray() ?? [] });
    }

    private sealed record Row(string Id, string TestKey, string StudentId, string UserId, string ExternalId, string GivenName, string FamilyName)
    {
        public Ticket Ticket(Session session, SessionTest test) =>
            new(Id, UserId, session.Password, new TicketStudent(StudentId, ExternalId, GivenName, FamilyName), test.Code, test.Title, test.Minutes);
    }
}
