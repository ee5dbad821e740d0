using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>A call that would succeed: what every bad one is made from by spoiling one thing.</summary>
internal sealed record GoodCall(Operation Operation, HttpClient Client, string Path)
{
    public JsonObject? Body { get; init; }

    /// <summary>Fields without which it would not succeed.</summary>
    public IReadOnlyList<string> Needs { get; init; } = [];

    public string? IfMatch { get; init; }

    /// <summary>True when it is known by hand to succeed; an endpoint that nobody has described yet gets a call made from its schema.</summary>
    public bool Proven { get; init; } = true;

    /// <summary>True when a repetition under the same Idempotency-Key is recognised.</summary>
    public bool Once { get; init; }

    public HttpRequestMessage Request(string? body = null, string? path = null, string contentType = "application/json")
    {
        var request = new HttpRequestMessage(new HttpMethod(Operation.Method), path ?? Path);
        if ((body ?? Body?.ToJsonString()) is { } text)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        if (IfMatch is not null)
        {
            request.Headers.IfMatch.Add(new EntityTagHeaderValue(IfMatch));
        }

        return request;
    }
}

/// <summary>Makes good calls, each in a world of its own so that none spoils another.</summary>
internal sealed class GoodCalls(TwoSchools schools)
{
    private School Ours => schools.Ours;

