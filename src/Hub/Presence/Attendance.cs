using System.Collections.Concurrent;
using System.Security.Claims;
using LiveProctor.Core;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Entries;
using LiveProctor.Hub.Feeds;

namespace LiveProctor.Hub.Presence;

/// <summary>Who is connected to this node: what presence is told to, and made from. Held in memory only; every node knows its own.</summary>
public sealed class Attendance
{
    private readonly ConcurrentDictionary<string, StudentConnection> students = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, StaffConnection> staff = new(StringComparer.Ordinal);
    private readonly Marks<(string SessionId, string EntryId)> pings = new();
    private readonly Marks<string> changed = new();
    private readonly Marks<string> fresh = new();
    private readonly Marks<StudentConnection> newcomers = new();

    /// <summary>The students of this node's connections.</summary>
    public IEnumerable<StudentConnection> Students => students.Values;

    /// <summary>The consoles of this node.</summary>
    public IReadOnlyDictionary<string, StaffConnection> Staff => staff;

    public void Arrive(string connectionId, StudentConnection student)
    {
        students[connectionId] = student;
        Ping(connectionId);
    }

    public void Arrive(string connectionId, StaffConnection console) => staff[connectionId] = console;

    public void Leave(string connectionId)
    {
        students.TryRemove(connectionId, out _);
        staff.TryRemove(connectionId, out _);
    }

    /// <summary>A student's page says that it is there; false when another device holds the entry.</summary>
    public bool Ping(string connectionId)
    {
        if (!students.TryGetValue(connectionId, out var connection) || connection.TakenOver)
        {
            return false;
        }

        pings.Set((connection.Student.SessionId, connection.Student.EntryId));
        return true;
    }

    /// <summary>A device took an entry over: what the devices before it have open here counts no longer.</summary>
    public void TakeOver(string entryId, int device)
    {
        foreach (var connection in students.Values.Where(connection => connection.Student.EntryId == entryId && connection.Student.Device < device))
        {
            connection.TakenOver = true;
        }
    }

    /// <summary>Something happened in a session: its counts and its queue may differ.</summary>
    public void MarkChanged(string sessionId) => changed.Set(sessionId);

    /// <summary>A student has just entered the lobby, and knows nothing of what the others were told before.</summary>
    public void MarkNew(StudentConnection student) => newcomers.Set(student);

    /// <summary>Somebody has just followed a feed and knows nothing of what was told on it before.</summary>
    public void MarkFresh(string feed) => fresh.Set(feed);

    /// <summary>The pings since the last call, once each.</summary>
    internal IReadOnlyList<(string SessionId, string EntryId)> TakePings() => pings.Take();

    /// <summary>The sessions that changed since the last call.</summary>
    internal IReadOnlyList<string> TakeChanged() => changed.Take();

    /// <summary>The feeds with new followers since the last call.</summary>
    internal IReadOnlyList<string> TakeFresh() => fresh.Take();

    /// <summary>The students that entered since the last call.</summary>
    internal IReadOnlyList<StudentConnection> TakeNewcomers() => newcomers.Take();

    // What was marked while it is taken is either in this taking or in the next.
    private sealed class Marks<T>
        where T : notnull
    {
        private readonly ConcurrentDictionary<T, byte> marks = new();

        public void Set(T mark) => marks[mark] = 0;

        public IReadOnlyList<T> Take()
        {
            var taken = marks.Keys.ToList();
            taken.ForEach(mark => marks.TryRemove(mark, out _));
            return taken;
        }
    }
}

/// <summary>A student's connection.</summary>
/// <param name="student">Who opened it, with which device.</param>
/// <param name="reader">What the connection follows.</param>
/// <param name="abort">Ends the connection.</param>
public sealed class StudentConnection(StudentCaller student, FeedReader reader, Action abort)
{
    public StudentCaller Student => student;

    public FeedReader Reader => reader;

    /// <summary>True once another device holds the entry.</summary>
    public bool TakenOver { get; set; }

    /// <summary>How many beats ago it was taken over: the last event on <c>me</c> gets its time to arrive.</summary>
    internal int Beats { get; set; }

    public void Abort() => abort();
}

/// <summary>A console's connection.</summary>
/// <param name="user">Who opened it, and by what.</param>
/// <param name="abort">Ends the connection; a client that may still connect does so again.</param>
public sealed class StaffConnection(ClaimsPrincipal user, Action abort)
{
    private readonly ConcurrentDictionary<string, byte> sessions = new(StringComparer.Ordinal);

    public ClaimsPrincipal User => user;

    public Person Person { get; } = new(ActorClaims.Of(user).Id, ActorClaims.Of(user).Name);

    /// <summary>The sessions whose console is open.</summary>
    public ICollection<string> Sessions => sessions.Keys;

    public void Open(string sessionId) => sessions[sessionId] = 0;

    public void Close(string sessionId) => sessions.TryRemove(sessionId, out _);

    public void Abort() => abort();
}
