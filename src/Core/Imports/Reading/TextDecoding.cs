using System.Text;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>
/// Finds out in which encoding a text file was written. UTF-8 and UTF-16 prove themselves; Windows-1252 cannot, so it is taken for what is neither
/// and the manager is told to look at the names. Problems: importUnreadable.
/// </summary>
internal static class TextDecoding
{
    private const int Sample = 4096;
    private static readonly Encoding Utf8 = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // These five bytes are no character of Windows-1252: a file that holds one was written in something else.
    private static readonly byte[] NoCharacters = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

    /// <summary>The text, and what is to be said about its encoding.</summary>
    public static Result<(string Text, string? Remark)> Read(byte[] bytes)
    {
        try
        {
            var (text, remark) = Decode(bytes);
            return text.Contains('\0', StringComparison.Ordinal)
                ? new Problem(ProblemKind.ImportUnreadable, "This is no text file. Save it as .csv or .xlsx.")
                : (text, remark);
        }
        catch (DecoderFallbackException)
        {
            return new Problem(ProblemKind.ImportUnreadable, "The file's encoding is not known. Save it as CSV UTF-8, or as .xlsx.");
        }
    }

    private static (string Text, string? Remark) Decode(byte[] bytes)
    {
        if (StartsWith(bytes, 0xEF, 0xBB, 0xBF))
        {
            return (Utf8.GetString(bytes, 3, bytes.Length - 3), null);
        }

        if (StartsWith(bytes, 0xFF, 0xFE, 0, 0))
        {
            return (new UTF32Encoding(bigEndian: false, byteOrderMark: false, throwOnInvalidCharacters: true).GetString(bytes, 4, bytes.Length - 4), null);
        }

        if (StartsWith(bytes, 0xFF, 0xFE) || StartsWith(bytes, 0xFE, 0xFF))
        {
            return (Utf16(bigEndian: bytes[0] == 0xFE).GetString(bytes, 2, bytes.Length - 2), null);
        }

        // Text of our alphabets in UTF-16 has a zero in every other byte, and text in no other encoding has any.
        var sample = bytes.AsSpan(0, Math.Min(Sample, bytes.Length & ~1));
        var (even, odd) = Zeros(sample);
        if (Math.Max(even, odd) > sample.Length / 5)
        {
            return (Utf16(bigEndian: even > odd).GetString(bytes), null);
        }

        try
        {
            var text = Utf8.GetString(bytes);
            return (text, TwiceEncoded(text) ? "Some letters look as if the file had been saved in the wrong encoding before, such as Ã© for é. Look at the names before you apply." : null);
        }
        catch (DecoderFallbackException) when (bytes.AsSpan().IndexOfAny(NoCharacters) < 0)
        {
            return (Windows1252(bytes), "The file is not UTF-8; it was read as Windows-1252. Look at names with accents before you apply.");
        }
    }

    private static string Windows1252(byte[] bytes)
    {
        Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
        return Encoding.GetEncoding(1252).GetString(bytes);
    }

    private static UnicodeEncoding Utf16(bool bigEndian) => new(bigEndian, byteOrderMark: false, throwOnInvalidBytes: true);

    private static bool StartsWith(byte[] bytes, params ReadOnlySpan<byte> mark) => bytes.AsSpan().StartsWith(mark);

    private static bool TwiceEncoded(string text)
    {
        for (var at = text.IndexOf('Ã', StringComparison.Ordinal); at >= 0 && at + 1 < text.Length; at = text.IndexOf('Ã', at + 1))
        {
            if (text[at + 1] is >= '\u0080' and <= '\u00BF')
            {
                return true;
            }
        }

        return false;
    }

    private static (int Even, int Odd) Zeros(ReadOnlySpan<byte> sample)
    {
        var (even, odd) = (0, 0);
        for (var at = 0; at < sample.Length; at++)
        {
            if (sample[at] == 0)
            {
                _ = at % 2 == 0 ? even++ : odd++;
            }
        }

        return (even, odd);
    }
}
