using LiveProctor.Core.Entries;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tests.Imports;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Every use case once or more, by name, in the order of a morning.</summary>
internal static class LawCases
{
    public delegate Task Case(string name, Func<Task> happen);

    public static async Task Play(World world, Case on)
    {
        await Preparing(world, on);
        await TheDoor(world, on);
        await TheTest(world, on);
        await Holds(world, on);
        await TheEnd(world, on);
        await LeftAlone(world, on);
        await ProfilesThatChange(world, on);
        await TheRoster(world, on);
        await TheFiles(world, on);
    }

    private static async Task TheFiles(World world, Case on)
    {
        var today = world.Now;
        var session = await world.Session(form => form with { Name = "In a file", Tests = [Undelivered], OpensAt = today.AddMinutes(20).ToString("O"), ClosesAt = today.AddHours(2).ToString("O") });
        await world.Join(session, 40, Undelivered);
        var files = ImportScene.In(world);
        string At(int hours) => today.AddHours(hours).ToString("yyyy-MM-dd'T'HH:mm", System.Globalization.CultureInfo.InvariantCulture);
        await on("imported-moved", () => files.Import(ImportKind.Sessions, SessionsFile.Of(SessionsFile.Row("In a file", At(1), At(3), "willow"))));
        await on("imported-new", () => files.Import(ImportKind.Sessions, SessionsFile.Of(SessionsFile.Row("New in a file", At(48), At(50)))));
        await on("imported-due", () => files.Import(ImportKind.Sessions, SessionsFile.Of(SessionsFile.Row("Due in a file", At(0), At(5)))));
    }

    private static async Task TheRoster(World world, Case on)
    {
        var (today, later) = (world.Now, world.Now.AddHours(2));
        async Task<SessionView> Session(string name) =>
            await world.Session(form => form with { Name = name, Tests = [Delivered], OpensAt = today.ToString("O"), ClosesAt = later.ToString("O") });
        var (here, there) = (await Session("Registered here"), await Session("Registered there"));
        await world.Registered(30, here);
        await on("joined-unexpected", () => world.Join(here, 31));
        RegistrationView registered = null!;
        await on("registered", async () => registered = await world.Registered(31, here, settings: new() { ["extraTime"] = "25" }));
        await on("moved", async () => Good(await world.Registrations.Edit(world.Manager, registered.Id, new RegistrationEdit { SessionId = there.Id }, null)));
        await on("joined-registered", () => world.Join(there, 31));
        await on("removed", async () => Good(await world.Registrations.CancelOne(world.Manager, registered.Id, null)));
        var alone = await world.Registered(32, test: Undelivered);
        Core.Tickets.OwnStartAnswer own = null!;
        await on("started-alone", async () => own = Good(await world.Start(32, alone.Id)));
        Good(await world.FetchToken.Run(await world.Caller(own)));
        var (place, individual) = ((await world.Entries.Find(own.EntryId))!, (await world.Individual())[0].Id);
        await on("ended-alone", async () => Good(await world.Command.Terminate(
            world.Administrator, individual, new EntriesRequest { Entries = [new EntryRef(place.Id, place.Version)], Reason = "Asked for it" })));
    }

    private static async Task ProfilesThatChange(World world, Case on)
    {
        var (today, tomorrow) = (world.Now, world.Now.AddDays(1));
        var session = await world.Session(
            form => form with { Name = "Tomorrow", Tests = [Undelivered], OpensAt = tomorrow.ToString("O"), ClosesAt = tomorrow.AddHours(2).ToString("O") },
            new ProfileSettings { LobbyLeadMinutes = 10 });
        await world.Change(session.ProfileId!, settings => settings with { LobbyLeadMinutes = 20 });
        await on("profile-followed", () => world.FollowProfiles.Run());
        session = await world.Session(
            form => form with { Name = "Now", Tests = [Undelivered], OpensAt = today.ToString("O"), ClosesAt = today.AddHours(2).ToString("O") },
            new ProfileSettings { StudentMayPause = false });
        await world.Testing(session, 20, Undelivered);
        await world.Change(session.ProfileId!, settings => settings with { StudentMayPause = true, CloseRule = CloseRule.Pause });
        await on("profile-offered", () => world.FollowProfiles.Run());
        await on("profile-taken", async () => Good(await world.TakeProfile(session.Id)));
        session = await world.Session(form => form with { Name = "Alone", Tests = [Unproctored], OpensAt = today.ToString("O"), ClosesAt = today.AddHours(2).ToString("O") });
        Place place = null!;
        await on("joined-without-proctor", async () => place = await world.Join(session, 21, Unproctored));
        await on("taken-over-without-proctor", () => world.Join(session, 21, Unproctored));
    }

