using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>The steps of the walk: each one use case, by somebody, on something, as it comes.</summary>
internal sealed partial class LawWalk
{
    private async Task<string> CreateSession()
    {
        var form = await RandomForm();
        if (!Chance(3))
        {
            form = form with { StartNow = true, OpensAt = null, ClosesAt = null };
        }

        var made = await world.Create.Run(One(world.Manager, world.Ada), form);
        if (made.Problem is null)
        {
            sessions.Add(made.Value);
        }

        return Said("create", made);
    }

    private async Task<string> EditSession() => sessions.Count == 0
        ? "no session"
        : Said("edit", await world.Edit.Run(One(world.Manager, world.Ada), Session.Id, await RandomForm(), (await world.Sessions.Find(Session.Id))?.Version ?? 1));

    private async Task<string> Steer()
    {
        if (sessions.Count == 0)
        {
            return "no session";
        }

        var (id, actor, why) = (Session.Id, One(world.Administrator, world.Ada), new PhaseRequest("Because", world.Now.AddHours(One(1, 3))));
        return One(0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4, 5) switch
        {
            0 => Said("open", await world.Steer.Open(actor, id, why)),
            1 => Said("hold", await world.Steer.Hold(actor, id, why)),
            2 => Said("release", await world.Steer.Release(actor, id, why)),
            3 => Said("stop", await world.Steer.Stop(actor, id, why)),
            4 => Said("reopen", await world.Steer.Reopen(actor, id, why)),
            _ => Said("cancel", await world.Steer.Cancel(actor, id, why)),
        };
    }

    private async Task<string> ChangeProfile()
    {
        if (sessions.Count == 0)
        {
            return "no session";
        }

        if (Chance(3))
        {
            return Said("take profile", await world.TakeProfile(Session.Id));
        }

        var id = (await world.Sessions.Find(Session.Id))?.ProfileId;
        if (id is null)
        {
            await world.Default(Chance(3) ? null : await world.Profile(RandomSettings()));
        }
        else
        {
            var settings = RandomSettings();
            await world.Change(id, _ => settings);
        }

        return $"change profile: {await world.FollowProfiles.Run()} followed";
    }

    private async Task<string> Delete() => sessions.Count == 0
        ? "no session"
        : Said("delete", await world.Delete.Run(world.Manager, Session.Id, (await world.Sessions.Find(Session.Id))?.Version ?? 1));

    private async Task<string> Pass()
    {
        world.Clock.Advance(TimeSpan.FromSeconds(One(1, 1, 10, 10, 15, 15, 61, 61, 130, 1300)));
        var (due, watched, lost, idle) = (await world.RunDue.Run(), await world.Watch.RunDue(), await world.Watch.InterruptLost(), await world.DrainIdle.Run());
        return $"time passes: {due} due, {watched} watched, {lost} lost, {idle} idle";
    }

    private async Task<string> Join()
    {
        if (sessions.Count == 0)
        {
            return "no session";
        }

        var session = Session;
        var ticket = await world.Ticket(session, random.Next(Students), One([.. session.Tests.Select(test => (string?)test.Code), null]));
        if (Chance(8))
        {
            ticket = ticket with { StudentId = null, FirstName = null, GuestName = "Gus", TestCode = Practice };
        }

        var joined = await world.JoinLobby.Run(ticket with { Code = "willow" }, "192.0.2.1");
        if (joined.Problem is null)
        {
            places.Add(await world.PlaceOf(session, joined.Value));
        }

        return Said("join", joined);
    }