    public async Task<GoodCall> Of(Operation operation)
    {
        var call = new GoodCall(operation, schools.For(operation.Policy), operation.Path.Replace("{id}", Ours.SessionId, StringComparison.Ordinal));
        var path = operation.Path["/api/v1".Length..];
        return $"{operation.Method} {path}" switch
        {
            "POST /account/sign-in" or "POST /tokens" => call with { Body = new() { ["email"] = Ours.ManagerEmail, ["password"] = School.Password }, Needs = ["email", "password"] },
            "POST /account/password" => call with { Client = (await Ours.Hire("observer")).Client, Body = new() { ["current"] = School.Password, ["next"] = "another long password" }, Needs = ["current", "next"] },
            "DELETE /tokens/current" => call with { Client = (await Ours.Hire("observer")).Client },
            "POST /staff" => call with { Body = new() { ["email"] = $"{School.Unique()}@school.example", ["name"] = "Ann", ["role"] = "proctor", ["password"] = School.Password }, Needs = ["email", "name", "role"], Once = true },
            "PUT /staff/{id}" => call with { Path = $"/api/v1/staff/{(await Ours.Hire("observer")).Id}", Body = new() { ["name"] = "Ann", ["role"] = "proctor", ["disabled"] = false }, Needs = ["name", "role", "disabled"] },
            "POST /tests" => call with { Body = NewTest(), Needs = ["code", "title", "kind", "sections", "minutes", "launchUrl"], Once = true },
            "GET /tests/{id}" => call with { Path = "/api/v1/tests/bio-1" },
            "PUT /tests/{id}" => await OnTest(call),
            "POST /students" => call with { Body = NewStudent(), Needs = ["externalId", "givenName"], Once = true },
            "GET /students/{id}" or "GET /groups/{id}" or "GET /groups/{id}/students" or "GET /registrations/{id}" => call with { Path = await Ours.NewRoster(operation.Path) },
            "PUT /students/{id}" => call with { Path = await Ours.NewRoster(operation.Path), Body = NewStudent(), Needs = ["externalId", "givenName"], IfMatch = "\"1\"" },
            "DELETE /students/{id}" or "DELETE /groups/{id}" => call with { Path = await Ours.NewRoster(operation.Path), IfMatch = "\"1\"" },
            "POST /groups" => call with { Body = await NewGroup(), Needs = ["name"], Once = true },
            "PUT /groups/{id}" => call with { Path = await Ours.NewRoster(operation.Path), Body = await NewGroup(), Needs = ["name"], IfMatch = "\"1\"" },
            "POST /groups/{id}/register" => call with { Path = await Ours.NewRoster(operation.Path), Body = new() { ["testCode"] = "bio-1", ["sessionId"] = Ours.SessionId, ["settings"] = new JsonObject { ["size"] = "large" } }, Needs = ["testCode"], Once = true },
            "POST /registrations" => call with { Body = await NewRegistration(), Needs = ["studentId", "testCode"], Once = true },
            "PUT /registrations/{id}" => call with { Path = await Ours.NewRoster(operation.Path), Body = new() { ["sessionId"] = Ours.SessionId, ["settings"] = new JsonObject { ["size"] = "large" } } },
            "DELETE /registrations/{id}" => call with { Path = await Ours.NewRoster(operation.Path) },
            "POST /registrations/bulk" => call with { Body = await NewRegistrations(), Needs = ["studentIds", "testCode"], Once = true },
            "POST /registrations/move" => call with { Body = new() { ["ids"] = new JsonArray((await Ours.NewRegistration()).Id), ["sessionId"] = Ours.SessionId }, Needs = ["ids"], Once = true },
            "POST /registrations/cancel" => call with { Body = new() { ["ids"] = new JsonArray((await Ours.NewRegistration()).Id) }, Needs = ["ids"], Once = true },
            "POST /credits" => call with { Body = new() { ["amount"] = 5, ["note"] = "Contract 12" }, Needs = ["amount", "note"], Once = true },
            "POST /clean-up/past-registrations" => call with { Body = new() { ["expected"] = 0 }, Needs = ["expected"], Once = true },
            "POST /profiles" => call with { Body = new() { ["name"] = $"P{School.Unique()}", ["settings"] = Settings() }, Needs = ["name"], Once = true },
            "PUT /profiles/default" => call with { Body = new() { ["profileId"] = Ours.ProfileId } },
            "GET /profiles/{id}" => call with { Path = $"/api/v1/profiles/{Ours.ProfileId}" },
            "PUT /profiles/{id}" => (await OnProfile(call)) with { Body = new() { ["name"] = $"P{School.Unique()}", ["settings"] = Settings() }, Needs = ["name"] },
            "DELETE /profiles/{id}" => await OnProfile(call),
            "POST /sessions/{id}/profile" => await OnSession(call, "open"),
            "POST /delivery-systems" => call with { Body = new() { ["name"] = "Other machine", ["webhookUrl"] = "https://tests.example/hook" }, Needs = ["name"], Once = true },
            "POST /sessions" => call with { Body = Ours.NewSessionBody(), Needs = ["name", "mode", "opensAt", "closesAt", "tests"], Once = true },
            "PUT /sessions/{id}" => (await OnSession(call, "scheduled")) with { Body = Ours.NewSessionBody(), Needs = ["name", "mode", "opensAt", "closesAt", "tests"] },
            "DELETE /sessions/{id}" => await OnSession(call, "scheduled"),
            "POST /sessions/{id}/duplicate" => call with { Body = new() { ["name"] = "Copy", ["opensAt"] = "2026-12-01T09:00:00Z", ["closesAt"] = "2026-12-01T11:00:00Z" }, Once = true },
            "POST /sessions/delete-preview" => call with { Body = new() { ["ids"] = new JsonArray(Id(await Ours.NewSession("scheduled"))) }, Needs = ["ids"] },
            "POST /sessions/delete" => call with { Body = Deleted(await Ours.NewSession("scheduled")), Needs = ["sessions", "confirm"], Once = true },
            "POST /sessions/{id}/open" or "POST /sessions/{id}/cancel" => (await OnSession(call, "scheduled")) with { Client = Ours.Manager, Body = new() { ["reason"] = "Because" }, Once = true },
            "POST /sessions/{id}/hold" => (await OnSession(call, "open")) with { Body = new() { ["reason"] = "Fire alarm" }, Needs = ["reason"], Once = true },
            "POST /sessions/{id}/release" => (await OnSession(call, "held")) with { Body = new() { ["reason"] = "Over" }, Once = true },
            "POST /sessions/{id}/stop" => (await OnSession(call, "open")) with { Body = new() { ["reason"] = "Over" }, Once = true },
            "POST /sessions/{id}/reopen" => (await OnSession(call, "closed")) with { Client = Ours.Administrator, Body = new() { ["reason"] = "A mistake", ["closesAt"] = "2026-11-22T18:00:00Z" }, Needs = ["reason", "closesAt"], Once = true },
            "POST /sessions/{id}/approve" => await OnEntry(call, new() { ["settings"] = new JsonObject { ["size"] = "large" }, ["reason"] = "Known" }),
            "POST /sessions/{id}/deny" => await OnEntry(call, new() { ["reason"] = "Not you" }, "reason"),
            "POST /sessions/{id}/revoke" or "POST /sessions/{id}/pause" or "POST /sessions/{id}/resume" => await OnEntry(call, new() { ["reason"] = "Because" }),
            "POST /sessions/{id}/extend" => await OnEntry(call, new() { ["seconds"] = 300, ["reason"] = "Noise" }, "seconds"),
            "POST /sessions/{id}/terminate" => await OnEntry(call, new() { ["reason"] = "Cheating" }, "reason"),
            "POST /sessions/{id}/reinstate" => await OnEntry(call, new() { ["reason"] = "A mistake", ["nextAttempt"] = true }, "reason"),
            "POST /sessions/{id}/message" => await OnEntry(call, new() { ["text"] = "Ten minutes left" }, "text"),
            "POST /sessions/{id}/notice-preview" => call with { Body = new() { ["opensAt"] = "2026-11-22T09:00:00Z", ["closesAt"] = "2026-11-22T11:00:00Z", ["timeZone"] = "Europe/Paris" } },
            "POST /registrations/invite" => call with { Body = new() { ["sessionId"] = Ours.SessionId }, Needs = ["sessionId"], Once = true },
            "PUT /outbox/language" => call with { Body = new() { ["language"] = "es" }, Needs = ["language"] },
            "POST /outbox/send-again" or "POST /outbox/arrived" => call with { Body = new() { ["ids"] = new JsonArray(School.Unique()) }, Needs = ["ids"], Once = true },
            "POST /sessions/{id}/release-seal" => await OnEntry(call, new() { ["reason"] = "Because" }),
            "POST /sessions/{id}/tickets" => call with { Body = new() { ["format"] = "json", ["registrationIds"] = new JsonArray("r-1"), ["groupId"] = "g-1", ["studentId"] = "s-1" }, Once = true },
            "POST /sessions/{id}/password" => (await OnSession(call, "open")) with { Body = new() { ["password"] = "willow 42" }, IfMatch = null, Once = true },
            "GET /lobby/session" => call with { Path = $"{call.Path}?joinId={Ours.Session.GetProperty("joinId").GetString()}" },
            "POST /lobby/join" => call with { Body = await Ours.JoinBody(Ours.Session), Needs = ["joinId", "studentId", "firstName"], Once = true },
            "POST /lobby/hand" => call with { Body = new() { ["raised"] = true }, Needs = ["raised"] },
            "POST /lobby/say" => call with { Body = new() { ["text"] = "My screen is black" }, Needs = ["text"] },
            "POST /lobby/entry-token" => call with { Client = (await Ours.NewApproved()).Client },
            "POST /lobby/withdraw" => call with { Client = (await Ours.NewEntry(Ours.Session)).Client },
            "POST /delivery/redeem" => call with { Body = new() { ["token"] = (await Ours.NewEntryToken()).Token }, Needs = ["token"] },
            "POST /delivery/progress" => call with { Body = Progress(await Ours.NewRedeemed()), Needs = ["entryId", "attempt", "sequence", "kind"] },
            _ when operation.Body is null => call with { Proven = operation.Method == "GET" || path == "/account/sign-out" },
            _ => call with
            {
                Proven = false, Body = FromSchema(operation.Body).AsObject(),
                Needs = [.. (operation.Body["required"]?.AsArray() ?? []).Select(name => name!.GetValue<string>())],
            },
        };
    }

