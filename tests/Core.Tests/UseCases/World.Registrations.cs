using System.Text.Json;
using Dapper;

using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Tickets;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>Students who are registered, as tickets find them.</summary>
internal sealed partial class World
{
    /// <summary>Registers a student to a test, in the session or in none.</summary>
    /// <returns>What the student's ticket says.</returns>
    public async Task<JoinRequest> Registered(SessionView? session, int student, string test)
    {
        var (externalId, _) = await StudentOf(student);
        var (id, userId) = await Db.Read(connection => connection.QuerySingleAsync<(string, string)>(
            "SELECT id, user_id FROM students WHERE organisation_id = @organisation AND external_id = @externalId", new { organisation = Manager.OrganisationId, externalId }));
        await Db.Write(async (connection, transaction) => (await connection.ExecuteAsync(
            """
            INSERT INTO registrations (id, organisation_id, student_id, test_code, test_key, session_id, status, settings, created_at, version)
            VALUES (@id, @organisation, @student, @test, @key, @session, 'Pending', '{}', @at, 1)
            """,
            new { id = Id.New(Now), organisation = Manager.OrganisationId, student = id, test, key = Core.Catalogue.Test.Key(test), session = session?.Id, at = Now },
            transaction), Commit: true));
        return new JoinRequest(JoinId: session?.JoinId, UserId: userId, Password: session?.Password, Code: session?.Code);
    }

    /// <summary>The students' own page.</summary>
    public OwnPage OwnPage => new(Db, new JoinThrottle(Throttle), Clock);

    /// <summary>Starts from the students' own page.</summary>
    public StartOwnTest StartOwn => new(OwnPage, Sessions, Changes, new JoinThrottle(Throttle));

    /// <summary>A student starts a test from the own page.</summary>
    public async Task<Result<OwnStartAnswer>> Start(int student, string registrationId) =>
        await StartOwn.Run(await PageSecret(student), registrationId, new OwnStartRequest(), "192.0.2.1");

    /// <summary>The sessions that single starts made, with their phases.</summary>
    public async Task<IReadOnlyList<Session>> Individual() => [.. (await Db.Read(connection => connection.QueryAsync<string>(
        "SELECT document FROM sessions WHERE individual ORDER BY id"))).Select(Json.Read<Session>)];

    /// <summary>The device that holds a start's answer.</summary>
    public async Task<StudentCaller> Caller(OwnStartAnswer answer) => Good(await Entries.ByToken(Secret.Hash(answer.Token)));

    /// <summary>The secret of the student's own page.</summary>
    public Task<string> PageSecret(int student) => Db.Read(connection => connection.QuerySingleAsync<string>(
        "SELECT page_secret FROM students WHERE organisation_id = @organisation AND external_id = @id", new { organisation = Manager.OrganisationId, id = $"S-{student:000}" }));

    /// <summary>The details of every audit row of this action, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Recorded(string action) => [.. (await Db.Read(connection => connection.QueryAsync<string>(
        "SELECT details FROM audit WHERE action = @action ORDER BY at, seq", new { action }))).Select(details => JsonElement.Parse(details))];
}
