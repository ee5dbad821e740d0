using LiveProctor.Core.Audit;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Profiles that change, and what their sessions make of it (product.md section 3, docs/decisions/0070).</summary>
public sealed class ProfilesTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_scheduled_session_follows_its_profile_and_its_lobby_opens_at_the_new_time(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(profile: new ProfileSettings { LobbyLeadMinutes = 5 });
        await world.Change(session.ProfileId!, settings => settings with { LobbyLeadMinutes = 45, AutoAdmit = true });
        Assert.Equal(1, await world.FollowProfiles.Run());

        var now = await world.SessionNow(session.Id);
        Assert.Equal((45, true, Nine.AddMinutes(-45)), (now.Profile.LobbyLeadMinutes, now.Profile.AutoAdmit, now.LobbyOpensAt));
        Assert.Equal(2, now.AppliedProfile!.Version);
        Assert.Contains("profileTaken", await world.Kinds(session.Id));
        await world.PassTo(Nine.AddMinutes(-45));
        Assert.Equal(SessionPhase.LobbyOpen, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_lead_that_has_begun_already_opens_the_lobby_with_the_change(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(profile: new ProfileSettings { LobbyLeadMinutes = 5 });
        await world.Change(session.ProfileId!, settings => settings with { LobbyLeadMinutes = 90 });
        await world.FollowProfiles.Run();
        Assert.Equal(SessionPhase.LobbyOpen, (await world.SessionNow(session.Id)).Phase);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_runs_keeps_its_settings_until_a_proctor_asks(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(profile: new ProfileSettings { StudentMayPause = false });
        var place = await world.Testing(session);
        await world.Change(session.ProfileId!, settings => settings with { StudentMayPause = true });
        await world.FollowProfiles.Run();

        var kept = await world.SessionNow(session.Id);
        Assert.Equal((false, true), (kept.Profile.StudentMayPause, kept.NewerProfile!.Settings.StudentMayPause));
        Refused(ProblemKind.NotPermitted, await world.Student.Pause(place.Caller));
        Refused(ProblemKind.Forbidden, await world.TakeProfile(session.Id, world.Observer));
        Refused(ProblemKind.NotFound, await world.TakeProfile(session.Id, world.Cleo));
        Refused(ProblemKind.NotFound, await world.TakeProfile(session.Id, world.Stranger));

        var taken = Good(await world.TakeProfile(session.Id));
        Assert.Equal((true, null), (taken.Profile.StudentMayPause, taken.NewerProfile));
        Good(await world.Student.Pause(place.Caller));
        Assert.Equal(taken.Version, Good(await world.TakeProfile(session.Id)).Version);
        Assert.Equal(0, await world.FollowProfiles.Run());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task What_was_offered_goes_away_when_the_profile_is_changed_back(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(profile: new ProfileSettings { PauseLimitMinutes = 10 });
        await world.Change(session.ProfileId!, settings => settings with { PauseLimitMinutes = 15 });
        await world.FollowProfiles.Run();
        await world.Change(session.ProfileId!, settings => settings with { PauseLimitMinutes = 10 });
        await world.FollowProfiles.Run();
        var now = await world.SessionNow(session.Id);
        Assert.Equal((null, 10, 3), (now.NewerProfile, now.Profile.PauseLimitMinutes, now.AppliedProfile!.Version));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task The_organisations_default_applies_where_a_session_names_no_profile(string kind)
    {
        await using var world = await World.New(kind);
        var before = await world.Session();
        var named = await world.Session(form => form with { Name = "Named" }, new ProfileSettings { LobbyLeadMinutes = 3 });
        var profile = await world.Profile(new ProfileSettings { LobbyLeadMinutes = 10 });
        await world.Default(profile);
        var after = await world.Session(form => form with { Name = "After" });
        Assert.Equal((10, profile, null), (after.Profile.LobbyLeadMinutes, after.AppliedProfile!.Id, after.ProfileId));

        Assert.Equal(1, await world.FollowProfiles.Run());
        Assert.Equal(10, (await world.SessionNow(before.Id)).Profile.LobbyLeadMinutes);
        Assert.Equal(3, (await world.SessionNow(named.Id)).Profile.LobbyLeadMinutes);

        await world.Change(profile, settings => settings with { LobbyLeadMinutes = 12 });
        Assert.Equal(2, await world.FollowProfiles.Run());
        await world.Default(null);
        Assert.Equal(2, await world.FollowProfiles.Run());
        Assert.Equal((30, null), ((await world.SessionNow(after.Id)).Profile.LobbyLeadMinutes, (await world.SessionNow(after.Id)).AppliedProfile));
        Refused(ProblemKind.Invalid, await new SetDefaultProfile(world.Changes).Run(world.Stranger, new DefaultProfile(profile)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Many_sessions_follow_in_batches_and_each_of_them_once(string kind)
    {
        await using var world = await World.New(kind);
        var profile = await world.Profile(new ProfileSettings { LobbyLeadMinutes = 10 });
        for (var number = 0; number < 120; number++)
        {
            await world.Session(form => form with { Name = $"Room {number}", ProfileId = profile });
        }

        await world.Change(profile, settings => settings with { LobbyLeadMinutes = 20 });
        Assert.Equal(120, await world.FollowProfiles.Run());
        Assert.Equal(0, await world.FollowProfiles.Run());
        Assert.All(await Listed(world), row => Assert.Equal(Nine.AddMinutes(-20), row.LobbyOpensAt));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_stored_after_the_first_look_is_found_by_a_later_one_and_then_the_work_is_done(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(profile: new ProfileSettings { LobbyLeadMinutes = 10 });
        await world.Change(session.ProfileId!, settings => settings with { LobbyLeadMinutes = 20 });
        await world.FollowProfiles.Run();

        // As a creation would leave it that had read the profile before the change and committed after the look.
        var late = await world.Session(form => form with { Name = "Late", ProfileId = session.ProfileId });
        var document = Json.Write((await world.SessionNow(late.Id)) with
        {
            Profile = new ProfileSettings { LobbyLeadMinutes = 10 }, AppliedProfile = new AppliedProfile(session.ProfileId!, "x", 1),
        });
        await world.Changes.Run<Done>(Actor.System, async change =>
        {
            await change.Execute("UPDATE sessions SET document = @document, profile_mark = @mark WHERE id = @Id", new { document, mark = $"{session.ProfileId}:1", late.Id });
            return new Done();
        });
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(1, await world.FollowProfiles.Run());
        Assert.Equal(20, (await world.SessionNow(late.Id)).Profile.LobbyLeadMinutes);
        Assert.NotEmpty(await world.Profiles.Changed());
        world.Clock.Advance(TimeSpan.FromSeconds(31));
        await world.FollowProfiles.Run();
        Assert.Empty(await world.Profiles.Changed());
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_profile_is_edited_by_whoever_saw_its_version_and_under_a_name_of_its_own(string kind)
    {
        await using var world = await World.New(kind);
        var edit = new EditProfile(world.Changes);
        var first = Good(await new CreateProfile(world.Changes).Run(world.Manager, new NewProfile { Name = "Calm" }, null));
        Good(await new CreateProfile(world.Changes).Run(world.Manager, new NewProfile { Name = "Strict" }, null));
        Refused(ProblemKind.Duplicate, await edit.Run(world.Manager, first.Id, new NewProfile { Name = "STRICT" }, 1));
        Refused(ProblemKind.NotFound, await edit.Run(world.Stranger, first.Id, new NewProfile { Name = "Mine" }, 1));
        Assert.Equal(2, Good(await edit.Run(world.Manager, first.Id, new NewProfile { Name = "calm" }, 1)).Version);
        Refused(ProblemKind.Stale, await edit.Run(world.Manager, first.Id, new NewProfile { Name = "Calmer" }, 1));
        Assert.Null(await world.Audit.FirstBroken(AuditLog.Organisation(world.Manager.OrganisationId)));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task Of_many_who_choose_a_default_or_a_name_at_once_nobody_fails_and_one_is_left(string kind)
    {
        await using var world = await World.New(kind);
        var ids = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => world.Profile(new ProfileSettings())));
        await Task.WhenAll(ids.Select(id => world.Default(id)));
        Assert.Single(await world.Profiles.Of(world.Manager.OrganisationId), profile => profile.IsDefault);
        var named = await Task.WhenAll(ids.Select(id => new EditProfile(world.Changes).Run(world.Manager, id, new NewProfile { Name = "The one" }, 1)));
        Assert.Single(named, result => result.Problem is null);
        Assert.All(named.Where(result => result.Problem is not null), result => Assert.Equal("duplicate", result.Problem!.Code));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_profile_in_use_is_not_deleted_and_one_of_sessions_that_are_over_is(string kind)
    {
        await using var world = await World.New(kind);
        var delete = new DeleteProfile(world.Changes);
        var session = await world.Session(profile: new ProfileSettings { AutoAdmit = true });
        var id = session.ProfileId!;
        Assert.Equal(1, (await world.Profiles.Find(world.Manager.OrganisationId, id))!.Sessions);
        Refused(ProblemKind.ProfileInUse, await delete.Run(world.Manager, id, 1));
        Good(await world.Steer.Cancel(world.Manager, session.Id, new PhaseRequest()));
        await world.Default(id);
        Refused(ProblemKind.ProfileInUse, await delete.Run(world.Manager, id, 1));
        await world.Default(null);
        Refused(ProblemKind.NotFound, await delete.Run(world.Stranger, id, 1));
        Refused(ProblemKind.Stale, await delete.Run(world.Manager, id, 2));
        Good(await delete.Run(world.Manager, id, 1));
        Refused(ProblemKind.NotFound, await delete.Run(world.Manager, id, 1));
        Assert.True((await world.SessionNow(session.Id)).Profile.AutoAdmit);
        Assert.Null(Good(await new DuplicateSession(world.Changes).Run(world.Manager, session.Id, new DuplicateRequest())).ProfileId);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_whose_tests_are_not_proctored_takes_nothing_from_any_profile(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Session(form => form with { Tests = [Unproctored] }, new ProfileSettings { LobbyLeadMinutes = 5, CloseRule = CloseRule.End });
        Assert.Equal((ProfileSettings.Default, null), (session.Profile, session.AppliedProfile));
        await world.Change(session.ProfileId!, settings => settings with { LobbyLeadMinutes = 50 });
        Assert.Equal(0, await world.FollowProfiles.Run());
        var edited = Good(await world.Edit.Run(world.Manager, session.Id, world.Form with { Tests = [Unproctored, Delivered], ProfileId = session.ProfileId }, session.Version));
        Assert.Equal(50, edited.Profile.LobbyLeadMinutes);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_that_ends_is_offered_nothing_any_more(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(profile: new ProfileSettings { PauseLimitMinutes = 10 });
        await world.Testing(session);
        await world.Change(session.ProfileId!, settings => settings with { PauseLimitMinutes = 15 });
        await world.FollowProfiles.Run();
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        Assert.Equal((SessionPhase.Draining, null), ((await world.SessionNow(session.Id)).Phase, (await world.SessionNow(session.Id)).NewerProfile));
        await world.Change(session.ProfileId!, settings => settings with { PauseLimitMinutes = 20 });
        Assert.Equal(0, await world.FollowProfiles.Run());
        Refused(ProblemKind.WrongPhase, await world.TakeProfile(session.Id));
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_session_opened_again_hears_of_what_its_profile_became_meanwhile(string kind)
    {
        await using var world = await World.New(kind);
        var session = await world.Open(profile: new ProfileSettings { PauseLimitMinutes = 10 });
        Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest()));
        await world.RunDue.Run();
        await world.Change(session.ProfileId!, settings => settings with { PauseLimitMinutes = 15 });
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await world.FollowProfiles.Run();
        Good(await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest { Reason = "Fire alarm", ClosesAt = world.Now.AddHours(2) }));
        await world.FollowProfiles.Run();
        Assert.Equal(15, (await world.SessionNow(session.Id)).NewerProfile!.Settings.PauseLimitMinutes);
    }

    private static async Task<IReadOnlyList<Session>> Listed(World world)
    {
        var sessions = new List<Session>();
        foreach (var feed in (await world.Events(FeedNames.Sessions(world.Manager.OrganisationId))).Select(item => item.Data))
        {
            foreach (var row in Law.RowsOf(System.Text.Json.Nodes.JsonNode.Parse(feed)!))
            {
                sessions.Add(await world.SessionNow((string)row["id"]!));
            }
        }

        return sessions;
    }
}
