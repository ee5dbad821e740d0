using System.Globalization;
using System.Text;

namespace LiveProctor.Core.Notifications;

/// <summary>A server's answer (RFC 5321 section 4.2).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Lines">The text of each line.</param>
internal sealed record SmtpReply(int Code, IReadOnlyList<string> Lines)
{
    private const int LongestLine = 4096;
    private const int MostLines = 200;

    public bool Good => Code is >= 200 and < 400;

    public bool Permanent => Code >= 500;

    /// <summary>As people read it: at most 500 characters, all of which can be shown.</summary>
    public string Sentence
    {
        get
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{Code} {string.Join(' ', Lines)}").Trim();
            return text.Length <= 500 ? text : text[..500];
        }
    }

    /// <summary>True when the server named the extension in its answer to EHLO.</summary>
    public bool Offers(string keyword) => Parameters(keyword) is not null;

    /// <summary>What the server named with an extension; null when it does not know it.</summary>
    public IReadOnlyList<string>? Parameters(string keyword)
    {
        var words = Lines.Skip(1).Select(line => line.ToUpperInvariant().Split([' ', '='], StringSplitOptions.RemoveEmptyEntries)).FirstOrDefault(line => line.Length > 0 && line[0] == keyword);
        return words?[1..];
    }

    /// <exception cref="SmtpTroubleException">What came is no answer, or the connection ended.</exception>
    public static async Task<SmtpReply> Read(SmtpLines lines, CancellationToken stop)
    {
        var texts = new List<string>();
        while (true)
        {
            var line = await lines.Next(LongestLine, stop);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || texts.Count == MostLines
                || (line.Length > 3 && line[3] is not (' ' or '-')))
            {
                throw new SmtpTroubleException("The server does not speak SMTP.");
            }

            texts.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ')
            {
                return new SmtpReply(code, texts);
            }
        }
    }
}

/// <summary>The conversation cannot go on. The message is a sentence for the mail page.</summary>
internal sealed class SmtpTroubleException(string sentence) : Exception(sentence);

/// <summary>The lines that a server says.</summary>
internal sealed class SmtpLines(Stream stream)
{
    private readonly byte[] buffer = new byte[4096];
    private int start;
    private int end;

    /// <summary>True when more was said than was asked for. Before TLS it could be anybody's.</summary>
    public bool Ahead => start < end;

    /// <summary>The next line without its end; what cannot be shown is left out of it.</summary>
    public async Task<string> Next(int longest, CancellationToken stop)
    {
        var line = new List<byte>();
        while (true)
        {
            if (start == end)
            {
                start = 0;
                end = await stream.ReadAsync(buffer, stop);
                if (end == 0)
                {
                    throw new SmtpTroubleException("The server ended the connection.");
                }
            }

            var value = buffer[start++];
            if (value == '\n')
            {
                return string.Concat(Encoding.UTF8.GetString([.. line]).Where(character => !char.IsControl(character)));
            }

            line.Add(value);
            if (line.Count > longest)
            {
                throw new SmtpTroubleException("The server does not speak SMTP.");
            }
        }
    }
}