    private async Task<string> StudentCommand()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var caller = Place.Caller;
        return random.Next(8) switch
        {
            0 => Said("withdraw", await world.Student.Withdraw(caller)),
            1 => Said("return", await world.Student.Return(caller)),
            2 => Said("ask again", await world.Student.AskAgain(caller)),
            3 => Said("raise hand", await world.Student.RaiseHand(caller, Chance(2))),
            4 => Said("say", await world.Student.Say(caller, "Hello")),
            5 => Said("pause (student)", await world.Student.Pause(caller)),
            6 => Said("resume (student)", await world.Student.Resume(caller)),
            _ => Said("return", await world.Student.Return(caller)),
        };
    }

    private async Task<string> Decide()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var (session, request) = await SomeRows();
        return One(0, 0, 0, 0, 1, 2) switch
        {
            0 => Said("approve", await world.Decide.Approve(One(world.Ada, world.Ben), session, request)),
            1 => Said("deny", await world.Decide.Deny(One(world.Ada, world.Ben), session, request)),
            _ => Said("revoke", await world.Decide.Revoke(One(world.Ada, world.Ben), session, request)),
        };
    }

    private async Task<string> Command()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var (session, request) = await SomeRows();
        return random.Next(7) switch
        {
            0 or 1 => Said("pause", await world.Command.Pause(world.Ada, session, request)),
            2 or 3 => Said("resume", await world.Command.Resume(world.Ada, session, request)),
            4 => Said("extend", await world.Command.Extend(world.Ada, session, request)),
            5 => Said("terminate", await world.Command.Terminate(world.Ada, session, request)),
            _ => Said("message", await world.Command.Message(world.Ada, session, Chance(2) ? request : request with { Entries = [] })),
        };
    }

    private async Task<string> Token()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var answer = await world.FetchToken.Run(Place.Caller);
        if (answer.Problem is null)
        {
            tokens.Add(answer.Value.Token);
        }

        return Said("entry token", answer);
    }

    private async Task<string> Redeem() => tokens.Count == 0 ? "no token" : Said("redeem", await world.Redeem.Run(world.Delivery, Chance(4) ? One([.. tokens]) : tokens[^1]));

    private async Task<string> Report()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var place = Place;
        var pending = (await world.Entry(place)).Pending?.Id;
        var report = await world.NextReport(place, One([.. Enum.GetValues<ReportKind>(), ReportKind.Started, ReportKind.Position]), pending, Chance(2) ? random.Next(10) : null);
        return Said($"report {report.Kind}", await world.Progress.Run(world.Delivery, Chance(8) ? report with { Sequence = report.Sequence - 1 } : report));
    }

    /// <summary>What would come next for a student whom all goes well with: without it few ways lead as far as the test.</summary>
    private async Task<string> GoOn()
    {
        if (places.Count == 0)
        {
            return "no student";
        }

        var place = Place;
        var entry = await world.Entry(place);
        var rows = await world.Rows(place) with { Reason = "Because" };
        switch (entry)
        {
            case { State: EntryState.Waiting }:
                return Said("approve", await world.Decide.Approve(world.Ada, place.Session.Id, rows));
            case { State: EntryState.Approved }:
                var token = await world.FetchToken.Run(place.Caller);
                tokens.AddRange(token.Problem is null ? [token.Value.Token] : []);
                return Said("entry token", token);
            case { State: EntryState.Entering, HandedOverAt: null }:
                return Said("redeem", tokens.Count == 0 ? ProblemKind.TokenInvalid : await world.Redeem.Run(world.Delivery, tokens[^1]));
            case { Pending: { } pending }:
                var kind = pending.Kind switch { CommandKind.Pause => ReportKind.Paused, CommandKind.Resume => ReportKind.Resumed, _ => ReportKind.Confirmed };
                return Said($"confirm {pending.Kind}", await world.Progress.Run(world.Delivery, await world.NextReport(place, kind, pending.Id)));
            case { State: EntryState.Paused }:
                return Said("resume", await world.Command.Resume(world.Ada, place.Session.Id, rows));
            case { State: EntryState.AtSeal }:
                return Said("release seal", await world.Command.ReleaseSeal(world.Ada, place.Session.Id, rows));
            case { State: EntryState.Denied }:
                world.Clock.Advance(EntryRules.CoolDown);
                return Said("ask again", await world.Student.AskAgain(place.Caller));
            case { State: EntryState.Testing } when Chance(3):
                return Said("pause", await world.Command.Pause(world.Ada, place.Session.Id, rows));
            default:
                var report = One(ReportKind.Started, ReportKind.Position, ReportKind.AtSeal, ReportKind.Exited, ReportKind.Submitted);
                return Said($"report {report}", await world.Progress.Run(world.Delivery, await world.NextReport(place, entry.State == EntryState.Entering ? ReportKind.Started : report, null, random.Next(10))));
        }
    }

    private async Task<string> Fetch() => Said("fetch commands", await world.Commands.Run(world.Delivery, null, 0, default));

    private async Task<SessionRequest> RandomForm()
    {
        var opens = world.Now.AddMinutes(One(-30, 10, 45, 90));
        return world.Form with
        {
            Name = $"Room {random.Next(9)}", Mode = One(Enum.GetValues<SessionMode>()), Tests = One<string[]>([Delivered], [Delivered, Undelivered], [Undelivered, Practice], [Delivered, Unproctored]),
            OpensAt = opens.ToString("O"), ClosesAt = opens.AddMinutes(One(60, 180, 600)).ToString("O"), Capacity = One<int?>(null, null, 2), Code = One(null, "willow"),
            StartMode = One(Enum.GetValues<StartMode>()), Proctors = One<string[]>([world.Ada.Id, world.Ben.Id], [world.Ada.Id], [world.Ben.Id, world.Ada.Id, world.Cleo.Id]),
            ProfileId = Chance(2) ? null : await world.Profile(RandomSettings()),
        };
    }

    private ProfileSettings RandomSettings() => new()
    {
        CloseRule = One(Enum.GetValues<CloseRule>()), GraceMinutes = One(0, 5, 240), AutoAdmit = Chance(3), StudentMayPause = Chance(2),
        PauseLimitMinutes = One(0, 20), IdleMinutes = One(0, 6), LobbyLeadMinutes = One(0, 30),
    };

    private async Task<(string Session, EntriesRequest Request)> SomeRows()
    {
        var first = Place;
        var rows = places.Where(place => place.Session.Id == first.Session.Id && (place == first || Chance(2))).DistinctBy(place => place.Id).ToArray();
        var request = await world.Rows(rows);
        return (first.Session.Id, request with { Reason = "Because", Text = "Hello", Seconds = 60 });
    }
}
