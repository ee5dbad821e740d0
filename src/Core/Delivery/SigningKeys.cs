using Dapper;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>
/// The keys that sign entry tokens, shared by all nodes. A new key is published for a while before it signs and stays published for a while after,
/// so that a delivery system which keeps the key set for some minutes never meets an unknown key.
/// </summary>
public sealed class SigningKeys(Db db, Changes changes, TimeProvider time) : IDisposable
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(30);

    /// <summary>How long a key is known before it signs and after it did.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim reading = new(1, 1);
    private (DateTimeOffset Until, IReadOnlyList<SigningKey> Keys) memory = (DateTimeOffset.MinValue, []);

    /// <summary>The key that signs now.</summary>
    public async Task<SigningKey> Current()
    {
        var keys = await Known();
        var now = time.Now();
        return keys.LastOrDefault(key => key.CreatedAt + Overlap <= now) ?? keys[0];
    }

    /// <summary>Every key by which a token may still be signed, the oldest first; never empty.</summary>
    public async Task<IReadOnlyList<SigningKey>> Known()
    {
        var now = time.Now();
        if (memory is var (until, keys) && now < until)
        {
            return keys;
        }

        await reading.WaitAsync();
        try
        {
            var stored = await Stored(now);
            if (stored.Count == 0 || stored[^1].CreatedAt + Life <= now)
            {
                await Add();
                stored = await Stored(now);
            }

            memory = (now + Remembered, stored);
            return stored;
        }
        finally
        {
            reading.Release();
        }
    }

    public void Dispose() => reading.Dispose();

    private Task<IReadOnlyList<SigningKey>> Stored(DateTimeOffset now) => db.Read(async connection =>
        (IReadOnlyList<SigningKey>)(await connection.QueryAsync<(string Kid, string Pkcs8, long CreatedAt)>(
            "SELECT kid, pkcs8, created_at FROM signing_keys WHERE created_at > @oldest ORDER BY created_at, kid",
            new { oldest = now - Life - Overlap - Overlap }))
        .Select(row => new SigningKey
        {
            Kid = row.Kid,
            Pkcs8 = Convert.FromBase64String(row.Pkcs8),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt),
        }).ToList());

    // Two nodes may add one each at the same moment; both are known, and the later of them signs.
    private Task<Result<Done>> Add() => changes.Run<Done>(Actor.System, async change =>
    {
        var key = SigningKey.Create(change.Now);
        await change.Execute(
            "INSERT INTO signing_keys (kid, pkcs8, created_at) VALUES (@kid, @pkcs8, @at)",
            new { kid = key.Kid, pkcs8 = Convert.ToBase64String(key.Pkcs8), at = change.Now });
        return new Done();
    });
}
