using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.BadInput;

/// <summary>Ids of another organisation inside of what a manager sends about students, groups, registrations and tickets.</summary>
public sealed class RosterAttackTests
{
    [Theory, ClassData(typeof(Databases))]
    public async Task An_id_of_another_organisation_inside_a_body_is_none_and_changes_nothing(string database)
    {
        await using var schools = await TwoSchools.Open(database);
        var (ours, theirs) = (schools.Ours, schools.Theirs);
        var (foreign, row) = await theirs.NewRegistration();
        var foreignStudent = row.GetProperty("student").GetProperty("id").GetString()!;
        var foreignGroup = Id(await School.Created(theirs.Manager, "/api/v1/groups", new { name = "Theirs", studentIds = new[] { foreignStudent } }));
        var (own, ownRow) = await ours.NewRegistration();
        var ownGroup = Id(await School.Created(ours.Manager, "/api/v1/groups", new { name = "Ours" }));
        var free = Id(await ours.NewStudentRow());
        var before = await schools.Contents.Read();

        (string Path, object Body, string Code)[] refused =
        [
            ("registrations", new { studentId = foreignStudent, testCode = "bio-1" }, "invalid"),
            ("registrations", new { studentId = free, testCode = "bio-1", sessionId = theirs.SessionId }, "invalid"),
            ("registrations/bulk", new { groupId = foreignGroup, testCode = "bio-1" }, "notFound"),
            ("registrations/bulk", new { studentIds = new[] { free }, testCode = "bio-1", sessionId = theirs.SessionId }, "invalid"),
            ($"groups/{foreignGroup}/register", new { testCode = "bio-1" }, "notFound"),
            ($"groups/{ownGroup}/register", new { testCode = "secret-1" }, "ok"),
            ("groups", new { name = "New", studentIds = new[] { free, foreignStudent } }, "invalid"),
            ("registrations/invite", new { ids = new[] { own, foreign } }, "notFound"),
            ("registrations/invite", new { groupId = foreignGroup }, "notFound"),
            ("registrations/invite", new { sessionId = theirs.SessionId }, "notFound"),
            ($"sessions/{theirs.SessionId}/reinstate", new { entries = new[] { new { id = theirs.EntryId, version = 1 } }, reason = "Because" }, "notFound"),
            ($"sessions/{theirs.SessionId}/tickets", new { }, "notFound"),
            ($"sessions/{theirs.SessionId}/seal-codes", new { }, "notFound"),
            ($"sessions/{theirs.SessionId}/password", new { }, "notFound"),
        ];
        foreach (var (path, body, code) in refused)
        {
            var answer = await ours.Administrator.PostAsJsonAsync($"/api/v1/{path}", body);
            if (code == "ok")
            {
                await answer.Is(HttpStatusCode.OK);
            }
            else
            {
                await answer.IsProblem(code);
            }
        }

        (string Path, object Body)[] each =
        [
            ("registrations/bulk", new { studentIds = new[] { foreignStudent }, testCode = "bio-1" }),
            ("registrations/move", new { ids = new[] { foreign }, sessionId = ours.SessionId }),
            ("registrations/move", new { ids = new[] { own }, sessionId = theirs.SessionId }),
            ("registrations/cancel", new { ids = new[] { foreign } }),
        ];
        foreach (var (path, body) in each)
        {
            var answer = await (await ours.Administrator.PostAsJsonAsync($"/api/v1/{path}", body)).Is(HttpStatusCode.OK);
            Assert.Equal(1, answer.GetProperty("refused").GetArrayLength());
        }

        await (await Put($"registrations/{own}", new { sessionId = theirs.SessionId }, ownRow.GetProperty("version").GetInt64())).IsProblem("invalid");
        await (await Put($"groups/{ownGroup}", new { name = "Ours", studentIds = new[] { foreignStudent } }, 1)).IsProblem("invalid");
        Assert.Equal("", Contents.Difference(before, await schools.Contents.Read()));

        foreach (var body in new object[] { new { registrationIds = new[] { foreign } }, new { groupId = foreignGroup }, new { studentId = foreignStudent } })
        {
            var tickets = await (await ours.Manager.PostAsJsonAsync($"/api/v1/sessions/{ours.SessionId}/tickets", body)).Is(HttpStatusCode.OK);
            Assert.Equal(0, tickets.GetProperty("items").GetArrayLength());
        }

        async Task<HttpResponseMessage> Put(string path, object body, long version)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/{path}") { Content = JsonContent.Create(body) };
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            return await ours.Administrator.SendAsync(request);
        }
    }

    private static string Id(JsonElement row) => row.GetProperty("id").GetString()!;
}
