using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>What somebody tries who knows the protocol and the ids of others.</summary>
public sealed class AttackTests
{
    [Fact]
    public async Task Nothing_of_another_organisation_becomes_part_of_a_session_or_a_test()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        await (await theirs.Administrator.PostAsJsonAsync("/api/v1/tests", new
        {
            code = "secret-1", title = "Theirs", kind = "practice", sections = new[] { new { title = "A" } }, minutes = 60, launchUrl = "https://tests.example/x",
        })).Is(HttpStatusCode.Created);
        var before = await schools.Contents.Read();
        foreach (var (field, value) in new (string, JsonNode)[] { ("profileId", theirs.ProfileId), ("proctors", new JsonArray(theirs.ProctorId)), ("tests", new JsonArray("secret-1")) })
        {
            var body = ours.NewSessionBody();
            body[field] = value.DeepClone();
            await (await ours.Administrator.PostAsJsonAsync("/api/v1/sessions", body)).IsProblem("invalid");
            using var edit = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/sessions/{ours.SessionId}") { Content = JsonContent.Create(body) };
            edit.Headers.TryAddWithoutValidation("If-Match", $"\"{ours.Session.GetProperty("version").GetInt64()}\"");
            await (await ours.Administrator.SendAsync(edit)).IsProblem("invalid");
        }

