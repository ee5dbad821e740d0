using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What deleting sessions does around its rule, in a few statements however many there are.</summary>
internal static class SessionDeletion
{
    /// <summary>Writes deleted sessions that are locked, tells every audience, and leaves their registrations without a session.</summary>
    /// <returns>How many registrations lost their session.</returns>
    public static async Task<long> Write(Change change, IReadOnlyCollection<(Session Before, SessionStep Step)> deleted)
    {
        var ids = deleted.Select(item => item.Before.Id).ToArray();
        var registrations = await Detach(change, ids);
        await SessionStore.SaveDeleted(change, [.. deleted.Select(item => item.Step.Next)]);
        foreach (var (before, step) in deleted)
        {
            SessionChange.Announce(change, before, step, reason: null, registrations.GetValueOrDefault(before.Id));
        }

        return registrations.Values.Sum();
    }

    private static async Task<IReadOnlyDictionary<string, long>> Detach(Change change, string[] ids)
    {
        var affected = $"status = 'Pending' AND {change.Dialect.In("session_id", "@ids")}";
        var counts = await change.All<(string Id, long Count)>($"SELECT session_id, count(*) FROM registrations WHERE {affected} GROUP BY session_id", new { ids });
        await change.Execute($"UPDATE registrations SET session_id = NULL, entry_id = NULL, version = version + 1 WHERE {affected}", new { ids });
        return counts.ToDictionary(row => row.Id, row => row.Count, StringComparer.Ordinal);
    }
}
