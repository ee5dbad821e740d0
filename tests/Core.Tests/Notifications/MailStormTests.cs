using System.Globalization;
using Dapper;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tests.UseCases;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Notifications;

/// <summary>
/// Managers change dates, move and take back registrations, cancel and delete sessions, while nodes send, fail, and die in between.
/// What comes of it is read as a student's calendar reads it.
/// </summary>
public sealed class MailStormTests
{
    public static TheoryData<string, int> Storms => [.. new[] { "sqlite", "postgres" }.SelectMany(kind => new[] { 1, 2, 3, 4, 5, 21 }.Select(seed => (kind, seed)))];

    [Theory, MemberData(nameof(Storms))]
    public async Task When_everything_is_told_every_calendar_ends_as_the_registrations_are(string kind, int seed)
    {
        await using var storm = await Storm.New(kind, seed, () => true);
        for (var step = 0; step < 60; step++)
        {
            await storm.Something();
        }

        await storm.Settle();
        await storm.CalendarsAreRight();
    }

    [Theory, MemberData(nameof(Storms))]
    public async Task When_some_is_saved_silently_still_nothing_untrue_is_handed_over_nothing_twice_and_numbers_rise(string kind, int seed)
    {
        var dice = new Random(seed);
        await using var storm = await Storm.New(kind, seed + 100, () => dice.Next(3) > 0);
        for (var step = 0; step < 60; step++)
        {
            await storm.Something();
        }

        await storm.Settle();
        Assert.NotEmpty(storm.Carried);
    }

    private sealed class Storm : IAsyncDisposable
    {
        private readonly MailWorld mail;
        private readonly Random dice;
        private readonly Func<bool> notify;
        private readonly List<string> sessions = [];
        private readonly List<Student> students = [];
        private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
        private readonly Dictionary<string, string> calendars = new(StringComparer.Ordinal);
        private readonly HashSet<string> ids = new(StringComparer.Ordinal);
        private int made;
        private bool calm;

        private Storm(MailWorld mail, int seed, Func<bool> notify)
        {
            this.mail = mail;
            this.notify = notify;
            dice = new Random(seed);
        }

        public List<Mail> Carried { get; } = [];

        private World World => mail.World;

        public static async Task<Storm> New(string kind, int seed, Func<bool> notify)
        {
            var owl = new Owl();
            var storm = new Storm(await MailWorld.New(kind, _ => owl), seed, notify);
            owl.Carries = storm.Carry;
            foreach (var name in new[] { "Ann", "Bob", "Cem", "Dot" })
            {
                storm.students.Add(await storm.mail.Student(name));
            }

            for (var index = 0; index < 4; index++)
            {
                await storm.NewSession();
            }

            return storm;
        }

        public ValueTask DisposeAsync() => mail.DisposeAsync();

        public async Task Something()
        {
            World.Clock.Advance(TimeSpan.FromSeconds(1));
            switch (dice.Next(14))
            {
                case 0 when sessions.Count < 8:
                    await NewSession();
                    break;
                case 1 or 2 or 3:
                    await Register();
                    break;
                case 4 or 5:
                    await ChangeDates();
                    break;
                case 6 or 7 or 8:
                    await MoveSomebody();
                    break;
                case 9:
                    await TakeBack();
                    break;
                case 10 when dice.Next(3) == 0:
                    await Cancel();
                    break;
                case 11 when dice.Next(2) == 0:
                    await Delete();
                    break;
                default:
                    await Send();
                    break;
            }
        }

        /// <summary>Everything that waits is sent.</summary>
        public async Task Settle()
        {
            calm = true;
            for (var round = 0; round < 6; round++)
            {
                World.Clock.Advance(TimeSpan.FromMinutes(30));
                await mail.Sender.Run();
            }

            Assert.DoesNotContain(await mail.Rows(), row => row.State is MailState.Waiting or MailState.Sending or MailState.HandingOver);
        }

        public async Task CalendarsAreRight()
        {
            const string sql = """
                SELECT DISTINCT registrations.student_id, sessions.document FROM registrations JOIN sessions ON sessions.id = registrations.session_id
                WHERE registrations.status = 'Pending' AND sessions.phase = 'Scheduled' AND NOT sessions.deleted
                """;
            var truth = (await World.Db.Read(connection => connection.QueryAsync<(string Student, string Document)>(sql)))
                .Select(row => (row.Student, Session: Json.Read<Session>(row.Document)))
                .Select(row => $"{MailWriter.Uid(row.Session.Id, row.Student)} {At(row.Session.OpensAt)}");
            var shown = calendars.Select(entry => $"{entry.Key} {entry.Value}").Order(StringComparer.Ordinal).ToList();
            Assert.True(truth.Order(StringComparer.Ordinal).SequenceEqual(shown), $"The calendars show {string.Join(", ", shown)}, and not {string.Join(", ", truth)}.{await Dump()}");
        }

        private async Task<string> Dump() => string.Concat(await World.Db.Read(connection => connection.QueryAsync<string>(
            """
            SELECT chr(10) || created_at || ' ' || since || ' ' || kind || ' ' || state || ' student ' || substr(student_id, 9) || ' session ' || COALESCE(substr(session_id, 9), '-')
                   || ' former ' || COALESCE(substr(former_session_id, 9), '-') || ' ' || sequence || ' ' || former_sequence || ' ' || once || ' ' || reply FROM outbox ORDER BY created_at
            """.Replace("chr(10)", World.Db.Dialect == Core.Storage.Dialect.Sqlite ? "char(10)" : "chr(10)", StringComparison.Ordinal))));

        private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