    private static async Task Preparing(World world, Case on)
    {
        SessionView session = null!;
        await on("session-created", async () => session = await world.Session(form => form with { Mode = SessionMode.Hybrid, Code = "willow", Capacity = 30, Note = "Bring a pencil" }));
        await on("session-edited", async () => session = Good(await world.Edit.Run(
            world.Manager, session.Id, world.Form with { Name = "Room 5", ClosesAt = "2026-11-21T12:00:00Z", Proctors = [world.Ben.Id] }, session.Version)));
        await on("session-deleted", async () => Good(await world.Delete.Run(world.Manager, session.Id, session.Version)));
        await on("session-started-now", async () => session = await world.Session(form => form with { StartNow = true, OpensAt = null, ClosesAt = null }));
        await on("stopped-empty", async () => Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest("Wrong day"))));
        await on("closed-empty", () => world.Pass(TimeSpan.Zero));
        await on("reopened", async () => Good(await world.Steer.Reopen(world.Administrator, session.Id, new PhaseRequest("Right day", Nine.AddHours(4)))));
        session = await world.Session(form => form with { Name = "Cancelled" });
        await on("cancelled", async () => Good(await world.Steer.Cancel(world.Manager, session.Id, new PhaseRequest("Heating failed"))));
    }

    private static async Task TheDoor(World world, Case on)
    {
        var session = await world.Session(form => form with { Name = "The door", Tests = [Delivered, Practice] });
        await on("lobby-opened", () => world.PassTo(Nine.AddMinutes(-30)));
        Place mia = null!, tom = null!;
        await on("joined", async () => mia = await world.Join(session, 1, Delivered));
        await on("joined-as-guest", async () => Good(await world.JoinLobby.Run(new JoinRequest(JoinId: session.JoinId, GuestName: "Gus", TestCode: Practice), "192.0.2.1")));
        tom = await world.Join(session, 2, Delivered);
        await on("taken-over", async () => mia = await world.Join(session, 1, Delivered));
        await on("hand-raised", async () => Good(await world.Student.RaiseHand(mia.Caller, true)));
        await on("message", async () => Good(await world.Command.Message(world.Ada, session.Id, await world.Rows(mia, tom) with { Text = "Show your ID" })));
        await on("student-message", async () => Good(await world.Student.Say(mia.Caller, "Here it is")));
        await on("broadcast", async () => Good(await world.Command.Message(world.Ben, session.Id, new EntriesRequest { Entries = [], Text = "Welcome" })));
        await on("approved", async () => Good(await world.Decide.Approve(world.Ada, session.Id, await world.Rows(mia, tom) with
        {
            Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["extraTime"] = "25" },
        })));
        await on("revoked", async () => Good(await world.Decide.Revoke(world.Ben, session.Id, await world.Rows(mia) with { Reason = "Wrong room" })));
        await on("denied", async () => Good(await world.Decide.Deny(world.Ben, session.Id, await world.Rows(mia) with { Reason = "No ID" })));
        world.Clock.Advance(EntryRules.CoolDown);
        await on("asked-again", async () => Good(await world.Student.AskAgain(mia.Caller)));
        await on("withdrawn", async () => Good(await world.Student.Withdraw(mia.Caller)));
        await on("returned", async () => Good(await world.Student.Return(mia.Caller)));
        await on("window-opened", () => world.PassTo(Nine));
        var own = await world.Open(form => form with { Name = "By itself" }, new ProfileSettings { AutoAdmit = true });
        await on("joined-and-admitted", () => world.Join(own, 3));
    }

    private static async Task TheTest(World world, Case on)
    {
        var session = await world.Open(form => form with { Name = "The test", Tests = [Delivered, Undelivered] }, new ProfileSettings { StudentMayPause = true });
        var leo = await world.Approved(session, 4, Delivered);
        var token = "";
        await on("entering", async () => token = (await world.Token(leo)).Token);
        await on("window-changed", async () => Good(await world.Edit.Run(
            world.Ada, session.Id,
            world.Form with { Name = "The test", Tests = [Delivered, Undelivered], ProfileId = session.ProfileId, ClosesAt = "2026-11-21T12:00:00Z" }, (await world.SessionNow(session.Id)).Version)));
        token = (await world.Token(leo)).Token;
        await on("redeemed", async () => Good(await world.Redeem.Run(world.Delivery, token)));
        await on("started", () => world.Report(leo, ReportKind.Started));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await on("position", () => world.Report(leo, ReportKind.Position, answered: 3));
        await on("at-seal", () => world.Report(leo, ReportKind.AtSeal));
        await on("seal-release-requested", async () => Good(await world.Command.ReleaseSeal(world.Ada, session.Id, await world.Rows(leo))));
        await on("seal-released", () => world.Confirm(leo));
        await on("pause-requested", async () => Good(await world.Command.Pause(world.Ada, session.Id, await world.Rows(leo) with { Reason = "Noise" })));
        await on("command-delivered", async () => Good(await world.Commands.Run(world.Delivery, null, 0, default)));
        await on("command-unconfirmed", () => world.Pass(TimeSpan.FromSeconds(15)));
        await on("paused", () => world.Report(leo, ReportKind.Paused));
        await on("resume-requested", async () => Good(await world.Command.Resume(world.Ada, session.Id, await world.Rows(leo))));
        await on("resumed", () => world.Report(leo, ReportKind.Resumed));
        await on("extend-requested", async () => Good(await world.Command.Extend(world.Ada, session.Id, await world.Rows(leo) with { Seconds = 300 })));
        await on("extended", () => world.Confirm(leo));
        await on("exited", () => world.Report(leo, ReportKind.Exited));
        await world.Report(leo, ReportKind.Resumed);
        world.Clock.Advance(TimeSpan.FromSeconds(61));
        await on("interrupted", () => world.Watch.InterruptLost());
        await on("submitted", () => world.Report(leo, ReportKind.Submitted, answered: 10));

        var kim = await world.Approved(session, 5, Undelivered);
        await on("started-without-delivery", () => world.Token(kim));
        await on("paused-by-student", async () => Good(await world.Student.Pause(kim.Caller)));
        await on("resumed-by-student", async () => Good(await world.Student.Resume(kim.Caller)));
        await on("profile-changed", async () => Good(await world.Edit.Run(
            world.Ada, session.Id,
            world.Form with { Name = "The test", Tests = [Delivered, Undelivered], ClosesAt = "2026-11-21T12:00:00Z" }, (await world.SessionNow(session.Id)).Version)));
        await on("terminated", async () => Good(await world.Command.Terminate(world.Ada, session.Id, await world.Rows(kim) with { Reason = "Phone" })));
        await on("reinstated", async () => Good(await world.Reinstate.Run(
            world.Administrator, session.Id, await world.Rows(kim) with { Reason = "It was not a phone", NextAttempt = true })));
        await world.Token(await world.Approved(session, 6, Delivered));
        await on("token-expired", () => world.Pass(EntryRules.TokenLife));
    }

    private static async Task Holds(World world, Case on)
    {
        var session = await world.Open(form => form with { Name = "Fire", Tests = [Delivered, Undelivered] });
        var far = await world.Testing(session, 10, Delivered);
        await world.Testing(session, 11, Undelivered);
        await world.Token(await world.Approved(session, 12, Delivered));
        await on("held", async () => Good(await world.Steer.Hold(world.Ada, session.Id, new PhaseRequest("Fire alarm"))));
        await world.Report(far, ReportKind.Paused);
        await on("released", async () => Good(await world.Steer.Release(world.Ben, session.Id, new PhaseRequest())));
    }

    private static async Task TheEnd(World world, Case on)
    {
        // What is due in other sessions is done before, so that each case is about one session.
        await world.Pass(TimeSpan.FromMinutes(1));
        foreach (var rule in Enum.GetValues<CloseRule>())
        {
            var name = $"{rule}".ToLowerInvariant();
            var session = await world.Open(
                form => form with { Name = $"Close rule {name}", Tests = [Delivered, Undelivered] }, new ProfileSettings { CloseRule = rule, GraceMinutes = 10 });
            var student = 20 + (4 * (int)rule);
            await world.Testing(session, student, Delivered);
            await world.Testing(session, student + 1, Undelivered);
            await world.Join(session, student + 2, Undelivered);
            await world.Token(await world.Approved(session, student + 3, Delivered));
            await on($"stopped-{name}", async () => Good(await world.Steer.Stop(world.Ada, session.Id, new PhaseRequest())));
            await on($"closed-{name}", () => world.Pass(TimeSpan.FromMinutes(10)));
        }
    }

    private static async Task LeftAlone(World world, Case on)
    {
        await world.PassTo(Nine.AddHours(9));
        var late = await world.Session(form => form with { Name = "Late", OpensAt = "2026-11-21T20:00:00Z", ClosesAt = "2026-11-21T21:00:00Z" });
        world.Clock.AdvanceTo(late.ClosesAt.AddHours(1));
        await on("caught-up", () => world.RunDue.Run());
        await world.Session(form => form with { Name = "Alone", StartNow = true, OpensAt = null, ClosesAt = null });
        await on("idle", () => world.DrainIdle.Run());
        world.Clock.Advance(TimeSpan.FromMinutes(15));
        await on("idle-warning", () => world.DrainIdle.Run());
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await on("drained-idle", () => world.DrainIdle.Run());
        foreach (var (name, proctors) in new[] { ("Hall A", new[] { world.Ada.Id, world.Ben.Id }), ("Hall B", [world.Ben.Id]) })
        {
            await world.Session(form => form with { Name = name, Proctors = proctors, OpensAt = "2026-11-21T23:00:00Z", ClosesAt = "2026-11-21T23:30:00Z" });

            // What is due at one instant is taken in the order in which it was made.
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        await on("lobbies-opened-together", () => world.PassTo(Nine.AddHours(13.5)));
    }
}
