using System.Diagnostics.CodeAnalysis;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// A random way through all use cases of a world, possible or not, with the law checked after every step. A failure names its seed and the last steps.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A walk that failed must be walked again.")]
internal sealed partial class LawWalk(World world, int seed)
{
    private const int MostAtOnce = 3;
    private const int Students = 8;

    private readonly Random random = new(seed);
    private readonly Law law = new(world);
    private readonly List<SessionView> sessions = [];
    private readonly List<Place> places = [];
    private readonly List<string> tokens = [];
    private readonly Queue<string> told = new();

    /// <returns>Every kind of event that was seen.</returns>
    public async Task<IReadOnlySet<string>> Run(int steps)
    {
        (int Weight, Func<Task<string>> Act)[] acts =
        [
            (2, EditSession), (5, Steer), (1, Delete), (9, Pass), (12, Join), (10, StudentCommand), (8, Decide), (8, Command), (3, Token), (3, Redeem),
            (10, Report), (2, Fetch), (35, GoOn), (3, ChangeProfile),
        ];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var step = 0; step < steps; step++)
        {
            var draw = random.Next(acts.Sum(act => act.Weight));
            var act = await TooFew() ? CreateSession : acts.First(each => (draw -= each.Weight) < 0).Act;
            try
            {
                Tell($"{step}. {world.Now:HH:mm:ss} {await act()}");
                foreach (var change in await law.Check())
                {
                    seen.UnionWith(change.Events.Select(item => item.Kind));
                    Tell($"     {change.Feed[..12]} {string.Join(' ', change.Events.Select(item => item.Kind))}");
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}, step {step}, after:\n{string.Join('\n', told)}\n{failure}");
            }
        }

        foreach (var session in sessions)
        {
            Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
        }

        return seen;
    }

    private async Task<bool> TooFew()
    {
        var running = 0;
        foreach (var session in sessions.TakeLast(MostAtOnce))
        {
            running += await world.Sessions.Find(session.Id) is { Ended: false, Phase: not SessionPhase.Draining } ? 1 : 0;
        }

        return running < (sessions.Count < MostAtOnce ? sessions.Count + 1 : 2);
    }

    // Mostly one of the last, sometimes one that is long over.
    private SessionView Session => sessions[Chance(8) ? random.Next(sessions.Count) : Math.Max(0, sessions.Count - 1 - random.Next(MostAtOnce))];

    // Mostly somebody who came not long ago, sometimes one whose device or entry is long gone.
    private Place Place => places[Chance(8) ? random.Next(places.Count) : Math.Max(0, places.Count - 1 - random.Next(4))];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T One<T>(params T[] of) => of[random.Next(of.Length)];

    private static string Said<T>(string act, Result<T> result) => result.Problem is { } problem ? $"{act}: {problem.Code}" : act;

    private void Tell(string line)
    {
        told.Enqueue(line);
        while (told.Count > 25)
        {
            told.Dequeue();
        }
    }
}
