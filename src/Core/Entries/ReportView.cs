using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Entries;

/// <summary>What a session came to: <c>GET /api/v1/sessions/{id}/report</c>.</summary>
public sealed record ReportView(SessionView Session, ReportCounts Counts, IReadOnlyList<EntryRow> Entries)
{
    public static ReportView Of(Session session, IReadOnlyList<Entry> entries) => new(
        SessionView.Of(session),
        new ReportCounts(
            Joined: entries.Count,
            Approved: entries.Count(entry => entry.LaunchedAt is not null || entry.State == EntryState.Approved),
            Denied: entries.Count(entry => entry.State == EntryState.Denied),
            Started: entries.Count(entry => entry.UsedSeconds > 0 || entry.RunningSince is not null || entry.State == EntryState.Submitted),
            Submitted: entries.Count(entry => entry.State == EntryState.Submitted),
            NoShow: entries.Count(entry => entry.State == EntryState.NoShow),
            Expired: entries.Count(entry => entry.State == EntryState.Expired),
            Terminated: entries.Count(entry => entry.State == EntryState.Terminated)),
        [.. entries.Select(EntryRow.Of)]);
}

/// <summary>How many entries came how far.</summary>
public sealed record ReportCounts(int Joined, int Approved, int Denied, int Started, int Submitted, int NoShow, int Expired, int Terminated);
