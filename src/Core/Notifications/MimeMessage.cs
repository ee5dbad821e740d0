using System.Globalization;
using System.Text;

namespace LiveProctor.Core.Notifications;

/// <summary>A mail as bytes (RFC 5322, 2045–2047). Whatever the texts hold, a header stays one header: nothing from outside reaches one unencoded that could end it.</summary>
public static class MimeMessage
{
    private const string Mixed = "=_mixed";
    private const string Alternative = "=_alternative";
    private const int LongestEncoded = 36;

    /// <summary>The message with CRLF line ends; ASCII, unless the recipient's address itself is not.</summary>
    public static byte[] Write(Mail mail)
    {
        var message = new StringBuilder();
        Header(message, "Date", mail.Date.ToString("ddd, dd MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000");
        Header(message, "From", Addressee(mail.From));
        Header(message, "To", Addressee(mail.To));
        Header(message, "Subject", Words(mail.Subject));
        Header(message, "Message-ID", $"<{Plain(mail.MessageId)}>");
        Header(message, "Content-Language", Plain(mail.Language));
        Header(message, "Auto-Submitted", "auto-generated");
        Header(message, "MIME-Version", "1.0");
        Header(message, "Content-Type", $"multipart/mixed; boundary=\"{Mixed}\"");
        message.Append($"\r\n--{Mixed}\r\n");
        Header(message, "Content-Type", $"multipart/alternative; boundary=\"{Alternative}\"");
        message.Append($"\r\n--{Alternative}\r\n");
        Part(message, "text/plain; charset=utf-8", "quoted-printable", QuotedPrintable(mail.Text));
        if (mail.Calendars is [var first, ..])
        {
            message.Append($"--{Alternative}\r\n");
            Part(message, $"text/calendar; charset=utf-8; method={first.Method}", "base64", Base64(first.Text));
        }

        message.Append($"--{Alternative}--\r\n");
        foreach (var (calendar, index) in mail.Calendars.Select((calendar, index) => (calendar, index)))
        {
            var name = index == 0 ? "invite.ics" : string.Create(CultureInfo.InvariantCulture, $"former-{index}.ics");
            message.Append($"--{Mixed}\r\n");
            Header(message, "Content-Disposition", $"attachment; filename=\"{name}\"");
            Part(message, $"{(index == 0 ? "application/ics" : $"text/calendar; charset=utf-8; method={calendar.Method}")}; name=\"{name}\"", "base64", Base64(calendar.Text));
        }

        message.Append($"--{Mixed}--\r\n");
        return Encoding.UTF8.GetBytes(message.ToString());
    }

    /// <summary>Why an address cannot be written to, as a sentence; null when it can.</summary>
    public static string? AddressFault(string address)
    {
        var at = address.LastIndexOf('@');
        return at < 1 || at == address.Length - 1 || address.Length > 254
            || address.Any(character => char.IsControl(character) || char.IsWhiteSpace(character) || char.IsSurrogate(character) || character is '<' or '>' or '(' or ')' or '[' or ']' or ',' or ';' or ':' or '\\' or '"')
            || address.IndexOf('@', StringComparison.Ordinal) != at
            ? "The e-mail address cannot be written to."
            : null;
    }

    /// <summary>The address with its domain in ASCII (RFC 5891); null when the domain cannot be.</summary>
    public static string? Wire(string address)
    {
        var at = address.LastIndexOf('@');
        try
        {
            return address[..at] + "@" + new IdnMapping().GetAscii(address[(at + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static void Header(StringBuilder message, string name, string value) => message.Append(name).Append(": ").Append(value).Append("\r\n");

    private static void Part(StringBuilder message, string type, string encoding, string body)
    {
        Header(message, "Content-Type", type);
        Header(message, "Content-Transfer-Encoding", encoding);
        message.Append("\r\n").Append(body).Append("\r\n");
    }

    private static string Addressee(MailAddressee addressee) => addressee.Name.Length == 0
        ? $"<{Plain(Written(addressee.Address))}>"
        : $"{Phrase(addressee.Name)}\r\n <{Plain(Written(addressee.Address))}>";

    // Only an address that cannot be written otherwise makes the message more than ASCII: then the server takes it as such (RFC 6531).
    private static string Written(string address) => Wire(address) is { } wire && Ascii.IsValid(wire) ? wire : address;

    private static string Phrase(string name) => IsPlain(name)
        ? $"\"{name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : Encoded(name);

    private static string Words(string text) => IsPlain(text) ? text : Encoded(text);

    private static bool IsPlain(string text) =>
        text.Length is > 0 and <= 60 && text.All(character => character is >= ' ' and <= '~') && !text.Contains("=?", StringComparison.Ordinal) && text.Trim().Length == text.Length;

    // RFC 2047: no line of such a header is longer than 76 characters, and no word ends within a character.
    private static string Encoded(string text)
    {
        var words = new List<string>();
        var piece = new List<byte>();
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(bytes);
            if (piece.Count + count > LongestEncoded)
            {
                Close();
            }

            piece.AddRange(bytes[..count]);
        }

        Close();
        return string.Join("\r\n ", words);

        void Close()
        {
            words.Add($"=?utf-8?B?{Convert.ToBase64String([.. piece])}?=");
            piece.Clear();
        }
    }

    // What stands in a header as it is: an address or an id that was checked before. This is the last lock on the door.
    private static string Plain(string text) =>
        text.Any(char.IsControl) ? throw new InvalidOperationException("A header would hold a control character.") : text;

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text), Base64FormattingOptions.InsertLineBreaks).ReplaceLineEndings("\r\n");

    private static string QuotedPrintable(string text)
    {
        var encoded = new StringBuilder();
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            var column = 0;
            var bytes = Encoding.UTF8.GetBytes(line);
            for (var index = 0; index < bytes.Length; index++)
            {
                var value = bytes[index];
                var literal = value is >= 33 and <= 126 and not (byte)'=' || (value == ' ' && index < bytes.Length - 1);
                var width = literal ? 1 : 3;
                if (column + width > 75)
                {
                    encoded.Append("=\r\n");
                    column = 0;
                }

                _ = literal ? encoded.Append((char)value) : encoded.Append(CultureInfo.InvariantCulture, $"={value:X2}");
                column += width;
            }

            encoded.Append("\r\n");
        }

        return encoded.ToString();
    }
}
