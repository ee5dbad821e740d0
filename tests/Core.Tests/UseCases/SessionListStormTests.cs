using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Somebody pages through the list while others make, change, open and delete sessions.</summary>
public sealed class SessionListStormTests
{
    private const int Still = 20;

    [Theory, ClassData(typeof(Databases))]
    public async Task Whatever_happens_to_others_each_session_that_stays_as_it_is_stands_on_exactly_one_page(string kind)
    {
        await using var world = await World.New(kind);
        var still = new List<string>();
        for (var index = 0; index < Still; index++)
        {
            still.Add((await world.Session(form => Form(form, index))).Id);
        }

        using var over = new CancellationTokenSource();
        var others = Disturb(world, over.Token);
        try
        {
            foreach (var column in SessionListSortNames)
            {
                foreach (var sort in new[] { column, $"-{column}" })
                {
                    foreach (var query in new[] { new SessionListQuery { Sort = sort, Limit = 3 }, new SessionListQuery { Sort = sort, Limit = 4, Phases = [SessionPhase.Scheduled], Search = "room" } })
                    {
                        var seen = new List<string>();
                        for (string? cursor = null; ;)
                        {
                            var page = Good(await world.List.Run(world.Manager, query with { Cursor = cursor }));
                            seen.AddRange(page.Items.Select(row => row.Id));
                            cursor = page.Next;
                            if (cursor is null)
                            {
                                break;
                            }
                        }

                        Assert.Equal(still.Order(StringComparer.Ordinal), seen.Where(still.Contains).Order(StringComparer.Ordinal));
                    }
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            await others;
        }
    }

    private static IEnumerable<string> SessionListSortNames => ["name", "phase", "opensAt", "closesAt", "code", "mode", "joinId", "entries", "testing", "done"];

    // Few values, so that most are equal; half have no code.
    private static SessionRequest Form(SessionRequest form, int number) => form with
    {
        Name = $"Room {number % 3}", Code = number % 2 == 0 ? null : $"code{number % 4}", Mode = (SessionMode)(number % 3), OpensAt = Nine.AddHours(number % 4).ToString("O"),
        ClosesAt = Nine.AddHours(8 + (number % 2)).ToString("O"),
    };

    private static async Task Disturb(World world, CancellationToken over)
    {
        var dice = new Random(7);
        var others = new List<string>();
        while (!over.IsCancellationRequested)
        {
            var id = others.Count < 4 ? null : others[dice.Next(others.Count)];
            switch (dice.Next(5))
            {
                case 0 or 1 when id is not null:
                    var now = await world.SessionNow(id);
                    await world.Edit.Run(world.Manager, id, Form(world.Form, dice.Next(100)), now.Version);
                    break;
                case 2 when id is not null:
                    await world.Steer.Open(world.Ada, id, new PhaseRequest());
                    break;
                case 3 when id is not null:
                    Result<Done> gone = await world.Delete.Run(world.Manager, id, (await world.SessionNow(id)).Version);
                    if (!gone.Failed(out _))
                    {
                        others.Remove(id);
                    }

                    break;
                default:
                    others.Add((await world.Session(form => Form(form, dice.Next(100)))).Id);
                    break;
            }

            await Task.Yield();
        }
    }
}
