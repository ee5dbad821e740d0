using LiveProctor.Core.Feeds;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Entries;

/// <summary>
/// Pause, resume, extend, terminate, release a seal and message: one or many entries in one command, each with its own outcome.
/// What a delivery system must confirm is answered <c>requested</c>. Problems: invalid, notFound, forbidden, wrongPhase.
/// </summary>
public sealed class CommandEntries(Changes changes)
{
    private const int KeptBroadcasts = 20;

    public Task<Result<EntriesAnswer>> Pause(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(), "paused", once, (change, _, entry) =>
            EntryRules.RequestPause(entry, CommandSource.Proctor, request.Reason, Id.New(change.Now), change.Now));

    public Task<Result<EntriesAnswer>> Resume(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(), "resumed", once, (change, session, entry) =>
            EntryRules.RequestResume(entry, session, CommandSource.Proctor, Id.New(change.Now), change.Now));

    public Task<Result<EntriesAnswer>> Extend(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(seconds: true), "extended", once, (change, _, entry) =>
            EntryRules.Extend(entry, request.Seconds!.Value, request.Reason, Id.New(change.Now), change.Now));

    public Task<Result<EntriesAnswer>> Terminate(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(reason: true), "terminated", once, (change, _, entry) =>
            EntryRules.Terminate(entry, CommandSource.Proctor, request.Reason!.Trim(), Id.New(change.Now), change.Now));

    /// <summary>Opens the sealed section that each of them waits at.</summary>
    public Task<Result<EntriesAnswer>> ReleaseSeal(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        Run(actor, sessionId, request, request.Check(), "sealReleased", once, (change, session, entry) =>
            EntryRules.ReleaseSeal(entry, session, CommandSource.Proctor, Id.New(change.Now), change.Now));

    /// <summary>A private message to each entry named, or to everyone when none is.</summary>
    public Task<Result<EntriesAnswer>> Message(Actor actor, string sessionId, EntriesRequest request, Once? once = null) =>
        request.Entries is { Count: 0 }
            ? Broadcast(actor, sessionId, request, once)
            : Run(actor, sessionId, request, request.Check(text: true), "sent", once, (change, _, entry) =>
                EntryRules.Say(entry, new EntryMessage(change.Now, "proctor", change.Actor.Name, request.Text!.Trim())));

    private Task<Result<EntriesAnswer>> Broadcast(Actor actor, string sessionId, EntriesRequest request, Once? once) => changes.RunInTurn<EntriesAnswer>(
        sessionId,
        actor,
        async change =>
        {
            var errors = request.Check(text: true).ToArray();
            if (errors.Length > 0)
            {
                return Problem.Invalid(errors);
            }

            var loaded = await SessionChange.Steer(change, sessionId);
            if (loaded.Failed(out var problem))
            {
                return problem;
            }

            if (loaded.Value.Ended)
            {
                return new Problem(ProblemKind.WrongPhase, "The session has ended; nobody would read it.");
            }

            var session = loaded.Value;
            var message = new Broadcast(change.Now, change.Actor.Name, request.Text!.Trim());
            var next = session with { Version = session.Version + 1, Broadcasts = [.. session.Broadcasts.TakeLast(KeptBroadcasts - 1), message] };
            await SessionStore.Save(change, session, next);
            change.Announce(FeedNames.Session(session.Id), "broadcast", new { session = SessionView.Of(next), by = By(change) });
            change.Announce(FeedNames.Lobby(session.Id), "broadcast", new { lobby = LobbyView.Of(next) });
            change.Record(session.OrganisationId, FeedNames.Session(session.Id), "broadcast", session.Id, new { message.Text });
            return new EntriesAnswer([]);
        },
        once);

    private Task<Result<EntriesAnswer>> Run(
        Actor actor, string sessionId, EntriesRequest request, IEnumerable<(string, string)> wrong, string done, Once? once,
        Func<Change, Session, Entry, Result<EntryStep>> rule)
    {
        var errors = wrong.ToArray();
        if (errors.Length > 0)
        {
            return Task.FromResult<Result<EntriesAnswer>>(Problem.Invalid(errors));
        }

        var reads = new EntryReads(sessionId, request.Entries!.Select(entry => entry.Id));
        return changes.RunInTurn<EntriesAnswer>(
            sessionId,
            actor,
            async change =>
            {
                var loaded = await SessionChange.Steer(change, sessionId);
                if (loaded.Failed(out var problem))
                {
                    return problem;
                }

                var session = loaded.Value;
                var entries = await EntryStore.LoadMany(change, reads);
                var outcomes = new List<EntryOutcome>();
                foreach (var (id, _) in request.Entries!)
                {
                    outcomes.Add(entries.TryGetValue(id, out var entry)
                        ? await One(change, session, entry, rule(change, session, entry), done, request.Reason)
                        : new EntryOutcome(id, "gone", 0));
                }

                change.Record(session.OrganisationId, FeedNames.Session(session.Id), done, session.Id, new { request.Reason, request.Seconds, request.Text, outcomes });
                return new EntriesAnswer(outcomes);
            },
            once,
            reads);
    }

    private static async Task<EntryOutcome> One(Change change, Session session, Entry entry, Result<EntryStep> step, string done, string? reason)
    {
        if (step.Failed(out var problem))
        {
            return new EntryOutcome(entry.Id, entry.Ended ? "gone" : "refused", entry.Version, Detail: problem.Detail);
        }

        var requested = step.Value.Next.Pending is { } pending && pending.Id != entry.Pending?.Id;
        var written = await EntryChange.Write(change, session, entry, step.Value, reason, record: false);
        return written.Failed(out problem)
            ? new EntryOutcome(entry.Id, "refused", entry.Version, Detail: problem.Detail)
            : new EntryOutcome(entry.Id, requested ? "requested" : done, written.Value.Version);
    }

    private static Person By(Change change) => new(change.Actor.Id, change.Actor.Name);
}
