using System.Data.Common;
using Dapper;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>
/// The keys that sign entry tokens, shared by all nodes. A key signs for 30 days; its successor is published a day before it signs,
/// and it stays published a day after, so that whoever keeps the published keys for a while always has the one that a token names.
/// </summary>
public sealed class SigningKeys(Db db, TimeProvider time)
{
    /// <summary>How long one key signs.</summary>
    public static readonly TimeSpan Signs = TimeSpan.FromDays(30);

    /// <summary>How long a key is published before its first and after its last signature.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    // Any number that nothing else in the database uses.
    private const long LockNumber = 4_771_902_237;
    private static readonly TimeSpan Trusted = TimeSpan.FromMinutes(1);
    private volatile Remembered? remembered;

    /// <summary>The key that signs now.</summary>
    public async Task<SigningKey> Current() => Signing(await Loaded(), time.Now());

    /// <summary>Every key that a valid token may be signed by, and the next one.</summary>
    public async Task<IReadOnlyList<SigningKey>> Known() => Published(await Loaded(), time.Now());

    // Oldest first. The newest key that has been published long enough signs; the very first one at once.
    private static SigningKey Signing(IReadOnlyList<SigningKey> keys, DateTimeOffset now) =>
        keys.LastOrDefault(key => key.CreatedAt + Overlap <= now) ?? keys[0];

    private static List<SigningKey> Published(IReadOnlyList<SigningKey> keys, DateTimeOffset now)
    {
        // A key stops signing when its successor starts.
        var published = new List<SigningKey>();
        for (var index = 0; index < keys.Count; index++)
        {
            if (index + 1 == keys.Count || keys[index + 1].CreatedAt + Overlap + Overlap > now)
            {
                published.Add(keys[index]);
            }
        }

        return published;
    }

    private static bool NeedsNext(IReadOnlyList<SigningKey> keys, DateTimeOffset now) => keys.Count == 0 || keys[^1].CreatedAt + Signs <= now;

    private async Task<IReadOnlyList<SigningKey>> Loaded()
    {
        var now = time.Now();
        if (remembered is { } fresh && now - fresh.At < Trusted)
        {
            return fresh.Keys;
        }

        var keys = await db.Read(connection => Read(connection, null));
        if (NeedsNext(keys, now))
        {
            keys = await db.Write((connection, transaction) => AddNext(connection, transaction, now));
        }

        remembered = new Remembered(keys, now);
        return keys;
    }

    private async Task<(IReadOnlyList<SigningKey> Keys, bool Commit)> AddNext(DbConnection connection, DbTransaction transaction, DateTimeOffset now)
    {
        if (db.Dialect == Dialect.Postgres)
        {
            await connection.ExecuteAsync("SELECT pg_advisory_xact_lock(@number)", new { number = LockNumber }, transaction);
        }

        // Another node may have been first.
        if (NeedsNext(await Read(connection, transaction), now))
        {
            const string insert = "INSERT INTO signing_keys (kid, pkcs8, created_at) VALUES (@Kid, @Pkcs8, @CreatedAt)";
            var key = SigningKey.Create(now);
            await connection.ExecuteAsync(insert, new { key.Kid, Pkcs8 = Convert.ToBase64String(key.Pkcs8), key.CreatedAt }, transaction);
            await connection.ExecuteAsync("DELETE FROM signing_keys WHERE created_at < @old", new { old = now - (3 * Signs) }, transaction);
        }

        return (await Read(connection, transaction), Commit: true);
    }

    private static async Task<IReadOnlyList<SigningKey>> Read(DbConnection connection, DbTransaction? transaction)
    {
        const string sql = "SELECT kid AS Kid, pkcs8 AS Pkcs8, created_at AS CreatedAt FROM signing_keys ORDER BY created_at, kid";
        var rows = await connection.QueryAsync<Row>(sql, null, transaction);
        return [.. rows.Select(row => new SigningKey { Kid = row.Kid, Pkcs8 = Convert.FromBase64String(row.Pkcs8), CreatedAt = row.CreatedAt })];
    }

    private sealed record Remembered(IReadOnlyList<SigningKey> Keys, DateTimeOffset At);

    private sealed record Row(string Kid, string Pkcs8, DateTimeOffset CreatedAt);
}
