using LiveProctor.Core;

namespace LiveProctor.Web.Api;

/// <summary>The server's clock, for pages that count down.</summary>
internal static class TimeApi
{
    public static void MapTime(this IEndpointRouteBuilder api) =>
        api.MapGet("/time", (TimeProvider time) => TypedResults.Ok(new Clock(time.Now()))).AllowAnonymous().ShortCircuit().WithTags("Time");

    /// <summary>The instant at which the answer was made.</summary>
    internal sealed record Clock(DateTimeOffset Now);
}
