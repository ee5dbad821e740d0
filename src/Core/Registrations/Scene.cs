using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Registrations;

/// <summary>
/// The locked sessions that a change on registrations touches, with the entries in them: those of the registrations, and those of the students
/// who came into the wanted sessions already. An entry changes only behind its session's lock, and sessions are locked before registrations:
/// what a registration turns out to refer to beyond that was written meanwhile, and the caller is asked to look again.
/// </summary>
internal sealed class Scene
{
    private readonly IReadOnlyDictionary<string, Session> sessions;
    private readonly IReadOnlyList<string> targets;
    private Dictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private Dictionary<(string Session, string Student, string TestKey), Entry> latest = [];

    private Scene(IReadOnlyDictionary<string, Session> sessions, IReadOnlyList<string> targets)
    {
        this.sessions = sessions;
        this.targets = targets;
    }

    /// <summary>Locks the wanted sessions, and those in which an entry of the registrations is not over.</summary>
    public static async Task<Scene> Set(Change change, string organisationId, IReadOnlyCollection<Registration> registrations, IReadOnlyList<string> targets)
    {
        var linked = registrations.Select(registration => registration.EntryId).OfType<string>().ToArray();
        var places = linked.Length == 0
            ? []
            : await change.All<string>($"SELECT DISTINCT session_id FROM entries WHERE organisation_id = @organisationId AND {change.Dialect.Among("id", "@linked")}", new { organisationId, linked = new Many(linked) });
        return new Scene(await SessionChange.LockAndLoadMany(change, organisationId, [.. targets.Where(Id.Plausible).Concat(places).Distinct(StringComparer.Ordinal)]), targets);
    }

    /// <summary>Reads the entries behind the locks.</summary>
    public async Task Meet(Change change, IEnumerable<Registration> registrations, IReadOnlySet<string> students)
    {
        var linked = registrations.Select(registration => registration.EntryId).OfType<string>().ToArray();
        var own = linked.Length == 0 ? [] : await EntryStore.LoadMany(change, linked);
        var there = targets.Count == 0 || students.Count == 0 ? [] : await EntryStore.LoadOfStudents(change, targets, students);
        entries = own.Concat(there).DistinctBy(entry => entry.Id, StringComparer.Ordinal).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        latest = there.Where(entry => entry.State is not (EntryState.Moved or EntryState.Removed))
            .GroupBy(entry => (entry.SessionId, entry.Student.Key, Test.Key(entry.Test.Code))).ToDictionary(group => group.Key, group => group.MaxBy(entry => entry.Arrival)!);
    }

    public Session Session(string id) => sessions[id];

    public Entry Entry(string id) => entries[id];

    /// <summary>Why nobody can be registered to the test in the session; null when somebody can.</summary>
    public Problem? WhyNot(string sessionId, string testKey, DateTimeOffset now) => sessions.TryGetValue(sessionId, out var session)
        ? RegistrationRules.WhyNot(session, testKey, now)
        : Problem.Invalid(("sessionId", "There is no such session."));

    /// <summary>That the registration got another entry while the sessions were being locked; null when it did not.</summary>
    public Problem? Moved(Registration? registration) => EntryOf(registration) is { Ended: false } entry && !sessions.ContainsKey(entry.SessionId)
        ? new Problem(ProblemKind.Stale, "The student came into a session at this moment. Look again.")
        : null;

    public Entry? EntryOf(Registration? registration) => registration?.EntryId is { } id ? entries.GetValueOrDefault(id) : null;

    public Entry? EntryIn(string? sessionId, string studentId, string testKey) => sessionId is null ? null : latest.GetValueOrDefault((sessionId, studentId, testKey));
}
