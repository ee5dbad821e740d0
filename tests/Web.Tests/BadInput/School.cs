using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using LiveProctor.Core;
using LiveProctor.Core.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>An organisation with somebody of every kind, and a session with a student who waits.</summary>
internal sealed class School
{
    /// <summary>The password of everybody here.</summary>
    public const string Password = "tomorrow at nine o'clock";

    private readonly HubApp hub;
    private int made;

    private School(HubApp hub, HttpClient administrator)
    {
        this.hub = hub;
        Administrator = administrator;
    }

    public HttpClient Administrator { get; }

    public HttpClient Manager { get; private set; } = null!;

    /// <summary>Proctor of every session that is made here.</summary>
    public HttpClient Proctor { get; private set; } = null!;

    /// <summary>Proctor of no session.</summary>
    public HttpClient OtherProctor { get; private set; } = null!;

    public HttpClient Observer { get; private set; } = null!;

    public HttpClient Delivery { get; private set; } = null!;

    public HttpClient Student { get; private set; } = null!;

    public string ProctorId { get; private set; } = "";

    public string ManagerEmail { get; private set; } = "";

    public string DeliveryId { get; private set; } = "";

    public string DeliveryKey { get; private set; } = "";

    public string ProfileId { get; private set; } = "";

    public string StudentToken { get; private set; } = "";

    public string EntryId { get; private set; } = "";

    /// <summary>An open session with one student who waits.</summary>
    public JsonElement Session { get; private set; }

    public string SessionId => Session.GetProperty("id").GetString()!;

    public static async Task<School> Found(HubApp hub, HttpClient administrator)
    {
        var school = new School(hub, administrator);
        (_, school.ManagerEmail, school.Manager) = await school.Hire("manager");
        (school.ProctorId, _, school.Proctor) = await school.Hire("proctor");
        (_, _, school.OtherProctor) = await school.Hire("proctor");
        (_, _, school.Observer) = await school.Hire("observer");
        var system = await Created(administrator, "/api/v1/delivery-systems", new { name = "Machine" });
        school.DeliveryId = system.GetProperty("id").GetString()!;
        school.DeliveryKey = system.GetProperty("key").GetString()!;
        school.Delivery = hub.With(school.DeliveryKey);
        var profile = await Created(administrator, "/api/v1/profiles", new { name = "Strict", settings = new { studentMayPause = true } });
        school.ProfileId = profile.GetProperty("id").GetString()!;
        await Created(administrator, "/api/v1/tests", new
        {
            code = "bio-1", title = "Biology", kind = "practice", sections = new[] { new { title = "A" } }, minutes = 60,
            launchUrl = "https://tests.example/bio", delivery = school.DeliveryId,
        });
        school.Session = await school.NewSession("open");
        var (joined, student) = await school.NewEntry(school.Session);
        school.Student = student;
        school.StudentToken = joined.GetProperty("token").GetString()!;
        school.EntryId = joined.GetProperty("entryId").GetString()!;
        return school;
    }

    /// <summary>A text that is never made again.</summary>
    public static string Unique() => Id.New(TimeProvider.System.Now());

    /// <summary>A new member of staff with an API token.</summary>
    public async Task<(string Id, string Email, HttpClient Client)> Hire(string role)
    {
        var email = $"{role}-{Unique()}@school.example";
        var staff = await Created(Administrator, "/api/v1/staff", new { email, name = $"A {role}", role, password = Password });
        return (staff.GetProperty("id").GetString()!, email, hub.With(await hub.Token(email, Password)));
    }

    /// <summary>A new session in a phase.</summary>
    public async Task<JsonElement> NewSession(string phase = "scheduled")
    {
        var body = NewSessionBody();
        var session = await (await Manager.PostJson("/api/v1/sessions", body.ToJsonString())).Is(HttpStatusCode.Created);
        var path = $"/api/v1/sessions/{session.GetProperty("id").GetString()}";
        foreach (var step in phase switch { "open" => ["open"], "held" => ["open", "hold"], "closed" => new[] { "open", "stop" }, _ => [] })
        {
            session = await (await Manager.PostJson($"{path}/{step}", """{"reason":"Because"}""")).Is(HttpStatusCode.OK);
        }

        if (phase == "closed")
        {
            await hub.App.Services.GetRequiredService<RunDueSessions>().Run();
            session = await (await Manager.GetAsync(path)).Is(HttpStatusCode.OK);
        }

        return session;
    }

