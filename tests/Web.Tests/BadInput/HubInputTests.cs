using System.Net;
using System.Reflection;
using System.Text.RegularExpressions;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Hub.Dashboard;
using LiveProctor.Hub.Lobby;
using LiveProctor.TestSupport;
using Microsoft.AspNetCore.SignalR;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>Every method of the hubs, found by reflection, is given everything that it must refuse.</summary>
public sealed class HubInputTests
{
    private static readonly string Long = $"\"{new string('x', 60_000)}\"";

    [Theory, ClassData(typeof(Databases))]
    public async Task Arguments_that_a_method_does_not_take_are_refused_and_the_connection_lives_on(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        await using var dashboard = await RawHub.Open(schools.Hub, "dashboard", await Token(schools.Ours.ManagerEmail, schools));
        await using var lobby = await RawHub.Open(schools.Hub, "lobby", schools.Ours.StudentToken);
        var faults = new List<string>();
        foreach (var (connection, method) in Methods<DashboardHub>().Select(method => (dashboard, method)).Concat(Methods<LobbyHub>().Select(method => (lobby, method))))
        {
            var good = method.GetParameters().Select(parameter => Good(parameter, schools.Ours, connection == lobby)).ToArray();
            var calls = Spoil(method, good).Append(("with one more", $"[{string.Join(',', good.Append("1"))}]"));
            if (good.Length > 0)
            {
                calls = calls.Append(("with nothing", "[]"));
            }

            foreach (var (what, arguments) in calls)
            {
                await Refused(schools, connection, method.Name, what, arguments, faults);
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(60)));
        Assert.Null((await dashboard.Call("Clock")).Error);
        Assert.Null((await lobby.Call("Ping")).Error);
    }

    [Fact]
    public async Task A_method_that_does_not_exist_is_said_to_be_so()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        await using var dashboard = await RawHub.Open(schools.Hub, "dashboard", await Token(schools.Ours.ManagerEmail, schools));
        foreach (var name in new[] { "Nothing", "", "OnConnectedAsync", "Dispose", "get_Context", "ToString", "approve ", new string('x', 10_000) })
        {
            var answer = await dashboard.Call(name);
            Assert.True(Code(answer) == "notFound", $"{name}: {answer.Text}");
        }

