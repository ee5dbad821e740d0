using System.Net;
using LiveProctor.Core;
using LiveProctor.TestSupport;
using Xunit;

namespace LiveProctor.Web.Tests.Api;

public sealed class RehearsalsTests
{
    [Fact]
    public async Task A_proctor_starts_a_rehearsal_once_and_its_students_arrive()
    {
        await using var site = await HubSite.New("sqlite");
        var hub = await site.Start();
        using var proctor = await hub.Staff(Role.Proctor);
        using var observer = await hub.Staff(Role.Observer);

        await (await observer.PostAsync("/api/v1/rehearsals", null)).IsProblem("forbidden");
        var started = await (await Start("one")).Is(HttpStatusCode.Created);
        var again = await (await Start("one")).Is(HttpStatusCode.Created);
        Assert.Equal(started.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.True(started.GetProperty("simulated").GetBoolean());
        Assert.Equal("open", started.GetProperty("phase").GetString());
        Assert.Equal(0, (await (await proctor.GetAsync("/api/v1/tests")).Is(HttpStatusCode.OK)).GetProperty("items").GetArrayLength());
        await Eventually.True(
            async () =>
            {
                var rows = await (await proctor.GetAsync($"/api/v1/sessions/{started.GetProperty("id").GetString()}/entries")).Is(HttpStatusCode.OK);
                return rows.GetProperty("entries").EnumerateArray().Count(row => row.GetProperty("simulated").GetBoolean()) >= 10;
            },
            "ten students are there");

        await (await Start("two")).Is(HttpStatusCode.Created);
        await (await Start("three")).Is(HttpStatusCode.Created);
        await (await Start("four")).IsProblem("rehearsalsRunning");

        Task<HttpResponseMessage> Start(string key) => proctor.Send(HttpMethod.Post, "/api/v1/rehearsals", null, ("Idempotency-Key", key));
    }
}
