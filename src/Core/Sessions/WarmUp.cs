using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>
/// Opens made-up sessions of a made-up organisation and takes all of it back: what opens sessions is compiled when it is first called, and the first bell of a
/// process should not wait for that. Nothing of it can be seen, and it locks nothing that anybody else could want.
/// </summary>
public sealed class WarmUp(Db db, TimeProvider time)
{
    // What was called thirty times is compiled once more, as well as it can be.
    private const int Sessions = 64;

    /// <returns>How many sessions were opened.</returns>
    public Task<int> Run() => db.Write(async (connection, transaction) =>
    {
        var change = new Change(Actor.System, time.Now(), db.Dialect, connection, transaction);
        var organisationId = Id.New(change.Now);
        await change.Execute("INSERT INTO organisations (id, name, created_at) VALUES (@organisationId, 'Nobody', @at)", new { organisationId, at = change.Now });
        var made = Enumerable.Range(0, Sessions).Select(number => Made(organisationId, number, change.Now)).ToList();
        await SessionStore.InsertMany(change, made);
        await change.LockSessions(made.Select(session => session.Id));
        var ids = await change.LockFreeSessions([.. made.Select(session => session.Id)]);
        var current = await SessionParts.WithCurrentTests(change, await SessionStore.LoadMany(change, ids));
        var taken = await DueSteps.Take(change, current, Sessions);
        await change.Flush();
        return (taken.Steps, Commit: false);
    });

    private static Session Made(string organisationId, int number, DateTimeOffset now) => new()
    {
        Id = Id.New(now), OrganisationId = organisationId, Name = $"Nobody {number}", Mode = SessionMode.Remote, TimeZone = "UTC", OpensAt = now, ClosesAt = now.AddHours(1),
        Tests = [new SessionTest("NONE", "None", TestKind.Practice, 1, Proctored: true, "https://localhost", Delivery: null, [])], Password = Secret.NewReadable(8),
        JoinId = JoinId.New(), LinkSecret = Secret.New(), Phase = SessionPhase.LobbyOpen, PhaseSince = now, CreatedAt = now,
    };
}
