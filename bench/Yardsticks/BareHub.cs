using System.Collections.Concurrent;
using System.Text.Json;
using LiveProctor.Core.Entries;
using Microsoft.AspNetCore.SignalR;
using Npgsql;
using StackExchange.Redis;

namespace LiveProctor.Bench.Yardsticks;

/// <summary>A SignalR hub without any of the program's own work: what the framework alone can do.</summary>
public sealed class BareHub(BareStores stores, BareBoard board) : Hub
{
    private const string Everyone = "everyone";
    private static readonly ConcurrentDictionary<string, string> Names = new(StringComparer.Ordinal);

    /// <summary>Gives the connection a name, and a place in the group of everyone when it wants to hear the bell.</summary>
    public async Task<bool> Register(string name, bool hears)
    {
        Names[name] = Context.ConnectionId;
        if (hears)
        {
            await Groups.AddToGroupAsync(Context.ConnectionId, Everyone);
        }

        return true;
    }

    /// <summary>Pushes to one connection.</summary>
    public Task Relay(string target, string payload) => Clients.Client(Names[target]).SendAsync("Push", payload);

    /// <summary>Makes the payload durable, tells the other nodes, then pushes it to one connection.</summary>
    public async Task Keep(string target, string payload)
    {
        await stores.Keep(payload);
        await Relay(target, payload);
    }

    /// <summary>Pushes to everyone.</summary>
    public Task Ring(string payload) => Clients.Group(Everyone).SendAsync("Push", payload);

    /// <summary>Rows as a console gets them, written anew for each caller.</summary>
    public IReadOnlyList<EntryRow> Board() => board.Rows;
}

/// <summary>The rows that <see cref="BareHub.Board"/> answers.</summary>
/// <param name="file">Holds them as JSON; empty for none.</param>
public sealed class BareBoard(string file)
{
    public IReadOnlyList<EntryRow> Rows { get; } =
        file.Length == 0 ? [] : JsonSerializer.Deserialize<List<EntryRow>>(File.ReadAllBytes(file), Core.Json.Options)!;
}

/// <summary>One durable insert and one publish, without anything around them.</summary>
public sealed class BareStores : IAsyncDisposable
{
    private readonly NpgsqlDataSource? postgres;
    private readonly ConnectionMultiplexer? redis;

    public BareStores(string postgres, string redis)
    {
        this.postgres = postgres.Length == 0 ? null : Source(postgres);
        this.redis = redis.Length == 0 ? null : ConnectionMultiplexer.Connect(redis);
    }

    /// <summary>Connections that plan their statements once and are not cleaned up after each, as the program has them.</summary>
    public static NpgsqlDataSource Source(string postgres) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(postgres) { MaxAutoPrepare = 20, AutoPrepareMinUsages = 2, NoResetOnClose = true });

    public async Task Keep(string payload)
    {
        await Insert(payload);
        await redis!.GetDatabase().PublishAsync("bare", payload);
    }

    public async Task Insert(string payload)
    {
        await using var command = postgres!.CreateCommand("INSERT INTO bare (payload) VALUES ($1)");
        command.Parameters.Add(new NpgsqlParameter { Value = payload });
        await command.ExecuteNonQueryAsync();
    }

    public async Task Prepare()
    {
        if (postgres is not null)
        {
            await using var command = postgres.CreateCommand("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, payload text NOT NULL)");
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null)
        {
            await postgres.DisposeAsync();
        }

        redis?.Dispose();
    }
}
