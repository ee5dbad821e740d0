using System.Collections.Concurrent;

namespace LiveProctor.Core.Live;

/// <summary>Presence in a program that is one process. A session without a ping for 24 h is forgotten.</summary>
public sealed class LocalPresence(TimeProvider time) : IPresence
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    private readonly ConcurrentDictionary<string, Room> rooms = new(StringComparer.Ordinal);
    private long nextSweep;

    public ValueTask Seen(IReadOnlyList<(string SessionId, string EntryId)> pings)
    {
        var now = time.Now();
        foreach (var (sessionId, entryId) in pings)
        {
            RoomOf(sessionId, now).Students[entryId] = now;
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<SessionPresence?> Read(string sessionId)
    {
        var room = RoomOf(sessionId, time.Now());
        return ValueTask.FromResult<SessionPresence?>(new(room.Since, new Dictionary<string, DateTimeOffset>(room.Students, StringComparer.Ordinal)));
    }

    public ValueTask Gone(string sessionId, string entryId)
    {
        RoomOf(sessionId, time.Now()).Students.TryRemove(entryId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask StaffSeen(string sessionId, Person person)
    {
        var now = time.Now();
        RoomOf(sessionId, now).Staff[person.Id] = (person, now);
        return ValueTask.CompletedTask;
    }

    public ValueTask StaffGone(string sessionId, string staffId)
    {
        RoomOf(sessionId, time.Now()).Staff.TryRemove(staffId, out _);
        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<Person>?> StaffHere(string sessionId)
    {
        var now = time.Now();
        return ValueTask.FromResult<IReadOnlyList<Person>?>(
            [.. RoomOf(sessionId, now).Staff.Values
                .Where(staff => now - staff.At <= PresenceRules.LostAfter)
                .Select(staff => staff.Person)
                .OrderBy(person => person.Name, StringComparer.Ordinal).ThenBy(person => person.Id, StringComparer.Ordinal)]);
    }

    private Room RoomOf(string sessionId, DateTimeOffset now)
    {
        Sweep(now);
        var room = rooms.GetOrAdd(sessionId, static (_, since) => new Room(since), now);
        room.LastUse = now.ToUnixTimeMilliseconds();
        return room;
    }

    private void Sweep(DateTimeOffset now)
    {
        var at = Interlocked.Read(ref nextSweep);
        var next = now.AddHours(1).ToUnixTimeMilliseconds();
        if (now.ToUnixTimeMilliseconds() < at || Interlocked.CompareExchange(ref nextSweep, next, at) != at)
        {
            return;
        }

        var oldest = (now - Lifetime).ToUnixTimeMilliseconds();
        foreach (var room in rooms.Where(room => room.Value.LastUse < oldest))
        {
            rooms.TryRemove(room);
        }
    }

    private sealed class Room(DateTimeOffset since)
    {
        public DateTimeOffset Since { get; } = since;

        public ConcurrentDictionary<string, DateTimeOffset> Students { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, (Person Person, DateTimeOffset At)> Staff { get; } = new(StringComparer.Ordinal);

        public long LastUse;
    }
}
