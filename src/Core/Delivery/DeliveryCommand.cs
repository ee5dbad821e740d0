using LiveProctor.Core.Entries;

namespace LiveProctor.Core.Delivery;

/// <summary>A command as a delivery system receives it (docs/protocol.md section 7).</summary>
public sealed record DeliveryCommand(string Id, string EntryId, int Attempt, CommandKind Kind, int? Seconds, string? Reason, DateTimeOffset RequestedAt)
{
    public static DeliveryCommand Of(Entry entry, PendingCommand pending) =>
        new(pending.Id, entry.Id, entry.Attempt, pending.Kind, pending.Seconds, pending.Reason, pending.RequestedAt);
}
