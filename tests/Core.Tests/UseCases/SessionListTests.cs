using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class SessionListTests
{
    private static readonly SessionListQuery All = new(null, HidePast: false, ShowOld: true, null, null, null, null);

    [Theory, ClassData(typeof(Databases))]
    public async Task Search_finds_parts_of_names_codes_and_join_IDs_and_takes_every_character_as_itself(string kind)
    {
        await using var world = await World.New(kind);
        string[] names = ["100% Math", "100 Math", "under_score", "underXscore", "O'Brien \"B\"", @"back\slash", "Ärzte-Prüfung"];
        var sessions = new List<SessionView>();
        foreach (var name in names)
        {
            sessions.Add(await world.Session(form => form with { Name = name, Code = name == "100 Math" ? "Wil%low" : null }));
        }

        async Task<IEnumerable<string>> Found(string search) => (await Rows(world, world.Manager, All with { Search = search })).Select(row => row.Name);
        Assert.Equal(["100 Math", "100% Math"], await Found("100"));
        Assert.Equal(["100% Math"], await Found("100%"));
        Assert.Equal(["100 Math"], await Found("l%l"));
        Assert.Equal(["under_score"], await Found("r_s"));
        Assert.Equal(["O'Brien \"B\""], await Found("o'brien"));
        Assert.Equal(["O'Brien \"B\""], await Found("\"b\""));
        Assert.Equal([@"back\slash"], await Found(@"K\s"));
        Assert.Equal(["Ärzte-Prüfung"], await Found("ärzte-"));
        Assert.Equal(["Ärzte-Prüfung"], await Found("-"));
        Assert.Empty(await Found("'; DROP TABLE sessions; --"));
        Assert.Equal(names.Length, (await Found(" ")).Count());
        foreach (var session in sessions)
        {
            Assert.Contains(session.Name, await Found(session.JoinId));
            Assert.Contains(session.Name, await Found(session.JoinId[2..7].ToLowerInvariant()));
        }

        foreach (var wrong in new[] { "\u0000", new string('s', 121) })
        {
            Assert.Equal("search", Assert.Single(Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Search = wrong })).Fields).Key);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Past_old_and_other_phases_are_filtered(string kind)
    {
        await using var world = await World.New(kind);
        await world.Session(form => form with { Name = "Old" });
        await world.PassTo(Nine.AddHours(3));
        world.Clock.Advance(TimeSpan.FromDays(100));
        SessionRequest From(SessionRequest form, string name, int hours) => form with
        {
            Name = name, OpensAt = world.Now.AddHours(hours).ToString("O"), ClosesAt = world.Now.AddHours(hours + 2).ToString("O"),
        };
        await world.Session(form => From(form, "Past", 0));
        var cancelled = await world.Session(form => From(form, "Cancelled", 9));
        Good(await world.Steer.Cancel(world.Manager, cancelled.Id, new PhaseRequest()));
        await world.Session(form => From(form, "Coming", 9));
        await world.Open(form => From(form, "Open", 8));
        await world.Pass(TimeSpan.FromHours(3));

        async Task<IEnumerable<string>> Names(SessionListQuery query) => (await Rows(world, world.Manager, query)).Select(row => row.Name);
        Assert.Equal(["Cancelled", "Coming", "Old", "Open", "Past"], await Names(All));
        Assert.Equal(["Cancelled", "Coming", "Open", "Past"], await Names(All with { ShowOld = false }));
        Assert.Equal(["Coming", "Open"], await Names(All with { HidePast = true }));
        Assert.Equal(["Open"], await Names(All with { Phase = SessionPhase.Open }));
        Assert.Equal(["Old", "Past"], await Names(All with { Phase = SessionPhase.Closed }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Every_column_sorts_both_ways_and_pages_have_neither_gaps_nor_doubles_where_values_are_equal(string kind)
    {
        await using var world = await World.New(kind);
        for (var index = 0; index < 23; index++)
        {
            var number = index;
            var session = await world.Session(form => form with
            {
                Name = $"Room {number % 4} é", Code = number % 3 == 0 ? null : $"code{number % 3}", Mode = (SessionMode)(number % 3),
                OpensAt = Nine.AddHours(number % 5).ToString("O"), ClosesAt = Nine.AddHours(10 + (number % 6)).ToString("O"),
            });
            if (index % 4 == 0)
            {
                await world.Steer.Open(world.Ada, session.Id, new PhaseRequest());
            }
        }

        foreach (var column in new[] { "name", "phase", "opensAt", "closesAt", "code", "mode" })
        {
            var up = await Rows(world, world.Manager, All with { Sort = column });
            Assert.Equal(23, up.DistinctBy(row => row.Id).Count());
            Assert.Equal(up.Select(row => Key(row, column)).Order(StringComparer.Ordinal), up.Select(row => Key(row, column)));
            Assert.Equal(up.Reverse().Select(row => row.Id), (await Rows(world, world.Manager, All with { Sort = $"-{column}" })).Select(row => row.Id));
            foreach (var sort in new[] { column, $"-{column}" })
            {
                var whole = await Rows(world, world.Manager, All with { Sort = sort });
                foreach (var limit in new[] { 1, 5, 22, 23 })
                {
                    Assert.Equal(whole.Select(row => row.Id), (await Rows(world, world.Manager, All with { Sort = sort, Limit = limit })).Select(row => row.Id));
                }
            }
        }

        var page = Good(await world.List.Run(world.Manager, All with { Limit = 5 }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Sort = "password" }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Limit = 0 }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Limit = 201 }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Cursor = "!" }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Cursor = page.Next, Sort = "opensAt" }));
        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, All with { Cursor = Convert.ToBase64String("a|\u0000"u8).TrimEnd('=') }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Staff_see_the_sessions_of_their_organisation_and_a_proctor_its_own(string kind)
    {
        await using var world = await World.New(kind);
        var shared = await world.Session(form => form with { Name = "Shared" });
        await world.Session(form => form with { Name = "Cleo's", Proctors = [world.Cleo.Id] });
        async Task<IEnumerable<string>> Names(Actor actor) => (await Rows(world, actor, All)).Select(row => row.Name);
        Assert.Equal(["Cleo's", "Shared"], await Names(world.Manager));
        Assert.Equal(["Cleo's", "Shared"], await Names(world.Administrator));
        Assert.Equal(["Cleo's", "Shared"], await Names(world.Observer));
        Assert.Equal(["Shared"], await Names(world.Ada));
        Assert.Equal(["Cleo's"], await Names(world.Cleo));
        Assert.Empty(await Names(world.Stranger));
        Good(await world.Edit.Run(world.Manager, shared.Id, world.Form with { Name = "Shared", Proctors = [world.Cleo.Id] }, 1));
        Assert.Empty(await Names(world.Ada));
        Assert.Equal(["Cleo's", "Shared"], await Names(world.Cleo));
        Good(await world.Delete.Run(world.Manager, shared.Id, 2));
        Assert.Equal(["Cleo's"], await Names(world.Manager));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_row_counts_who_waits_who_is_tested_and_who_is_done(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        await world.Join(session, 1);
        await world.Approved(session, 2);
        var paused = await world.Testing(session, 3);
        Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(paused)));
        await world.Report(paused, ReportKind.Paused);
        await world.Report(await world.Testing(session, 4), ReportKind.Submitted);
        Good(await world.Student.Withdraw((await world.Join(session, 5)).Caller));
        Assert.Equal(new SessionCounts(1, 1, 1), Assert.Single(await Rows(world, world.Manager, All)).Counts);
    }

    private static string Key(SessionListRow row, string column) => column switch
    {
        "name" => row.Name.ToUpperInvariant(),
        "phase" => row.Phase.ToString(),
        "opensAt" => row.OpensAt.ToString("O"),
        "closesAt" => row.ClosesAt.ToString("O"),
        "code" => row.Code?.ToUpperInvariant() ?? "",
        _ => row.Mode.ToString(),
    };

    /// <summary>Every row of the query, page by page.</summary>
    private static async Task<IReadOnlyList<SessionListRow>> Rows(World world, Actor actor, SessionListQuery query)
    {
        var rows = new List<SessionListRow>();
        for (var page = Good(await world.List.Run(actor, query)); ; page = Good(await world.List.Run(actor, query with { Cursor = page.Next })))
        {
            rows.AddRange(page.Items);
            if (page.Next is null)
            {
                return rows;
            }
        }
    }
}
