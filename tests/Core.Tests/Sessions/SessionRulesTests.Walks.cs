using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Entries;
using Xunit;

namespace LiveProctor.Core.Tests.Sessions;

/// <summary>What holds of every session, seen in random histories and in each pair of phases.</summary>
public sealed partial class SessionRulesTests
{
    [Fact]
    public void Every_step_of_every_history_keeps_every_law_and_walks_every_row_of_the_table()
    {
        var seen = new HashSet<(SessionPhase, SessionPhase, SessionAct)>();
        for (var seed = 1; seed <= 200; seed++)
        {
            seen.UnionWith(SessionWalk.Run(seed, steps: 300));
        }

        var unseen = SessionTable.Rows.SelectMany(row => row.By.Select(act => (row.From, row.To, act))).Where(row => !seen.Contains(row)).ToList();
        Assert.True(unseen.Count == 0, $"Nobody walked {string.Join(", ", unseen)}");
    }

    [Fact]
    public void The_table_in_the_code_is_the_table_of_the_product() =>
        Assert.Equal(SessionTable.Rows.Select(row => (row.From, row.To)).Order(), SessionRules.Transitions.Order());

    [Theory]
    [MemberData(nameof(Phases))]
    public void From_each_phase_each_act_leads_where_the_table_says_or_is_refused(SessionPhase phase)
    {
        var seen = new HashSet<(SessionPhase To, SessionAct By)>();
        foreach (var act in Enum.GetValues<SessionAct>())
        {
            for (var seed = 0; seed < 60; seed++)
            {
                var session = Given.Session(phase) with { AdHoc = true, StartMode = (StartMode)(seed % 2) };
                var result = SessionWalk.Try(session, act, Given.Nine.AddMinutes((seed * 7) - 100), seed);
                if (result.Failed(out var problem))
                {
                    EntryLaws.Refusal(problem);
                    continue;
                }

                var from = phase;
                if (result.Value is [{ Next.Phase: var first }, ..] && first != phase)
                {
                    seen.Add((first, act));
                }

                foreach (var step in result.Value)
                {
                    Assert.True(step.Next.Phase == from || SessionTable.Allows(from, step.Next.Phase, act), $"{from} → {step.Next.Phase} by {act}, seed {seed}");
                    from = step.Next.Phase;
                }
            }
        }

        seen.Add((SessionPhase.Draining, SessionAct.Idle)); // needs a session that was found idle before
        var rows = SessionTable.Rows.Where(row => row.From == phase).SelectMany(row => row.By.Select(act => (row.To, act)));
        Assert.Empty(rows.Except(seen));
    }

    public static TheoryData<SessionPhase> Phases => [.. Enum.GetValues<SessionPhase>()];
}
