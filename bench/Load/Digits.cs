using System.Buffers.Text;
using System.Text;

namespace LiveProctor.Bench.Load;

/// <summary>Finds what a scenario needs in a message without reading all of it.</summary>
internal static class Digits
{
    /// <summary>The number right after a text; null when the text is not there.</summary>
    public static long? After(ReadOnlySpan<byte> message, ReadOnlySpan<byte> text)
    {
        var at = message.IndexOf(text);
        return at >= 0 && Utf8Parser.TryParse(message[(at + text.Length)..], out long number, out _) ? number : null;
    }

    /// <summary>The text between another and the next quotation mark; null when it is not there.</summary>
    public static string? TextAfter(ReadOnlySpan<byte> message, ReadOnlySpan<byte> text)
    {
        var at = message.IndexOf(text);
        if (at < 0)
        {
            return null;
        }

        var rest = message[(at + text.Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
    }
}
