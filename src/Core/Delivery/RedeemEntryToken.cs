using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>What a delivery system needs to give the test.</summary>
/// <param name="SecondsLeft">Time that the test may still take.</param>
/// <param name="Resumed">True when the test was under way before.</param>
/// <param name="LastSequence">The entry's last reported sequence; go on above it.</param>
public sealed record RedeemAnswer(
    string EntryId, int Attempt, string SessionId, string SessionName, RedeemTest Test, RedeemStudent Student, IReadOnlyDictionary<string, string> Settings,
    int SecondsLeft, bool Resumed, long LastSequence, string ReturnUrl);

/// <summary>The test to give.</summary>
public sealed record RedeemTest(string Code, string Title, int Minutes, IReadOnlyList<SessionSection> Sections);

/// <summary>Whom it is given to.</summary>
public sealed record RedeemStudent(string Name, string? ExternalId);

/// <summary>
/// A delivery system shows the entry token that a browser brought, once.
/// Problems: tokenInvalid, tokenExpired, tokenUsed, tokenRevoked, throttled.
/// </summary>
public sealed class RedeemEntryToken(Changes changes, SigningKeys keys, PublicAddress address, IThrottle throttle, TimeProvider time)
{
    private const int LongestToken = 20_000;

    public async Task<Result<RedeemAnswer>> Run(Actor delivery, string? token, Once? once = null)
    {
        var permit = await throttle.Take(delivery.Id, ThrottleLimits.Redeem);
        if (!permit.Allowed)
        {
            return new Problem(ProblemKind.Throttled, "Too many tokens that are not valid.") { RetryAfter = permit.RetryAfter };
        }

        if (token is not { Length: > 0 and <= LongestToken })
        {
            await throttle.Fail(delivery.Id, ThrottleLimits.Redeem);
            return Problem.Invalid(("token", "Send the entry token that the student's browser brought."));
        }

        var reading = EntryTokens.Verify(token, await keys.Known(), address.Value, delivery.Id, time.Now());
        if (reading.Claims is not { } claims)
        {
            await throttle.Fail(delivery.Id, ThrottleLimits.Redeem);
            return reading.Fault == EntryTokenFault.Expired
                ? ProblemKind.TokenExpired
                : new Problem(ProblemKind.TokenInvalid, $"The entry token is not valid: {reading.Fault}.");
        }

        await throttle.GiveBack(delivery.Id, ThrottleLimits.Redeem);
        return await changes.RunInTurn<RedeemAnswer>(claims.Session, delivery, change => Redeem(change, claims), once);
    }

    private async Task<Result<RedeemAnswer>> Redeem(Change change, EntryTokenClaims claims)
    {
        var loaded = await SessionChange.LockAndLoad(change, claims.Session);
        if (loaded.Failed(out _) || await EntryStore.Load(change, claims.Session, claims.Entry) is not { } entry)
        {
            return ProblemKind.TokenRevoked;
        }

        var session = loaded.Value;
        var step = EntryRules.Redeem(entry, session, claims.TokenId, change.Now);
        if (step.Failed(out var problem))
        {
            return problem;
        }

        var written = await EntryChange.Write(change, session, entry, step.Value);
        if (written.Failed(out problem))
        {
            return problem;
        }

        var used = entry.UsedSeconds + (entry.RunningSince is { } since ? (int)(change.Now - since).TotalSeconds : 0);
        return new RedeemAnswer(
            entry.Id, entry.Attempt, session.Id, session.Name,
            new RedeemTest(entry.Test.Code, entry.Test.Title, entry.Test.Minutes, entry.Test.Sections),
            new RedeemStudent(entry.Student.Name, entry.Student.ExternalId), entry.Settings, Math.Max(0, entry.AllowedSeconds - used),
            Resumed: used > 0 || entry.State != EntryState.Entering, entry.LastSequence, $"{address.Value}/join/{JoinId.Show(session.JoinId)}");
    }
}
