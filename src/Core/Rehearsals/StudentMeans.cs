using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Rehearsals;

/// <summary>What a simulated student and its delivery system can do: the use cases of the real ones.</summary>
public sealed class StudentMeans(
    Changes changes, StudentCommands commands, FetchEntryToken fetch, RedeemEntryToken redeem, ReportProgress report, FetchCommands delivered)
{
    internal SimulatedDoor Door { get; } = new(changes);

    internal StudentCommands Commands => commands;

    internal FetchEntryToken Fetch => fetch;

    internal RedeemEntryToken Redeem => redeem;

    internal ReportProgress Report => report;

    internal FetchCommands Delivered => delivered;
}
