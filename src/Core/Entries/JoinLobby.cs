using System.Globalization;
using System.Text;
using LiveProctor.Core.Accounts;
using LiveProctor.Core.Catalogue;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;
using LiveProctor.Core.Tickets;

namespace LiveProctor.Core.Entries;

/// <summary>What a student shows to come in: join ID or link, and student ID with first name, user ID with session password, or a guest's name.</summary>
public sealed record JoinRequest(
    string? JoinId = null, string? Link = null, string? StudentId = null, string? FirstName = null, string? GuestName = null, string? TestCode = null,
    string? Code = null, string? UserId = null, string? Password = null);

/// <summary>The student's place.</summary>
/// <param name="Token">Held by this device from now on; shown once.</param>
public sealed record JoinAnswer(string EntryId, string Token, EntryState State, string SessionName, int Device);

/// <summary>
/// A student comes into the lobby (product.md section 4, ways in 1 to 4). A student who is there already takes the entry over with the new device.
/// Problems: invalid, notFound, throttled, lobbyNotOpen, sessionEnded, sessionCancelled, codeRequired, codeWrong, testChoiceRequired,
/// studentUnknown, ticketWrong, ticketOutdated, guestsNotAllowed, activeElsewhere, alreadyDone.
/// </summary>
public sealed class JoinLobby(FindSession find, Changes changes, JoinThrottle throttle)
{
    /// <param name="address">The network address that the request came from.</param>
    public async Task<Result<JoinAnswer>> Run(JoinRequest request, string address, Once? once = null)
    {
        var wrong = Check(request).ToList();
        if (wrong.Count > 0)
        {
            return Problem.Invalid([.. wrong]);
        }

        var found = await find.Run(request.JoinId, request.Link, address);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        var session = found.Value;
        if (SessionRules.WhyNoEntrance(session) is { } closed)
        {
            return closed;
        }

        if (session.Individual)
        {
            return Problem.NotFound("session");
        }

        if (session.Simulated)
        {
            return new Problem(ProblemKind.GuestsNotAllowed, "This is a rehearsal: its students are simulated, and nobody else can join.");
        }

        var who = request.UserId is { } userId ? $"ticket {TicketHolder.Plain(userId)}" : request.StudentId ?? request.GuestName!;
        var reads = new JoinReads(session, request, own: null);
        return await throttle.Guard(
            session, who.Trim(), address, () => changes.RunInTurn(session.Id, Actor.System, change => Join(change, session.Id, request, reads), once, reads));
    }

