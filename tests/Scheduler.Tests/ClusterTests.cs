using LiveProctor.Core.Sessions;
using LiveProctor.TestSupport;
using Npgsql;
using Xunit;

namespace LiveProctor.Scheduler.Tests;

/// <summary>Several nodes on one PostgreSQL.</summary>
public sealed class ClusterTests
{
    [Fact]
    public async Task Two_nodes_take_each_step_once()
    {
        await using var school = await School.New("postgres");
        var nodes = await Task.WhenAll(school.StartNode(), school.StartNode());
        await using var one = nodes[0];
        await using var other = nodes[1];
        var sessions = new List<SessionView>();
        for (var number = 0; number < 20; number++)
        {
            var opensAt = school.In(1 + number % 4 * 0.3);
            sessions.Add(await school.Create(opensAt, opensAt.AddSeconds(1)));
        }

        foreach (var session in sessions)
        {
            await school.HasPhase(session.Id, SessionPhase.Closed);
            Assert.Equal("sessionCreated lobbyOpened windowOpened draining closed", await school.Kinds(session.Id));
        }
    }

    [Fact]
    public async Task A_dead_nodes_timers_fire_on_another()
    {
        await using var school = await School.New("postgres");
        var mortal = new NpgsqlConnectionStringBuilder(school.Database.Postgres) { Username = "mortal" };
        await Execute(school, "DROP ROLE IF EXISTS mortal; CREATE ROLE mortal SUPERUSER LOGIN");
        await using var dies = await school.StartNode(mortal.ConnectionString);
        var opensAt = school.In(4);
        var session = await school.Create(opensAt);
        await Eventually.True(async () => (await dies.Planned()).Contains(opensAt), "the window has a timer");
        await using var stays = await school.StartNode();

        // From one moment to the next it can do nothing any more, with everything that it holds.
        await Execute(school, "ALTER ROLE mortal NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'mortal';");

        await school.HasPhase(session.Id, SessionPhase.Open);
        Assert.InRange(await school.OpenedAt(session.Id), opensAt, opensAt.AddSeconds(20));
        var next = await school.Create(school.In(1));
        await school.HasPhase(next.Id, SessionPhase.Open);
        Assert.Equal("sessionCreated lobbyOpened windowOpened", await school.Kinds(session.Id));
    }

    [Fact]
    public async Task A_node_that_comes_back_takes_part_again()
    {
        await using var school = await School.New("postgres");
        await using (await school.StartNode())
        {
        }

        await using var again = await school.StartNode();
        var session = await school.Create(school.In(1));

        await school.HasPhase(session.Id, SessionPhase.Open);
    }

    private static async Task Execute(School school, string sql)
    {
        await using var connection = new NpgsqlConnection(school.Database.Postgres + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
