using LiveProctor.Core.Entries;
using LiveProctor.Core.Tests.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.Sessions.Given;

namespace LiveProctor.Core.Tests.Entries;

/// <summary>What holds of every entry, seen in random histories and in each pair of states.</summary>
public sealed partial class EntryRulesTests
{
    [Fact]
    public void Every_step_of_every_history_keeps_every_law_and_walks_every_row_of_the_table()
    {
        var seen = new HashSet<(EntryState, EntryState, EntryAct)>();
        for (var seed = 1; seed <= 300; seed++)
        {
            seen.UnionWith(EntryWalk.Run(seed, steps: 300));
        }

        var unseen = EntryTable.Rows.SelectMany(row => row.By.Select(act => (row.From, row.To, act))).Where(row => !seen.Contains(row)).ToList();
        Assert.True(unseen.Count == 0, $"Nobody walked {string.Join(", ", unseen)}");
    }

    [Fact]
    public void An_entry_is_active_while_its_student_waits_or_is_tested_and_ended_when_only_an_administrator_can_change_it()
    {
        EntryState[] active =
            [EntryState.Waiting, EntryState.Approved, EntryState.Entering, EntryState.Testing, EntryState.Paused, EntryState.AtSeal, EntryState.Interrupted];
        Assert.Equal(active, Enum.GetValues<EntryState>().Where(state => (Entry() with { State = state }).Active));
        var open = EntryTable.Rows.Where(row => !row.By.Contains(EntryAct.Reinstate)).Select(row => row.From).ToHashSet();
        Assert.All(Enum.GetValues<EntryState>(), state => Assert.Equal(!open.Contains(state), (Entry() with { State = state }).Ended));
    }

    [Fact]
    public void The_table_in_the_code_is_the_table_of_the_product()
    {
        var expected = EntryTable.Rows.Select(row => (row.From, row.To)).ToHashSet();
        expected.ExceptWith(EntryTable.Compound);
        var actual = EntryTransitions.Table.Select(row => (row.Key.From, To: row.Value)).ToHashSet();
        Assert.Equal(expected.OrderBy(row => row), actual.OrderBy(row => row));
    }

    [Theory]
    [MemberData(nameof(States))]
    public void From_each_state_each_act_leads_where_the_table_says_or_is_refused(EntryState state)
    {
        foreach (var act in Enum.GetValues<EntryAct>())
        {
            for (var seed = 0; seed < 60; seed++)
            {
                var scene = new EntryScene(seed);
                scene.LetTimePass();
                scene.LetTimePass();
                scene.Entry = Given.Entry(state, seed % 2 == 0 && state is not (EntryState.Entering or EntryState.AtSeal or EntryState.Submitted) ? Given.Undelivered : Given.Delivered);
                var result = scene.Do(act);
                if (result.Failed(out var problem))
                {
                    EntryLaws.Refusal(problem);
                }
                else if (result.Value is { Next.State: var to } && to != state)
                {
                    Assert.True(EntryTable.Allows(state, to, act), $"{state} → {to} by {act}({scene.Drawn}), seed {seed}");
                }
            }
        }
    }
}
