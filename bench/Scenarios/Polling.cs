using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using LiveProctor.Bench.Load;
using LiveProctor.Bench.Results;
using LiveProctor.Bench.Running;

namespace LiveProctor.Bench.Scenarios;

/// <summary>
/// P10: the field's load again, answered by polling: students ask every 5 s, consoles every 20 s. Size is how many students there are.
/// Processor time is that of the server and its database together. What coming in costs a student and what each minute inside costs are measured one
/// after the other, and make up the field's own test: 20,000 students who come in the course of 1,200 s, of whom each is in for half of that on average.
/// </summary>
internal static class Polling
{
    private const int Each = 20;

    private const double MinutesInside = 10;
    private static readonly TimeSpan StudentEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ConsoleEvery = TimeSpan.FromSeconds(20);

    public static async Task Run(Setting setting, Report report)
    {
        var sizes = setting.Sizes([200], [200, 500, 1000]);

        // Whole rounds of who polls are measured.
        var (coming, staying) = setting.Full ? (TimeSpan.FromSeconds(24), ConsoleEvery) : (TimeSpan.FromSeconds(3), StudentEvery);

        // As many as a node has met after some minutes of a morning: until then it compiles more than it does anything else.
        var warmUp = setting.Full ? 1000 : 400;
        await using var world = await World.Start(setting.Postgres);
        await using var polled = await Server.Yardstick("polling", "--postgres", world.Postgres);
        await world.Students(sizes.Sum() + warmUp);
        var template = await world.Session("Polling");
        using (var admission = new OurAdmission(world.Node.Address, world.Token, await world.Sessions(template, warmUp / Each), sizes.Sum()))
        {
            await admission.Open(16);
            await new FieldDay(warmUp, setting.Full ? 40 : 120).Run(admission);
        }

        var first = 0;
        foreach (var size in sizes)
        {
            var sessions = await world.Sessions(template, size / Each);
            var (day, used) = await OurDay(world, sessions, first, size, coming, staying);
            first += size;
            var asked = await PolledAdmission.Open(polled, world, template, size / Each);
            var (polledDay, polledUsed) = await Day(world, polled, asked, size, coming, staying, asked.Stop);
            var judged = size == sizes[^1];
            report.Zero("students who were missed", size, day.Missing);
            report.Compare("processor on the way in, a student", "ms", size, used.WayIn, "polling", polledUsed.WayIn);
            report.Compare("processor a minute inside, a student", "ms", size, used.Minute, "polling", polledUsed.Minute);
            report.Compare("processor a student", "ms", size, used.FieldTest, "polling", polledUsed.FieldTest, judged ? Bar.Times(0.2) : null);
            var (ours, theirs) = (Mean(day), Mean(polledDay));
            report.Compare("request seen plus decision seen, p50", "ms", size, ours, "polling", theirs, judged ? Bar.Times(0.001) : null);
        }

        report.Slope("processor a student", "polling");
    }

    // Whoever was let in is gone before polling is measured.
    private static async Task<(FieldDay Day, Use Used)> OurDay(
        World world, IReadOnlyList<(string Id, string JoinId)> sessions, int first, int size, TimeSpan coming, TimeSpan staying)
    {
        using var admission = new OurAdmission(world.Node.Address, world.Token, sessions, first);
        await admission.Open(16);
        return await Day(world, world.Node, admission, size, coming, staying, () => Presence(admission));
    }

    private static double Mean(FieldDay day) => (day.Seen.Percentile(0.5) + day.Decided.Percentile(0.5)) / 1000;

    private static async Task<(FieldDay Day, Use Used)> Day(
        World world, Server server, IAdmission admission, int size, TimeSpan coming, TimeSpan staying, Func<IDisposable> waiting)
    {
        double Used() => (ProcessUse.Seconds(server.ProcessId) + ProcessUse.SecondsOfFamily(world.Server.ProcessId)) * 1000 / size;
        var day = new FieldDay(size, size / coming.TotalSeconds, TimeSpan.FromSeconds(45));
        using (waiting())
        {
            var (begun, before) = (Stopwatch.GetTimestamp(), Used());
            await day.Run(admission);
            var (settled, untilSettled) = (Stopwatch.GetTimestamp(), Used() - before);
            await Task.Delay(staying, TimeProvider.System);
            var minute = (Used() - before - untilSettled) / Stopwatch.GetElapsedTime(settled).TotalMinutes;

            // Who comes in that time has been in for all of it, less half of the time in which all came.
            var inside = Stopwatch.GetElapsedTime(begun, settled) - (coming / 2);
            return (day, new Use(untilSettled - (minute * inside.TotalMinutes), minute));
        }
    }

