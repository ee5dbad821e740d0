using System.Globalization;
using System.Text.Json;
using LiveProctor.Core;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Live;
using LiveProctor.Core.Sessions;
using LiveProctor.Hub.Feeds;
using LiveProctor.Hub.Lobby;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LiveProctor.Hub.Presence;

/// <summary>
/// Once a second: passes this node's pings on, and tells the followers of this node what differs from what they were told (docs/protocol.md
/// section 2, presence changes). All of it is ephemeral and the newest wins.
/// </summary>
public sealed class PresenceBeat(
    Attendance attendance, FeedConnections feeds, IPresence presence, IFeedRelay relay, EntryStore entries, SessionStore sessions, TimeProvider time,
    ILogger<PresenceBeat> log)
    : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    // Staff presence holds for 15 s; it is repeated well before that.
    private const int StaffEvery = 5;

    // How many beats a connection outlives its being taken over.
    private const int LastWords = 2;

    // What is told of a lobby beside each student's place.
    private const string ProctorPresent = "proctorPresent";
    private const string Waiting = "waiting";

    // By feed, then by what is told: the last value.
    private readonly Dictionary<string, Dictionary<string, string>> told = new(StringComparer.Ordinal);
    private long beat;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = relay.Subscribe(Note);
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await Beat();
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                // Nothing of it is lost for good: what was told is forgotten, so that the next beat tells it all.
                log.LogWarning(fault, "Presence could not be told");
                told.Clear();
            }
        }
    }

    private void Note(FeedBatch batch)
    {
        if (batch.Feed.StartsWith("session:", StringComparison.Ordinal))
        {
            // What a session itself does changes neither how many wait nor who is next.
            if (batch.TellsOfEntries)
            {
                attendance.MarkChanged(batch.Feed["session:".Length..]);
            }
        }
        else if (batch.Feed.StartsWith("entry:", StringComparison.Ordinal) && batch.Events.LastOrDefault(item => item.Kind == "takenOver") is { } taken)
        {
            using var data = JsonDocument.Parse(taken.Data);
            attendance.TakeOver(batch.Feed["entry:".Length..], data.RootElement.GetProperty("me").GetProperty("device").GetInt32());
        }
    }

    private async Task Beat()
    {
        beat++;
        var pings = attendance.TakePings();
        if (pings.Count > 0)
        {
            await presence.Seen(pings);
        }

        foreach (var feed in attendance.TakeFresh())
        {
            told.Remove(feed);
        }

        var changed = attendance.TakeChanged();
        var consoles = attendance.Staff.Values.SelectMany(console => console.Sessions.Select(session => (Session: session, console.Person)))
            .ToLookup(item => item.Session, item => item.Person, StringComparer.Ordinal);
        var newcomers = attendance.TakeNewcomers().ToLookup(connection => connection.Student.SessionId, StringComparer.Ordinal);
        var lobbies = attendance.Students.Where(connection => !connection.TakenOver)
            .ToLookup(connection => connection.Student.SessionId, connection => connection.Student.EntryId, StringComparer.Ordinal);
        foreach (var connection in attendance.Students.Where(connection => connection.TakenOver && ++connection.Beats > LastWords))
        {
            connection.Abort();
        }

        foreach (var session in consoles)
        {
            await TellConsoles(session.Key, session.Distinct());
        }

        await TellLists(changed);
        foreach (var session in lobbies)
        {
            await TellLobby(session.Key, session, changed.Contains(session.Key, StringComparer.Ordinal), [.. newcomers[session.Key]]);
        }

        Forget(consoles, lobbies);
    }

    private async Task TellConsoles(string sessionId, IEnumerable<Person> here)
    {
        var feed = FeedNames.Session(sessionId);
        var isNew = !told.ContainsKey(feed);
        if (beat % StaffEvery == 0 || isNew)
        {
            foreach (var person in here)
            {
                await presence.StaffSeen(sessionId, person);
            }
        }

        var changes = new List<object>();
        if (await presence.Read(sessionId) is { } seen)
        {
            var now = time.Now();
            foreach (var (entryId, lastSeenAt) in seen.LastSeen)
            {
                var state = seen.Of(entryId, now);
                if (Differs(feed, entryId, state.ToString()))
                {
                    changes.Add(new { id = entryId, presence = state, lastSeenAt });
                }
            }
        }

        if (await presence.StaffHere(sessionId) is { } staff && Differs(feed, "staff", string.Join('|', staff)))
        {
            changes.Add(new { staff });
        }

        Tell(feed, changes);
    }

    private async Task TellLists(IReadOnlyList<string> changed)
    {
        if (changed.Count == 0 || attendance.Staff.Count == 0)
        {
            return;
        }

        foreach (var (feed, id, counts) in await sessions.CountsInLists(changed))
        {
            Tell(feed, [new { id, counts }]);
        }
    }

    private async Task TellLobby(string sessionId, IEnumerable<string> here, bool changed, IReadOnlyList<StudentConnection> newcomers)
    {
        var feed = FeedNames.Lobby(sessionId);
        var isNew = !told.ContainsKey(feed);
        if (!isNew)
        {
            // Only they are told anew: when a node goes away thousands come, beat after beat, and those who are here know it already.
            Welcome(feed, newcomers);
        }

        var changes = new List<object>();
        if ((beat % StaffEvery == 0 || isNew)
            && await presence.StaffHere(sessionId) is { } staff
            && Differs(feed, ProctorPresent, (staff.Count > 0).ToString()))
        {
            changes.Add(new { proctorPresent = staff.Count > 0 });
        }

        if (changed || isNew || newcomers.Count > 0)
        {
            var waiting = await entries.Waiting(sessionId);
            if (Differs(feed, Waiting, waiting.Count.ToString(CultureInfo.InvariantCulture)))
            {
                changes.Add(new { waiting = waiting.Count });
            }

            var places = waiting.Select((id, index) => (id, index)).ToDictionary(item => item.id, item => item.index, StringComparer.Ordinal);
            foreach (var entryId in here)
            {
                if (places.TryGetValue(entryId, out var ahead)
                    && Differs(feed, entryId, ahead.ToString(CultureInfo.InvariantCulture)))
                {
                    Tell(FeedNames.Entry(entryId), [new { ahead }]);
                }
            }
        }

        Tell(feed, changes);
    }

    private void Welcome(string feed, IReadOnlyList<StudentConnection> newcomers)
    {
        var known = told[feed];
        var changes = new List<object>();
        if (known.TryGetValue(ProctorPresent, out var present))
        {
            changes.Add(new { proctorPresent = present == bool.TrueString });
        }

        if (known.TryGetValue(Waiting, out var waiting))
        {
            changes.Add(new { waiting = int.Parse(waiting, CultureInfo.InvariantCulture) });
        }

        var message = new PresenceMessage(LobbyHub.Lobby, JsonSerializer.Serialize(changes, Json.Options));
        foreach (var newcomer in newcomers)
        {
            known.Remove(newcomer.Student.EntryId);
            if (changes.Count > 0)
            {
                _ = newcomer.Reader.Client.Presence(message);
            }
        }
    }

    private bool Differs(string feed, string what, string value)
    {
        if (!told.TryGetValue(feed, out var known))
        {
            told[feed] = known = new Dictionary<string, string>(StringComparer.Ordinal);
        }

        if (known.TryGetValue(what, out var before) && before == value)
        {
            return false;
        }

        known[what] = value;
        return true;
    }

    private void Tell(string feed, List<object> changes)
    {
        if (changes.Count > 0)
        {
            feeds.Presence(feed, JsonSerializer.Serialize(changes, Json.Options));
        }
    }

    private void Forget(ILookup<string, Person> consoles, ILookup<string, string> lobbies)
    {
        foreach (var feed in told.Keys.ToList())
        {
            var session = feed[(feed.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (!(feed.StartsWith("session:", StringComparison.Ordinal) ? consoles.Contains(session) : lobbies.Contains(session)))
            {
                told.Remove(feed);
            }
        }
    }
}
