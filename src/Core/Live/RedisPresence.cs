using StackExchange.Redis;

namespace LiveProctor.Core.Live;

/// <summary>Presence that all nodes share. A session without a ping for 24 h is forgotten.</summary>
public sealed class RedisPresence(RedisLink link, TimeProvider time) : IPresence
{
    private const string SinceField = "#since";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);
    private static readonly RedisScript Script = RedisScript.Named("presence.lua");
    private static readonly RedisScript StaffScript = RedisScript.Named("staff.lua");

    public async ValueTask Seen(IReadOnlyList<(string SessionId, string EntryId)> pings)
    {
        var now = time.Now();
        await Task.WhenAll(pings
            .GroupBy(ping => ping.SessionId, ping => ping.EntryId, StringComparer.Ordinal)
            .Select(session => Students(session.Key, now, session).AsTask()));
    }

    public async ValueTask<SessionPresence?> Read(string sessionId)
    {
        var reply = await Students(sessionId, time.Now(), []);
        if (!reply.Reached)
        {
            return null;
        }

        var fields = (RedisValue[])reply.Value!;
        var since = link.LastTrouble;
        var lastSeen = new Dictionary<string, DateTimeOffset>(fields.Length / 2, StringComparer.Ordinal);
        for (var i = 0; i < fields.Length; i += 2)
        {
            var name = (string)fields[i]!;
            var at = DateTimeOffset.FromUnixTimeMilliseconds((long)fields[i + 1]);
            if (name != SinceField)
            {
                lastSeen[name] = at;
            }
            else if (at > since)
            {
                since = at;
            }
        }

        return new SessionPresence(since, lastSeen);
    }

    public async ValueTask Gone(string sessionId, string entryId) =>
        await link.Ask(database => database.HashDeleteAsync(StudentsKey(sessionId), entryId));

    public async ValueTask StaffSeen(string sessionId, Person person) => await link.Run(
        StaffScript, [StaffKey(sessionId)], [Milliseconds(time.Now()), (long)PresenceRules.LostAfter.TotalMilliseconds, person.Id, Json.Write(person)]);

    public async ValueTask StaffGone(string sessionId, string staffId) =>
        await link.Ask(database => database.HashDeleteAsync(StaffKey(sessionId), staffId));

    public async ValueTask<IReadOnlyList<Person>?> StaffHere(string sessionId)
    {
        var reply = await link.Ask(database => database.HashGetAllAsync(StaffKey(sessionId)));
        if (!reply.Reached)
        {
            return null;
        }

        var oldest = Milliseconds(time.Now() - PresenceRules.LostAfter);
        return
        [
            .. reply.Value!
                .Select(field => ((string)field.Value!).Split(' ', 2))
                .Where(parts => long.Parse(parts[0], System.Globalization.CultureInfo.InvariantCulture) >= oldest)
                .Select(parts => Json.Read<Person>(parts[1]))
                .OrderBy(person => person.Name, StringComparer.Ordinal).ThenBy(person => person.Id, StringComparer.Ordinal),
        ];
    }

    /// <summary>Records pings; without any, reads the record.</summary>
    private ValueTask<RedisReply<RedisResult>> Students(string sessionId, DateTimeOffset now, IEnumerable<string> entryIds) => link.Run(
        Script, [StudentsKey(sessionId)], [Milliseconds(now), (long)Lifetime.TotalMilliseconds, .. entryIds.Select(id => (RedisValue)id)]);

    private static long Milliseconds(DateTimeOffset instant) => instant.ToUnixTimeMilliseconds();

    private static RedisKey StudentsKey(string sessionId) => $"lp:{{{sessionId}}}:students";

    private static RedisKey StaffKey(string sessionId) => $"lp:{{{sessionId}}}:staff";
}
