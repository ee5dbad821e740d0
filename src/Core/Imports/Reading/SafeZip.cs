using System.IO.Compression;
using LiveProctor.Core.Problems;

namespace LiveProctor.Core.Imports.Reading;

/// <summary>
/// Looks whether a zip holds more than it weighs. Every entry is unpacked once and counted, because what an entry says of its size is the sender's word.
/// Problems: importUnreadable.
/// </summary>
internal static class SafeZip
{
    private const int MostEntries = 1000;
    private const long MostUnpacked = 100L * 1024 * 1024;

    // Deflate reaches 1,000; rows that are all alike reach about 100.
    private const int MostRatio = 250;
    private const long SmallEnough = 4 * 1024 * 1024;

    /// <summary>Nothing, or why the zip is not opened.</summary>
    public static Problem? WhyNot(byte[] bytes)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(bytes, writable: false));
            if (zip.Entries.Count > MostEntries)
            {
                return Bomb;
            }

            var total = 0L;
            var buffer = new byte[81_920];
            foreach (var entry in zip.Entries)
            {
                if (entry.IsEncrypted)
                {
                    return new Problem(ProblemKind.ImportUnreadable, "The file is protected by a password. Save it without one.");
                }

                using var unpacked = entry.Open();
                var length = 0L;
                for (int read; (read = unpacked.Read(buffer)) > 0;)
                {
                    length += read;
                    if (total + length > MostUnpacked || (length > SmallEnough && length > MostRatio * Math.Max(1, entry.CompressedLength)))
                    {
                        return Bomb;
                    }
                }

                total += length;
            }

            return null;
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or NotSupportedException or ArgumentException)
        {
            return ImportFile.Damaged;
        }
    }

    private static Problem Bomb => new(ProblemKind.ImportUnreadable, "The file unpacks to far more than a list of this size can hold. Save it again from your spreadsheet program.");
}
