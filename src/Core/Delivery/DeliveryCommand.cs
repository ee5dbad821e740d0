using LiveProctor.Core.Entries;

namespace LiveProctor.Core.Delivery;

/// <summary>A command as a delivery system receives it (docs/protocol.md section 7).</summary>
/// <param name="Section">The section that a <c>releaseSeal</c> opens, as the delivery system named it.</param>
public sealed record DeliveryCommand(
    string Id, string EntryId, int Attempt, CommandKind Kind, int? Seconds, string? Reason, DateTimeOffset RequestedAt, string? Section = null)
{
    public static DeliveryCommand Of(Entry entry, PendingCommand pending) =>
        new(pending.Id, entry.Id, entry.Attempt, pending.Kind, pending.Seconds, pending.Reason, pending.RequestedAt, pending.Section);
}
