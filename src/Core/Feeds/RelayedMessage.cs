using System.Text;

namespace LiveProctor.Core.Feeds;

/// <summary>
/// Batches as they travel between nodes. Every node reads all that any node says, most of it for nobody: texts with their lengths in front are copied,
/// where JSON would be read character by character.
/// </summary>
internal static class RelayedMessage
{
    // Another one whenever the layout changes: nodes of different versions then go by the log.
    private const byte Layout = 1;

    public static byte[] Write(string from, IReadOnlyList<FeedBatch> batches)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write(Layout);
        writer.Write(from);
        writer.Write7BitEncodedInt(batches.Count);
        foreach (var batch in batches)
        {
            writer.Write(batch.Feed);
            writer.Write(batch.Epoch);
            writer.Write7BitEncodedInt(batch.Events.Count);
            foreach (var item in batch.Events)
            {
                writer.Write7BitEncodedInt64(item.Seq);
                writer.Write(item.Kind);
                writer.Write(item.At.ToUnixTimeMilliseconds());
                writer.Write(item.Data);
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    /// <summary>The batches; null when they are of the node <paramref name="except"/>. Throws when they are not such a message.</summary>
    public static IReadOnlyList<FeedBatch>? Read(byte[] message, string except)
    {
        using var reader = new BinaryReader(new MemoryStream(message), Encoding.UTF8);
        if (reader.ReadByte() != Layout)
        {
            throw new FormatException("Of another version.");
        }

        if (reader.ReadString() == except)
        {
            return null;
        }

        var batches = new FeedBatch[reader.Read7BitEncodedInt()];
        for (var index = 0; index < batches.Length; index++)
        {
            var (feed, epoch) = (reader.ReadString(), reader.ReadString());
            var events = new FeedEvent[reader.Read7BitEncodedInt()];
            for (var number = 0; number < events.Length; number++)
            {
                events[number] = new FeedEvent(
                    reader.Read7BitEncodedInt64(), reader.ReadString(), DateTimeOffset.FromUnixTimeMilliseconds(reader.ReadInt64()), reader.ReadString());
            }

            batches[index] = new FeedBatch(feed, epoch, events);
        }

        return batches;
    }
}
