using System.Net;
using LiveProctor.Core.Accounts;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>
/// Every REST call of the running program, found in its own description, is given everything that it must refuse.
/// A new call is covered as soon as it exists, from its schema; <see cref="GoodCalls"/> makes it thorough.
/// </summary>
public sealed class RestInputTests
{
    private static readonly string[] Phases = ["open", "hold", "release", "stop", "reopen", "cancel", "profile"];

    /// <summary>On PostgreSQL what storage itself judges: text that it does not take, and ids.</summary>
    [Theory, ClassData(typeof(Databases))]
    public async Task A_body_that_is_not_what_the_call_takes_is_refused_and_changes_nothing(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var refusals = new Refusals(schools);
        var good = new GoodCalls(schools);
        foreach (var operation in (await Operation.All(schools.Hub)).Where(operation => operation.Body is not null))
        {
            var call = await good.Of(operation);
            var bodies = Spoiled.Fields(call);
            if (database == "sqlite")
            {
                bodies = Spoiled.Wholes(call).Concat(bodies);
                foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/json; charset=nonsense", "" })
                {
                    await refusals.Send($"{operation.Name} as \"{type}\"", call.Client, () => call.Request(contentType: type));
                }
            }
            else
            {
                bodies = bodies.Where(body => body.What.Contains("U+0000", StringComparison.Ordinal) || body.What.Contains("half a character", StringComparison.Ordinal));
            }

            foreach (var (what, text) in bodies)
            {
                await refusals.Send($"{operation.Name} with {what}", call.Client, () => call.Request(text));
            }

            await Succeeds(refusals, call);
        }

        refusals.AreAll();
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task An_id_that_is_not_there_for_the_caller_is_not_found(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var refusals = new Refusals(schools);
        var good = new GoodCalls(schools);
        foreach (var operation in (await Operation.All(schools.Hub)).Where(operation => operation.ById))
        {
            var call = await good.Of(operation);
            string[] ids =
            [
                "nonsense", "..%2F..%2Fetc", "a%2Fb", "%F0%9F%98%80", "%FF%FE", "'%20OR%201=1", "%25%5F", new string('x', 65), new string('x', 5000),
                schools.Theirs.SessionId, schools.Theirs.EntryId, schools.Theirs.ProctorId, schools.Theirs.DeliveryId, schools.Ours.EntryId,
            ];
            foreach (var id in ids)
            {
                var path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
                await refusals.Send($"{operation.Name} of {(id.Length > 70 ? "a long id" : id)}", call.Client, () => call.Request(path: path), "notFound");
            }

            if (operation.Policy is Rights.Proctor or Rights.Observer && operation.Path.StartsWith("/api/v1/sessions/", StringComparison.Ordinal))
            {
                await refusals.Send($"{operation.Name} by a proctor of other sessions", schools.Ours.OtherProctor, () => call.Request(), "notFound");
            }
        }

        refusals.AreAll();
    }

    [Fact]
    public async Task An_address_that_is_no_address_never_reaches_the_program()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        Assert.Equal(HttpStatusCode.BadRequest, (await schools.Ours.Proctor.GetAsync("/api/v1/sessions/a%00b")).StatusCode);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await schools.Ours.Proctor.GetAsync($"/api/v1/sessions/{new string('x', 10_000)}")).StatusCode);
    }

    [Theory, ClassData(typeof(Databases))]
    public async Task A_query_that_is_not_what_the_call_takes_is_refused(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var refusals = new Refusals(schools);
        var good = new GoodCalls(schools);
        foreach (var operation in (await Operation.All(schools.Hub)).Where(operation => operation.Query.Count > 0))
        {
            var call = await good.Of(operation);
            foreach (var (name, type) in operation.Query)
            {
                string[] values = type switch
                {
                    "integer" => ["-1", "x", "1.5", "99999999999", "%00", "NaN", ""],
                    "boolean" => ["x", "2", "%00"],
                    _ => ["a%00b", new string('x', 5000)],
                };
                foreach (var value in values.Where(value => value.Length > 0))
                {
                    await refusals.Send(
                        $"{operation.Name}?{name}={(value.Length > 70 ? "a long one" : value)}", call.Client, () => call.Request(path: $"{operation.Path}?{name}={value}"));
                }

                foreach (var value in new[] { "%25%27%5C_", "%E2%80%AE", "%FF%FE", "%F0%9F%98%80", "%EF%BF%BE" }.Where(_ => type == "string"))
                {
                    var answer = await call.Client.GetAsync($"{operation.Path}?{name}={value}");
                    Assert.True((int)answer.StatusCode < 500, $"{operation.Name}?{name}={value}: {answer.StatusCode}");
                }
            }
        }

        foreach (var cursor in Cursors())
        {
            await refusals.Send($"sessions?cursor={cursor}", schools.Ours.Manager, () => new HttpRequestMessage(HttpMethod.Get, $"/api/v1/sessions?cursor={cursor}"), "invalid");
            await refusals.Send($"students?cursor={cursor}", schools.Ours.Manager, () => new HttpRequestMessage(HttpMethod.Get, $"/api/v1/students?cursor={cursor}"), "invalid");
        }

        foreach (var after in new[] { "x", ".5", "abc.", "abc.-1", "abc.99999999999999999999" })
        {
            await refusals.Send($"commands after {after}", schools.Ours.Delivery, () => new HttpRequestMessage(HttpMethod.Get, $"/api/v1/delivery/commands?after={after}"), "invalid");
        }

        refusals.AreAll();
    }

    [Fact]
    public async Task Whoever_may_not_make_a_call_is_refused_and_changes_nothing()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var (hub, ours) = (schools.Hub, schools.Ours);
        var refusals = new Refusals(schools);
        var good = new GoodCalls(schools);
        using var nobody = hub.Nobody();
        var cookies = new CookieContainer();
        using var browser = hub.Browser(cookies);
        await (await browser.PostJson("/api/v1/account/sign-in", $$"""{"email":"{{HubSite.AdminEmail}}","password":"{{HubSite.AdminPassword}}"}""")).Is(HttpStatusCode.OK);
        using var plain = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies }) { BaseAddress = hub.Address };
        string[] tokens = ["", "x", "lps_", "lpe_", "lpd_", "lps_" + new string('x', 32), "lpe_" + new string('x', 32), "lpd_" + new string('x', 10_000), "a b"];
        foreach (var operation in (await Operation.All(hub)).Where(operation => operation.Policy is not null))
        {
            var call = await good.Of(operation);
            await refusals.Send($"{operation.Name} by nobody", nobody, () => call.Request(), "signInRequired");
            foreach (var token in tokens)
            {
                await refusals.Send($"{operation.Name} with the token {(token.Length > 70 ? "that is long" : token)}", nobody, () => Bearing(call.Request(), token), "signInRequired");
            }

            foreach (var (who, client) in Wrong(ours, operation.Policy!))
            {
                await refusals.Send($"{operation.Name} by {who}", client, () => call.Request(), "forbidden");
            }

            if (operation.Policy is not (Rights.Student or Rights.Delivery))
            {
                await refusals.Send($"{operation.Name} from another site", browser, () => From(call.Request(), "https://evil.example"), "forbidden");
                await refusals.Send($"{operation.Name} from a page without origin", browser, () => From(call.Request(), "null"), "forbidden");
                if (operation.Changes)
                {
                    await refusals.Send($"{operation.Name} without our header", plain, () => call.Request(), "headerRequired");
                }
            }
        }

        refusals.AreAll();
    }

    [Fact]
    public async Task Versions_and_idempotency_keys_that_are_none_are_refused()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var refusals = new Refusals(schools);
        var good = new GoodCalls(schools);
        foreach (var operation in (await Operation.All(schools.Hub)).Where(operation => operation.Changes))
        {
            var call = await good.Of(operation);
            var name = operation.Name;
            if (call.IfMatch is not null)
            {
                var bare = call with { IfMatch = null };
                await refusals.Send($"{name} with a garbled version", call.Client, () => With(bare.Request(), "If-Match", "garbage"), "invalidArguments");
                await refusals.Send($"{name} with a huge version", call.Client, () => With(bare.Request(), "If-Match", "\"99999999999999999999\""), "invalidArguments");
                await refusals.Send($"{name} with any version", call.Client, () => With(bare.Request(), "If-Match", "*"), "invalidArguments");
                await refusals.Send($"{name} with a stale version", call.Client, () => With(bare.Request(), "If-Match", "\"0\""), "stale");
                if (!Phases.Contains(operation.Path.Split('/')[^1]))
                {
                    await refusals.Send($"{name} without a version", call.Client, () => bare.Request(), "versionRequired");
                }
            }

            if (operation.Method == "POST")
            {
                await refusals.Send($"{name} with an empty key", call.Client, () => With(call.Request(), "Idempotency-Key", ""), "invalidArguments");
                await refusals.Send($"{name} with a long key", call.Client, () => With(call.Request(), "Idempotency-Key", new string('k', 101)), "invalidArguments");
            }

            if (call.Once)
            {
                var key = School.Unique();
                using var first = With(call.Request(), "Idempotency-Key", key);
                var answer = await call.Client.SendAsync(first);
                Assert.True(answer.IsSuccessStatusCode, $"{name}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                var other = call.Body!.ToJsonString()[..^1] + ",\"more\":1}";
                await refusals.Send($"{name} with a used key", call.Client, () => With(call.Request(other), "Idempotency-Key", key), "idempotencyKeyReused");
            }
            else
            {
                await Succeeds(refusals, call);
            }
        }

        refusals.AreAll();
    }

    [Fact]
    public async Task A_method_or_a_path_that_does_not_exist_is_said_to_be_so()
    {
        await using var schools = await TwoSchools.Open("sqlite");
        var refusals = new Refusals(schools);
        foreach (var path in (await Operation.All(schools.Hub)).Select(operation => operation.Path).Distinct(StringComparer.Ordinal))
        {
            foreach (var method in new[] { "PATCH", "OPTIONS", "TRACE", "NONSENSE" })
            {
                await refusals.Send(
                    $"{method} {path}", schools.Ours.Administrator, () => new HttpRequestMessage(new HttpMethod(method), path.Replace("{id}", schools.Ours.SessionId, StringComparison.Ordinal)),
                    "methodNotAllowed");
            }
        }

        foreach (var path in new[] { "/api/v1/nothing", "/api/v2/sessions", "/api/v1/sessions/a/b/c", "/api/", "/hubs/nothing" })
        {
            await refusals.Send(path, schools.Ours.Administrator, () => new HttpRequestMessage(HttpMethod.Get, path), "notFound");
        }

        refusals.AreAll();
    }

    // What was spoiled was good before: otherwise its refusals say nothing.
    private static async Task Succeeds(Refusals refusals, GoodCall call)
    {
        if (!call.Proven)
        {
            return;
        }

        using var request = call.Request();
        var answer = await call.Client.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
        {
            refusals.Add($"{call.Operation.Name} should succeed: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
    }

    private static IEnumerable<(string Who, HttpClient Client)> Wrong(School school, string policy)
    {
        (string Who, HttpClient Client, int Rank)[] staff =
            [("an observer", school.Observer, 0), ("a proctor", school.Proctor, 1), ("a manager", school.Manager, 2), ("an administrator", school.Administrator, 3)];
        var least = policy switch { Rights.Observer => 0, Rights.Proctor => 1, Rights.Manager => 2, Rights.Administrator => 3, _ => 4 };
        foreach (var (who, client, _) in staff.Where(person => person.Rank < least))
        {
            yield return (who, client);
        }

        if (policy != Rights.Student)
        {
            yield return ("a student", school.Student);
        }

        if (policy != Rights.Delivery)
        {
            yield return ("a delivery system", school.Delivery);
        }
    }

    private static IEnumerable<string> Cursors() =>
        new[] { "x", "|", "a|b\0c", "students|\0", "\0|5", "nothing" }.Select(text => System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(text)))
            .Where(cursor => cursor != "eA").Concat(["!!!", "%20", "====", new string('A', 1001)]);

    private static HttpRequestMessage Bearing(HttpRequestMessage request, string token) => With(request, "Authorization", $"Bearer {token}");

    private static HttpRequestMessage From(HttpRequestMessage request, string origin) => With(request, "Origin", origin);

    private static HttpRequestMessage With(HttpRequestMessage request, string name, string value)
    {
        request.Headers.TryAddWithoutValidation(name, value);
        return request;
    }
}
