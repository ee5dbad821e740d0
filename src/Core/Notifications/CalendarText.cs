using System.Globalization;
using System.Text;

namespace LiveProctor.Core.Notifications;

/// <summary>An event of a calendar.</summary>
public sealed record CalendarEvent
{
    /// <summary>Stable for what it is about, so that a later version replaces it.</summary>
    public required string Uid { get; init; }

    /// <summary>Raised at each change.</summary>
    public required long Sequence { get; init; }

    /// <summary>When this version of it was made.</summary>
    public required DateTimeOffset Stamp { get; init; }

    public required DateTimeOffset StartsAt { get; init; }

    public required DateTimeOffset EndsAt { get; init; }

    public required string Summary { get; init; }

    public required string Description { get; init; }

    public string? Url { get; init; }

    public bool Cancelled { get; init; }

    /// <summary>Only in mails: who invites.</summary>
    public MailAddressee? Organizer { get; init; }

    /// <summary>Only in mails: who is invited.</summary>
    public MailAddressee? Attendee { get; init; }
}

/// <summary>
/// iCalendar text (RFC 5545). Times are in UTC: an event that does not repeat needs no zone, every calendar shows it in its reader's own,
/// and there is no rule of daylight saving to get wrong (docs/decisions/0102).
/// </summary>
public static class CalendarText
{
    private const int Longest = 75;

    /// <param name="method"><c>REQUEST</c> or <c>CANCEL</c> in a mail; null in a feed.</param>
    /// <param name="name">What a feed is called; null in a mail.</param>
    public static string Write(string? method, IEnumerable<CalendarEvent> events, string? name = null)
    {
        var text = new StringBuilder();
        Line(text, "BEGIN:VCALENDAR");
        Line(text, "VERSION:2.0");
        Line(text, "PRODID:-//LiveProctor//LiveProctor 1//EN");
        Line(text, "CALSCALE:GREGORIAN");
        if (method is not null)
        {
            Line(text, $"METHOD:{method}");
        }

        if (name is not null)
        {
            Line(text, $"NAME:{Escape(name)}");
            Line(text, $"X-WR-CALNAME:{Escape(name)}");
            Line(text, "REFRESH-INTERVAL;VALUE=DURATION:PT1H");
            Line(text, "X-PUBLISHED-TTL:PT1H");
        }

        foreach (var item in events)
        {
            Event(text, item);
        }

        Line(text, "END:VCALENDAR");
        return text.ToString();
    }

    private static void Event(StringBuilder text, CalendarEvent item)
    {
        Line(text, "BEGIN:VEVENT");
        Line(text, $"UID:{Escape(item.Uid)}");
        Line(text, string.Create(CultureInfo.InvariantCulture, $"SEQUENCE:{item.Sequence}"));
        Line(text, $"DTSTAMP:{At(item.Stamp)}");
        Line(text, $"DTSTART:{At(item.StartsAt)}");
        Line(text, $"DTEND:{At(item.EndsAt)}");
        Line(text, $"SUMMARY:{Escape(item.Summary)}");
        Line(text, $"DESCRIPTION:{Escape(item.Description)}");
        if (item.Url is { } url)
        {
            Line(text, $"URL:{Bare(url)}");
        }

        Line(text, item.Cancelled ? "STATUS:CANCELLED" : "STATUS:CONFIRMED");
        if (item.Organizer is { } organizer)
        {
            Line(text, $"ORGANIZER;CN={Quoted(organizer.Name)}:mailto:{Bare(organizer.Address)}");
        }

        if (item.Attendee is { } attendee)
        {
            Line(text, $"ATTENDEE;CN={Quoted(attendee.Name)};ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=FALSE:mailto:{Bare(attendee.Address)}");
        }

        Line(text, "END:VEVENT");
    }

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    private static string Escape(string value) => Shown(value.ReplaceLineEndings("\n"), lines: true)
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace(";", "\\;", StringComparison.Ordinal)
        .Replace(",", "\\,", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);

    // RFC 6868 has signs for what a quoted parameter cannot hold.
    private static string Quoted(string value) =>
        $"\"{Shown(value, lines: false).Replace("^", "^^", StringComparison.Ordinal).Replace("\"", "^'", StringComparison.Ordinal)}\"";

    private static string Bare(string value) => Shown(value, lines: false);

    private static string Shown(string value, bool lines) => string.Concat(value.Where(character => !char.IsControl(character) || (lines && character == '\n')));

    // Section 3.1: folded before 75 octets, never within a character.
    private static void Line(StringBuilder text, string line)
    {
        var octets = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (octets + rune.Utf8SequenceLength > Longest)
            {
                text.Append("\r\n ");
                octets = 1;
            }

            text.Append(rune.ToString());
            octets += rune.Utf8SequenceLength;
        }

        text.Append("\r\n");
    }
}