    /// <param name="own">Who comes from the own page, with the test chosen there; null for anybody who shows what the request says.</param>
    /// <param name="reads">What is read with the lock; null to read behind it.</param>
    internal static async Task<Result<JoinAnswer>> Join(Change change, string sessionId, JoinRequest request, JoinReads? reads = null, OwnStart? own = null)
    {
        var loaded = await SessionChange.LockAndLoad(change, sessionId);
        if (loaded.Failed(out var problem))
        {
            return problem;
        }

        var session = loaded.Value;
        if (SessionRules.WhyNoEntrance(session) is { } closed)
        {
            return closed;
        }

        if (session.Individual && own is null)
        {
            // It is one student's own, without anybody who would look at who comes.
            return Problem.NotFound("session");
        }

        if (session.Code is { } code && !Secret.Same(code.ToUpperInvariant(), (request.Code ?? "").Trim().ToUpperInvariant()))
        {
            return string.IsNullOrWhiteSpace(request.Code)
                ? new Problem(ProblemKind.CodeRequired, "Your proctor tells you a session code. Type it here.")
                : new Problem(ProblemKind.CodeWrong, "This is not the session code. Ask your proctor to say it again.");
        }

        reads ??= new JoinReads(session, request, own);
        await reads.Read(change, session);
        var ticket = own is not null ? TicketHolder.Of(session, own)
            : request.UserId is null ? new Result<TicketHolder>()
            : TicketHolder.Choose(session, reads.Assigned, request.Password!, request.TestCode);
        if (ticket.Failed(out problem))
        {
            return problem;
        }

        var holder = ticket.Value;
        var chosen = holder?.Test ?? ChooseTest(session, request.TestCode);
        var known = Known(request, reads, named: holder is not null);
        if (chosen.Problem?.Kind == ProblemKind.TestChoiceRequired && !known.Failed(out _) && EntryLink.OnlyTest(session, reads.Registrations) is { } only)
        {
            // Who is registered to one of the tests need not know its name.
            chosen = only;
        }

        if (chosen.Failed(out problem))
        {
            return problem;
        }

        var test = chosen.Value;
        var entryId = Id.New(change.Now);
        var student = holder is not null && reads.Student is null ? holder.Gone
            : holder is null && request.GuestName is { } guest ? Guest(guest, test, entryId)
            : known;
        if (student.Failed(out problem))
        {
            return problem;
        }

        var registrations = reads.Registrations.Where(registration => Test.Key(registration.TestCode) == Test.Key(test.Code)).ToList();
        if (holder?.WhyNot(session, registrations) is { } gone)
        {
            return gone;
        }

        var token = StudentTokens.New();
        var wayIn = own is not null ? WayIn.OwnPage : request switch { { UserId: not null } => WayIn.Ticket, { StudentId: null } => WayIn.Guest, { Link: not null } => WayIn.Link, _ => WayIn.JoinId };
        var earlier = reads.Entries.Where(entry => entry.Test.Code == test.Code).ToList();
        if (earlier.FirstOrDefault(entry => !entry.Ended) is { } live)
        {
            return await TakeOver(change, session, live, token, wayIn);
        }

        if (earlier.FirstOrDefault(entry => entry.State is not (EntryState.Moved or EntryState.Removed)) is { } done
            && !(done.State == EntryState.Submitted && test.Kind != TestKind.Operational))
        {
            return new Problem(ProblemKind.AlreadyDone, done.State == EntryState.Submitted
                ? "You have handed in this test already."
                : "This test has ended for you. Ask your proctor if you should go on.");
        }

        var entry = new Entry
        {
            Id = entryId,
            OrganisationId = session.OrganisationId,
            SessionId = session.Id,
            Student = student.Value.Who,
            Test = test,
            WayIn = wayIn,
            ArrivedAt = change.Now,
            StateSince = change.Now,
            Arrival = await change.LockSession(session.Id),
            Simulated = session.Simulated,
            Attempt = earlier.Count == 0 ? 1 : earlier[0].Attempt + 1,
            TokenHash = Secret.Hash(token),
            Settings = student.Value.Settings,
            AllowedSeconds = test.Minutes * 60,
        };
        entry = await EntryLink.Join(change, session, entry, registrations, reads.HasList);
        if (reads.ActiveElsewhere(test.Code))
        {
            return await EntryStore.Elsewhere(change, entry);
        }

        EntryStore.Insert(change, entry);
        EntryChange.Announce(change, session, before: null, new EntryStep(entry, "joined"), reason: null);
        change.Record(session.OrganisationId, FeedNames.Session(session.Id), "joined", entry.Id, new { student = entry.Student, entry.WayIn, test = test.Code });
        entry = await EntryChange.AdmitWithoutProctor(change, session, entry);
        return new JoinAnswer(entry.Id, token, entry.State, session.Name, entry.Device);
    }

    private static async Task<Result<JoinAnswer>> TakeOver(Change change, Session session, Entry live, string token, WayIn wayIn)
    {
        var step = EntryRules.TakeOver(live, Secret.Hash(token), wayIn, change.Now);
        if (step.Failed(out var problem))
        {
            return problem;
        }

        var written = await EntryChange.Write(change, session, live, step.Value);
        return written.Then(next => new JoinAnswer(live.Id, token, next.State, session.Name, next.Device));
    }