    private async Task<GoodCall> OnSession(GoodCall call, string phase)
    {
        var session = await Ours.NewSession(phase);
        return call with
        {
            Path = call.Operation.Path.Replace("{id}", session.GetProperty("id").GetString(), StringComparison.Ordinal),
            IfMatch = $"\"{session.GetProperty("version").GetInt64()}\"",
        };
    }

    private async Task<GoodCall> OnTest(GoodCall call)
    {
        var test = await School.Created(Ours.Administrator, "/api/v1/tests", NewTest());
        var body = NewTest();
        body.Remove("code");
        return call with
        {
            Path = $"/api/v1/tests/{test.GetProperty("id").GetString()}", IfMatch = "\"1\"", Body = body, Needs = ["title", "kind", "sections", "minutes", "launchUrl"],
        };
    }

    private async Task<GoodCall> OnProfile(GoodCall call)
    {
        var profile = await School.Created(Ours.Administrator, "/api/v1/profiles", new { name = $"P{School.Unique()}" });
        return call with { Path = $"/api/v1/profiles/{profile.GetProperty("id").GetString()}", IfMatch = "\"1\"" };
    }

    private async Task<GoodCall> OnEntry(GoodCall call, JsonObject more, params string[] needs)
    {
        var (joined, client) = await Ours.NewEntry(Ours.Session);
        client.Dispose();
        more["entries"] = new JsonArray(new JsonObject { ["id"] = joined.GetProperty("entryId").GetString(), ["version"] = 1 });
        return call with { Body = more, Needs = ["entries", .. needs], Once = true };
    }

