using System.Text;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Tickets;

/// <summary>Tickets as RFC 4180 text, for a mail merge.</summary>
public static class TicketsCsv
{
    private static readonly string[] Header =
        ["familyName", "givenName", "externalId", "userId", "password", "joinId", "joinAddress", "testCode", "test", "session", "opensAt", "closesAt", "timeZone"];

    /// <summary>The whole file, with a byte order mark: spreadsheets take UTF-8 for another encoding without it.</summary>
    public static string Write(TicketSheet tickets)
    {
        var session = tickets.Session;
        var text = new StringBuilder("\uFEFF");
        Line(text, Header);
        foreach (var ticket in tickets.Items)
        {
            Line(
                text, ticket.Student.FamilyName, ticket.Student.GivenName, ticket.Student.ExternalId, ticket.UserId, ticket.Password, session.JoinId, session.JoinAddress,
                ticket.TestCode, ticket.TestTitle, session.Name, Local(session.OpensAt, session.TimeZone), Local(session.ClosesAt, session.TimeZone), session.TimeZone);
        }

        return text.ToString();
    }

    private static string Local(DateTimeOffset instant, string zone) =>
        TimeZoneInfo.ConvertTime(instant, SessionTimes.Zone(zone) ?? TimeZoneInfo.Utc).ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, params string[] cells) => text.AppendJoin(',', cells.Select(Cell)).Append("\r\n");

    // A cell that a spreadsheet would run as a formula gets an apostrophe in front (OWASP, CSV injection): names come from elsewhere.
    private static string Cell(string value)
    {
        var safe = value.Length > 0 && value[0] is ('=' or '+' or '-' or '@' or '\t' or '\r' or '\n') ? "'" + value : value;
        return safe.AsSpan().IndexOfAny(",;\"\r\n") >= 0 ? $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : safe;
    }
}