    /// <summary>A session as the form would send it, with everything filled in.</summary>
    public JsonObject NewSessionBody() => new()
    {
        ["name"] = $"Session {Interlocked.Increment(ref made)}",
        ["mode"] = "hybrid",
        ["opensAt"] = "2026-11-22T09:00:00Z",
        ["closesAt"] = "2026-11-22T17:00:00Z",
        ["timeZone"] = "Europe/Paris",
        ["tests"] = new JsonArray("bio-1"),
        ["code"] = "sesame",
        ["profileId"] = ProfileId,
        ["capacity"] = 40,
        ["startMode"] = "automatic",
        ["proctors"] = new JsonArray(ProctorId),
        ["note"] = "Bring a pen.",
        ["password"] = "for the proctor",
    };

    /// <summary>A new student of the school.</summary>
    public async Task<string> NewStudent(string givenName = "Ada") => (await NewStudentRow(givenName)).GetProperty("externalId").GetString()!;

    /// <summary>A new student of the school as it is answered.</summary>
    public Task<JsonElement> NewStudentRow(string givenName = "Ada") =>
        Created(Administrator, "/api/v1/students", new { externalId = $"S{Interlocked.Increment(ref made)}", givenName, familyName = "Lovelace" });

    /// <summary>A new registration to the school's test without a session.</summary>
    public async Task<(string Id, JsonElement Row)> NewRegistration()
    {
        var row = await Created(Manager, "/api/v1/registrations", new { studentId = (await NewStudentRow()).GetProperty("id").GetString(), testCode = "bio-1" });
        return (row.GetProperty("id").GetString()!, row);
    }

    /// <summary>The path of a call on something new of the roster: a student, a group or a registration.</summary>
    public async Task<string> NewRoster(string path)
    {
        var id = path switch
        {
            _ when path.Contains("/students/", StringComparison.Ordinal) => (await NewStudentRow()).GetProperty("id").GetString(),
            _ when path.Contains("/registrations/", StringComparison.Ordinal) => (await NewRegistration()).Id,
            _ => (await Created(Manager, "/api/v1/groups", new { name = $"g{Unique()}", studentIds = new[] { (await NewStudentRow()).GetProperty("id").GetString() } })).GetProperty("id").GetString(),
        };
        return path.Replace("{id}", id, StringComparison.Ordinal);
    }

    /// <summary>What a new student sends to come into the session.</summary>
    public async Task<JsonObject> JoinBody(JsonElement session) => new()
    {
        ["joinId"] = session.GetProperty("joinId").GetString(),
        ["studentId"] = await NewStudent(),
        ["firstName"] = "Ada",
        ["testCode"] = "bio-1",
        ["code"] = "sesame",
    };

    /// <summary>A new student in the session's lobby.</summary>
    public async Task<(JsonElement Joined, HttpClient Client)> NewEntry(JsonElement session)
    {
        using var nobody = hub.Nobody();
        var body = await JoinBody(session);
        var joined = await (await nobody.PostJson("/api/v1/lobby/join", body.ToJsonString())).Is(HttpStatusCode.Created);
        return (joined, hub.With(joined.GetProperty("token").GetString()!));
    }

    /// <summary>A new student whom the proctor has approved.</summary>
    public async Task<(string EntryId, HttpClient Client)> NewApproved()
    {
        var (joined, client) = await NewEntry(Session);
        var id = joined.GetProperty("entryId").GetString()!;
        var approved = await (await Proctor.PostAsJsonAsync($"/api/v1/sessions/{SessionId}/approve", new { entries = new[] { new { id, version = 1 } } })).Is(HttpStatusCode.OK);
        Xunit.Assert.Equal("approved", approved.GetProperty("results")[0].GetProperty("outcome").GetString());
        return (id, client);
    }

    /// <summary>The entry token of a new student.</summary>
    public async Task<(string EntryId, string Token)> NewEntryToken()
    {
        var (id, client) = await NewApproved();
        using (client)
        {
            var answer = await (await client.PostAsync("/api/v1/lobby/entry-token", null)).Is(HttpStatusCode.OK);
            return (id, answer.GetProperty("token").GetString()!);
        }
    }

    /// <summary>An entry whose test the delivery system has opened.</summary>
    public async Task<string> NewRedeemed()
    {
        var (id, token) = await NewEntryToken();
        await (await Delivery.PostAsJsonAsync("/api/v1/delivery/redeem", new { token })).Is(HttpStatusCode.OK);
        return id;
    }

    internal static async Task<JsonElement> Created(HttpClient client, string path, object body) =>
        await (await client.PostAsJsonAsync(path, body)).Is(HttpStatusCode.Created);
}