    /// <summary>What is wrong with the fields that need no look-up.</summary>
    internal static IEnumerable<(string Field, string Sentence)> Check(JoinRequest request)
    {
        if (string.IsNullOrWhiteSpace(request.JoinId) == string.IsNullOrWhiteSpace(request.Link))
        {
            yield return ("joinId", "Type the join ID that your proctor shows you.");
        }

        if (new[] { request.UserId, request.StudentId, request.GuestName }.Count(way => way is not null) != 1)
        {
            yield return ("studentId", "Type your student ID, or the user ID of your ticket, or join as a guest.");
        }

        if (request.UserId is { } userId && (string.IsNullOrWhiteSpace(userId) || !Id.Plausible(userId)))
        {
            yield return ("userId", "Type the user ID that is on your ticket.");
        }

        if (request.UserId is not null && (string.IsNullOrWhiteSpace(request.Password) || request.Password.Length > 200))
        {
            yield return ("password", "Type the password that is on your ticket.");
        }

        if (request.StudentId is { } id && (string.IsNullOrWhiteSpace(id) || !Id.Plausible(id)))
        {
            yield return ("studentId", "Type your student ID.");
        }

        if (request.StudentId is not null && (string.IsNullOrWhiteSpace(request.FirstName) || request.FirstName.Length > 120 || !Problems.Check.CanBeShown(request.FirstName)))
        {
            yield return ("firstName", "Type your first name.");
        }

        if (request.GuestName is { } guest && (string.IsNullOrWhiteSpace(guest) || guest.Length > 80 || guest.Any(char.IsControl)))
        {
            yield return ("guestName", "Type a name of 1 to 80 characters.");
        }

        if (CannotBe(request.UserId, 64) || CannotBe(request.Password, 200))
        {
            yield return ("password", "A ticket has a user ID of 8 and a password of at most 64 characters.");
        }

        if (CannotBe(request.Code, 64))
        {
            yield return ("code", "A session code has at most 32 characters.");
        }

        if (CannotBe(request.TestCode, 64))
        {
            yield return ("testCode", "Choose one of the session's tests.");
        }

        if (request.JoinId is { Length: > 64 } || request.Link is { Length: > 2000 })
        {
            yield return ("joinId", "Type the join ID that your proctor shows you.");
        }
    }

    private static bool CannotBe(string? text, int most) => text?.Length > most || !Problems.Check.CanBeShown(text);

    private static Result<SessionTest> ChooseTest(Session session, string? code)
    {
        if (code is null)
        {
            return session.Tests.Count == 1
                ? session.Tests[0]
                : new Problem(ProblemKind.TestChoiceRequired, "This session has several tests. Choose yours.");
        }

        return session.Tests.FirstOrDefault(test => string.Equals(test.Code, code.Trim(), StringComparison.OrdinalIgnoreCase)) is { } test
            ? test
            : Problem.Invalid(("testCode", "This session has no such test."));
    }

    private static Result<KnownStudent> Guest(string name, SessionTest test, string entryId) => test.Kind == TestKind.Operational
        ? new Problem(ProblemKind.GuestsNotAllowed, "This test is not for guests. Type your student ID and first name.")
        : new KnownStudent(new EntryStudent($"guest:{entryId}", null, null, name.Trim(), ""), new Dictionary<string, string>(StringComparer.Ordinal));

    /// <param name="named">True when a ticket or the own page says who it is.</param>
    private static Result<KnownStudent> Known(JoinRequest request, JoinReads reads, bool named) =>
        reads.Student is { } student && (named || (request.FirstName is { } firstName && SameName(student.Who.GivenName, firstName)))
            ? student
            : new Problem(ProblemKind.StudentUnknown, "Student ID and first name do not match. Check both, or ask your proctor.");

    // Accents, case and a second given name are no reason to send a nervous student away.
    private static bool SameName(string stored, string typed)
    {
        var left = Plain(stored);
        var right = Plain(typed);
        return left == right || left.Split(' ')[0] == right;
    }

    private static string Plain(string name)
    {
        // U+FFFE is no character, and the one that Normalize throws at.
        var letters = name.Trim().Replace("\uFFFE", "", StringComparison.Ordinal).Normalize(NormalizationForm.FormD)
            .Where(character => CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark);
        return string.Concat(letters).ToUpperInvariant();
    }
}
