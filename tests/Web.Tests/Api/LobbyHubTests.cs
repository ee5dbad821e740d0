using System.Text.Json;
using LiveProctor.TestSupport;
using LiveProctor.Web.Tests.BadInput;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

/// <summary>The students' hub as a page uses it.</summary>
public sealed class LobbyHubTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task A_page_follows_both_feeds_by_one_call_and_comes_back_from_where_it_stood(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var ours = schools.Ours;
        string positions;
        await using (var page = await RawHub.Open(schools.Hub, "lobby", ours.StudentToken))
        {
            var entered = Result(await page.Call("Enter", "[null,null]"));
            Assert.Equal("lobby", entered.GetProperty("lobby").GetProperty("feed").GetString());
            Assert.Equal(ours.SessionId, entered.GetProperty("lobby").GetProperty("snapshot").GetProperty("lobby").GetProperty("sessionId").GetString());
            Assert.Equal(ours.EntryId, entered.GetProperty("me").GetProperty("snapshot").GetProperty("me").GetProperty("entryId").GetString());
            positions = $"[{Position(entered.GetProperty("lobby"))},{Position(entered.GetProperty("me"))}]";
            Assert.Null((await page.Call("Withdraw")).Error);
        }

        await using var again = await RawHub.Open(schools.Hub, "lobby", ours.StudentToken);
        var back = Result(await again.Call("Enter", positions));
        Assert.Equal(JsonValueKind.Null, back.GetProperty("lobby").GetProperty("snapshot").ValueKind);
        Assert.Equal(0, back.GetProperty("lobby").GetProperty("events").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, back.GetProperty("me").GetProperty("snapshot").ValueKind);
        Assert.Equal("withdrawn", Assert.Single(back.GetProperty("me").GetProperty("events").EnumerateArray()).GetProperty("kind").GetString());

        // And from there on it is told.
        await again.Send("""{"type":1,"target":"Return","arguments":[]}""");
        await again.UntilSays("\"kind\":\"returned\"");
    }

    [Fact]
    public async Task Who_comes_later_is_told_what_the_others_know_already()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var ours = schools.Ours;
        var (joined, client) = await ours.NewEntry(ours.Session);
        client.Dispose();
        await using var first = await RawHub.Open(schools.Hub, "lobby", ours.StudentToken);
        await first.Call("Enter", "[null,null]");
        await Beats(schools, first.UntilSays("\"waiting\":2"));
        await using var later = await RawHub.Open(schools.Hub, "lobby", joined.GetProperty("token").GetString()!);
        await later.Call("Enter", "[null,null]");
        await Beats(schools, later.UntilSays("\"waiting\":2"));
        await Beats(schools, later.UntilSays("\"ahead\":1"));
    }

    private static async Task Beats(TwoSchools schools, Task until)
    {
        await Eventually.True(() =>
        {
            schools.Clock.Advance(TimeSpan.FromSeconds(1));
            return until.IsCompleted;
        });
        await until;
    }

    private static JsonElement Result(HubAnswer answer) => answer.Error is null ? JsonDocument.Parse(answer.Text).RootElement.GetProperty("result") : throw new InvalidOperationException(answer.Error);

    private static string Position(JsonElement answer) => $$"""{"epoch":"{{answer.GetProperty("epoch").GetString()}}","seq":{{answer.GetProperty("seq").GetInt64()}}}""";
}
