using System.Globalization;
using StackExchange.Redis;

namespace LiveProctor.Core.Live;

/// <summary>Counts attempts over all nodes. While Redis is out of reach each node counts for itself: guessing stays bounded, by as many times as there are nodes.</summary>
public sealed class RedisThrottle(RedisLink link, TimeProvider time) : IThrottle
{
    private static readonly RedisScript Script = RedisScript.Named("throttle.lua");

    private readonly LocalThrottle own = new(time);

    public async ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit)
    {
        var reply = await Run("take", key, limit);
        return reply.Reached
            ? new ThrottleAnswer(TimeSpan.FromMilliseconds(Convert.ToInt64((string)reply.Value!, CultureInfo.InvariantCulture)))
            : await own.Take(key, limit);
    }

    public async ValueTask GiveBack(string key, ThrottleLimit limit)
    {
        if (!(await Run("give_back", key, limit)).Reached)
        {
            await own.GiveBack(key, limit);
        }
    }

    public async ValueTask Fail(string key, ThrottleLimit limit)
    {
        if (!(await Run("fail", key, limit)).Reached)
        {
            await own.Fail(key, limit);
        }
    }

    private ValueTask<RedisReply<RedisResult>> Run(string verb, string key, ThrottleLimit limit)
    {
        var place = $"lp:throttle:{{{limit.Place(key)}}}";
        return link.Run(
            Script,
            [place + ":failed", place + ":undecided"],
            [verb, time.Now().ToUnixTimeMilliseconds(), Milliseconds(limit.Window), limit.Count, limit.AtOnce, Milliseconds(ThrottleLimit.Patience)]);
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