    /// <summary>Processor time of one student, in ms.</summary>
    private sealed record Use(double WayIn, double Minute)
    {
        public double FieldTest => WayIn + (Minute * MinutesInside);
    }

    private static Timer Presence(OurAdmission admission)
    {
        var turn = 0;
        return new Timer(_ =>
        {
            turn = (turn + 1) % 30;
            var number = 0;
            foreach (var page in admission.Pages)
            {
                if (number++ % 30 == turn && !page.Ended.IsCompleted)
                {
                    page.Ping();
                }
            }
        }, null, TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
    }

    /// <summary>Admission by <see cref="Yardsticks.PolledLobby"/>.</summary>
    private sealed class PolledAdmission(Server server, IReadOnlyList<string> sessions) : IAdmission, IDisposable
    {
        private readonly ConcurrentBag<HttpDoor> doors = [];
        private readonly ConcurrentDictionary<string, int> students = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<int, bool> shown = new();
        private readonly CancellationTokenSource over = new();
        private readonly ConcurrentDictionary<int, string> entries = new();
        private FieldDay? day;

        public static async Task<PolledAdmission> Open(Server server, World world, JsonNode template, int sessions)
        {
            var made = await world.Sessions(template, sessions);

            // Joins copy the first entry of their session, which somebody must be.
            for (var number = 0; number < made.Count; number++)
            {
                await world.Post("/api/v1/lobby/join", new { joinId = made[number].JoinId, studentId = "B-FIRST", firstName = "Ada" });
                await world.Execute("UPDATE entries SET arrival = 1, active = false WHERE session_id = @id", ("id", made[number].Id));
            }

            return new PolledAdmission(server, [.. made.Select(session => session.Id)]);
        }

        public async Task Join(FieldDay day, int student)
        {
            this.day = day;
            var session = sessions[student % sessions.Count];
            if (student < sessions.Count)
            {
                _ = Watch(session);
            }

            var id = (JsonNode.Parse(await Ask(door => door.Post($"/join?session={session}&student=S{student}-{session[^6..]}", "")))!)["id"]!.GetValue<string>();
            entries[student] = id;
            students[id] = student;
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(StudentEvery, TimeProvider.System, over.Token);
                if ((await Ask(door => door.Get($"/student?entry={id}"))).Contains("Approved", StringComparison.Ordinal))
                {
                    day.Learned(student);
                    break;
                }
            }

            // Those who are let in go on asking, as those do who wait for the window.
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(StudentEvery, TimeProvider.System, over.Token);
                await Ask(door => door.Get($"/student?entry={id}"));
            }
        }

        public void Approve(FieldDay day, int student) => _ = Ask(door => door.Post($"/approve?entry={entries[student]}", ""));

        public IDisposable Stop() => this;

        public void Dispose()
        {
            over.Cancel();
            foreach (var door in doors)
            {
                door.Dispose();
            }

            over.Dispose();
        }

        private async Task Watch(string session)
        {
            while (!over.IsCancellationRequested)
            {
                await Task.Delay(ConsoleEvery, TimeProvider.System, over.Token);
                foreach (var row in JsonNode.Parse(await Ask(door => door.Get($"/console?session={session}")))!.AsArray())
                {
                    if (students.TryGetValue(row!["id"]!.GetValue<string>(), out var student) && shown.TryAdd(student, true))
                    {
                        day!.Shown(student);
                    }
                }
            }
        }

        private async Task<string> Ask(Func<HttpDoor, Task<(int Status, string Body)>> ask)
        {
            var door = doors.TryTake(out var free) ? free : await HttpDoor.Open(server.Address);
            var (status, body) = await ask(door);
            doors.Add(door);
            return status == 200 ? body : throw new InvalidOperationException($"{status} {body}");
        }
    }
}