        private async Task<MailFate> Carry(Mail letter, Func<Task<bool>> handOver)
        {
            if (!calm && dice.Next(4) == 0)
            {
                // Somebody decides while the server is being talked to.
                await (dice.Next(3) switch { 0 => ChangeDates(), 1 => MoveSomebody(), _ => TakeBack() });
            }

            if (!calm && dice.Next(4) == 0)
            {
                return new MailFate(Fate.Later, "451 Not now");
            }

            if (!await handOver())
            {
                return new MailFate(Fate.Abandoned, "");
            }

            Assert.True(ids.Add(letter.MessageId), "A mail was handed over twice.");
            Carried.Add(letter);
            foreach (var (method, text) in letter.Calendars)
            {
                var uid = Opened.Value(text, "UID");
                var number = long.Parse(Opened.Value(text, "SEQUENCE"), CultureInfo.InvariantCulture);
                Assert.True(number > numbers.GetValueOrDefault(uid, -1), $"{letter.Subject}: the number of {uid} is {number} after {numbers.GetValueOrDefault(uid, -1)}.");
                numbers[uid] = number;
                _ = method == "CANCEL" ? calendars.Remove(uid) : await Enter(uid, Opened.Value(text, "DTSTART"));
            }

            return new MailFate(Fate.Accepted, "250 OK");
        }

        private async Task<bool> Enter(string uid, string start)
        {
            var (sessionId, studentId) = (uid.Split('.')[0], uid.Split('.', '@')[1]);
            var session = await World.SessionNow(sessionId);
            Assert.Equal((At(session.OpensAt), SessionPhase.Scheduled, false), (start, session.Phase, session.Deleted));
            Assert.Contains(await Pending(), row => row.Student == studentId && row.Session == sessionId);
            calendars[uid] = start;
            return true;
        }

        private async Task NewSession()
        {
            var day = 25 + (made++ % 4);
            sessions.Add((await World.Session(form => form with { Name = $"Room {made}", OpensAt = $"2026-11-{day}T09:00:00Z", ClosesAt = $"2026-11-{day}T11:00:00Z" })).Id);
        }

        private async Task Register()
        {
            var student = Any(students);
            var test = dice.Next(2) == 0 ? World.Delivered : World.Undelivered;
            if ((await Pending()).Any(row => row.Student == student.Id && row.Test == test))
            {
                return;
            }

            var id = await mail.Register(student, dice.Next(5) == 0 ? null : await Alive(), test);
            World.Good(await mail.Invite.Run(World.Manager, new Invitation([id])));
        }

        private async Task ChangeDates()
        {
            if (await Alive() is not { } id)
            {
                return;
            }

            var (day, hour) = (dice.Next(22, 30), dice.Next(8, 20));
            await mail.Move(id, $"2026-11-{day}T{hour:00}:00:00Z", $"2026-11-{day}T{hour + 2}:00:00Z", notify());
        }

        private async Task MoveSomebody()
        {
            if (Some(await Pending()) is { } row)
            {
                await World.Registrations.Move(World.Manager, new() { Ids = [row.Id], SessionId = dice.Next(5) == 0 ? null : await Alive(), Notify = notify() }, null);
            }
        }

        private async Task TakeBack()
        {
            if (Some(await Pending()) is { } row)
            {
                World.Good(await World.Registrations.CancelOne(World.Manager, row.Id, null, notify()));
            }
        }

        private async Task Cancel()
        {
            if (await Alive() is { } id)
            {
                World.Good(await World.Steer.Cancel(World.Manager, id, new Core.Sessions.PhaseRequest(Notify: notify())));
            }
        }

        private async Task Delete()
        {
            var gone = sessions.Where(_ => dice.Next(4) == 0).ToList();
            var asked = new List<SessionRef>();
            foreach (var id in gone)
            {
                asked.Add(new SessionRef(id, (await World.SessionNow(id)).Version));
                sessions.Remove(id);
            }

            if (asked.Count > 0)
            {
                World.Good(await new DeleteSessions(World.Changes).Run(World.Manager, new DeleteSessionsRequest { Sessions = asked, Confirm = asked.Count, Notify = notify() }));
            }
        }

        private async Task Send()
        {
            if (dice.Next(4) == 0)
            {
                // A node takes a mail and dies.
                await mail.NewOutbox().Claim(TimeSpan.FromMinutes(6));
                World.Clock.Advance(TimeSpan.FromMinutes(dice.Next(12)));
            }

            await mail.Sender.Run();
        }

        private async Task<string?> Alive()
        {
            var alive = new List<string>();
            foreach (var id in sessions)
            {
                if ((await World.SessionNow(id)).Phase == SessionPhase.Scheduled)
                {
                    alive.Add(id);
                }
            }

            return alive.Count == 0 ? null : Any(alive);
        }

        private async Task<IReadOnlyList<Held>> Pending() => (await World.Db.Read(connection => connection.QueryAsync<Held>(
            "SELECT id AS Id, student_id AS Student, session_id AS Session, test_code AS Test FROM registrations WHERE status = 'Pending' ORDER BY id"))).AsList();

        private T Any<T>(IReadOnlyList<T> items) => items[dice.Next(items.Count)];

        private Held? Some(IReadOnlyList<Held> rows) => rows.Count == 0 ? null : Any(rows);

        private sealed record Held(string Id, string Student, string? Session, string Test);
    }

    private sealed class Owl : IMailCarrier
    {
        public Func<Mail, Func<Task<bool>>, Task<MailFate>> Carries { get; set; } = null!;

        public (TimeSpan Talk, TimeSpan End) Patience => (TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));

        public bool Repeatable => false;

        public string From => "exams@school.example";

        public MailDelivery Describe() => new("smtp", "mail.example:587", From);

        public Task<MailFate> Carry(Mail mail, Func<Task<bool>> handOver, CancellationToken stop) => Carries(mail, handOver);

        public Task Rest() => Task.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
