using System.Diagnostics.CodeAnalysis;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>
/// A random way through all use cases of a world, possible or not, with the law checked after every step. A failure names its seed and the last steps.
/// </summary>
[SuppressMessage("Security", "CA5394", Justification = "A walk that failed must be walked again.")]
internal sealed class LawWalk(World world, int seed)
{
    private const int MostSessions = 5;
    private const int Students = 5;

    private readonly Random random = new(seed);
    private readonly Law law = new(world);
    private readonly List<SessionView> sessions = [];
    private readonly List<Place> places = [];
    private readonly List<string> tokens = [];
    private readonly Queue<string> told = new();

    public async Task Run(int steps)
    {
        (int Weight, Func<Task<string>> Act)[] acts =
        [
            (2, CreateSession), (2, EditSession), (7, Steer), (1, Delete), (10, Pass), (12, Join), (10, StudentCommand), (14, Decide), (12, Command),
            (10, Token), (8, Redeem), (16, Report), (2, Fetch),
        ];
        for (var step = 0; step < steps; step++)
        {
            var draw = random.Next(acts.Sum(act => act.Weight));
            var act = acts.First(each => (draw -= each.Weight) < 0).Act;
            try
            {
                Tell($"{step}. {world.Now:HH:mm:ss} {await act()}");
                foreach (var change in await law.Check())
                {
                    Tell($"     {change.Feed[..12]} {string.Join(' ', change.Events.Select(item => item.Kind))}");
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}, step {step}, after:\n{string.Join('\n', told)}\n{failure}");
            }
        }

        foreach (var session in sessions)
        {
            Assert.Null(await world.Audit.FirstBroken(FeedNames.Session(session.Id)));
        }
    }

    private async Task<string> CreateSession()
    {
        if (sessions.Count >= MostSessions)
        {
            return "enough sessions";
        }

        var form = await RandomForm();
        if (Chance(3))
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
        return One(0, 0, 0, 1, 1, 2, 2, 3, 4, 5) switch
        {
            0 => Said("open", await world.Steer.Open(actor, id, why)),
            1 => Said("hold", await world.Steer.Hold(actor, id, why)),
            2 => Said("release", await world.Steer.Release(actor, id, why)),
            3 => Said("stop", await world.Steer.Stop(actor, id, why)),
            4 => Said("reopen", await world.Steer.Reopen(actor, id, why)),
            _ => Said("cancel", await world.Steer.Cancel(actor, id, why)),
        };
    }

    private async Task<string> Delete() => sessions.Count == 0
        ? "no session"
        : Said("delete", await world.Delete.Run(world.Manager, Session.Id, (await world.Sessions.Find(Session.Id))?.Version ?? 1));

    private async Task<string> Pass()
    {
        world.Clock.Advance(TimeSpan.FromSeconds(One(1, 10, 15, 61, 130, 1300)));
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
        var ticket = await world.Ticket(session, random.Next(Students), One(Delivered, Undelivered, Practice, null));
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

    private async Task<string> Fetch() => Said("fetch commands", await world.Commands.Run(world.Delivery, null, 0, default));

    private async Task<SessionRequest> RandomForm()
    {
        var opens = world.Now.AddMinutes(One(-30, 10, 45, 90));
        return world.Form with
        {
            Name = $"Room {random.Next(9)}", Mode = One(Enum.GetValues<SessionMode>()), Tests = One<string[]>([Delivered], [Delivered, Undelivered], [Undelivered, Practice]),
            OpensAt = opens.ToString("O"), ClosesAt = opens.AddMinutes(One(20, 60, 180)).ToString("O"), Capacity = One<int?>(null, null, 2), Code = One(null, "willow"),
            StartMode = One(Enum.GetValues<StartMode>()), Proctors = One<string[]>([world.Ada.Id, world.Ben.Id], [world.Ada.Id], [world.Ben.Id, world.Ada.Id, world.Cleo.Id], [world.Cleo.Id]),
            ProfileId = Chance(2) ? null : await world.Profile(new ProfileSettings
            {
                CloseRule = One(Enum.GetValues<CloseRule>()), GraceMinutes = One(0, 5, 240), AutoAdmit = Chance(3), StudentMayPause = Chance(2),
                PauseLimitMinutes = One(0, 20), IdleMinutes = One(1, 20), LobbyLeadMinutes = One(0, 30),
            }),
        };
    }

    private async Task<(string Session, EntriesRequest Request)> SomeRows()
    {
        var first = Place;
        var rows = places.Where(place => place.Session.Id == first.Session.Id && (place == first || Chance(2))).DistinctBy(place => place.Id).ToArray();
        var request = await world.Rows(rows);
        return (first.Session.Id, request with { Reason = "Because", Text = "Hello", Seconds = 60 });
    }

    private SessionView Session => sessions[random.Next(sessions.Count)];

    // Mostly somebody who came not long ago, sometimes one whose device or entry is long gone.
    private Place Place => places[Chance(5) ? random.Next(places.Count) : Math.Max(0, places.Count - 1 - random.Next(4))];

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private T One<T>(params T[] of) => of[random.Next(of.Length)];

    private static string Said<T>(string act, Result<T> result) => result.Problem is { } problem ? $"{act}: {problem.Code}" : act;

    private void Tell(string line)
    {
        told.Enqueue(line);
        while (told.Count > 25)
        {
            told.Dequeue();
        }
    }
}
