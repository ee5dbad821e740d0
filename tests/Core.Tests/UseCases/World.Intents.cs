using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using Xunit;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>A student's place in a lobby, as the device knows it that took it.</summary>
internal sealed record Place(SessionView Session, JoinAnswer Answer, StudentCaller Caller)
{
    public string Id => Answer.EntryId;
}

/// <summary>What tests want to happen in the world, in one line each.</summary>
internal sealed partial class World
{
    private static readonly string[] FirstNames = ["Mia", "José", "Zoë", "Anna Lena", "Tom", "Ida", "Kim", "Leo"];

    private readonly HashSet<string> known = new(StringComparer.Ordinal);

    /// <summary>A session from nine to eleven with the delivered test and two proctors, as its form sends it.</summary>
    public SessionRequest Form => new()
    {
        Name = "Mathematics, room 4",
        Mode = SessionMode.InPerson,
        OpensAt = "2026-11-21T09:00:00Z",
        ClosesAt = "2026-11-21T11:00:00Z",
        Tests = [Delivered],
        Proctors = [Ada.Id, Ben.Id],
    };

    /// <summary>Creates a session.</summary>
    /// <param name="with">What differs from <see cref="Form"/>.</param>
    /// <param name="profile">Its profile, where it is not the organisation's.</param>
    public async Task<SessionView> Session(Func<SessionRequest, SessionRequest>? with = null, ProfileSettings? profile = null, Actor? by = null)
    {
        var form = with is null ? Form : with(Form);
        form = profile is null ? form : form with { ProfileId = await Profile(profile) };
        return Good(await Create.Run(by ?? Manager, form));
    }

    /// <summary>The same with its window open.</summary>
    public async Task<SessionView> Open(Func<SessionRequest, SessionRequest>? with = null, ProfileSettings? profile = null)
    {
        var session = await Session(with, profile);
        return session.Phase == SessionPhase.Open ? session : Good(await Steer.Open(Ada, session.Id, new PhaseRequest()));
    }

    /// <summary>The manager changes a profile's settings; sessions have not followed yet.</summary>
    public async Task<Profile> Change(string profileId, Func<ProfileSettings, ProfileSettings> how)
    {
        var profile = (await Profiles.Find(Manager.OrganisationId, profileId))!;
        var input = new NewProfile { Name = profile.Name, Settings = how(profile.Settings) };
        return Good(await new EditProfile(Changes).Run(Manager, profileId, input, profile.Version));
    }

    /// <summary>The manager chooses what applies where a session names no profile; sessions have not followed yet.</summary>
    public async Task Default(string? profileId) => Good(await new SetDefaultProfile(Changes).Run(Manager, new DefaultProfile(profileId)));

    /// <summary>A proctor asks for the profile's settings as they are now.</summary>
    public Task<Result<SessionView>> TakeProfile(string sessionId, Actor? by = null) => new TakeProfile(Changes).Run(by ?? Ada, sessionId, version: null);

    /// <summary>The session as it is now.</summary>
    public async Task<Session> SessionNow(string sessionId) => (await Sessions.Find(sessionId))!;

    /// <summary>The entry as it is now.</summary>
    public async Task<Entry> Entry(Place place) => (await Entries.Find(place.Id))!;

    public async Task<EntryState> State(Place place) => (await Entry(place)).State;

