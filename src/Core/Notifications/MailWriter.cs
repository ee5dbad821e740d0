using System.Globalization;
using System.Text;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Notifications;

/// <summary>Writes the mail of some facts: a short text, and the session as the student's calendar takes it. Pure.</summary>
public static class MailWriter
{
    /// <param name="from">The address that it comes from; the name is the organisation's.</param>
    public static Mail Write(MailFacts facts, string from, DateTimeOffset now)
    {
        var texts = MailTexts.Of(facts.Language);
        var anyTime = facts is { Kind: MailKind.Invited, Session: null };
        var (subject, sentence) = anyTime ? texts.InvitedAnyTime : texts.Kinds[facts.Kind];
        var name = (facts.Session ?? facts.FormerSession)?.Name ?? "";
        var sender = new MailAddressee(facts.OrganisationName, from);
        var recipient = new MailAddressee($"{facts.GivenName} {facts.FamilyName}".Trim(), facts.Address);
        return new Mail
        {
            MessageId = $"{facts.Id}@{from[(from.LastIndexOf('@') + 1)..]}",
            From = sender,
            To = recipient,
            Date = now,
            Language = facts.Language,
            Subject = Fill(subject, name),
            Text = Body(facts, texts, Fill(sentence, name)),
            Calendars = [.. Calendars(facts, sender, recipient, now)],
        };
    }

    /// <summary>The UID of a session in a student's calendar: the same in every mail and in the feed.</summary>
    public static string Uid(string sessionId, string studentId) => $"{sessionId}.{studentId}@liveproctor";

    private static string Body(MailFacts facts, MailTexts texts, string sentence)
    {
        var text = new StringBuilder();
        text.Append(Fill(texts.Hello, facts.GivenName)).Append("\n\n").Append(sentence).Append("\n\n");
        if (facts.Session is { } session)
        {
            var ended = facts.Kind is MailKind.Cancelled or MailKind.Removed;
            var zone = SessionTimes.Zone(session.TimeZone) ?? TimeZoneInfo.Utc;
            var rows = new List<(string Label, string Value)>
            {
                (texts.Opens, At(session.OpensAt, zone, texts)),
                (texts.Closes, At(session.ClosesAt, zone, texts)),
            };
            if (facts.Formerly is { } formerly && !ended)
            {
                rows.Add((texts.Formerly, $"{At(formerly.OpensAt, zone, texts)} – {At(formerly.ClosesAt, zone, texts)}"));
            }

            rows.Add((texts.Zone, $"{session.TimeZone} ({Offset(session.OpensAt, zone)})"));
            Table(text, rows);
        }

        if (facts is { Kind: MailKind.Unassigned, FormerSession: { } left })
        {
            var zone = SessionTimes.Zone(left.TimeZone) ?? TimeZoneInfo.Utc;
            Table(text, [(texts.Formerly, $"{At(left.OpensAt, zone, texts)} – {At(left.ClosesAt, zone, texts)} ({left.TimeZone}, {Offset(left.OpensAt, zone)})")]);
        }

        if (facts.Tests.Count > 0)
        {
            Table(text, [(texts.Tests, string.Join(", ", facts.Tests))]);
        }

        if (text[^2] != '\n')
        {
            text.Append('\n');
        }

        return text.Append(texts.Page).Append('\n').Append(facts.Page).Append('\n').Append(texts.Keep).Append("\n\n").Append(facts.OrganisationName).Append('\n').ToString();
    }

    private static void Table(StringBuilder text, IReadOnlyList<(string Label, string Value)> rows)
    {
        foreach (var (label, value) in rows)
        {
            text.Append(label).Append(": ").Append(value).Append('\n');
        }
    }

    private static IEnumerable<CalendarPart> Calendars(MailFacts facts, MailAddressee sender, MailAddressee recipient, DateTimeOffset now)
    {
        CalendarEvent Event(Session session, long sequence, bool cancelled) => new()
        {
            Uid = Uid(session.Id, facts.StudentId),
            Sequence = sequence,
            Stamp = now,
            StartsAt = session.OpensAt,
            EndsAt = session.ClosesAt,
            Summary = session.Name,
            Description = string.Join(", ", facts.Tests),
            Url = cancelled ? null : facts.Page,
            Cancelled = cancelled,
            Organizer = sender,
            Attendee = recipient,
        };

        if (facts.Session is { } session)
        {
            var cancelled = facts.Kind is MailKind.Cancelled or MailKind.Removed;
            var method = cancelled ? "CANCEL" : "REQUEST";
            yield return new CalendarPart(method, CalendarText.Write(method, [Event(session, facts.Sequence, cancelled)]));
        }

        if (facts.FormerSession is { } former)
        {
            yield return new CalendarPart("CANCEL", CalendarText.Write("CANCEL", [Event(former, facts.FormerSequence, cancelled: true)]));
        }
    }

    private static string Fill(string sentence, string value) => sentence.Replace("{0}", value, StringComparison.Ordinal);

    private static string At(DateTimeOffset instant, TimeZoneInfo zone, MailTexts texts) => TimeZoneInfo.ConvertTime(instant, zone).ToString(texts.When, texts.Culture);

    private static string Offset(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var offset = zone.GetUtcOffset(instant);
        return string.Create(CultureInfo.InvariantCulture, $"UTC{(offset < TimeSpan.Zero ? '-' : '+')}{offset.Duration():hh\\:mm}");
    }
}
