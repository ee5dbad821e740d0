using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Imports;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Registrations;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Students;
using LiveProctor.Core.Tests.Architecture;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Core.Tests.Contracts;

/// <summary>The pages and the server mean the same: each type of <c>shared/wire</c> names exactly the fields and values of its twin here.</summary>
public sealed partial class PageTypesTests
{
    private static readonly PageTypes Pages = new(string.Join('\n', Repository.Files("src/Web/ClientApp/src/shared/wire", "*.ts").Select(Repository.Read)));
    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<Type, string> Answers => new()
    {
        { typeof(SessionView), "Session" },
        { typeof(SessionListRow), "SessionListRow" },
        { typeof(EntryRow), "EntryRow" },
        { typeof(LobbyView), "Lobby" },
        { typeof(MeView), "Me" },
        { typeof(EntriesAnswer), "CommandResults" },
        { typeof(EntryOutcome), "EntryResult" },
        { typeof(EntranceView), "LobbySession" },
        { typeof(JoinAnswer), "JoinAnswer" },
        { typeof(EntryTokenAnswer), "EntryTokenAnswer" },
        { typeof(ReportView), "SessionReport" },
        { typeof(JoinRequest), "JoinRequest" },
        { typeof(PhaseRequest), "SessionCommand" },
        { typeof(ProfileSettings), "Profile" },
        { typeof(OutboxRow), "OutboxMail" },
        { typeof(NoticePreview), "NoticePreview" },
        { typeof(MailDelivery), "MailDelivery" },
        { typeof(MailsAnswer), "MailsAnswer" },
        { typeof(MailOutcome), "MailOutcome" },
        { typeof(Student), "Student" },
        { typeof(Core.Groups.Group), "Group" },
        { typeof(RegistrationView), "Registration" },
        { typeof(RegisteredMany), "RegisteredMany" },
        { typeof(ChangedMany), "ChangedMany" },
        { typeof(CreditLine), "CreditRow" },
        { typeof(PastRegistrations), "PastRegistrations" },
        { typeof(CleanUpAnswer), "CleanedUp" },
        { typeof(AppliedProfile), "AppliedProfile" },
        { typeof(CurrentProfile), "NewerProfile" },
        { typeof(Profile), "ProctoringProfile" },
        { typeof(Import), "Import" },
        { typeof(ImportRow), "ImportRow" },
    };

    [Theory, MemberData(nameof(Answers))]
    public void A_type_of_the_pages_has_exactly_the_fields_and_values_of_the_server(Type type, string page) => Same(type, page, page);

    [Theory]
    [InlineData(typeof(EntriesRequest), "EntriesCommand")]
    [InlineData(typeof(SessionRequest), "CreateSession")]
    public void What_the_pages_send_the_server_reads(Type type, string page) =>
        Assert.Subset(Fields(type).Select(field => field.Name).ToHashSet(StringComparer.Ordinal), Pages.FieldsOf(page).Keys.ToHashSet(StringComparer.Ordinal));

    [Fact]
    public void Roles_and_presence_have_the_same_values()
    {
        Assert.Equal(Values(typeof(Role)), Pages.ValuesOf("Role").Order(StringComparer.Ordinal));
        Assert.Equal(Values(typeof(Core.Live.Presence)), Pages.ValuesOf("PresenceState").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_events_carry_is_named_by_the_pages_and_their_kinds_by_the_protocol()
    {
        var protocol = Repository.Read("docs/protocol.md");
        foreach (var file in Directory.GetFiles(Path.Combine(Contract.Folder, "law"), "*.json"))
        {
            foreach (var feed in JsonNode.Parse(File.ReadAllText(file))!["feeds"]!.AsArray())
            {
                var name = (string)feed!["feed"]!;
                var known = Pages.FieldsOf(name switch { "session" => "SessionEventData", "sessions" => "SessionsEventData", "lobby" => "LobbyData", _ => "MeData" });
                foreach (var item in feed["events"]!.AsArray())
                {
                    Assert.Subset(known.Keys.ToHashSet(StringComparer.Ordinal), item!["data"]!.AsObject().Select(part => part.Key).ToHashSet(StringComparer.Ordinal));
                    Assert.Contains((string)item["kind"]!, Kinds().Matches(protocol).SelectMany(match => match.Value.Split([' ', '`', '|', ','], StringSplitOptions.RemoveEmptyEntries)));
                }
            }
        }
    }

    [Fact]
    public void The_outcomes_that_the_pages_know_are_those_of_the_protocol()
    {
        var line = Repository.Read("docs/protocol.md").Split('\n').Single(text => text.StartsWith("Outcomes, one per entry", StringComparison.Ordinal));
        var named = Quoted().Matches(line[..line.IndexOf("`Message`", StringComparison.Ordinal)]).SelectMany(match => match.Groups["words"].Value.Split(' '))
            .Except(["by", "at", "detail"], StringComparer.Ordinal);
        Assert.Equal(named.Order(StringComparer.Ordinal), Pages.ValuesOf("Outcome").Order(StringComparer.Ordinal));
    }

    private static void Same(Type type, string page, string where)
    {
        var theirs = Pages.FieldsOf(page);
        var ours = Fields(type).ToDictionary(field => field.Name, field => field.Property, StringComparer.Ordinal);
        Assert.Equal(ours.Keys.Order(StringComparer.Ordinal), theirs.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, property) in ours)
        {
            var nullable = Nullability.Create(property).ReadState == NullabilityState.Nullable;
            Assert.True(nullable == theirs[name].Optional, $"{where}.{name} is {(nullable ? "" : "never ")}left out by the server.");
            Same(property.PropertyType, theirs[name], $"{where}.{name}");
        }
    }

    private static void Same(Type type, PageField field, string where)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        var text = field.Type;
        if (type.IsEnum)
        {
            Assert.Equal(Values(type), Pages.ValuesOf(text).Order(StringComparer.Ordinal));
        }
        else if (type == typeof(string))
        {
            Assert.True(text == "string" || Pages.ValuesOf(text).Count > 0, $"{where} is a text, not {text}.");
        }
        else if (type == typeof(DateTimeOffset))
        {
            Assert.Equal("Instant", text);
        }
        else if (type == typeof(bool))
        {
            Assert.Equal("boolean", text);
        }
        else if (type.IsPrimitive)
        {
            Assert.Equal("number", text);
        }
        else if (type.Name.StartsWith("IReadOnlyDictionary", StringComparison.Ordinal))
        {
            Assert.StartsWith("Record<string, ", text, StringComparison.Ordinal);
        }
        else if (type.Name.StartsWith("IReadOnlyList", StringComparison.Ordinal))
        {
            Assert.EndsWith("[]", text, StringComparison.Ordinal);
            Same(type.GetGenericArguments()[0], field with { Type = text[..^2] }, where);
        }
        else
        {
            Same(type, text, where);
        }
    }

    private static IEnumerable<(string Name, PropertyInfo Property)> Fields(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null)
        .Select(property => (property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name), property));

    private static IEnumerable<string> Values(Type type) => Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName).Order(StringComparer.Ordinal);

    // The second cells of the table of event kinds.
    [GeneratedRegex(@"(?<=^\| (`[a-z:{}]+` )?\| )[^|]*(?= \|)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kinds();

    [GeneratedRegex("`(?<words>[A-Za-z ]+)`", RegexOptions.None, 1000)]
    private static partial Regex Quoted();
}
