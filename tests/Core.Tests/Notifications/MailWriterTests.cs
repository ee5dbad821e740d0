using System.Text;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>What stands in a mail, whatever people called their sessions and themselves.</summary>
public sealed class MailWriterTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private const string Page = "https://proctor.example/my/page-secret";

    public static TheoryData<MailKind, string> Every => [.. Enum.GetValues<MailKind>().SelectMany(kind => new[] { "en", "es", "fr" }.Select(language => (kind, language)))];

    [Theory, MemberData(nameof(Every))]
    public void Every_kind_in_every_language_names_the_session_the_page_and_nothing_that_opens_a_door(MailKind kind, string language)
    {
        var mail = MailWriter.Write(Facts(kind) with { Language = language }, "exams@school.example", Nine);
        var whole = Encoding.UTF8.GetString(MimeMessage.Write(mail)) + mail.Text + string.Concat(mail.Calendars.Select(item => item.Text));

        Assert.Contains("Algebra", mail.Subject, StringComparison.Ordinal);
        Assert.Contains(Page, mail.Text, StringComparison.Ordinal);
        Assert.Contains("Mia", mail.Text, StringComparison.Ordinal);
        Assert.Contains("2026", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("{0}", mail.Subject + mail.Text, StringComparison.Ordinal);
        foreach (var secret in new[] { "Ticket-Pass", "SaidAloud", "JOINIDXX", "link-secret" })
        {
            Assert.DoesNotContain(secret, whole, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Times_are_those_of_the_sessions_zone_on_that_day()
    {
        var winter = MailWriter.Write(Facts(MailKind.Moved), "a@b.example", Nine).Text;
        var summer = MailWriter.Write(Facts(MailKind.Moved) with { Session = Session() with { OpensAt = Nine.AddMonths(8), ClosesAt = Nine.AddMonths(8).AddHours(1) } }, "a@b.example", Nine).Text;

        Assert.Contains("10:00", winter, StringComparison.Ordinal);
        Assert.Contains("Europe/Madrid (UTC+01:00)", winter, StringComparison.Ordinal);
        Assert.Contains("11:00", summer, StringComparison.Ordinal);
        Assert.Contains("UTC+02:00", summer, StringComparison.Ordinal);
    }

    [Fact]
    public void A_student_in_another_session_gets_the_new_one_and_loses_the_old_one_in_the_calendar()
    {
        var mail = MailWriter.Write(Facts(MailKind.Reassigned) with { FormerSession = Session() with { Id = "old" }, FormerSequence = 4 }, "a@b.example", Nine);

        Assert.Equal(["REQUEST", "CANCEL"], mail.Calendars.Select(item => item.Method));
        Assert.Equal(["session-1.student-1@liveproctor", "old.student-1@liveproctor"], mail.Calendars.Select(item => Opened.Value(item.Text, "UID")));
        Assert.Equal("4", Opened.Value(mail.Calendars[1].Text, "SEQUENCE"));
    }

    [Theory]
    [InlineData("x\r\nBcc: all@school.example")]
    [InlineData("x\nBcc: all@school.example\n\nbody")]
    [InlineData("\"quoted\\\" <evil@x.example>")]
    [InlineData("=?utf-8?Q?=0D=0ABcc:_all@school.example?=")]
    [InlineData("Ünïcödé 🟦 of a very long name that goes on and on until it does not fit into one word of a header any more")]
    [InlineData("END:VEVENT\r\nBEGIN:VEVENT")]
    public void No_name_makes_a_header_or_a_property_of_its_own(string name)
    {
        var facts = Facts(MailKind.Moved);
        var mail = MailWriter.Write(facts with { Session = facts.Session! with { Name = name }, GivenName = name, OrganisationName = name }, "a@b.example", Nine);
        var text = Encoding.UTF8.GetString(MimeMessage.Write(mail));
        var head = text[..text.IndexOf("\r\n\r\n", StringComparison.Ordinal)];

        Assert.All(head.Split("\r\n"), line => Assert.Matches("^( |Date:|From:|To:|Subject:|Message-ID:|Content-Language:|Auto-Submitted:|MIME-Version:|Content-Type:)", line));
        Assert.All(text.Split("\r\n"), line => Assert.InRange(line.Length, 0, 76));
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        var calendar = mail.Calendars[0].Text;
        Assert.All(calendar.Split("\r\n"), line => Assert.InRange(Opened.Octets(line), 0, 75));
        Assert.Single(Opened.Lines(calendar), line => line == "BEGIN:VEVENT");
        Assert.DoesNotContain(Opened.Lines(calendar), line => line.StartsWith("Bcc", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Commas_semicolons_backslashes_and_lines_are_escaped_as_a_calendar_reads_them()
    {
        var facts = Facts(MailKind.Moved);
        var calendar = MailWriter.Write(facts with { Session = facts.Session! with { Name = "a,b;c\\d" }, GivenName = "Mia \"M\"" }, "a@b.example", Nine).Calendars[0].Text;

        Assert.Equal("a\\,b\\;c\\\\d", Opened.Value(calendar, "SUMMARY"));
        Assert.Contains("CN=\"Mia ^'M^' Berg\"", calendar.Replace("\r\n ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Equal("20261121T090000Z", Opened.Value(calendar, "DTSTART"));
        Assert.EndsWith("END:VCALENDAR\r\n", calendar, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mia@school.example", true)]
    [InlineData("mia@schule-köln.example", true)]
    [InlineData("mia@school.example\r\nBcc: x@y.example", false)]
    [InlineData("mia>@school.example", false)]
    [InlineData("mia@a@school.example", false)]
    [InlineData("mia mia@school.example", false)]
    [InlineData("mia@", false)]
    [InlineData("@school.example", false)]
    [InlineData("", false)]
    public void Only_an_address_is_written_to(string address, bool good) => Assert.Equal(good, MimeMessage.AddressFault(address) is null);

    private static MailFacts Facts(MailKind kind) => new()
    {
        Id = "mail-1", Kind = kind, OrganisationName = "Northern schools", StudentId = "student-1", GivenName = "Mia", FamilyName = "Berg", Address = "mia@school.example",
        Language = "en", Page = Page, Session = kind == MailKind.Unassigned ? null : Session(), FormerSession = kind == MailKind.Unassigned ? Session() : null, Sequence = 3, Formerly = new Window(Nine.AddDays(-1), Nine.AddDays(-1).AddHours(1)), Tests = ["Mathematics 7"],
    };

    private static Session Session() => new()
    {
        Id = "session-1", OrganisationId = "o", Name = "Algebra", Mode = SessionMode.Remote, TimeZone = "Europe/Madrid", OpensAt = Nine, ClosesAt = Nine.AddHours(2), Tests = [],
        Code = "SaidAloud", Password = "Ticket-Pass", JoinId = "JOINIDXX", LinkSecret = "link-secret", PhaseSince = Nine, CreatedAt = Nine,
    };
}
