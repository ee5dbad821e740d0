using System.Globalization;

namespace LiveProctor.Core.Live;

/// <summary>Counts attempts over all nodes. While Redis is out of reach each node counts for itself: guessing stays bounded, by as many times as there are nodes.</summary>
public sealed class RedisThrottle(RedisLink link, TimeProvider time) : IThrottle
{
    private static readonly RedisScript Script = RedisScript.Named("throttle.lua");

    private readonly LocalThrottle own = new(time);

    public async ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit)
    {
        var reply = await link.Run(
            Script, [limit.Place(key)], [time.Now().ToUnixTimeMilliseconds(), (long)limit.Window.TotalMilliseconds, limit.Count]);
        return reply.Reached
            ? new ThrottleAnswer(TimeSpan.FromMilliseconds(Convert.ToInt64((string)reply.Value!, CultureInfo.InvariantCulture)))
            : await own.Take(key, limit);
    }

    public async ValueTask GiveBack(string key, ThrottleLimit limit)
    {
        // The newest stands for any: permits of one key are the same but for their instants.
        if (!(await link.Ask(database => database.ListRightPopAsync(limit.Place(key)))).Reached)
        {
            await own.GiveBack(key, limit);
        }
    }
}
