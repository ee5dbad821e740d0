using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using LiveProctor.Core.Feeds;

namespace LiveProctor.Core.Live;

/// <summary>A batch of a <c>session:</c> feed reduced to what it leaves on the board. Events carry whole what they changed, so the last one of each thing stands for all.</summary>
/// <param name="SessionId">Whose board.</param>
/// <param name="Epoch">The history that the numbers belong to.</param>
/// <param name="First">Number of the first event.</param>
/// <param name="Last">Number of the last event.</param>
/// <param name="Session">JSON of the session after the batch; empty when the batch leaves it as it was.</param>
/// <param name="Entries">JSON of the rows after the batch, by entry id; only those it touched.</param>
internal sealed record BoardBatch(string SessionId, string Epoch, long First, long Last, string Session, IReadOnlyDictionary<string, string> Entries)
{
    private const string FeedPrefix = "session:";

    /// <summary>The session whose feed this is; false for feeds that no board shows.</summary>
    public static bool IsOfBoard(string feed, [NotNullWhen(true)] out string? sessionId)
    {
        sessionId = feed.StartsWith(FeedPrefix, StringComparison.Ordinal) ? feed[FeedPrefix.Length..] : null;
        return sessionId is not null;
    }

    /// <summary>False when an event's data is not what docs/protocol.md section 2 says: such a batch cannot be applied, and the board must not pass over it.</summary>
    public static bool TryRead(string sessionId, FeedBatch batch, [NotNullWhen(true)] out BoardBatch? read)
    {
        read = null;
        var session = "";
        var entries = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            foreach (var feedEvent in batch.Events)
            {
                using var data = JsonDocument.Parse(feedEvent.Data);
                if (data.RootElement.TryGetProperty("session", out var changed))
                {
                    session = changed.GetRawText();
                }

                if (data.RootElement.TryGetProperty("entry", out var entry))
                {
                    entries[entry.GetProperty("id").GetString()!] = entry.GetRawText();
                }
            }
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentNullException)
        {
            return false;
        }

        read = new BoardBatch(sessionId, batch.Epoch, batch.Events[0].Seq, batch.Events[^1].Seq, session, entries);
        return true;
    }
}
