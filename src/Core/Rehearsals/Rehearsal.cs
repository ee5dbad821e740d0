using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Sessions;

namespace LiveProctor.Core.Rehearsals;

/// <summary>One rehearsal while it is driven: its students, and what is stored of them as last read.</summary>
internal sealed class Rehearsal : IDisposable
{
    // As often as a student's page says that it is there.
    private static readonly TimeSpan PresenceEvery = TimeSpan.FromSeconds(3);

    // A lost hint costs no more than this.
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(2);

    private readonly string sessionId;
    private readonly Actor delivery;
    private readonly StudentMeans means;
    private readonly SessionStore sessions;
    private readonly EntryStore entries;
    private readonly IPresence presence;
    private readonly IReadOnlyList<SimulatedStudent> students;
    private readonly IDisposable subscription;
    private Dictionary<string, Entry> stored = new(StringComparer.Ordinal);
    private Session? session;
    private string? commandsAfter;
    private DateTimeOffset readAt;
    private DateTimeOffset seenAt;
    private volatile bool changed = true;

    public Rehearsal(
        string sessionId, Actor delivery, int seed, DateTimeOffset now, StudentMeans means, SessionStore sessions, EntryStore entries, IPresence presence, IFeedRelay relay)
    {
        (this.sessionId, this.delivery, this.means, this.sessions, this.entries, this.presence) = (sessionId, delivery, means, sessions, entries, presence);
        var random = new Random(seed);
        students = [.. StudentScript.Class(random).Select(script => new SimulatedStudent(script, new Random(random.Next()), sessionId, delivery, now, means))];
        var feed = FeedNames.Session(sessionId);
        subscription = relay.Subscribe(batch =>
        {
            if (batch.Feed == feed)
            {
                changed = true;
            }
        });
    }

    /// <summary>Does what is due by now.</summary>
    /// <returns>False when the session is over.</returns>
    public async Task<bool> Advance(DateTimeOffset now, CancellationToken stop)
    {
        if (changed || now - readAt >= ReadEvery)
        {
            await Read(now, stop);
        }

        if (session is not { Ended: false })
        {
            return false;
        }

        foreach (var student in students)
        {
            stop.ThrowIfCancellationRequested();
            if (await student.Advance(session, EntryOf(student), now))
            {
                changed = true;
            }
        }

        if (now - seenAt >= PresenceEvery)
        {
            seenAt = now;
            await presence.Seen([.. students.Where(student => student.Online && EntryOf(student) is { Ended: false, State: not EntryState.Withdrawn })
                .Select(student => (sessionId, student.EntryId!))]);
        }

        return true;
    }

    public void Dispose() => subscription.Dispose();

    private Entry? EntryOf(SimulatedStudent student) => student.EntryId is { } id ? stored.GetValueOrDefault(id) : null;

    private async Task Read(DateTimeOffset now, CancellationToken stop)
    {
        changed = false;
        readAt = now;
        session = await sessions.Find(sessionId);
        stored = (await entries.OfSession(sessionId)).ToDictionary(entry => entry.Id, StringComparer.Ordinal);
        if (stored.Values.Any(entry => entry.Pending is { DeliveredAt: null }))
        {
            var fetched = await means.Delivered.Run(delivery, commandsAfter, wait: 0, stop);
            commandsAfter = fetched.Failed(out _) ? null : fetched.Value.Next;
        }
    }
}
