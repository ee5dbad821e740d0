using System.Text.Json;
using Dapper;

using LiveProctor.Core.Entries;
using LiveProctor.Core.Sessions;

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

    /// <summary>The secret of the student's own page.</summary>
    public Task<string> PageSecret(int student) => Db.Read(connection => connection.QuerySingleAsync<string>(
        "SELECT page_secret FROM students WHERE organisation_id = @organisation AND external_id = @id", new { organisation = Manager.OrganisationId, id = $"S-{student:000}" }));

    /// <summary>The details of every audit row of this action, the oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> Recorded(string action) => [.. (await Db.Read(connection => connection.QueryAsync<string>(
        "SELECT details FROM audit WHERE action = @action ORDER BY at, seq", new { action }))).Select(details => JsonElement.Parse(details))];
}
