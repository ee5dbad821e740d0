using System.Globalization;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Rehearsals;

/// <summary>
/// Starts a rehearsal: a session of one hour with thirty simulated students on their way, whom <see cref="RehearsalDriver"/> plays.
/// Everything in it is marked as simulated and kept apart from the records of real tests.
/// Problems: forbidden, rehearsalsRunning, idempotencyKeyReused.
/// </summary>
public sealed class StartRehearsal(Changes changes, RehearsalDriver driver)
{
    /// <summary>How many may run in an organisation at the same time.</summary>
    public const int Most = 3;

    private static readonly TimeSpan Length = TimeSpan.FromHours(1);

    /// <param name="seed">Makes the students act in a certain way; null for one that is new each time.</param>
    public async Task<Result<SessionView>> Run(Actor actor, Once? once = null, int? seed = null)
    {
        // Stays null when the answer is that of an earlier call, whose rehearsal is being driven already.
        DeliverySystem? delivery = null;
        var started = await changes.Run<SessionView>(
            actor,
            async change =>
            {
                if (!actor.AtLeast(Role.Proctor))
                {
                    return new Problem(ProblemKind.Forbidden, "Observers can look, but not change anything.");
                }

                await change.Find<string>($"SELECT id FROM organisations WHERE id = @id{change.Dialect.ForUpdate}", new { id = actor.OrganisationId });
                if (await CountRunning(change, actor.OrganisationId) >= Most)
                {
                    return new Problem(ProblemKind.RehearsalsRunning, $"{Most} rehearsals are running already. Stop one of them first.");
                }

                delivery = await RehearsalStage.Set(change, actor.OrganisationId);
                return await CreateSession.Create(change, Request(change.Now), simulated: true);
            },
            once);
        if (delivery is not null && !started.Failed(out _))
        {
            driver.Start(started.Value.Id, delivery.Actor, seed ?? started.Value.Id.GetHashCode(StringComparison.Ordinal));
        }

        return started;
    }

    private static SessionRequest Request(DateTimeOffset now) => new()
    {
        Name = "Rehearsal",
        Mode = SessionMode.InPerson,
        Tests = [RehearsalStage.TestCode],
        StartNow = true,
        ClosesAt = (now + Length).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
    };

    private static Task<long> CountRunning(Change change, string organisationId) => change.One<long>(
        "SELECT count(*) FROM sessions WHERE organisation_id = @organisationId AND simulated AND NOT deleted AND NOT ended",
        new { organisationId });
}
