using System.Reflection;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Contracts;

/// <summary>What travels is frozen to the letter in <c>tests/Contracts</c>: each shape by one example in which nothing is left out.</summary>
public sealed class ShapesTests
{
    private static readonly DateTimeOffset Nine = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);
    private static readonly Person Ada = new("staff-1", "Ada Proctor");

    private static readonly SessionTest Test = new(
        "MATH-7", "Mathematics 7", TestKind.Operational, 60, Proctored: true, "https://tests.example/start", "delivery-1", [new SessionSection("Geometry", Sealed: true)]);

    private static readonly Session Session = new()
    {
        Id = "session-1", OrganisationId = "org-1", Name = "Mathematics, room 4", Mode = SessionMode.Hybrid, TimeZone = "Europe/Paris", OpensAt = Nine,
        ClosesAt = Nine.AddHours(2), Tests = [Test], Proctors = [new SessionProctor("staff-1", "Ada Proctor", Lead: true)], Code = "willow", Password = "WILLOW-42",
        JoinId = "K7QM3XPA", LinkSecret = "secret", ProfileId = "profile-1",
        Profile = new ProfileSettings { CloseRule = CloseRule.Pause, AutoAdmit = true, StudentMayPause = true },
        AppliedProfile = new AppliedProfile("profile-1", "Calm", 2), NewerProfile = new CurrentProfile("profile-1", "Calm", 3, new ProfileSettings { AutoAdmit = true }), Capacity = 30, StartMode = StartMode.Manual,
        Note = "Bring a pencil", Phase = SessionPhase.LobbyOpen, PhaseSince = Nine.AddMinutes(-30), ScheduleVersion = 2, Version = 7, HoldReason = "Fire alarm",
        DrainsUntil = Nine.AddHours(6), AdHoc = true, IdleSince = Nine.AddMinutes(5), Simulated = true, CreatedAt = Nine.AddDays(-1),
        Broadcasts = [new Broadcast(Nine, "Ada Proctor", "Ten minutes left")],
    };

    private static readonly Entry Entry = new()
    {
        Id = "entry-1", OrganisationId = "org-1", SessionId = "session-1", Student = new EntryStudent("student-1", "student-1", "S-001", "Mia", "Berg"), Test = Test,
        WayIn = WayIn.JoinId, ArrivedAt = Nine, Arrival = 3, Simulated = true, Attempt = 2, State = EntryState.Paused, StateSince = Nine.AddMinutes(9), Version = 12, Device = 2,
        TokenHash = "hash", Flags = [new EntryFlag("secondDevice", "Opened on device 2")],
        Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["extraTime"] = "25" }, Decision = new EntryDecision("approved", Ada, Nine, "Known to me"),
        DeniedTimes = 1, EndReason = "Phone", Grant = new EntryGrant("token-1", Nine.AddSeconds(120), 2, Nine), HandedOverAt = Nine,
        Progress = new EntryProgress(3, 10, "Numbers"), LastSequence = 5, AllowedSeconds = 3600, UsedSeconds = 540, RunningSince = Nine, StoppedSince = Nine.AddMinutes(9),
        PausedSeconds = 60, PausedBy = CommandSource.Hold, HandRaised = true, Messages = [new EntryMessage(Nine, "student", "Mia Berg", "Here")], LaunchedAt = Nine,
        Pending = new PendingCommand("command-1", CommandKind.Extend, CommandSource.Proctor, 300, "Noise", Nine, Nine.AddSeconds(1), Overdue: true) { Section = "Geometry" },
        Seal = "Geometry",
    };

    private static readonly Import Import = new()
    {
        Id = "import-1", OrganisationId = "org-1", Kind = ImportKind.Sessions, FileName = "autumn.xlsx", State = ImportState.Failed, Rows = 500, Done = 40,
        Options = new ImportOptions { TimeZone = "Europe/Paris", Tests = ["MATH-7"], Mode = SessionMode.Remote, Move = true }, Counts = new ImportCounts(1, 2, 3, 4, 5),
        Notice = new ImportNotice(2, 30, 28, [NoticeReason.StartsLater, NoticeReason.Shorter]), Notify = true,
        Problem = new ImportProblem("importUnreadable", "A column is missing: des."), Remarks = ["Not looked at: Room."], By = Ada, CreatedAt = Nine, FinishedAt = Nine.AddMinutes(1),
    };

    private static readonly ImportRow ImportRow = new()
    {
        Position = 1, Line = 2, Part = "users.csv", Subject = "Mathematics, room 4", Cells = new Dictionary<string, string>(StringComparer.Ordinal) { ["des"] = "Mathematics, room 4" },
        Outcome = RowOutcome.Update, Wrong = ["The end must be after the beginning."], Remarks = ["The row is hidden in the file."],
        Changes = [new FieldChange("code", "willow", "sesame")], SubjectId = "session-1", Applied = true, Seen = "what nobody is shown",
    };

    private static readonly Entry Denied = Entry with { State = EntryState.Denied };

    public static TheoryData<string, object> Shapes => new()
    {
        { "session", SessionView.Of(Session) },
        { "sessionListRow", SessionListRow.Of(Session, new SessionCounts(3, 2, 1)) },
        { "entryRow", EntryRow.Of(Entry) },
        { "lobby", LobbyView.Of(Session) },
        { "me", MeView.Of(Denied, Session) },
        { "profile", new Profile { Id = "profile-1", Name = "Calm", Settings = new ProfileSettings(), IsDefault = true, Sessions = 4, Version = 3, CreatedAt = Nine } },
        { "import", Import },
        { "importRow", ImportRow },
        { "report", ReportView.Of(Session, [Entry]) },
        { "entriesAnswer", new EntriesAnswer([new EntryOutcome("entry-1", "alreadyDecided", 12, Ada, Nine, "Somebody was faster")]) },
        { "lobbySession", EntranceView.Of(Session) },
        { "joinAnswer", new JoinAnswer("entry-1", "lpe_token", EntryState.Waiting, "Mathematics, room 4", 1) },
        { "entryToken", new EntryTokenAnswer("header.claims.signature", "https://tests.example/start#entry=header.claims.signature", Nine) },
        { "entryTokenClaims", Claims },
        { "deliveryCommands", new CommandsAnswer([DeliveryCommand.Of(Entry, Entry.Pending!)], "epoch.7") },
        { "redeemAnswer", new RedeemAnswer(
            "entry-1", 2, "session-1", "Mathematics, room 4", new RedeemTest("MATH-7", "Mathematics 7", 60, Test.Sections), new RedeemStudent("Mia Berg", "S-001"),
            Entry.Settings, 3060, Resumed: true, 5, "https://proctor.example/join/K7QM-3XPA") },
        { "progressAnswer", new ProgressAnswer(EntryState.Testing, Accepted: true, DeliveryCommand.Of(Entry, Entry.Pending!)) },
    };

    private static EntryTokenClaims Claims => new()
    {
        Issuer = "https://proctor.example", Audience = "delivery-1", Subject = "student-1", TokenId = "token-1", IssuedAt = Nine, NotBefore = Nine, ExpiresAt = Nine.AddSeconds(120),
        Organisation = "org-1", Session = "session-1", Entry = "entry-1", Attempt = 2, ScheduleVersion = 2, Test = "MATH-7",
        Sections = [new EntryTokenSection { Title = "Geometry", Sealed = true }], Settings = Entry.Settings,
    };

    [Theory, MemberData(nameof(Shapes), DisableDiscoveryEnumeration = true)]
    public void A_shape_is_as_it_was_frozen(string name, object example)
    {
        var (frozen, now) = Contract.Compare(name, Json.Write(example));
        Assert.Equal(frozen, now);
        Complete(example.GetType().Name, example);
    }

    [Fact]
    public void Values_that_travel_as_text_are_as_they_were_frozen()
    {
        Type[] types =
        [
            typeof(SessionPhase), typeof(SessionMode), typeof(StartMode), typeof(TestKind), typeof(EntryState), typeof(WayIn), typeof(CommandKind), typeof(CommandSource),
            typeof(CloseRule), typeof(ReportKind), typeof(Role), typeof(Core.Live.Presence), typeof(ImportKind), typeof(ImportState), typeof(RowOutcome),
        ];
        var (frozen, now) = Contract.Compare("values", Json.Write(types.ToDictionary(type => type.Name, type => Enum.GetValues(type).Cast<object>())));
        Assert.Equal(frozen, now);
    }

    // An example that leaves something out would not freeze it.
    private static void Complete(string where, object example)
    {
        foreach (var property in example.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0))
        {
            var value = property.GetValue(example);
            Assert.True(value is not null, $"The example of {where} leaves {property.Name} out.");
            if (value is null or string or System.Collections.IEnumerable || value.GetType().Namespace?.StartsWith("LiveProctor", StringComparison.Ordinal) != true || value.GetType().IsEnum)
            {
                continue;
            }

            Complete($"{where}.{property.Name}", value);
        }
    }
}
