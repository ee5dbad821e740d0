using Dapper;
using LiveProctor.Core.Live;
using LiveProctor.Core.Storage;

namespace LiveProctor.Web.Hosting;

/// <summary>What a load balancer asks. Redis failing costs latency and never an answer, so it does not make a node unready.</summary>
internal static class Health
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public static void MapHealth(this WebApplication app)
    {
        var health = app.MapGroup("/healthz").AllowAnonymous().WithTags("Health");
        health.ShortCircuit();
        health.MapGet("/live", () => TypedResults.Ok(new Answer("ok")));
        health.MapGet("/ready", async (Db db, TimeProvider time, IServiceProvider services) =>
        {
            var ready = await Answers(db, time);
            var answer = new Answer(ready ? "ok" : "unavailable")
            {
                Database = ready ? "ok" : "unavailable",
                Redis = services.GetService<RedisLink>() is { } link ? await Answers(link) : null,
            };
            return TypedResults.Json(answer, statusCode: ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        });
    }

    private static async Task<string> Answers(RedisLink link) => (await link.Ask(database => database.PingAsync())).Reached ? "ok" : "degraded";

    private static async Task<bool> Answers(Db db, TimeProvider time)
    {
        try
        {
            await db.Read(connection => connection.ExecuteScalarAsync<long>("SELECT count(*) FROM migrations")).WaitAsync(Patience, time);
            return true;
        }
        catch (Exception)
        {
            return false;
        }
    }

    /// <summary>The answer of a health call.</summary>
    internal sealed record Answer(string Status)
    {
        public string? Database { get; init; }

        /// <summary>Left out when no Redis is configured.</summary>
        public string? Redis { get; init; }
    }
}
