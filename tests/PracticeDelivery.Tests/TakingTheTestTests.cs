using System.Net;
using LiveProctor.Core.Delivery;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.PracticeDelivery.Tests;

public sealed class TakingTheTestTests : IAsyncLifetime
{
    readonly ManualClock clock = new();
    readonly string folder = Directory.CreateTempSubdirectory("practice-").FullName;
    FakeHub hub = null!;
    Practice practice = null!;

    public async ValueTask InitializeAsync()
    {
        hub = await FakeHub.Start(clock);
        practice = new Practice(hub, clock, folder);
    }

    public async ValueTask DisposeAsync()
    {
        await practice.DisposeAsync();
        await hub.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>Lets time go by in small steps until something holds; the browsers named are heard meanwhile.</summary>
    async Task Until(Func<bool> condition, string what, params Browser[] present) =>
        await Eventually.True(
            async () =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(250));
                foreach (var browser in present)
                {
                    await browser.State();
                }

                return condition();
            },
            what);

    async Task<Browser> Seated(string entry)
    {
        var browser = practice.Browser();
        Assert.Equal(200, (await browser.Start(hub.Token(entry))).Status);
        await Until(() => hub.StateOf(entry) == "testing", "started is reported", browser);
        return browser;
    }

    [Fact]
    public async Task A_student_takes_the_whole_test_and_the_hub_is_told_each_step()
    {
        var browser = practice.Browser();
        var (status, state) = await browser.Start(hub.Token("e1"));

        Assert.Equal(200, status);
        Assert.Equal("running", state.GetProperty("phase").GetString());
        Assert.Equal(10, state.GetProperty("questions").GetArrayLength());
        Assert.Equal("Ada <script>", state.GetProperty("studentName").GetString());
        Assert.Equal($"{hub.Url}/lobby", state.GetProperty("returnUrl").GetString());
        Assert.DoesNotContain("right\":", state.GetProperty("questions").GetRawText(), StringComparison.OrdinalIgnoreCase);
        for (var question = 1; question <= 10; question++)
        {
            Assert.Equal(200, (await browser.Answer(question, "B")).Status);
        }

        await Until(() => hub.Reports("e1").Any(report => report is { Kind: "position", Answered: 10, Total: 10, Section: "Reading" }), "the position", browser);
        Assert.Equal("submitted", (await browser.Submit()).Body.GetProperty("phase").GetString());
        await Until(() => hub.StateOf("e1") == "submitted", "the submission");

        Assert.Equal(["started", "submitted"], hub.Kinds("e1"));
        Assert.Equal("started", hub.Reports("e1")[0].Kind);
        Assert.Equal((10, 10), (hub.Reports("e1")[^1].Answered, hub.Reports("e1")[^1].Total));
        var sequences = hub.Reports("e1").Select(report => report.Sequence).ToArray();
        Assert.Equal(sequences.Distinct().Order(), sequences);
        await Until(() => browser.State().Result.Body.GetProperty("delivered").GetBoolean(), "delivered");
        Assert.Equal(409, (await browser.Answer(1, "A")).Status);
    }

    [Fact]
    public async Task The_position_is_repeated_while_the_student_is_there_and_not_afterwards()
    {
        var browser = await Seated("e1");
        var start = clock.GetUtcNow();
        await Until(() => clock.GetUtcNow() - start > TimeSpan.FromSeconds(30), "half a minute", browser);
        Assert.True(hub.Reports("e1").Count(report => report.Kind == "position") >= 7);

        await Until(() => hub.StateOf("e1") == "interrupted", "exited is reported");
        var told = hub.Reports("e1").Count;
        start = clock.GetUtcNow();
        await Until(() => clock.GetUtcNow() - start > TimeSpan.FromSeconds(20), "a while");
        Assert.Equal(told, hub.Reports("e1").Count);
        Assert.Equal(["started", "exited"], hub.Kinds("e1"));
    }

    [Fact]
    public async Task A_student_who_comes_back_goes_on_when_the_hub_lets_them_and_loses_no_time()
    {
        var browser = await Seated("e1");
        await browser.Answer(3, "A");
        await Until(() => hub.StateOf("e1") == "interrupted", "exited is reported");
        clock.Advance(TimeSpan.FromMinutes(5));

        var phase = await browser.Phase();
        Assert.Equal("returning", phase);
        await Until(() => browser.Phase().Result == "running", "running again", browser);

        var (_, state) = await browser.State();
        Assert.Equal(1, state.GetProperty("answered").GetInt32());
        Assert.InRange(state.GetProperty("secondsLeft").GetDouble(), 560, 600);
        Assert.Equal(["started", "exited", "resumed"], hub.Kinds("e1"));
    }

    [Fact]
    public async Task A_student_whom_the_hub_does_not_let_go_on_is_sent_to_the_lobby_and_comes_in_again_with_a_new_token()
    {
        var browser = await Seated("e1");
        await browser.Answer(3, "A");
        await Until(() => hub.StateOf("e1") == "interrupted", "exited is reported");
        hub.Refuses.UnionWith(["resumed", "position"]);
        await Until(() => browser.Phase().Result == "lobby", "sent to the lobby", browser);
        Assert.Equal(409, (await browser.Answer(4, "A")).Status);

        hub.Refuses.Clear();
        hub.SecondsLeft = 400;
        var other = practice.Browser();
        var (_, state) = await other.Start(hub.Token("e1"));
        Assert.Equal("running", state.GetProperty("phase").GetString());
        Assert.Equal(1, state.GetProperty("answered").GetInt32());
        Assert.InRange(state.GetProperty("secondsLeft").GetDouble(), 399, 400);
        await Until(() => hub.StateOf("e1") == "testing", "started again", other);
        Assert.Equal(401, (await browser.State()).Status);
    }

    [Fact]
    public async Task A_student_at_a_sealed_section_sees_none_of_its_questions_until_the_release_comes()
    {
        hub.SealsReading = true;
        var browser = await Seated("e1");
        var (_, before) = await browser.State();
        var questions = before.GetProperty("questions").EnumerateArray().ToArray();
        Assert.Equal((false, true), (questions[4].GetProperty("sealed").GetBoolean(), questions[5].GetProperty("sealed").GetBoolean()));
        Assert.Equal((0, ""), (questions[5].GetProperty("options").GetArrayLength(), questions[5].GetProperty("text").GetString()));
        Assert.DoesNotContain("Okoro", before.GetRawText(), StringComparison.Ordinal);
        var (status, refused) = await browser.Answer(6, "B");
        Assert.Equal((409, "sealed"), (status, refused.GetProperty("code").GetString()));

        Assert.Equal(204, (await browser.Post("heartbeat", new { question = 6 })).Status);
        await Until(() => hub.StateOf("e1") == "atSeal", "at the seal", browser);
        Assert.Equal("Reading", hub.Reports("e1").Single(report => report.Kind == "atSeal").Section);
        var (_, sealedOff) = await browser.State();
        Assert.Equal(("sealed", "Reading", 0), (sealedOff.GetProperty("phase").GetString(), sealedOff.GetProperty("seal").GetString(), sealedOff.GetProperty("questions").GetArrayLength()));
        Assert.Equal(409, (await browser.Submit()).Status);
        var left = sealedOff.GetProperty("secondsLeft").GetDouble();
        var start = clock.GetUtcNow();
        await Until(() => clock.GetUtcNow() - start > TimeSpan.FromSeconds(30), "half a minute at the seal");
        Assert.Equal(left, (await browser.State()).Body.GetProperty("secondsLeft").GetDouble());

        hub.Command("e1", "c1", "releaseSeal", section: "Reading");
        await Until(() => hub.StateOf("e1") == "testing", "the release is confirmed", browser);
        Assert.Equal(200, (await browser.Answer(6, "B")).Status);
        Assert.Equal(["started", "atSeal", "confirmed"], hub.Kinds("e1"));
        Assert.Equal(200, (await browser.Submit()).Status);
    }

    [Fact]
    public async Task The_proctor_pauses_resumes_extends_and_terminates()
    {
        var browser = await Seated("e1");
        hub.Command("e1", "c1", "pause", reason: "Fire <drill>");
        await Until(() => hub.StateOf("e1") == "paused", "paused", browser);
        var (_, paused) = await browser.State();
        Assert.Equal(("paused", "Fire <drill>"), (paused.GetProperty("phase").GetString(), paused.GetProperty("reason").GetString()));
        Assert.Equal(0, paused.GetProperty("questions").GetArrayLength());
        Assert.Equal(409, (await browser.Answer(1, "A")).Status);
        Assert.Equal(409, (await browser.Submit()).Status);

        var left = paused.GetProperty("secondsLeft").GetDouble();
        clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(left, (await browser.State()).Body.GetProperty("secondsLeft").GetDouble());

        hub.Command("e1", "c2", "extend", seconds: 300);
        await Until(() => hub.Kinds("e1").Contains("confirmed"), "extended", browser);
        Assert.Equal(left + 300, (await browser.State()).Body.GetProperty("secondsLeft").GetDouble());

        hub.Command("e1", "c3", "resume");
        await Until(() => hub.StateOf("e1") == "testing", "resumed", browser);
        Assert.Equal(200, (await browser.Answer(1, "A")).Status);

        hub.Command("e1", "c4", "terminate", reason: "Phone");
        await Until(() => hub.StateOf("e1") == "terminated", "terminated", browser);
        var (_, ended) = await browser.State();
        Assert.Equal(("terminated", "Phone"), (ended.GetProperty("phase").GetString(), ended.GetProperty("reason").GetString()));

        Assert.Equal(["started", "paused", "confirmed", "resumed", "confirmed"], hub.Kinds("e1"));
        Assert.Equal(["c1", "c2", "c3", "c4"], hub.Reports("e1").Select(report => report.CommandId).OfType<string>());
    }

    [Fact]
    public async Task A_command_that_is_repeated_is_confirmed_again_and_obeyed_once()
    {
        var browser = await Seated("e1");
        hub.Command("e1", "c1", "extend", seconds: 300);
        await Until(() => hub.Kinds("e1").Contains("confirmed"), "extended", browser);
        await Until(() => browser.State().Result.Body.GetProperty("delivered").GetBoolean(), "taken");

        // Lost at the hub, which repeats it to one who asks from the beginning, as after a restart.
        hub.Command("e1", "c1", "extend", seconds: 300);
        await practice.DisposeAsync();
        practice = new Practice(hub, clock, folder);
        browser = practice.Browser(browser);
        await Until(() => hub.Kinds("e1").Count(kind => kind == "confirmed") == 2, "confirmed again", browser);

        Assert.InRange((await browser.State()).Body.GetProperty("secondsLeft").GetDouble(), 800, 900);
    }

    [Fact]
    public async Task When_the_time_is_up_the_test_is_handed_in_by_itself()
    {
        hub.SecondsLeft = 20;
        var browser = await Seated("e1");
        await browser.Answer(1, "B");
        await Until(() => hub.StateOf("e1") == "submitted", "handed in", browser);

        Assert.Equal("The time is up.", (await browser.State()).Body.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_submission_survives_a_hub_that_is_away_and_a_restart()
    {
        var browser = await Seated("e1");
        await browser.Answer(1, "B");
        hub.Away = true;
        Assert.Equal(200, (await browser.Submit()).Status);
        var start = clock.GetUtcNow();
        await Until(() => clock.GetUtcNow() - start > TimeSpan.FromSeconds(40), "the hub is away", browser);
        Assert.False((await browser.State()).Body.GetProperty("delivered").GetBoolean());

        await practice.DisposeAsync();
        practice = new Practice(hub, clock, folder);
        browser = practice.Browser(browser);
        Assert.Equal("submitted", await browser.Phase());
        hub.Away = false;
        await Until(() => hub.StateOf("e1") == "submitted", "handed in after all");

        Assert.Equal(1, hub.Reports("e1")[^1].Answered);
        Assert.Single(hub.Reports("e1").Where(report => report.Kind == "submitted").Select(report => report.Sequence).Distinct());
    }

    [Fact]
    public async Task A_report_whose_answer_was_lost_is_repeated_under_its_own_number()
    {
        var browser = await Seated("e1");
        hub.LosesAnswers = true;
        await browser.Submit();
        await Until(() => hub.Kinds("e1").Count(kind => kind == "submitted") >= 2, "tried again");
        hub.LosesAnswers = false;
        await Until(() => browser.State().Result.Body.GetProperty("delivered").GetBoolean(), "taken");

        Assert.Single(hub.Reports("e1").Where(report => report.Kind == "submitted").Select(report => report.Sequence).Distinct());
    }

    [Fact]
    public async Task Only_a_token_of_this_hub_for_this_delivery_system_opens_a_test()
    {
        var browser = practice.Browser();
        var good = hub.Token("e1");
        string?[] bad =
        [
            null, "", "x", "a.b.c", good[..^4], good + "A", good.Replace('.', '-'), new string('a', 20_000),
            hub.Token("e1", audience: "another"), hub.Token("e1", signedBy: SigningKey.Create(clock.GetUtcNow())),
        ];
        foreach (var token in bad)
        {
            var (status, body) = await browser.Start(token);
            Assert.Equal((422, "tokenInvalid"), (status, body.GetProperty("code").GetString()));
        }

        Assert.Equal(401, (await browser.State()).Status);
        Assert.Equal(200, (await browser.Start(good)).Status);
        Assert.Equal("tokenUsed", (await practice.Browser().Start(good)).Body.GetProperty("code").GetString());
        var late = hub.Token("e2");
        clock.Advance(TimeSpan.FromSeconds(151));
        Assert.Equal("tokenExpired", (await browser.Start(late)).Body.GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_new_signing_key_is_learnt_and_strangers_do_not_make_the_hub_busy()
    {
        Assert.Equal(200, (await practice.Browser().Start(hub.Token("e1"))).Status);
        clock.Advance(TimeSpan.FromSeconds(10));
        hub.Rotate();
        Assert.Equal(200, (await practice.Browser().Start(hub.Token("e2"))).Status);
        Assert.Equal(2, hub.JwksReads);

        for (var i = 0; i < 20; i++)
        {
            await practice.Browser().Start(hub.Token("e3", signedBy: SigningKey.Create(clock.GetUtcNow())));
        }

        Assert.Equal(2, hub.JwksReads);
    }

    [Fact]
    public void The_way_back_of_a_link_is_followed_only_to_the_hub()
    {
        var settings = new HubSettings { Url = new Uri("https://hub.example") };

        Assert.Equal("https://hub.example/lobby/1", settings.WayBack(null, "https://hub.example/lobby/1"));
        string[] elsewhere =
            ["https://evil.example/", "https://hub.example.evil.example/", "http://hub.example/", "https://hub.example:8443/", "//hub.example/", "javascript:alert(1)", "/lobby"];
        Assert.All(elsewhere, link => Assert.Equal("https://hub.example/", settings.WayBack(null, link)));
        Assert.Equal("https://hub.example/", settings.WayBack("javascript:alert(1)", null));
    }

    [Fact]
    public async Task Wrong_answers_and_wrong_bodies_change_nothing()
    {
        var browser = await Seated("e1");
        foreach (var (question, answer) in new (int, string?)[] { (0, "A"), (11, "A"), (-1, "A"), (1, "E"), (1, "a"), (1, ""), (1, null), (1, "AB") })
        {
            Assert.Equal(422, (await browser.Answer(question, answer)).Status);
        }

        Assert.Equal(400, (await browser.Post("answer", new { question = "one", answer = "A" })).Status);
        Assert.Equal(401, (await practice.Browser().Answer(1, "A")).Status);
        Assert.Equal(0, (await browser.State()).Body.GetProperty("answered").GetInt32());
    }

    [Fact]
    public async Task Events_bring_the_state_and_end_when_the_test_is_opened_elsewhere()
    {
        var browser = await Seated("e1");
        using var response = await browser.Get("/api/events");
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync());
        async Task<string> NextEvent()
        {
            while (await lines.ReadLineAsync() is { } line)
            {
                if (line.StartsWith("event: ", StringComparison.Ordinal) && line != "event: ping")
                {
                    return line[7..] + " " + await lines.ReadLineAsync();
                }
            }

            return "end";
        }

        Assert.StartsWith("state data: {\"phase\":\"running\"", await NextEvent(), StringComparison.Ordinal);
        hub.Command("e1", "c1", "pause");
        while (!(await NextEvent()).StartsWith("state data: {\"phase\":\"paused\"", StringComparison.Ordinal))
        {
            // Other changes come first.
        }

        Assert.Equal(200, (await practice.Browser().Start(hub.Token("e1"))).Status);
        string last;
        do
        {
            last = await NextEvent();
        }
        while (last.StartsWith("state", StringComparison.Ordinal));
        Assert.StartsWith("elsewhere", last, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_its_settings_it_starts_and_says_what_is_missing()
    {
        await using var alone = new Practice(null, clock, folder);
        var browser = alone.Browser();

        var page = await (await browser.Get("/")).Content.ReadAsStringAsync();
        Assert.Contains("Hub:Url", page, StringComparison.Ordinal);
        Assert.Contains("Hub:Key", page, StringComparison.Ordinal);
        var (status, problem) = await browser.Start("x");
        Assert.Equal((503, "notConfigured"), (status, problem.GetProperty("code").GetString()));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.Get("/healthz")).StatusCode);
    }

    [Fact]
    public async Task Every_page_is_locked_to_its_own_origin()
    {
        var browser = practice.Browser();
        foreach (var path in new[] { "/", "/take", "/practice.css", "/practice.js", "/icon.svg", "/api/state", "/nothing" })
        {
            var response = await browser.Get(path);
            Assert.Contains("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.DoesNotContain("://", (await response.Content.ReadAsStringAsync()).Replace("http://www.w3.org/2000/svg", "").Replace(hub.Url, "").Replace("https://tools.ietf.org", ""), StringComparison.Ordinal);
        }
    }
}
