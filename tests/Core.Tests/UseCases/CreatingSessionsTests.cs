using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

public sealed class CreatingSessionsTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_in_person_has_a_join_ID_and_a_password_and_no_link(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        Assert.Matches("^[2-9A-HJKMNP-Z]{4}-[2-9A-HJKMNP-Z]{4}$", session.JoinId);
        Assert.Null(session.JoinLink);
        Assert.True(session.Password.Length >= 6);
        Assert.Equal((SessionPhase.Scheduled, 1, 1), (session.Phase, session.Version, session.ScheduleVersion));
        Assert.Equal((Nine, Nine.AddHours(2), Nine.AddMinutes(-30)), (session.OpensAt, session.ClosesAt, session.LobbyOpensAt));
        Assert.Equal([(world.Ada.Id, "Ada Proctor", true), (world.Ben.Id, "Ben Proctor", false)], session.Proctors.Select(proctor => (proctor.Id, proctor.Name, proctor.Lead)));
        Assert.Equal((Delivered, world.Delivery.Id), (Assert.Single(session.Tests).Code, session.Tests[0].Delivery));
        Assert.Equal(["sessionCreated"], await world.Kinds(session.Id));
        Assert.Equal(Json.Write(session), Json.Write(SessionView.Of(await world.SessionNow(session.Id))));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_remote_session_is_found_by_its_link_until_it_has_another(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Mode = SessionMode.Remote });
        Assert.Equal(session.Id, Good(await world.Find.Run(null, $"https://proctor.example{session.JoinLink}?x=1", "192.0.2.1")).Id);
        var form = world.Form with { Mode = SessionMode.Remote, NewJoinLink = true };
        var edited = Good(await world.Edit.Run(world.Ada, session.Id, form, session.Version));
        Refused(ProblemKind.NotFound, await world.Find.Run(null, session.JoinLink, "192.0.2.1"));
        Assert.Equal(session.Id, Good(await world.Find.Run(null, edited.JoinLink, "192.0.2.1")).Id);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Start_now_opens_a_window_of_eight_hours_at_once_in_person_or_remote(string kind)
    {
        await using var world = await World.New(kind);
        foreach (var mode in new[] { SessionMode.InPerson, SessionMode.Remote })
        {
            var session = await world.Session(form => form with { Mode = mode, StartNow = true, OpensAt = null, ClosesAt = null, Proctors = null }, by: world.Ada);
            Assert.Equal((SessionPhase.Open, world.Now, world.Now.AddHours(8)), (session.Phase, session.OpensAt, session.ClosesAt));
            Assert.Equal(mode == SessionMode.Remote, session.JoinLink is not null);
            Assert.Equal(world.Ada.Id, Assert.Single(session.Proctors).Id);
            Assert.Equal(["sessionCreated", "lobbyOpened", "windowOpened"], await world.Kinds(session.Id));
            Assert.All(await world.Events(FeedNames.Session(session.Id)), item => Assert.DoesNotContain("lateSeconds", item.Data, StringComparison.Ordinal));
        }
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_wrong_form_is_told_field_by_field_and_creates_nothing(string kind)
    {
        await using var world = await World.New(kind);
        var problem = Refused(ProblemKind.Invalid, await world.Create.Run(world.Manager, new SessionRequest
        {
            Name = " ", TimeZone = "Mars/Olympus", OpensAt = "tomorrow", ClosesAt = "", Tests = [], Code = "abc", Capacity = 0, Password = "short", Note = new string('n', 2001),
        }));
        Assert.Equal(
            ["capacity", "closesAt", "code", "mode", "name", "note", "opensAt", "password", "tests", "timeZone"],
            problem.Fields.Keys.Order(StringComparer.Ordinal));

        async Task Wrong(string field, Func<SessionRequest, SessionRequest> with) => Assert.Equal(
            field, Assert.Single(Refused(ProblemKind.Invalid, await world.Create.Run(world.Manager, with(world.Form))).Fields).Key);

        await Wrong("name", form => form with { Name = new string('n', 121) });
        await Wrong("name", form => form with { Name = "Room\u0000 4" });
        await Wrong("closesAt", form => form with { ClosesAt = form.OpensAt });
        await Wrong("closesAt", form => form with { ClosesAt = "2027-02-19T09:00:01Z" });
        await Wrong("closesAt", form => form with { OpensAt = "2026-11-20T09:00:00Z", ClosesAt = "2026-11-20T11:00:00Z" });
        await Wrong("opensAt", form => form with { OpensAt = "31/02/26 09:00" });
        await Wrong("tests", form => form with { Tests = [Delivered, "NO-SUCH"] });
        await Wrong("tests", form => form with { Tests = ["A\u0000B"] });
        await Wrong("profileId", form => form with { ProfileId = "no-such" });
        await Wrong("profileId", form => form with { ProfileId = "\u0000" });
        await Wrong("proctors", form => form with { Proctors = ["no-such"] });
        await Wrong("proctors", form => form with { Proctors = ["\u0000"] });
        await Wrong("proctors", form => form with { Proctors = [world.Observer.Id] });
        await Wrong("proctors", form => form with { Proctors = [world.Stranger.Id] });
        await Wrong("code", form => form with { Code = "\u0000aaaa" });
        Assert.Empty(Good(await world.List.Run(world.Manager, new SessionListQuery { ShowOld = true })).Items);
        Assert.Null(await world.Log.Head(FeedNames.Sessions(world.Manager.OrganisationId)));
    }

    [Theory]
    [InlineData("21/11/26 09:00", "Europe/Paris", "2026-11-21T08:00:00Z")]
    [InlineData("21/11/2026 09:00", "America/New_York", "2026-11-21T14:00:00Z")]
    [InlineData("2026-11-21T09:00", "Asia/Kathmandu", "2026-11-21T03:15:00Z")]
    [InlineData("2026-11-21T09:00:00+02:00", "America/New_York", "2026-11-21T07:00:00Z")]
    [InlineData("28/03/27 03:00", "Europe/Paris", "2027-03-28T01:00:00Z")]
    [InlineData("31/10/27 02:30", "Europe/Paris", "2027-10-31T00:30:00Z")]
    [InlineData("31/10/27 03:00", "Europe/Paris", "2027-10-31T02:00:00Z")]
    public void A_time_is_read_in_the_zone_of_the_session(string entered, string zone, string instant) =>
        Assert.Equal(DateTimeOffset.Parse(instant, System.Globalization.CultureInfo.InvariantCulture), SessionTimes.Parse(entered, SessionTimes.Zone(zone)!).Instant);

    [Theory]
    [InlineData("28/03/27 02:30")]
    [InlineData("11/21/26 09:00")]
    [InlineData("21.11.26 09:00")]
    [InlineData("21/11/26 24:00")]
    [InlineData("21/11/26")]
    [InlineData("1999-11-21T09:00:00Z")]
    [InlineData("01/01/0001 00:00")]
    [InlineData("31/12/9999 23:59")]
    [InlineData("9999-12-31T23:59:59Z")]
    [InlineData("0001-01-01T00:00")]
    public void A_time_that_does_not_exist_or_cannot_be_read_is_refused_with_a_sentence(string entered)
    {
        var (instant, wrong) = SessionTimes.Parse(entered, SessionTimes.Zone("Europe/Paris")!);
        Assert.Null(instant);
        Assert.NotEmpty(wrong!);
    }

    [Theory]
    [InlineData("Europe/Paris", true)]
    [InlineData("UTC", true)]
    [InlineData("Asia/Kathmandu", true)]
    [InlineData("", false)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("Romance Standard Time", false)]
    [InlineData("Europe/Paris\u0000", false)]
    [InlineData("../zoneinfo/Europe/Paris", false)]
    [InlineData("/etc/passwd", false)]
    public void A_zone_is_one_of_those_that_pages_can_show(string name, bool known) => Assert.Equal(known, SessionTimes.Zone(name) is not null);

    [Theory, ClassData(typeof(Databases))]
    public async Task A_window_over_the_change_of_the_clocks_lasts_as_long_as_it_says(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { TimeZone = "Europe/Paris", OpensAt = "27/03/27 09:00", ClosesAt = "28/03/27 09:00" });
        Assert.Equal(TimeSpan.FromHours(23), session.ClosesAt - session.OpensAt);
        var problem = Refused(ProblemKind.Invalid, await world.Create.Run(world.Manager, world.Form with
        {
            TimeZone = "Europe/Paris", OpensAt = "28/03/27 02:30", ClosesAt = "28/03/27 09:00",
        }));
        Assert.Contains("does not exist", Assert.Single(problem.Fields["opensAt"]), StringComparison.Ordinal);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_edit_changes_fields_and_window_and_tells_whoever_is_no_longer_its_proctor(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var form = world.Form with { Name = "Room 5", ClosesAt = "2026-11-21T12:00:00Z", Proctors = [world.Ben.Id, world.Cleo.Id], Capacity = 12, Note = "Bring a pencil" };
        Refused(ProblemKind.Stale, await world.Edit.Run(world.Ada, session.Id, form, session.Version + 1));
        var edited = Good(await world.Edit.Run(world.Manager, session.Id, form, session.Version));
        Assert.Equal(("Room 5", 2, 2, 12), (edited.Name, edited.Version, edited.ScheduleVersion, edited.Capacity));
        Assert.Equal((session.JoinId, session.Password), (edited.JoinId, edited.Password));
        Assert.Equal(["sessionCreated", "removed"], (await world.Events(FeedNames.ProctorSessions(world.Ada.Id))).Select(item => item.Kind));
        Assert.Equal(["sessionEdited"], (await world.Events(FeedNames.ProctorSessions(world.Cleo.Id))).Select(item => item.Kind));
        Assert.Equal(["sessionCreated", "sessionEdited"], (await world.Events(FeedNames.ProctorSessions(world.Ben.Id))).Select(item => item.Kind));

        var same = Good(await world.Edit.Run(world.Manager, session.Id, form with { Name = "Room 6" }, edited.Version));
        Assert.Equal((3, 2), (same.Version, same.ScheduleVersion));
        var problem = Refused(ProblemKind.Invalid, await world.Edit.Run(world.Manager, session.Id, form with { Name = "", Mode = null }, same.Version));
        Assert.Equal(["mode", "name"], problem.Fields.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(3, (await world.SessionNow(session.Id)).Version);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_window_moved_into_the_present_opens_with_the_edit_and_an_open_one_moves_only_its_end(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        var moved = world.Form with { OpensAt = "2026-11-21T08:00:00Z" };
        session = Good(await world.Edit.Run(world.Ada, session.Id, moved, session.Version));
        Assert.Equal(SessionPhase.Open, session.Phase);
        Assert.Equal(["sessionCreated", "sessionEdited", "lobbyOpened", "windowOpened"], await world.Kinds(session.Id));
        var refused = Refused(ProblemKind.Invalid, await world.Edit.Run(world.Ada, session.Id, world.Form, session.Version));
        Assert.Equal("opensAt", Assert.Single(refused.Fields).Key);
        refused = Refused(ProblemKind.Invalid, await world.Edit.Run(world.Ada, session.Id, moved with { ClosesAt = "2026-11-21T08:00:00Z" }, session.Version));
        Assert.Equal("closesAt", Assert.Single(refused.Fields).Key);
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Refused(ProblemKind.WrongPhase, await world.Edit.Run(world.Ada, session.Id, moved, session.Version + 1));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_keeps_its_profile_as_it_was_when_the_session_was_made(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(profile: new ProfileSettings { LobbyLeadMinutes = 5, CloseRule = CloseRule.End });
        Assert.Equal((5, CloseRule.End, Nine.AddMinutes(-5)), (session.Profile.LobbyLeadMinutes, session.Profile.CloseRule, session.LobbyOpensAt));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_does_not_run_is_deleted_and_no_longer_found_and_a_running_one_is_not(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session();
        Refused(ProblemKind.Stale, await world.Delete.Run(world.Manager, session.Id, session.Version + 1));
        Good(await world.Delete.Run(world.Manager, session.Id, session.Version));
        Refused(ProblemKind.NotFound, await world.See.Run(world.Manager, session.Id));
        Refused(ProblemKind.NotFound, await world.Find.Run(session.JoinId, null, "192.0.2.1"));
        Refused(ProblemKind.NotFound, await world.Delete.Run(world.Manager, session.Id, session.Version + 1));
        Refused(ProblemKind.NotFound, await world.Steer.Open(world.Ada, session.Id, new PhaseRequest()));
        Assert.Contains($"\"removed\":\"{session.Id}\"", (await world.Events(FeedNames.ProctorSessions(world.Ben.Id)))[^1].Data, StringComparison.Ordinal);
        await world.Pass(TimeSpan.FromHours(10));
        Assert.Equal(["sessionCreated", "deleted"], await world.Kinds(session.Id));
        Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));

        var open = await world.Open(form => form with { StartNow = true, OpensAt = null, ClosesAt = null });
        Refused(ProblemKind.SessionRunning, await world.Delete.Run(world.Manager, open.Id, open.Version));
    }
}
