using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tickets;

namespace LiveProctor.Core.Entries;

/// <summary>A student as the door knows them.</summary>
internal sealed record KnownStudent(EntryStudent Who, IReadOnlyDictionary<string, string> Settings);

/// <summary>What is known of who wants to come in: read once the session is locked, for one or for many at the door in the same few statements.</summary>
internal sealed class JoinReads(string sessionId, JoinRequest request, OwnStart? own) : IReadAhead
{
    private readonly string? externalKey = own is null && request.StudentId is { } id ? Students.Student.Key(id) : null;
    private readonly string? userId = own is null && request.UserId is { } user ? TicketHolder.Plain(user) : null;
    private IReadOnlyList<Entry> entries = [];
    private object? readIn;

    private string SessionId => sessionId;

    public string Apart { get; } = $"{own?.StudentId}|{request.StudentId?.Trim().ToUpperInvariant()}|{request.UserId?.ToUpperInvariant()}|{request.GuestName}";

    /// <summary>The student; null for a guest, and when there is none with this ID.</summary>
    public KnownStudent? Student { get; private set; }

    /// <summary>The student's registrations to the session's tests that were not cancelled, locked, the oldest first.</summary>
    public IReadOnlyList<Registration> Registrations { get; private set; } = [];

    /// <summary>The student's entries in this session, the latest first.</summary>
    public IEnumerable<Entry> Entries => entries.Where(entry => entry.SessionId == sessionId);

    /// <summary>True when somebody is registered to the session, so that who is not comes unexpected.</summary>
    public bool HasList { get; private set; }

    /// <summary>What a ticket of the student opens in the session.</summary>
    public IReadOnlyCollection<TicketHolder.Assigned> Assigned(Session session) =>
        [.. Registrations.Where(item => item.SessionId == session.Id).Select(item => new TicketHolder.Assigned(item.StudentId, Test.Key(item.TestCode), item.Status.ToString()))];

    /// <summary>True when the student waits or is tested with this test in another session.</summary>
    public bool ActiveElsewhere(string testCode) => entries.Any(entry => entry.SessionId != sessionId && entry.Test.Code == testCode);

    /// <summary>Reads, unless that was done in this transaction for several at once.</summary>
    public Task Read(Change change) => readIn == change.Transaction ? Task.CompletedTask : Read(change, [this]);

    public async Task Read(Change change, IReadOnlyList<IReadAhead> all)
    {
        var door = new List<(Session Session, JoinReads Reads)>();
        foreach (var one in all.Cast<JoinReads>())
        {
            one.readIn = change.Transaction;
            one.Take([], [], [], hasList: false);
            if (await SessionStore.LockAndLoad(change, one.SessionId) is { } session)
            {
                door.Add((session, one));
            }
        }

        foreach (var organisation in door.GroupBy(one => one.Session.OrganisationId, StringComparer.Ordinal))
        {
            await Read(change, organisation.Key, [.. organisation]);
        }
    }

    private static async Task Read(Change change, string organisationId, IReadOnlyList<(Session Session, JoinReads Reads)> door)
    {
        static string[] Some(IEnumerable<string?> keys) => [.. keys.OfType<string>().Distinct(StringComparer.Ordinal)];
        var students = await StudentStore.AtTheDoor(
            change, organisationId, Some(door.Select(one => one.Reads.externalKey)), Some(door.Select(one => one.Reads.userId)), Some(door.Select(one => one.Reads.OwnId)));
        var ids = students.Select(student => student.Id).ToList();
        if (ids.Count == 0)
        {
            return;
        }

        var sessions = door.Select(one => one.Session).DistinctBy(session => session.Id, StringComparer.Ordinal).ToList();
        var sessionIds = sessions.Select(session => session.Id).ToList();
        var ask = new Statements();
        RegistrationStore.AskToTests(ask, change.Dialect, ids, Some(sessions.SelectMany(session => session.Tests).Select(test => Test.Key(test.Code))));
        EntryStore.AskAtTheDoor(
            ask, change.Dialect, organisationId, [.. door.SelectMany(one => one.Reads.Among(students) is { } student ? [(one.Session.Id, student.Id)] : Array.Empty<(string, string)>())]);
        RegistrationStore.AskHavingAny(ask, change.Dialect, sessionIds);
        await using var answers = await change.Several(ask.Text, ask.Parameters);
        var registrations = await RegistrationStore.ReadToTests(answers);
        var known = await EntryStore.ReadAtTheDoor(answers);
        var lists = (await answers.ReadAsync<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (session, reads) in door)
        {
            reads.Take(students, registrations, known, lists.Contains(session.Id));
        }
    }

    private string? OwnId => own?.StudentId;

    private DoorStudent? Among(IEnumerable<DoorStudent> students) => students.FirstOrDefault(row =>
        OwnId is not null ? row.Id == OwnId : userId is not null ? row.UserId == userId : externalKey is not null && row.ExternalKey == externalKey);

    private void Take(IReadOnlyList<DoorStudent> students, IReadOnlyList<Registration> registrations, IReadOnlyList<Entry> known, bool hasList)
    {
        (Student, Registrations, entries, HasList) = (null, [], [], hasList);
        if (Among(students) is not { } found)
        {
            return;
        }

        Student = new KnownStudent(
            new EntryStudent(found.Id, found.Id, found.ExternalId, found.GivenName, found.FamilyName), Json.Read<IReadOnlyDictionary<string, string>>(found.Settings));
        Registrations = [.. registrations.Where(registration => registration.StudentId == found.Id)];
        entries = [.. known.Where(entry => entry.Student.Key == found.Id).DistinctBy(entry => entry.Id, StringComparer.Ordinal).OrderByDescending(entry => entry.Arrival)];
    }
}