        await (await ours.Administrator.PostAsJsonAsync("/api/v1/tests", new
        {
            code = "x-1", title = "X", kind = "practice", sections = new[] { new { title = "A" } }, minutes = 60, launchUrl = "https://tests.example/x", delivery = theirs.DeliveryId,
        })).IsProblem("invalid");
        Assert.Equal(before, await schools.Contents.Read());
    }

    [Fact]
    public async Task An_entry_of_another_session_is_gone_for_every_command()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        foreach (var command in new[] { "approve", "deny", "revoke", "pause", "resume", "extend", "terminate", "message" })
        {
            var answer = await (await ours.Manager.PostAsJsonAsync(
                $"/api/v1/sessions/{ours.SessionId}/{command}",
                new { entries = new[] { new { id = theirs.EntryId, version = 1 } }, reason = "Because", seconds = 60, text = "Hello" })).Is(HttpStatusCode.OK);
            Assert.Equal("gone", answer.GetProperty("results")[0].GetProperty("outcome").GetString());
        }

        var rows = await (await theirs.Manager.GetAsync($"/api/v1/sessions/{theirs.SessionId}/entries")).Is(HttpStatusCode.OK);
        Assert.Equal((1, "waiting"), (rows.GetProperty("entries")[0].GetProperty("version").GetInt32(), rows.GetProperty("entries")[0].GetProperty("state").GetString()));
    }

    [Fact]
    public async Task Lists_and_their_cursors_show_only_the_callers_own()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        await theirs.NewSession();
        await theirs.NewStudent();
        foreach (var list in new[] { "sessions", "students" })
        {
            var page = await (await theirs.Manager.GetAsync($"/api/v1/{list}?limit=1")).Is(HttpStatusCode.OK);
            var theirIds = (await (await theirs.Manager.GetAsync($"/api/v1/{list}")).Is(HttpStatusCode.OK)).GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).ToList();
            foreach (var query in new[] { $"cursor={page.GetProperty("next").GetString()}", "", "search=S", "limit=200" })
            {
                var seen = await (await ours.Manager.GetAsync($"/api/v1/{list}?{query}")).Is(HttpStatusCode.OK);
                Assert.Empty(seen.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).Intersect(theirIds));
            }
        }

        Assert.Empty((await (await ours.OtherProctor.GetAsync("/api/v1/sessions")).Is(HttpStatusCode.OK)).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task A_delivery_system_gets_at_nothing_of_another()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        var (entry, token) = await ours.NewEntryToken();
        var before = await schools.Contents.Read();
        await (await theirs.Delivery.PostAsJsonAsync("/api/v1/delivery/redeem", new { token })).IsProblem("tokenInvalid");
        foreach (var forged in new[] { token[..^2], token + "A", "eyJhbGciOiJub25lIn0." + token.Split('.')[1] + ".", string.Join('.', token.Split('.').Reverse()) })
        {
            await (await ours.Delivery.PostAsJsonAsync("/api/v1/delivery/redeem", new { token = forged })).IsProblem("tokenInvalid");
        }

        Assert.Equal(before, await schools.Contents.Read());
        await (await ours.Delivery.PostAsJsonAsync("/api/v1/delivery/redeem", new { token })).Is(HttpStatusCode.OK);
        await (await ours.Delivery.PostAsJsonAsync("/api/v1/delivery/redeem", new { token })).IsProblem("tokenUsed");
        await (await theirs.Delivery.PostAsJsonAsync("/api/v1/delivery/progress", new { entryId = entry, attempt = 1, sequence = 1, kind = "started" })).IsProblem("notFound");
        await (await ours.Delivery.PostAsJsonAsync("/api/v1/delivery/progress", new { entryId = entry, attempt = 1, sequence = 1, kind = "started" })).Is(HttpStatusCode.OK);
        await (await ours.Proctor.PostAsJsonAsync($"/api/v1/sessions/{ours.SessionId}/pause", new { entries = new[] { new { id = entry } } })).Is(HttpStatusCode.OK);
        var commands = await (await theirs.Delivery.GetAsync("/api/v1/delivery/commands")).Is(HttpStatusCode.OK);
        Assert.Equal(0, commands.GetProperty("commands").GetArrayLength());
        commands = await (await ours.Delivery.GetAsync("/api/v1/delivery/commands")).Is(HttpStatusCode.OK);
        Assert.Equal(1, commands.GetProperty("commands").GetArrayLength());
    }

    [Fact]
    public async Task An_idempotency_key_of_somebody_else_answers_nothing()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        var body = """{"name":"Same"}""";
        var first = await (await ours.Administrator.Send(HttpMethod.Post, "/api/v1/delivery-systems", body, ("Idempotency-Key", "k"))).Is(HttpStatusCode.Created);
        var again = await (await ours.Administrator.Send(HttpMethod.Post, "/api/v1/delivery-systems", body, ("Idempotency-Key", "k"))).Is(HttpStatusCode.Created);
        var other = await (await theirs.Administrator.Send(HttpMethod.Post, "/api/v1/delivery-systems", body, ("Idempotency-Key", "k"))).Is(HttpStatusCode.Created);
        Assert.Equal(first.GetProperty("key").GetString(), again.GetProperty("key").GetString());
        Assert.NotEqual(first.GetProperty("key").GetString(), other.GetProperty("key").GetString());
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("demoted")]
    [InlineData("password")]
    [InlineData("token")]
    public async Task Who_is_no_longer_let_in_does_nothing_more_over_an_open_connection(string how)
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var ours = schools.Ours;
        var (id, email, manager) = await ours.Hire("manager");
        await using var hub = await RawHub.Open(schools.Hub, "dashboard", manager.DefaultRequestHeaders.Authorization!.Parameter!);
        Assert.Null((await hub.Call("Follow", $"\"session:{ours.SessionId}\"", "null")).Error);
        await (how switch
        {
            "disabled" => ours.Administrator.PutAsJsonAsync($"/api/v1/staff/{id}", new { name = "Gone", role = "manager", disabled = true }),
            "demoted" => ours.Administrator.PutAsJsonAsync($"/api/v1/staff/{id}", new { name = "Gone", role = "observer", disabled = false }),
            "password" => manager.PostAsJsonAsync("/api/v1/account/password", new { current = School.Password, next = "another long password" }),
            _ => manager.DeleteAsync("/api/v1/tokens/current"),
        });
        var before = await schools.Contents.Read();
        var answer = await hub.Call("Hold", $"\"{ours.SessionId}\"", """{"reason":"Because I can"}""");
        Assert.True(answer.Closed || answer.Error?.Contains("[signInRequired]", StringComparison.Ordinal) == true, $"{email}: {answer.Text}");
        await (await manager.PostAsJsonAsync($"/api/v1/sessions/{ours.SessionId}/hold", new { reason = "Because I can" })).IsProblem(how == "demoted" ? "forbidden" : "signInRequired");
        Assert.Equal(before, await schools.Contents.Read());

        // The clock stands still: the connection ends because the change was heard of, not because time passed.
        await hub.UntilClosed();
    }

    [Fact]
    public async Task A_device_that_was_taken_over_does_nothing_more()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var ours = schools.Ours;
        var body = await ours.JoinBody(ours.Session);
        using var nobody = schools.Hub.Nobody();
        var old = (await (await nobody.PostAsJsonAsync("/api/v1/lobby/join", body)).Is(HttpStatusCode.Created)).GetProperty("token").GetString()!;
        await using var hub = await RawHub.Open(schools.Hub, "lobby", old);
        Assert.Null((await hub.Call("Ping")).Error);
        await (await nobody.PostAsJsonAsync("/api/v1/lobby/join", body)).Is(HttpStatusCode.Created);
        var before = await schools.Contents.Read();
        foreach (var (method, arguments) in new[]
        {
            ("Ping", "[]"), ("Follow", """["lobby",null]"""), ("Follow", """["me",null]"""), ("Enter", "[null,null]"), ("Say", """["Hello"]"""), ("RaiseHand", "[true]"), ("Withdraw", "[]"), ("Return", "[]"),
            ("AskAgain", "[]"), ("EntryToken", "[]"), ("PauseTest", "[]"), ("ResumeTest", "[]"),
        })
        {
            var answer = await hub.Call(method, arguments);
            Assert.True(answer.Error?.Contains("[takenOver]", StringComparison.Ordinal), $"{method}: {answer.Text}");
        }

        using var client = schools.Hub.With(old);
        foreach (var call in new[] { "withdraw", "return", "ask-again", "pause", "resume", "entry-token" })
        {
            await (await client.PostAsync($"/api/v1/lobby/{call}", null)).IsProblem("takenOver");
        }

        await (await client.GetAsync("/api/v1/lobby/me")).IsProblem("takenOver");
        Assert.Equal(before, await schools.Contents.Read());
        Assert.Equal(HttpStatusCode.Unauthorized, (await RawHub.Try(schools.Hub, "lobby", old)).Status);
    }

    [Fact]
    public async Task Guessing_from_one_network_is_throttled_however_many_of_its_addresses_take_part()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        using var nobody = schools.Hub.Nobody();
        var throttled = false;
        for (var guess = 0; guess < 130 && !throttled; guess++)
        {
            // The proxy on this machine is trusted to say where a request comes from.
            var answer = await nobody.Send(HttpMethod.Get, "/api/v1/lobby/session?joinId=ABCD-2345", null, ("X-Forwarded-For", $"2001:db8::{guess:x}"));
            throttled = answer.StatusCode == HttpStatusCode.TooManyRequests;
            Assert.True(throttled || answer.StatusCode == HttpStatusCode.NotFound, $"{answer.StatusCode}");
        }

        Assert.True(throttled);
        var elsewhere = await nobody.Send(HttpMethod.Get, "/api/v1/lobby/session?joinId=ABCD-2345", null, ("X-Forwarded-For", "2001:db8:1::1"));
        await elsewhere.IsProblem("notFound");
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_first_name_that_is_no_text_is_a_wrong_first_name(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        using var nobody = schools.Hub.Nobody();
        foreach (var name in new[] { "\uFFFE", "\uFFFF", "\u0301", "İ", "ﷺ", "\u202E", "A\u030Adam" })
        {
            var body = await schools.Ours.JoinBody(schools.Ours.Session);
            body["firstName"] = name;
            await (await nobody.PostAsJsonAsync("/api/v1/lobby/join", body)).IsProblem("studentUnknown");
        }
    }

    [Fact]
    public async Task Nobody_gets_into_a_session_that_the_student_was_not_let_into()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        using var nobody = schools.Hub.Nobody();
        var body = await theirs.JoinBody(ours.Session);
        body["studentId"] = "T" + School.Unique()[..8];
        await (await nobody.PostAsJsonAsync("/api/v1/lobby/join", body)).IsProblem("studentUnknown");
        var (joined, waiting) = await ours.NewEntry(ours.Session);
        await (await waiting.PostAsync("/api/v1/lobby/entry-token", null)).IsProblem("notApproved");
        await (await waiting.PostAsync($"/api/v1/sessions/{ours.SessionId}/approve", JsonContent.Create(new { entries = new[] { new { id = joined.GetProperty("entryId").GetString(), version = 1 } } }))).IsProblem("forbidden");
        await (await waiting.GetAsync($"/api/v1/sessions/{ours.SessionId}")).IsProblem("forbidden");
    }
}
