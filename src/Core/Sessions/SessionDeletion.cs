using LiveProctor.Core.Registrations;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What deleting sessions does around its rule, in a few statements however many there are.</summary>
internal static class SessionDeletion
{
    /// <summary>Writes deleted sessions that are locked, tells every audience, and leaves their registrations without a session.</summary>
    /// <param name="notify">Whether the students of those registrations shall be told by mail.</param>
    /// <returns>How many registrations lost their session.</returns>
    public static async Task<long> Write(Change change, IReadOnlyCollection<(Session Before, SessionStep Step)> deleted, bool notify)
    {
        var ids = deleted.Select(item => item.Before.Id).ToArray();
        var registrations = ids.Length == 0
            ? new Dictionary<string, long>(StringComparer.Ordinal)
            : await RegistrationChange.DetachFromSessions(change, deleted.First().Before.OrganisationId, ids, notify);
        await SessionStore.SaveDeleted(change, [.. deleted.Select(item => item.Step.Next)]);
        foreach (var (before, step) in deleted)
        {
            SessionChange.Announce(change, before, step, reason: null, registrations.GetValueOrDefault(before.Id));
        }

        return registrations.Values.Sum();
    }
}
