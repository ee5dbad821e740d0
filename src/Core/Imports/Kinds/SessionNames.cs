using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Imports.Kinds;

/// <summary>The organisation's sessions by name, without rehearsals.</summary>
internal sealed class SessionNames
{
    private readonly ILookup<string, Session> byKey;

    private SessionNames(IEnumerable<Session> sessions) => byKey = sessions.ToLookup(session => SessionStore.NameKey(session.Name), StringComparer.Ordinal);

    /// <summary>Loads those of the names.</summary>
    /// <param name="keys">As of <see cref="SessionStore.NameKey"/>.</param>
    /// <param name="forChange">True to hold them until the change ends.</param>
    public static async Task<SessionNames> Load(Change change, string organisationId, IEnumerable<string> keys, bool forChange)
    {
        var wanted = keys.Distinct(StringComparer.Ordinal).ToArray();
        var ids = await SessionLists.Named(change, organisationId, wanted);
        if (forChange)
        {
            await change.LockSessions(ids);
        }

        return new SessionNames((await SessionStore.LoadMany(change, ids)).Where(session => !session.Simulated));
    }

    /// <summary>Those of the name that are not over.</summary>
    public IReadOnlyList<Session> Live(string name) => [.. byKey[SessionStore.NameKey(name)].Where(session => !session.Ended)];

    /// <summary>Those of the name that are over.</summary>
    public IEnumerable<Session> Over(string name) => byKey[SessionStore.NameKey(name)].Where(session => session.Ended);
}
