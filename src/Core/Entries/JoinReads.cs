using Dapper;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;

namespace LiveProctor.Core.Entries;

/// <summary>A student as the door knows them.</summary>
internal sealed record KnownStudent(EntryStudent Who, IReadOnlyDictionary<string, string> Settings);

/// <summary>What is known of who wants to come in: read with the lock of the session, for one or for many at the door in the same few statements.</summary>
/// <param name="session">As it was found, before it is locked.</param>
internal sealed class JoinReads(Session session, JoinRequest request, OwnStart? own) : IReadAhead
{
    private readonly string? externalKey = own is null && request.StudentId is { } id ? Students.Student.Key(id) : null;
    private readonly string? userId = own is null && request.UserId is { } user ? TicketHolder.Plain(user) : null;
    private IReadOnlyCollection<string> tests = TestsOf(session);
    private IReadOnlyList<Registration> registrations = [];
    private IReadOnlyList<Entry> entries = [];
    private object? readIn;

    public string Apart { get; } = $"{own?.StudentId}|{request.StudentId?.Trim().ToUpperInvariant()}|{request.UserId?.ToUpperInvariant()}|{request.GuestName}";

    /// <summary>The student; null for a guest, and when there is none with this ID.</summary>
    public KnownStudent? Student { get; private set; }

    /// <summary>The student's registrations to the session's tests that were not cancelled, locked, the oldest first.</summary>
    public IEnumerable<Registration> Registrations => registrations.Where(registration => tests.Contains(Test.Key(registration.TestCode)));

    /// <summary>The student's entries in this session, the latest first.</summary>
    public IEnumerable<Entry> Entries => entries.Where(entry => entry.SessionId == session.Id);

    /// <summary>True when somebody is registered to the session, so that who is not comes unexpected.</summary>
    public bool HasList { get; private set; }

    /// <summary>What a ticket of the student opens in this session.</summary>
    public IReadOnlyCollection<TicketHolder.Assigned> Assigned =>
        [.. Registrations.Where(item => item.SessionId == session.Id).Select(item => new TicketHolder.Assigned(item.StudentId, Test.Key(item.TestCode), item.Status.ToString()))];

    /// <summary>True when the student waits or is tested with this test in another session.</summary>
    public bool ActiveElsewhere(string testCode) => entries.Any(entry => entry.Active && entry.SessionId != session.Id && entry.Test.Code == testCode);

    /// <summary>Reads inside a change that has locked the session, unless that was done with the lock for these tests.</summary>
    /// <param name="locked">The session as it is now: a test may have come to it since it was found.</param>
    public async Task Read(Change change, Session locked)
    {
        var asked = tests;
        tests = TestsOf(locked);
        if (readIn == change.Transaction && tests.All(asked.Contains))
        {
            return;
        }

        var ask = new Statements();
        Ask(ask, change.Dialect, [this]);
        if (ask.Count > 0)
        {
            await using var answers = await change.Several(ask.Text, ask.Parameters);
            await Take(change, answers, [this]);
        }
    }

    public void Ask(Statements ask, Dialect dialect, IReadOnlyList<IReadAhead> all)
    {
        foreach (var door in Doors(all))
        {
            var sessions = door.Select(reads => reads.SessionId).Distinct(StringComparer.Ordinal).ToArray();
            var students = StudentStore.AtTheDoor(
                ask, dialect, door.Key, door.Select(reads => reads.externalKey), door.Select(reads => reads.userId), door.Select(reads => reads.OwnId));
            StudentStore.AskLocked(ask, dialect, students);
            RegistrationStore.AskToTests(ask, dialect, students, [.. door.SelectMany(reads => reads.tests).Distinct(StringComparer.Ordinal)]);
            EntryStore.AskOfStudents(ask, dialect, students, sessions);
            RegistrationStore.AskHavingAny(ask, dialect, sessions);
        }
    }

    public async Task Take(Change change, SqlMapper.GridReader answers, IReadOnlyList<IReadAhead> all)
    {
        foreach (var reads in all.Cast<JoinReads>())
        {
            reads.readIn = change.Transaction;
            reads.Take(null, [], [], hasList: false);
        }

        foreach (var door in Doors(all))
        {
            var students = await StudentStore.ReadLocked(answers);
            var registered = await RegistrationStore.ReadToTests(answers);
            var known = await EntryStore.ReadOfStudents(answers);
            var lists = (await answers.ReadAsync<string>()).ToHashSet(StringComparer.Ordinal);
            foreach (var reads in door)
            {
                reads.Take(students.FirstOrDefault(reads.IsMe), registered, known, lists.Contains(reads.SessionId));
            }
        }
    }

    // Those who are known by an ID, by organisation: a guest is not looked for.
    private static IEnumerable<IGrouping<string, JoinReads>> Doors(IReadOnlyList<IReadAhead> all) => all.Cast<JoinReads>()
        .Where(reads => (reads.externalKey ?? reads.userId ?? reads.OwnId) is not null)
        .GroupBy(reads => reads.Organisation, StringComparer.Ordinal).OrderBy(door => door.Key, StringComparer.Ordinal);

    private static string[] TestsOf(Session session) => [.. session.Tests.Select(test => Test.Key(test.Code))];

    private string Organisation => session.OrganisationId;

    private string SessionId => session.Id;

    private string? OwnId => own?.StudentId;

    private bool IsMe(DoorStudent row) => OwnId is not null ? row.Id == OwnId : userId is not null ? row.UserId == userId : row.ExternalKey == externalKey;

    private void Take(DoorStudent? who, IReadOnlyList<Registration> registered, IReadOnlyList<Entry> known, bool hasList)
    {
        (Student, registrations, entries, HasList) = (null, [], [], false);
        if (who is null)
        {
            return;
        }

        Student = new KnownStudent(new EntryStudent(who.Id, who.Id, who.ExternalId, who.GivenName, who.FamilyName), Json.Read<IReadOnlyDictionary<string, string>>(who.Settings));
        registrations = [.. registered.Where(registration => registration.StudentId == who.Id)];
        entries = [.. known.Where(entry => entry.Student.Key == who.Id).OrderByDescending(entry => entry.Arrival)];
        HasList = hasList;
    }
}
