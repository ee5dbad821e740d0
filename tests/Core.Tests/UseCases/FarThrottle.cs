using LiveProctor.Core.Live;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>A throttle that does not answer at once: something happens before it gives a permit.</summary>
/// <param name="before">Is told which limit.</param>
internal sealed class FarThrottle(IThrottle throttle, Func<ThrottleLimit, Task> before) : IThrottle
{
    public async ValueTask<ThrottleAnswer> Take(string key, ThrottleLimit limit)
    {
        await before(limit);
        return await throttle.Take(key, limit);
    }

    public ValueTask GiveBack(string key, ThrottleLimit limit) => throttle.GiveBack(key, limit);

    public ValueTask Fail(string key, ThrottleLimit limit) => throttle.Fail(key, limit);
}
