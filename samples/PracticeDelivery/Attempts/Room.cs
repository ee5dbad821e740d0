using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using LiveProctor.PracticeDelivery.Hub;

namespace LiveProctor.PracticeDelivery.Attempts;

/// <summary>All desks. Opening one starts its reports to the hub.</summary>
public sealed class Room(AttemptJournal journal, Reporter reporter, TimeProvider clock) : IHostedService
{
    static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    readonly ConcurrentDictionary<(string EntryId, int Attempt), Desk> desks = new();
    readonly ConcurrentDictionary<string, Desk> byCookie = new(StringComparer.Ordinal);
    readonly Lock opening = new();

    /// <summary>The desks.</summary>
    public IEnumerable<Desk> Desks => desks.Values;

    /// <summary>The desk of an attempt.</summary>
    public Desk? Find(string entryId, int attempt) => desks.GetValueOrDefault((entryId, attempt));

    /// <summary>The desk whose student holds this cookie now.</summary>
    public Desk? ByCookie(string? secret) =>
        secret is not null && byCookie.TryGetValue(Hash(secret), out var desk) && desk.Attempt.CookieHash == Hash(secret) ? desk : null;

    /// <summary>Seats a student whose token was redeemed, and gives the secret for the cookie. The desk of the same attempt is used again; its earlier cookie is worth nothing then.</summary>
    public (Desk Desk, string Secret) Open(Redeemed redeemed, string? returnUrl)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var now = clock.GetUtcNow();
        lock (opening)
        {
            var key = (redeemed.EntryId, redeemed.Attempt);
            if (desks.TryGetValue(key, out var desk))
            {
                byCookie.TryRemove(desk.Attempt.CookieHash, out _);
                desk.Hear(now);
                desk.Change(before => AttemptRules.Open(before, redeemed, Hash(secret), returnUrl, now));
            }
            else
            {
                var attempt = AttemptRules.Open(before: null, redeemed, Hash(secret), returnUrl, now);
                journal.Save(attempt);
                desks[key] = desk = new Desk(journal, attempt, now);
            }

            byCookie[Hash(secret)] = desk;
            reporter.Follow(desk);
            return (desk, secret);
        }
    }

    /// <summary>Takes up the attempts of the journal where they were.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        foreach (var attempt in journal.Load(now - Kept))
        {
            var desk = new Desk(journal, attempt, now);
            desks[(attempt.EntryId, attempt.Number)] = desk;
            byCookie[attempt.CookieHash] = desk;
            reporter.Follow(desk);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
