using Dapper;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class SessionListTests
{
    private static readonly SessionListQuery All = new() { ShowOld = true };

    [Theory, ClassData(typeof(Databases))]
    public async Task Search_finds_parts_of_names_codes_and_join_IDs_and_takes_every_character_as_itself(string kind)
    {
        await using var world = await World.New(kind);
        string[] names = ["100% Math", "100 Math", "under_score", "underXscore", "O'Brien \"B\"", @"back\slash", "Ärzte-Prüfung", "\u0130stanbul \u0131\u015f\u0131k"];
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
        Assert.Equal(["\u0130stanbul \u0131\u015f\u0131k"], await Found("istanbul i\u015fik"));
        Assert.Equal(["Ärzte-Prüfung"], await Found("pru\u0308fung"));
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
    public async Task Every_part_of_a_name_finds_all_that_have_it_page_by_page(string kind)
    {
        await using var world = await World.New(kind);
        string[] names = ["Chemistry 77 north", "Chemistry 775", "History 77", "Try 7", "Chemistry", "Chem 1 and chem 2", "Ärzte \U0001F9EA\U0001F9EA 77", "12345678", "a 77a77a77"];
        foreach (var name in names)
        {
            await world.Session(form => form with { Name = name });
        }

        var parts = names.SelectMany(name => Enumerable.Range(0, name.Length).SelectMany(start => Enumerable.Range(1, name.Length - start).Select(length => name.Substring(start, length))))
            .Where(part => part.Trim() == part && part.EnumerateRunes().All(rune => rune != System.Text.Rune.ReplacementChar));
        (Actor Actor, ListSessions List, string Sort)[] ways =
        [
            (world.Manager, world.List, "name"), (world.Manager, world.List, "-name"), (world.Manager, world.List, "opensAt"), (world.Ada, world.List, "name"),
            (world.Manager, new ListSessions(world.Db, world.Clock, mostHits: 1), "name"), (world.Manager, new ListSessions(world.Db, world.Clock, mostHits: 1), "joinId"),
        ];
        foreach (var (number, part) in parts.Distinct().Where((_, number) => number % 3 == 0).Append("Chemistry 76").Append("zz").Index())
        {
            var (actor, list, sort) = ways[number % ways.Length];
            // The name tells; join IDs are random, and hit only what is as short as they are.
            var expected = names.Where(name => name.Contains(part, StringComparison.OrdinalIgnoreCase)).ToHashSet();
            var found = new List<SessionListRow>();
            var query = All with { Search = part, Sort = sort, Limit = 2 };
            do
            {
                var page = Good(await list.Run(actor, query));
                found.AddRange(page.Items);
                query = query with { Cursor = page.Next };
            }
            while (query.Cursor is not null);

            Assert.Equal(expected.Order(), found.Select(row => row.Name).Where(expected.Contains).Order());
            if (sort.EndsWith("name", StringComparison.Ordinal))
            {
                var inOrder = found.Select(row => row.Name.ToUpperInvariant()).Order(StringComparer.Ordinal);
                Assert.Equal(sort[0] == '-' ? inOrder.Reverse() : inOrder, found.Select(row => row.Name.ToUpperInvariant()));
            }

            Assert.All(found.Where(row => !expected.Contains(row.Name)), row => Assert.Contains(part.ToUpperInvariant(), row.JoinId.Replace("-", "", StringComparison.Ordinal), StringComparison.Ordinal));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_word_is_found_on_every_page_however_far_apart_those_are_that_have_it(string kind)
    {
        await using var world = await World.New(kind);
        var first = (await world.Sessions.Find((await world.Session()).Id))!;
        var names = Enumerable.Range(0, 2200).Select(number => number % 400 == 0 ? $"{number:0000} Physics" : $"{number:0000} Physic").ToList();
        await world.Changes.Run<Done>(world.Manager, async change =>
        {
            await SessionStore.InsertMany(change, [.. names.Select(name => first with { Id = Id.New(world.Now), JoinId = Secret.NewReadable(8), LinkSecret = Secret.New(), Name = name })]);
            return new Done();
        });

        // Statistics as they are some time after so many sessions were made: "PHYSIC" is known to be common.
        await world.Db.Write(async (connection, transaction) => (await connection.ExecuteAsync("ANALYZE;", null, transaction), true));

        // Few, and more than are ever named one by one.
        foreach (var (search, sort, limit) in new[] { ("physics", "name", 3), ("physics", "-entries", 3), ("physic", "-name", 200), ("200", "name", 3), ("21", "-name", 40), ("ph", "code", 200) })
        {
            var expected = names.Where(name => name.Contains(search, StringComparison.OrdinalIgnoreCase));
            var query = All with { Search = search, Sort = sort, Limit = limit };
            var seen = new List<string>();
            do
            {
                var page = Good(await world.List.Run(world.Manager, query));
                seen.AddRange(page.Items.Select(row => row.Name));
                query = query with { Cursor = page.Next };
            }
            while (query.Cursor is not null);

            Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
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
        Assert.Equal(["Open"], await Names(All with { Phases = [SessionPhase.Open] }));
        Assert.Equal(["Old", "Past"], await Names(All with { Phases = [SessionPhase.Closed] }));
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

        var opened = (await Rows(world, world.Manager, All)).Where(row => row.Phase == SessionPhase.Open).ToList();
        for (var index = 0; index < opened.Count; index++)
        {
            for (var student = 0; student <= index; student++)
            {
                await world.Join(await Seen(opened[index]), (index * 10) + student);
            }
        }

        await world.CountOrder.Follow();
        foreach (var column in new[] { "name", "phase", "opensAt", "closesAt", "code", "mode", "joinId", "entries", "waiting", "testing", "done" })
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

        async Task<SessionView> Seen(SessionListRow row) => SessionView.Of(await world.SessionNow(row.Id));
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

    [Theory, ClassData(typeof(Databases))]
    public async Task Whatever_becomes_of_its_entries_a_row_counts_them_as_they_are(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open();
        var places = new List<Place>();
        for (var student = 1; student <= 6; student++)
        {
            places.Add(await world.Join(session, student));
        }

        Good(await world.Decide.Deny(world.Ada, session.Id, await world.Rows(places[0]) with { Reason = "Not you" }));
        Good(await world.Student.Withdraw(places[1].Caller));
        await world.Testing(session, 7);
        Good(await world.Edit.Run(world.Manager, session.Id, world.Form with { Proctors = [world.Ada.Id, world.Cleo.Id] }, (await world.SessionNow(session.Id)).Version));
        await world.Report(await world.Testing(session, 8), ReportKind.Submitted);
        Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Fire alarm")));

        var expected = new SessionCounts(4, 1, 1);
        foreach (var actor in new[] { world.Manager, world.Ada, world.Cleo })
        {
            Assert.Equal(expected, Assert.Single(await Rows(world, actor, All)).Counts);
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_range_takes_the_sessions_whose_window_touches_it(string kind)
    {
        await using var world = await World.New(kind);
        await world.Session(form => form with { Name = "Long", OpensAt = "2026-11-22T09:00:00Z", ClosesAt = "2027-02-19T09:00:00Z" });
        await world.Session(form => form with { Name = "Before", OpensAt = "2026-12-01T09:00:00Z", ClosesAt = "2026-12-07T00:00:00Z" });
        await world.Session(form => form with { Name = "In", OpensAt = "2026-12-08T09:00:00Z", ClosesAt = "2026-12-08T10:00:00Z" });
        await world.Session(form => form with { Name = "After", OpensAt = "2026-12-14T00:00:00Z", ClosesAt = "2026-12-14T10:00:00Z" });

        var week = All with { From = At("2026-12-07T00:00:00Z"), To = At("2026-12-14T00:00:00Z") };
        foreach (var sort in new[] { "opensAt", "name", "entries" })
        {
            Assert.Equal(["In", "Long"], (await Rows(world, world.Manager, week with { Sort = sort, Limit = 1 })).Select(row => row.Name).Order(StringComparer.Ordinal));
        }

        Refused(ProblemKind.Invalid, await world.List.Run(world.Manager, week with { To = week.From }));

        static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_proctors_sessions_are_asked_for_by_those_who_may_see_them(string kind)
    {
        await using var world = await World.New(kind);
        await world.Session(form => form with { Name = "Ada and Ben" });
        await world.Session(form => form with { Name = "Ben alone", Proctors = [world.Ben.Id] });
        await world.Session(form => form with { Name = "Max", Proctors = [world.Manager.Id] });
        async Task<IEnumerable<string>> Names(Actor actor, string proctor) => (await Rows(world, actor, All with { Proctor = proctor })).Select(row => row.Name);

        Assert.Equal(["Ada and Ben", "Ben alone"], await Names(world.Manager, world.Ben.Id));
        Assert.Equal(["Max"], await Names(world.Manager, "me"));
        Assert.Equal(["Ada and Ben"], await Names(world.Ada, world.Ben.Id));
        Assert.Equal(["Ada and Ben"], await Names(world.Ada, "me"));
        Assert.Empty(await Names(world.Stranger, world.Ben.Id));
        Assert.Empty(await Names(world.Manager, world.Stranger.OrganisationId));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Several_phases_are_taken_together_and_hiding_the_past_takes_precedence(string kind)
    {
        await using var world = await World.New(kind);
        await world.Session(form => form with { Name = "Scheduled" });
        await world.Open(form => form with { Name = "Open" });
        Good(await world.Steer.Cancel(world.Manager, (await world.Session(form => form with { Name = "Cancelled" })).Id, new PhaseRequest()));

        async Task<IEnumerable<string>> Names(SessionListQuery query) => (await Rows(world, world.Manager, query)).Select(row => row.Name);
        Assert.Equal(["Cancelled", "Open"], await Names(All with { Phases = [SessionPhase.Cancelled, SessionPhase.Open] }));
        Assert.Empty(await Names(All with { Phases = [SessionPhase.Cancelled], HidePast = true }));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_ended_three_months_ago_is_set_apart_and_comes_back_when_it_is_reopened(string kind)
    {
        await using var world = await World.New(kind);
        var old = await world.Session(form => form with { Name = "Old" });
        await world.PassTo(Nine.AddHours(3));
        var shelve = new ShelveOldSessions(world.Db, world.Clock);
        world.Clock.Advance(TimeSpan.FromDays(80));
        Assert.Equal(0, await shelve.Run());
        world.Clock.Advance(TimeSpan.FromDays(20));
        Assert.Empty(await Rows(world, world.Manager, new SessionListQuery()));

        Assert.Equal(1, await shelve.Run());
        Assert.Equal(0, await shelve.Run());
        foreach (var sort in new[] { "name", "done" })
        {
            Assert.Empty(await Rows(world, world.Ada, new SessionListQuery { Sort = sort }));
            Assert.Equal("Old", Assert.Single(await Rows(world, world.Ada, All with { Sort = sort })).Name);
            Assert.Equal("Old", Assert.Single(await Rows(world, world.Ada, All with { Sort = sort, Phases = [SessionPhase.Closed] })).Name);
        }

        Good(await world.Edit.Run(world.Administrator, (await world.Session(form => form with { Name = "Other", OpensAt = "2027-04-01T09:00:00Z", ClosesAt = "2027-04-01T10:00:00Z" })).Id,
            world.Form with { Name = "New", OpensAt = "2027-04-01T09:00:00Z", ClosesAt = "2027-04-01T10:00:00Z" }, 1));
        Assert.Equal(["New"], (await Rows(world, world.Manager, new SessionListQuery())).Select(row => row.Name));
        Assert.Empty(await Rows(world, world.Manager, All with { Search = "Other" }));
        Assert.Equal(old.Id, Assert.Single(await Rows(world, world.Manager, All with { Search = "OLD", Sort = "-closesAt" })).Id);
    }

    private static string Key(SessionListRow row, string column) => column switch
    {
        "name" => row.Name.ToUpperInvariant(),
        "phase" => $"{(int)row.Phase}",
        "opensAt" => row.OpensAt.ToString("O"),
        "closesAt" => row.ClosesAt.ToString("O"),
        "code" => row.Code?.ToUpperInvariant() ?? "",
        "joinId" => row.JoinId,
        "entries" or "waiting" => $"{row.Counts!.Waiting:0000}",
        "testing" => $"{row.Counts!.Testing:0000}",
        "done" => $"{row.Counts!.Done:0000}",
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
