using Dapper;
using LiveProctor.Core.Sessions;
using Npgsql;
using Xunit;
using static LiveProctor.Core.Tests.UseCases.World;

namespace LiveProctor.Core.Tests.UseCases;

/// <summary>PostgreSQL keeps the plans of what every join and every decision asks. Those of an empty morning must do for a full hall.</summary>
public sealed class PlansTests
{
    private const int Full = 20_000;

    [Fact]
    public async Task What_was_planned_for_few_reads_little_when_there_are_many()
    {
        await using var world = await World.New("postgres");
        await Fill(world, string.Concat(new[] { "students", "sessions", "entries", "entry_tokens", "feeds", "feed_events", "audit_chains", "registrations" }
            .Select(table => $"ALTER TABLE {table} SET (autovacuum_enabled = off);")));
        var session = await world.Open();
        await Pass(world, session, first: 1, last: 12);
        await Fill(
            world,
            $"""
            SET session_replication_role = replica;
            INSERT INTO students SELECT (jsonb_populate_record(one, jsonb_build_object('id', 'many' || number, 'external_key', 'MANY' || number,
                                                                                       'user_id', 'MANY' || number, 'page_secret', 'many' || number))).*
              FROM students AS one, generate_series(1, {Full}) AS number WHERE one.id = (SELECT min(id) FROM students);
            INSERT INTO entries SELECT (jsonb_populate_record(one, jsonb_build_object('id', 'many' || number, 'student_key', 'many' || number, 'arrival', 1000 + number))).*
              FROM entries AS one, generate_series(1, {Full}) AS number WHERE one.id = (SELECT min(id) FROM entries);
            INSERT INTO registrations (id, organisation_id, student_id, test_code, test_key, session_id, status, settings, created_at, version)
              SELECT 'many' || number, organisation_id, 'many' || number, '{Delivered}', '{Delivered}', id, 'Pending', '{"{}"}', 0, 1
              FROM sessions, generate_series(1, {Full}) AS number WHERE id = '{session.Id}';
            INSERT INTO entry_tokens SELECT 'many' || number, 'many' || number, 1 FROM generate_series(1, {Full}) AS number;
            INSERT INTO feeds SELECT 'entry:many' || number, 'many', 0 FROM generate_series(1, {Full}) AS number;
            INSERT INTO feed_events (feed, epoch, seq, kind, at, data) SELECT 'entry:many' || number, 'many', 1, 'joined', 0, '' FROM generate_series(1, {Full}) AS number
            """);
        await Pass(world, await world.Open(form => form with { Name = "Room 5" }), first: 13, last: 16);
        Assert.InRange(await ReadByIndexes(world), 1, Full / 2);
    }

    // Through the door, onto the page and past the proctor.
    private static async Task Pass(World world, SessionView session, int first, int last)
    {
        for (var student = first; student <= last; student++)
        {
            var place = await world.Approved(session, student);
            Assert.NotNull(await world.See.Student(place.Id));
            Good(await world.Entries.Stand(place.Caller));
        }
    }

    // By a connection of its own: the program's keep what they have planned.
    private static async Task Fill(World world, string sql)
    {
        await using var connection = new NpgsqlConnection($"{await world.Db.Read(own => Task.FromResult(own.ConnectionString))};Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync(sql);
    }

    // What a connection has read is told when it ends.
    private static Task<long> ReadByIndexes(World world) => world.Db.Read(async connection =>
    {
        const string others = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        await connection.ExecuteAsync($"SELECT pg_terminate_backend(pid) {others}");
        while (await connection.ExecuteScalarAsync<long>($"SELECT count(*) {others}") > 0)
        {
            await Task.Yield();
        }

        await connection.ExecuteAsync("SELECT pg_stat_force_next_flush()");
        return await connection.ExecuteScalarAsync<long>(
            "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes WHERE relname IN ('students', 'entries', 'entry_tokens', 'feeds', 'feed_events', 'audit_chains', 'registrations')");
    });
}