    private static string? Id(JsonElement session) => session.GetProperty("id").GetString();

    private static JsonObject Deleted(JsonElement session) => new()
    {
        ["sessions"] = new JsonArray(new JsonObject { ["id"] = Id(session), ["version"] = session.GetProperty("version").GetInt64() }), ["confirm"] = 1,
    };

    private JsonObject NewTest() => new()
    {
        ["code"] = $"t-{School.Unique()}", ["title"] = "Chemistry", ["kind"] = "operational", ["sections"] = new JsonArray(new JsonObject { ["title"] = "A", ["sealed"] = true }),
        ["minutes"] = 45, ["proctored"] = true, ["launchUrl"] = "https://tests.example/chem", ["delivery"] = Ours.DeliveryId,
    };

    private static JsonObject NewStudent() => new()
    {
        ["externalId"] = $"N{School.Unique()}", ["givenName"] = "Grace", ["familyName"] = "Hopper", ["email"] = "grace@school.example",
        ["groups"] = new JsonArray("7a"), ["settings"] = new JsonObject { ["size"] = "large" },
    };

    private async Task<JsonObject> NewGroup() => new() { ["name"] = $"g{School.Unique()}", ["studentIds"] = new JsonArray((await Ours.NewStudentRow()).GetProperty("id").GetString()) };

    private async Task<JsonObject> NewRegistration() => new()
    {
        ["studentId"] = (await Ours.NewStudentRow()).GetProperty("id").GetString(), ["testCode"] = "bio-1", ["sessionId"] = Ours.SessionId, ["settings"] = new JsonObject { ["size"] = "large" },
    };

    private async Task<JsonObject> NewRegistrations()
    {
        var body = await NewRegistration();
        body["studentIds"] = new JsonArray(body["studentId"]!.DeepClone());
        body.Remove("studentId");
        return body;
    }

    private static JsonObject Settings() => new()
    {
        ["lobbyLeadMinutes"] = 10, ["closeRule"] = "pause", ["graceMinutes"] = 5, ["autoAdmit"] = false, ["studentMayPause"] = true, ["pauseLimitMinutes"] = 3,
        ["idleMinutes"] = 9, ["admitJitterMilliseconds"] = 100,
    };

    private static JsonObject Progress(string entryId) => new()
    {
        ["entryId"] = entryId, ["attempt"] = 1, ["sequence"] = 1, ["kind"] = "started", ["answered"] = 0, ["total"] = 10, ["section"] = "A",
    };

    private static JsonNode FromSchema(JsonObject schema) => Schemas.TypeOf(schema) switch
    {
        "enum" => schema["enum"]!.AsArray().First(value => value is not null)!.DeepClone(),
        "integer" or "number" => 1,
        "boolean" => true,
        "array" => new JsonArray(FromSchema(schema["items"]!.AsObject())),
        "string" => schema["format"]?.ToString() == "date-time" ? "2026-11-22T09:00:00Z" : "x",
        _ => new JsonObject((schema["properties"]?.AsObject() ?? []).Select(property => KeyValuePair.Create(property.Key, (JsonNode?)FromSchema(property.Value!.AsObject())))),
    };
}