    /// <summary>The external ID and first name of a student, who is put on the list when new.</summary>
    public async Task<(string Id, string FirstName)> StudentOf(int number, Actor? by = null)
    {
        var (id, name) = ($"S-{number:000}", FirstNames[number % FirstNames.Length]);
        bool missing;
        lock (known)
        {
            missing = known.Add($"{(by ?? Manager).OrganisationId} {id}");
        }

        if (missing)
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["fontSize"] = "large" };
            Good(await new CreateStudent(Changes).Run(
                by ?? Manager, new NewStudent { ExternalId = id, GivenName = name, FamilyName = $"Berg{number}", Settings = settings }, null));
        }

        return (id, name);
    }

    /// <summary>What a student sends to come in by join ID.</summary>
    public async Task<JoinRequest> Ticket(SessionView session, int student = 1, string? test = null)
    {
        var (id, name) = await StudentOf(student);
        return new JoinRequest(JoinId: session.JoinId, StudentId: id, FirstName: name, TestCode: test, Code: session.Code);
    }

    /// <summary>A student comes into the lobby.</summary>
    public async Task<Place> Join(SessionView session, int student = 1, string? test = null) =>
        await PlaceOf(session, Good(await JoinLobby.Run(await Ticket(session, student, test), "192.0.2.1")));

    /// <summary>The device that holds the answer.</summary>
    public async Task<Place> PlaceOf(SessionView session, JoinAnswer answer) =>
        new(session, answer, Good(await Entries.ByToken(Secret.Hash(answer.Token))));

    /// <summary>The entries as they are on the screen now.</summary>
    public async Task<EntriesRequest> Rows(params Place[] places)
    {
        var rows = new List<EntryRef>();
        foreach (var place in places)
        {
            rows.Add(new EntryRef(place.Id, (await Entry(place)).Version));
        }

        return new EntriesRequest { Entries = rows };
    }

    /// <summary>What became of each entry of a command.</summary>
    public static IEnumerable<string> Outcomes(Result<EntriesAnswer> result) => Good(result).Results.Select(outcome => outcome.Outcome);

    public async Task Approve(params Place[] places)
    {
        foreach (var rows in places.GroupBy(place => place.Session.Id, StringComparer.Ordinal))
        {
            Assert.All(Outcomes(await Decide.Approve(Ada, rows.Key, await Rows([.. rows]))), outcome => Assert.Equal("approved", outcome));
        }
    }

    /// <summary>A student who has been let in.</summary>
    public async Task<Place> Approved(SessionView session, int student = 1, string? test = null)
    {
        var place = await Join(session, student, test);
        await Approve(place);
        return place;
    }

    /// <summary>The student's page takes the entry token.</summary>
    public async Task<EntryTokenAnswer> Token(Place place) => Good(await FetchToken.Run(place.Caller));

    /// <summary>A student whose delivery system has redeemed the token.</summary>
    public async Task<Place> Redeemed(SessionView session, int student = 1)
    {
        var place = await Approved(session, student, Delivered);
        Good(await Redeem.Run(Delivery, (await Token(place)).Token));
        return place;
    }

    /// <summary>A student who is being tested.</summary>
    public async Task<Place> Testing(SessionView session, int student = 1, string? test = null)
    {
        if (test == Undelivered)
        {
            var started = await Approved(session, student, test);
            await Token(started);
            return started;
        }

        var place = await Redeemed(session, student);
        await Report(place, ReportKind.Started);
        return place;
    }

    /// <summary>The delivery system's next report on the entry.</summary>
    public async Task<ProgressAnswer> Report(Place place, ReportKind kind, string? commandId = null, int? answered = null) =>
        Good(await Progress.Run(Delivery, await NextReport(place, kind, commandId, answered)));

    public async Task<ProgressRequest> NextReport(Place place, ReportKind kind, string? commandId = null, int? answered = null)
    {
        var entry = await Entry(place);
        return new ProgressRequest
        {
            EntryId = place.Id, Attempt = entry.Attempt, Sequence = entry.LastSequence + 1, Kind = kind, CommandId = commandId,
            Answered = answered, Total = answered is null ? null : 10,
        };
    }

    /// <summary>The delivery system confirms the command that is pending.</summary>
    public async Task<ProgressAnswer> Confirm(Place place)
    {
        var pending = (await Entry(place)).Pending!;
        return await Report(place, ReportKind.Confirmed, pending.Id);
    }

    /// <summary>Events of a feed after a number, oldest first.</summary>
    public async Task<IReadOnlyList<FeedEvent>> Events(string feed, long after = 0) => (await Log.Read(feed, after, 10_000))?.Events ?? [];

    /// <summary>The kinds of the events of a session's feed.</summary>
    public async Task<IEnumerable<string>> Kinds(string sessionId) => (await Events(FeedNames.Session(sessionId))).Select(item => item.Kind);

    /// <summary>Moves the clock and does what is due at sessions and entries.</summary>
    public async Task Pass(TimeSpan time)
    {
        Clock.Advance(time);
        await RunDue.Run();
        await Watch.RunDue();
    }

    /// <summary>The same up to an instant.</summary>
    public Task PassTo(DateTimeOffset instant) => Pass(instant - Now);
}
