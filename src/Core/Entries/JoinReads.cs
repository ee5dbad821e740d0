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

/// <summary>What is known of who wants to come in: read once the session is locked, for one or for many at the door in the same few statements.</summary>
/// <param name="organisationId">The session's.</param>
internal sealed class JoinReads(string organisationId, string sessionId, JoinRequest request, OwnStart? own) : IReadAhead
{
    private readonly string? externalKey = own is null && request.StudentId is { } id ? Students.Student.Key(id) : null;
    private readonly string? userId = own is null && request.UserId is { } user ? TicketHolder.Plain(user) : null;
    private DoorStudent? found;
    private IReadOnlyList<Entry> entries = [];
    private object? askedIn;
    private object? readIn;

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

    /// <summary>Reads inside a change that has locked the session, unless that was done in this transaction for several at once.</summary>
    public async Task Read(Change change)
    {
        if (askedIn != change.Transaction && Doors([this]).Any())
        {
            var ask = new Statements();
            Ask(ask, change.Dialect, [this]);
            await using var answers = await change.Several(ask.Text, ask.Parameters);
            await Take(change, answers, [this]);
        }

        if (readIn != change.Transaction)
        {
            await Read(change, [this]);
        }
    }

    public void Ask(Statements ask, Dialect dialect, IReadOnlyList<IReadAhead> all)
    {
        static string[] Some(IEnumerable<string?> keys) => [.. keys.OfType<string>().Distinct(StringComparer.Ordinal)];
        foreach (var door in Doors(all))
        {
            StudentStore.AskAtTheDoor(
                ask, dialect, door.Key, Some(door.Select(reads => reads.externalKey)), Some(door.Select(reads => reads.userId)), Some(door.Select(reads => reads.OwnId)));
        }
    }

    public async Task Take(Change change, SqlMapper.GridReader answers, IReadOnlyList<IReadAhead> all)
    {
        foreach (var reads in all.Cast<JoinReads>())
        {
            reads.askedIn = change.Transaction;
            reads.Take(null, [], [], hasList: false);
        }

        foreach (var door in Doors(all))
        {
            var students = await StudentStore.ReadAtTheDoor(answers);
            foreach (var reads in door)
            {
                reads.found = reads.Among(students);
            }
        }
    }

    public async Task Read(Change change, IReadOnlyList<IReadAhead> all)
    {
        var door = new List<(Session Session, JoinReads Reads)>();
        foreach (var one in all.Cast<JoinReads>())
        {
            one.readIn = change.Transaction;
            if (one.found is not null && await SessionStore.LockAndLoad(change, one.SessionId) is { } session)
            {
                door.Add((session, one));
            }
        }

        foreach (var organisation in door.GroupBy(one => one.Session.OrganisationId, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            await Read(change, organisation.Key, [.. organisation]);
        }
    }

    private static async Task Read(Change change, string organisationId, IReadOnlyList<(Session Session, JoinReads Reads)> door)
    {
        var sessions = door.Select(one => one.Session).DistinctBy(session => session.Id, StringComparer.Ordinal).ToList();
        var tests = sessions.SelectMany(session => session.Tests).Select(test => Test.Key(test.Code)).Distinct(StringComparer.Ordinal).ToList();
        var ask = new Statements();
        RegistrationStore.AskToTests(ask, change.Dialect, [.. door.Select(one => one.Reads.found!.Id).Distinct(StringComparer.Ordinal)], tests);
        EntryStore.AskAtTheDoor(ask, change.Dialect, organisationId, [.. door.Select(one => (one.Session.Id, one.Reads.found!.Id))]);
        RegistrationStore.AskHavingAny(ask, change.Dialect, [.. sessions.Select(session => session.Id)]);
        await using var answers = await change.Several(ask.Text, ask.Parameters);
        var registrations = await RegistrationStore.ReadToTests(answers);
        var known = await EntryStore.ReadAtTheDoor(answers);
        var lists = (await answers.ReadAsync<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var (session, reads) in door)
        {
            reads.Take(reads.found, registrations, known, lists.Contains(session.Id));
        }
    }

    // Those who are known by an ID, by organisation: a guest is not looked for.
    private static IEnumerable<IGrouping<string, JoinReads>> Doors(IReadOnlyList<IReadAhead> all) => all.Cast<JoinReads>()
        .Where(reads => (reads.externalKey ?? reads.userId ?? reads.OwnId) is not null)
        .GroupBy(reads => reads.Organisation, StringComparer.Ordinal).OrderBy(door => door.Key, StringComparer.Ordinal);

    private string Organisation => organisationId;

    private string SessionId => sessionId;

    private string? OwnId => own?.StudentId;

    private DoorStudent? Among(IEnumerable<DoorStudent> students) => students.FirstOrDefault(row =>
        OwnId is not null ? row.Id == OwnId : userId is not null ? row.UserId == userId : externalKey is not null && row.ExternalKey == externalKey);

    private void Take(DoorStudent? who, IReadOnlyList<Registration> registrations, IReadOnlyList<Entry> known, bool hasList)
    {
        (found, Student, Registrations, entries, HasList) = (who, null, [], [], hasList);
        if (who is null)
        {
            return;
        }

        Student = new KnownStudent(new EntryStudent(who.Id, who.Id, who.ExternalId, who.GivenName, who.FamilyName), Json.Read<IReadOnlyDictionary<string, string>>(who.Settings));
        Registrations = [.. registrations.Where(registration => registration.StudentId == who.Id)];
        entries = [.. known.Where(entry => entry.Student.Key == who.Id).DistinctBy(entry => entry.Id, StringComparer.Ordinal).OrderByDescending(entry => entry.Arrival)];
    }
}
