using LiveProctor.Core.Entries;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Tickets;

/// <summary>What is on a ticket.</summary>
public sealed record TicketRequest(string? JoinId = null, string? Link = null, string? UserId = null, string? Password = null);

/// <summary>The tests that a ticket opens, as the own page shows them.</summary>
/// <param name="Now">The server's clock, for the countdowns.</param>
public sealed record TicketView(DateTimeOffset Now, IReadOnlyList<OwnTest> Tests);

/// <summary>
/// A student signs in with a ticket before the lobby is open, and sees the tests assigned to them in that session and when they open; nothing else.
/// Problems: invalid, notFound, throttled, ticketWrong, ticketOutdated.
/// </summary>
public sealed class SeeTicket(FindSession find, OwnPage pages, Changes changes, JoinThrottle throttle, TimeProvider time)
{
    public async Task<Result<TicketView>> Run(TicketRequest request, string address)
    {
        var join = new JoinRequest(request.JoinId, request.Link, UserId: request.UserId ?? "", Password: request.Password);
        var wrong = JoinLobby.Check(join).ToArray();
        if (wrong.Length > 0)
        {
            return Problem.Invalid(wrong);
        }

        var found = await find.Run(request.JoinId, request.Link, address);
        if (found.Failed(out var problem))
        {
            return problem;
        }

        // The same permits as joining takes: nobody guesses here what they may not guess there.
        var session = found.Value;
        return await throttle.Guard<TicketView>(session, $"ticket {TicketHolder.Plain(join.UserId!)}", address, async () =>
        {
            var held = await changes.Run(Actor.System, change => TicketHolder.Find(change, session, join.UserId!, join.Password!, testCode: null));
            return held.Failed(out var refused) ? refused : new TicketView(time.Now(), await pages.Tests(held.Value.StudentId, session.Id));
        });
    }
}
