namespace LiveProctor.Core.Live;

/// <summary>
/// Who is there: students by the pings of their pages, staff by their open consoles. Kept apart from storage and forgotten by itself.
/// Two implementations: <c>RedisPresence</c> for all nodes together, and <c>LocalPresence</c> within one process; one contract suite for both.
/// Never throws: where the record cannot be reached the answer is null, which means unknown and never absent.
/// </summary>
public interface IPresence
{
    /// <summary>The students' pages that pinged just now. A node collects pings and passes them on together about once a second.</summary>
    ValueTask Seen(IReadOnlyList<(string SessionId, string EntryId)> pings);

    /// <summary>When each entry of the session was last seen; null when unknown.</summary>
    ValueTask<SessionPresence?> Read(string sessionId);

    /// <summary>Forgets the entry: from now on it was never seen. For those that ended, not for those that lost their connection.</summary>
    ValueTask Gone(string sessionId, string entryId);

    /// <summary>A member of staff has the session's console open. Holds for 15 s: repeat it about every 5 s.</summary>
    ValueTask StaffSeen(string sessionId, Person person);

    /// <summary>The member of staff closed the console.</summary>
    ValueTask StaffGone(string sessionId, string staffId);

    /// <summary>Staff in the session now, ordered by name; null when unknown.</summary>
    ValueTask<IReadOnlyList<Person>?> StaffHere(string sessionId);
}
