using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>
/// A capacity limits how many are admitted, not how many are registered: some never come, and who plans a session may still find a larger room.
/// So registering beyond it is answered with a warning and not refused.
/// </summary>
internal static class Capacity
{
    /// <summary>By how many registrations the locked session has more than it may admit; null when it does not.</summary>
    public static async Task<int?> Over(Change change, string? sessionId)
    {
        if (sessionId is null || await SessionStore.Load(change, sessionId) is not { Capacity: { } capacity })
        {
            return null;
        }

        var registered = (await RegistrationStore.CountBySession(change, [sessionId])).GetValueOrDefault(sessionId);
        return registered > capacity ? registered - capacity : null;
    }
}
