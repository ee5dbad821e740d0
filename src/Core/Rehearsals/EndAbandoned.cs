using Dapper;
using LiveProctor.Core.Delivery;
using LiveProctor.Core.Entries;
using LiveProctor.Core.Live;
using LiveProctor.Core.Sessions;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Rehearsals;

/// <summary>
/// Ends rehearsals that nobody drives any more, because their process was stopped: all of their students have been silent for longer than
/// a driven one ever is. Any node may do it, several at once do no harm. Those without anybody in them drain by the ordinary idle rule.
/// </summary>
public sealed class EndAbandoned(
    Db db, EntryStore entries, IPresence presence, SteerSession steer, CommandEntries commands, DeliverySystemStore systems, ReportProgress report, TimeProvider time)
{
    private const string Reason = "The rehearsal was cut off.";

    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(3);

    /// <param name="driven">Whether this process drives the session.</param>
    public async Task Run(Func<string, bool> driven, CancellationToken stop)
    {
        foreach (var session in (await Running()).Where(session => !driven(session.Id)))
        {
            stop.ThrowIfCancellationRequested();
            var active = (await entries.OfSession(session.Id)).Where(entry => entry.Active).ToList();
            if (active.Count > 0 && await presence.Read(session.Id) is { } seen && active.All(entry => seen.CertainSilence(entry.Id, time.Now()) > Silence))
            {
                await End(session, active);
            }
        }
    }

    private async Task End(Session session, IReadOnlyList<Entry> active)
    {
        if (session.Phase is SessionPhase.Open or SessionPhase.Held)
        {
            await steer.Stop(Actor.System, session.Id, new PhaseRequest(Reason));
        }

        var started = active.Where(entry => entry.Started).Select(entry => new EntryRef(entry.Id)).ToList();
        if (started.Count == 0)
        {
            return;
        }

        await commands.Terminate(Actor.System, session.Id, new EntriesRequest { Entries = started, Reason = Reason });
        foreach (var entry in (await entries.OfSession(session.Id)).Where(entry => entry.Pending is not null))
        {
            if (await systems.ById(session.OrganisationId, entry.Test.Delivery!) is { } delivery)
            {
                await report.Run(delivery.Actor, new ProgressRequest
                {
                    EntryId = entry.Id,
                    Attempt = entry.Attempt,
                    Sequence = entry.LastSequence + 1,
                    Kind = ReportKind.Confirmed,
                    CommandId = entry.Pending!.Id,
                });
            }
        }
    }

    private Task<IReadOnlyList<Session>> Running() => db.Read<IReadOnlyList<Session>>(async connection =>
    {
        const string sql = "SELECT document FROM sessions WHERE simulated AND NOT deleted AND NOT ended AND phase <> 'Scheduled'";
        return [.. (await connection.QueryAsync<string>(sql)).Select(Json.Read<Session>)];
    });
}
