using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Delivery;

/// <summary>What the student's page needs to open the test.</summary>
/// <param name="LaunchUrl">The delivery system's address with the token in its fragment, which no server on the way sees.</param>
public sealed record EntryTokenAnswer(string Token, string LaunchUrl, DateTimeOffset ExpiresAt);

/// <summary>
/// Hands an approved student over to the delivery system, once the window is open.
/// Problems: takenOver, notApproved, windowNotOpen, sessionHeld, windowClosed, approvalNeeded, wrongState.
/// </summary>
public sealed class FetchEntryToken(Changes changes, SigningKeys keys, PublicAddress address)
{
    public async Task<Result<EntryTokenAnswer>> Run(StudentCaller caller)
    {
        var key = await keys.Current();
        return await changes.RunInTurn<EntryTokenAnswer>(caller.SessionId, caller.Actor, async change =>
        {
            var held = await HeldEntry.Load(change, caller);
            if (held.Failed(out var problem))
            {
                return problem;
            }

            var (session, entry) = held.Value;
            var step = EntryRules.FetchToken(entry, session, Id.New(change.Now), change.Now);
            if (step.Failed(out problem))
            {
                return problem;
            }

            var written = await EntryChange.Write(change, session, entry, step.Value);
            if (written.Failed(out problem))
            {
                return problem;
            }

            var next = step.Value.Next;
            var token = EntryTokens.Sign(Claims(session, next, change.Now), key);
            var back = Uri.EscapeDataString($"{address.Value}/join/{JoinId.Show(session.JoinId)}");
            return new EntryTokenAnswer(token, $"{next.Test.LaunchUrl}#entry={token}&return={back}", next.Grant!.ExpiresAt);
        });
    }

    private EntryTokenClaims Claims(Session session, Entry entry, DateTimeOffset now)
    {
        // The claims have whole seconds; rounding both down keeps the token's life within its bound.
        var issued = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
        return new EntryTokenClaims
        {
            Issuer = address.Value,
            Audience = entry.Test.Delivery ?? "none",
            Subject = entry.Student.Id ?? entry.Id,
            TokenId = entry.Grant!.Jti,
            IssuedAt = issued,
            NotBefore = issued,
            ExpiresAt = issued + EntryTokens.LongestLife,
            Organisation = entry.OrganisationId,
            Session = session.Id,
            Entry = entry.Id,
            Attempt = entry.Attempt,
            ScheduleVersion = (int)session.ScheduleVersion,
            Test = entry.Test.Code,
            Sections = [.. entry.Test.Sections.Select(section => new EntryTokenSection { Title = section.Title, Sealed = section.Sealed })],
            Settings = entry.Settings,
        };
    }
}