        Assert.Null((await dashboard.Call("Clock")).Error);
    }

    [Theory]
    [InlineData("dashboard")]
    [InlineData("lobby")]
    public async Task A_message_that_is_too_long_or_no_message_closes_the_connection_and_changes_nothing(string name)
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var token = name == "lobby" ? schools.Ours.StudentToken : await Token(schools.Ours.ManagerEmail, schools);
        var before = await schools.Contents.Read();
        foreach (var message in new[]
        {
            $$"""{"type":1,"invocationId":"1","target":"Follow","arguments":["{{new string('x', 1024 * 1024)}}",null]}""",
            "nonsense", "[]", "5", "{}", """{"type":1,"invocationId":"1","target":"Clock","arguments":{}}""", """{"type":1,"invocationId":"1","target":"Clock","arguments":null}""", """{"type":"x"}""", """{"type":1,"target":5,"arguments":[]}""", """{"type":1,"arguments":[],"invocationId":{}}""",
            string.Concat(Enumerable.Repeat("[", 1000)),
        })
        {
            await using var hub = await RawHub.Open(schools.Hub, name, token);
            try
            {
                await hub.Send(message);
            }
            catch (Exception fault) when (fault is System.Net.WebSockets.WebSocketException or IOException)
            {
                continue;
            }

            // An object that is no message may be passed over; whatever else happens, nothing is shown.
            var said = message == "{}" ? (await hub.Call("Nothing")).Text : await hub.UntilClosed();
            Assert.False(Refusals.ShowsInside(said), said);
        }

        Assert.Equal(before, await schools.Contents.Read());
    }

    [Fact]
    public async Task Whoever_may_not_steer_a_session_is_refused_by_every_command()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        var faults = new List<string>();
        var callers = new[]
        {
            (Who: "a stranger", Client: theirs.Administrator, Session: ours.SessionId, Codes: new[] { "notFound" }),
            (Who: "a manager abroad", Client: ours.Manager, Session: theirs.SessionId, Codes: ["notFound"]),
            (Who: "a proctor of other sessions", Client: ours.OtherProctor, Session: ours.SessionId, Codes: ["notFound"]),
            (Who: "an observer", Client: ours.Observer, Session: ours.SessionId, Codes: ["forbidden"]),
        };
        foreach (var (who, client, session, codes) in callers)
        {
            await using var hub = await RawHub.Open(schools.Hub, "dashboard", client.DefaultRequestHeaders.Authorization!.Parameter!);
            foreach (var method in Methods<DashboardHub>().Where(method => method.GetParameters() is [{ Name: "sessionId" }, ..]))
            {
                var request = method.GetParameters()[1].ParameterType == typeof(PhaseRequest)
                    ? """{"reason":"Because","closesAt":"2026-11-22T18:00:00Z"}"""
                    : $$"""{"entries":[{"id":"{{(session == ours.SessionId ? ours : theirs).EntryId}}","version":1}],"reason":"Because","seconds":60,"text":"Hello"}""";
                await Refused(schools, hub, method.Name, $"by {who}", $"[\"{session}\",{request}]", faults, codes);
            }

            if (who != "an observer")
            {
                await Refused(schools, hub, "Follow", $"by {who}", $"[\"session:{session}\",null]", faults, "notFound", "feedUnknown");
            }

            foreach (var feed in new[] { "sessions:" + session, "lobby:" + session, "entry:" + ours.EntryId, "proctor:" + ours.ProctorId, "delivery:" + ours.DeliveryId, "staff:" + ours.ProctorId, "lobby", "me", "" })
            {
                await Refused(schools, hub, "Follow", $"{feed} by {who}", $"[\"{feed}\",null]", faults, "notFound", "feedUnknown");
            }
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task A_hub_opens_only_to_whom_it_is_for()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var hub = schools.Hub;
        var staff = await Token(schools.Ours.ManagerEmail, schools);
        foreach (var (name, token) in new[]
        {
            ("dashboard", schools.Ours.StudentToken), ("dashboard", schools.Ours.DeliveryKey), ("dashboard", "nonsense"), ("dashboard", null), ("dashboard", "lps_x"),
            ("lobby", staff), ("lobby", schools.Ours.DeliveryKey), ("lobby", "nonsense"), ("lobby", null), ("lobby", "lpe_x"),
        })
        {
            var (opened, status) = await RawHub.Try(hub, name, token);
            Assert.Null(opened);
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{name} with {token}: {status}");
        }

        using var nobody = hub.Nobody();
        var signedIn = await nobody.PostJson("/api/v1/account/sign-in", $$"""{"email":"{{HubSite.AdminEmail}}","password":"{{HubSite.AdminPassword}}"}""");
        var cookie = signedIn.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
        Assert.Equal(HttpStatusCode.Forbidden, (await RawHub.Try(hub, "dashboard", null, "https://evil.example", cookie)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await RawHub.Try(hub, "dashboard", null, "null", cookie)).Status);
        var (own, _) = await RawHub.Try(hub, "dashboard", null, $"http://{hub.Address.Authority}", cookie);
        Assert.NotNull(own);
        await own.DisposeAsync();
    }

    private static async Task Refused(TwoSchools schools, RawHub hub, string method, string what, string arguments, List<string> faults, params string[] codes)
    {
        var before = await schools.Contents.Read();
        var answer = await hub.Call(method, arguments);
        var code = Code(answer);
        if (code is null || ProblemKind.All.FirstOrDefault(kind => kind.Code == code) is not { Status: < 500 } || (codes.Length > 0 && !codes.Contains(code)))
        {
            faults.Add($"{method} {what}: {(answer.Closed ? "closed " : "")}{answer.Text[..Math.Min(answer.Text.Length, 300)]}");
        }

        if (Refusals.ShowsInside(answer.Error?[Math.Max(0, answer.Error.IndexOf('['))..] ?? ""))
        {
            faults.Add($"{method} {what}: the inside shows: {answer.Error}");
        }

        var after = await schools.Contents.Read();
        if (before != after)
        {
            faults.Add($"{method} {what}: something changed: {Contents.Difference(before, after)}");
        }

        Assert.False(answer.Closed, $"{method} {what} closed the connection");
    }

    // The message ends with "[code] sentence"; the library puts its own words in front.
    private static string? Code(HubAnswer answer) =>
        answer.Error is { } error && Regex.Match(error, @"(^|: )\[(?<code>[a-zA-Z]+)\] [^\[\]]+$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)) is { Success: true } match
            ? match.Groups["code"].Value
            : null;

    private static IEnumerable<MethodInfo> Methods<THub>() => typeof(THub).GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => !method.IsSpecialName && method.GetBaseDefinition().DeclaringType == typeof(THub));

    private static string Good(ParameterInfo parameter, School school, bool lobby) => parameter switch
    {
        { Name: "sessionId" } => $"\"{school.SessionId}\"",
        { Name: "feed" } => lobby ? "\"me\"" : $"\"session:{school.SessionId}\"",
        { ParameterType: var type } when type == typeof(string) => "\"x\"",
        { ParameterType: var type } when type == typeof(bool) => "true",
        { ParameterType: var type } when type == typeof(EntriesRequest) => $$"""{"entries":[{"id":"{{school.EntryId}}","version":1}],"reason":"Because","seconds":60,"text":"Hello"}""",
        { ParameterType: var type } when type == typeof(PhaseRequest) => """{"reason":"Because"}""",
        _ => "null",
    };

    private static IEnumerable<(string What, string Arguments)> Spoil(MethodInfo method, string[] good)
    {
        var parameters = method.GetParameters();
        for (var index = 0; index < parameters.Length; index++)
        {
            foreach (var bad in Bad(method, parameters[index]))
            {
                var arguments = good.ToArray();
                arguments[index] = bad;
                yield return ($"with {parameters[index].Name} = {bad[..Math.Min(bad.Length, 60)]}", $"[{string.Join(',', arguments)}]");
            }
        }
    }

    private static IEnumerable<string> Bad(MethodInfo method, ParameterInfo parameter) => parameter.ParameterType switch
    {
        var type when type == typeof(string) && method.Name == "Unfollow" => ["5", "{}", "null", "[]"],
        var type when type == typeof(string) && parameter.Name is "sessionId" or "feed" =>
            ["5", "{}", "null", "[]", "true", "\"\"", "\"nonsense\"", "\"session:\"", "\"session:nonsense\"", "\"session:a\\u0000b\"", "\"a\\u0000b\"", "\"\\ud800\"", Long],
        var type when type == typeof(string) => ["5", "{}", "null", "[]", "true", "\"\"", "\"   \"", "\"a\\u0000b\"", "\"\\ud800\"", Long],
        var type when type == typeof(bool) => ["5", "\"true\"", "null", "{}"],
        var type when type == typeof(FeedPosition?) => ["5", "\"x\"", "[]", """{"epoch":5,"seq":1}""", """{"epoch":"x","seq":"1"}""", """{"epoch":"x","seq":1e400}"""],
        var type when type == typeof(EntriesRequest) =>
        [
            "5", "\"x\"", "[]", "null", "{}", """{"entries":null}""", """{"entries":[null]}""", """{"entries":[{}],"reason":"x","text":"x","seconds":5}""",
            """{"entries":[{"id":null,"version":1}],"reason":"x","text":"x","seconds":5}""", """{"entries":[{"id":"","version":1}],"reason":"x","text":"x","seconds":5}""",
            """{"entries":[{"id":"a\u0000b","version":1}],"reason":"x","text":"x","seconds":5}""", """{"entries":{"id":"x"}}""", """{"entries":["x"]}""",
            """{"entries":[{"id":"x","version":"1"}]}""", """{"entries":[{"id":"x"},{"id":"x"}],"reason":"x","text":"x","seconds":5}""",
            """{"entries":[{"id":"x"}],"reason":"a\u0000b","text":"x","seconds":5}""", """{"entries":[{"id":"x"}],"reason":"x","text":"a\u0007b","seconds":5}""",
            """{"entries":[{"id":"x"}],"reason":"x","text":"x","seconds":-5}""", """{"entries":[{"id":"x"}],"reason":"x","text":"x","seconds":5,"settings":{"a":null}}""",
            """{"entries":[{"id":"x"}],"reason":"x","text":"x","seconds":5,"settings":{"a\u0000":"b"}}""", $$"""{"entries":[{"id":"x"}],"reason":{{Long}},"text":"x","seconds":5}""",
            $$"""{"entries":[{{string.Join(',', Enumerable.Range(0, 501).Select(number => $"{{\"id\":\"e{number}\"}}"))}}],"reason":"x","text":"x","seconds":5}""",
        ],
        var type when type == typeof(PhaseRequest) =>
            ["5", "\"x\"", "[]", "null", """{"reason":5}""", """{"reason":"x","closesAt":"yesterday"}""", """{"reason":"x","closesAt":5}""", """{"reason":"x","version":"1"}""",
             """{"reason":"x","version":0}""", """{"reason":"a\u0000b"}""", $$"""{"reason":{{Long}}}"""],
        var type => throw new NotSupportedException($"Say what a bad {type.Name} is, so that {method.Name} is covered."),
    };

    private static Task<string> Token(string email, TwoSchools schools) => schools.Hub.Token(email, School.Password);
}
