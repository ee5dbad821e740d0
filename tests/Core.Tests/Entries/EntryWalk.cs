using LiveProctor.Core.Entries;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>One random history of entries, checked against every law at every step. A failure names its seed and the steps that led to it.</summary>
internal static class EntryWalk
{
    private const int Told = 12;

    /// <summary>Walks the history of the seed.</summary>
    /// <returns>Every change of state that it saw, with the act that made it.</returns>
    public static HashSet<(EntryState From, EntryState To, EntryAct By)> Run(int seed, int steps)
    {
        try
        {
            return Run(seed, steps, trace: null);
        }
        catch (BrokenLaw)
        {
            // The same seed goes the same way; only who comes to a broken law writes down the way.
            return Run(seed, steps, trace: []);
        }
    }

    private static HashSet<(EntryState From, EntryState To, EntryAct By)> Run(int seed, int steps, List<string>? trace)
    {
        var seen = new HashSet<(EntryState, EntryState, EntryAct)>();
        var scene = new EntryScene(seed);
        var laws = new EntryLaws();
        for (var index = 0; index < steps; index++)
        {
            scene.LetTimePass();
            var before = scene.Entry;
            var print = index % 5 == 0 ? EntryLaws.Print(before) : null;
            var act = scene.Draw();
            var outcome = "no effect";
            try
            {
                var result = scene.Do(act);
                if (result.Failed(out var problem))
                {
                    outcome = $"refused: {problem.Detail}";
                    EntryLaws.Refusal(problem);
                }
                else if (result.Value is { } step)
                {
                    outcome = $"{step.Kind} → {step.Next.State}";
                    laws.Step(before, scene.Session, act, scene.LastReport, step, scene.Now);
                    scene.Entry = step.Next;
                    if (step.Next.State != before.State)
                    {
                        seen.Add((before.State, step.Next.State, act));
                    }
                }

                if (print is not null && EntryLaws.Print(before) != print)
                {
                    throw new BrokenLaw("rules leave the entry they are given alone");
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                throw new BrokenLaw($"""
                    {failure.Message}
                    EntryWalk.Run(seed: {seed}, steps: {index + 1}) comes here. The last steps:
                    {string.Join('\n', trace?.TakeLast(Told) ?? [])}
                    {Line()}
                    before: {EntryLaws.Print(before)}
                    after:  {EntryLaws.Print(scene.Entry)}
                    {failure.StackTrace}
                    """);
            }

            trace?.Add(Line());
            if (scene.Over())
            {
                laws = new EntryLaws();
            }

            string Line() => $"  {index}. {scene.Now:O} {scene.Session.Phase} v{scene.Session.ScheduleVersion}: {before.State} {act}({scene.Drawn}) {outcome}";
        }

        return seen;
    }
}
