using LiveProctor.Core.Entries;
using LiveProctor.Core.Feeds;
using LiveProctor.Core.Notifications;
using LiveProctor.Core.Problems;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>What every use case on a session does around its rule: lock and load before it, write and announce after it.</summary>
internal static class SessionChange
{
    // Rows of a list in one event, which is sent again to whoever missed it.
    private const int MostInEvent = 20;

    /// <summary>Locks and loads a session that the change's actor may steer.</summary>
    public static async Task<Result<Session>> Steer(Change change, string sessionId)
    {
        var loaded = await LockAndLoad(change, sessionId);
        return !loaded.Failed(out _) && SessionRights.WhyNotSteer(change.Actor, loaded.Value) is { } problem ? problem : loaded;
    }

    /// <summary>The same for what needs at least a role, at an expected version when one is given.</summary>
    public static async Task<Result<Session>> Steer(Change change, string sessionId, Role least, long? version)
    {
        var loaded = await Steer(change, sessionId);
        if (loaded.Failed(out _))
        {
            return loaded;
        }

        if (SessionRights.WhyNot(change.Actor, loaded.Value, least) is { } problem)
        {
            return problem;
        }

        return version is { } expected && expected != loaded.Value.Version
            ? new Problem(ProblemKind.Stale, $"Somebody changed the session meanwhile (version {loaded.Value.Version}).")
            : loaded;
    }

    /// <summary>Locks and loads any session.</summary>
    public static async Task<Result<Session>> LockAndLoad(Change change, string sessionId)
    {
        return Id.Plausible(sessionId) && await SessionStore.LockAndLoad(change, sessionId) is { } session ? session : Problem.NotFound("session");
    }

    /// <summary>Locks and loads those of the sessions that the organisation has, by id.</summary>
    public static async Task<IReadOnlyDictionary<string, Session>> LockAndLoadMany(Change change, string organisationId, IReadOnlyCollection<string> sessionIds)
    {
        var ids = await SessionStore.Having(change, organisationId, sessionIds);
        await change.LockSessions(ids);
        return (await SessionStore.LoadMany(change, ids)).ToDictionary(session => session.Id, StringComparer.Ordinal);
    }

    /// <summary>Writes a step, tells every audience, and lets the entries and the mails follow the session.</summary>
    /// <param name="notify">Whether those who are registered shall be told by mail.</param>
    public static async Task<Session> Write(Change change, Session before, SessionStep step, string? reason = null, bool notify = false)
    {
        var session = step.Next;
        await SessionStore.Save(change, before, session);
        Announce(change, before, step, reason);
        if (session.Phase != before.Phase)
        {
            await FollowPhase(change, before, session);
            if (session.Phase == SessionPhase.Draining && await EntryStore.CountStarted(change, session.Id) == 0)
            {
                // Nobody is left whose end would ask for it: without this it would drain until the grace is over.
                await SessionStore.DueNow(change, session.Id);
            }
        }
        else if (session.ScheduleVersion != before.ScheduleVersion)
        {
            await VoidTokens(change, session);
        }

        if (before.Ended && !session.Ended)
        {
            // What its profile became meanwhile went past it.
            await Profiles.ProfileStore.HaveFollowed(change, session.OrganisationId, session.ProfileId ?? Profiles.ProfileStore.NoneNamed);
        }

        await Notices.Follow(change, before, session, notify);
        if (session.Profile != before.Profile)
        {
            await TellStudents(change, before, step);
        }

        return session;
    }

    /// <summary>
    /// Writes edits of many locked sessions of one organisation that leave phases and profiles as they are, in a few statements, and then takes the steps that are due.
    /// </summary>
    /// <param name="notify">Whether those who are registered shall be told by mail.</param>
    public static async Task WriteEdits(Change change, IReadOnlyCollection<(Session Before, SessionStep Step)> edits, bool notify)
    {
        if (edits.Count == 0)
        {
            return;
        }

        var steps = edits.Select(edit => (edit.Before, After: edit.Step.Next)).ToList();
        await SessionStore.SaveMany(change, steps);
        Announce(change, [.. edits.Select(edit => ((Session?)edit.Before, edit.Step))]);

        var moved = steps.Where(step => step.After.ScheduleVersion != step.Before.ScheduleVersion).ToDictionary(step => step.After.Id, step => step.After, StringComparer.Ordinal);
        foreach (var entry in await EntryStore.LoadActive(change, moved.Keys))
        {
            if (Value(EntryRules.VoidToken(entry, change.Now)) is { } step)
            {
                await EntryChange.Write(change, moved[entry.SessionId], entry, step);
            }
        }

        await Notices.Follow(change, steps, notify);
        foreach (var (_, after) in steps)
        {
            await CatchUp(change, after);
        }
    }

    /// <summary>Takes the steps that are due at a session which was made or moved just now: none of them is late.</summary>
    public static async Task<Session> CatchUp(Change change, Session session)
    {
        while (SessionRules.Due(session, settled: false, change.Now) is { } step)
        {
            session = await Write(change, session, step with { Late = null });
        }

        return session;
    }

    /// <summary>Drains and closes an individual session at once: its only entry has ended, and nobody else may come.</summary>
    public static async Task End(Change change, Session session)
    {
        var drained = await Write(change, session, SessionRules.Stop(session, change.Now).Value);
        await Write(change, drained, SessionRules.Due(drained, settled: true, change.Now)!);
    }

    /// <summary>Tells every audience of a session's step.</summary>
    /// <param name="registrations">How many registrations lost their session by it; null when none could.</param>
    public static void Announce(Change change, Session? before, SessionStep step, string? reason, long? registrations = null)
    {
        AnnounceInside(change, step, reason, registrations);
        AnnounceToLists(change, [(before, step)]);
    }

    /// <summary>Tells every audience of a step of each of many sessions; a list hears of those with the same kind of step by few events.</summary>
    public static void Announce(Change change, IReadOnlyCollection<(Session? Before, SessionStep Step)> steps)
    {
        foreach (var (_, step) in steps)
        {
            AnnounceInside(change, step, reason: null, registrations: null);
        }

        AnnounceToLists(change, steps);
    }

    /// <summary>What a change of its session's phase does to an entry; null when it concerns none.</summary>
    public static Func<Entry, EntryStep?>? ForEntries(Change change, Session before, Session session) => (before.Phase, session.Phase) switch
    {
        (_, SessionPhase.Held) => entry => EntryRules.FollowHold(entry, session, Id.New(change.Now), change.Now) ?? Value(EntryRules.VoidToken(entry, change.Now)),
        (SessionPhase.Held, SessionPhase.Open) => entry => EntryRules.FollowHold(entry, session, Id.New(change.Now), change.Now),
        (_, SessionPhase.Draining) => entry => EntryRules.AtDraining(entry, change.Now) ?? CloseRuleStep(entry, session, change),
        (_, SessionPhase.Closed) => entry => EntryRules.AtClosing(entry, change.Now),
        (_, SessionPhase.Cancelled) => entry => EntryRules.AtDraining(entry, change.Now),
        _ => null,
    };

    private static void AnnounceInside(Change change, SessionStep step, string? reason, long? registrations)
    {
        var (session, kind, late) = step;
        var by = change.Actor.Kind == ActorKind.Staff ? new Person(change.Actor.Id, change.Actor.Name) : null;
        var lateSeconds = late is { TotalSeconds: >= 1 } ? (int?)late.Value.TotalSeconds : null;
        change.Announce(FeedNames.Session(session.Id), kind, new { session = SessionView.Of(session), by, reason, lateSeconds });
        change.Announce(FeedNames.Lobby(session.Id), kind, new { lobby = LobbyView.Of(session) });
        change.Record(session.OrganisationId, FeedNames.Session(session.Id), kind, session.Id, new
        {
            reason, lateSeconds, version = session.Version, phase = session.Phase, opensAt = session.OpensAt, closesAt = session.ClosesAt, registrations,
        });
    }

    private static void AnnounceToLists(Change change, IReadOnlyCollection<(Session? Before, SessionStep Step)> steps)
    {
        var rows = new List<(string List, string Kind, SessionListRow Row)>();
        foreach (var (before, (session, kind, _)) in steps)
        {
            object removed = new { removed = session.Id, version = session.Version };
            foreach (var gone in before?.Proctors.ExceptBy(session.Proctors.Select(proctor => proctor.Id), proctor => proctor.Id) ?? [])
            {
                change.Announce(FeedNames.ProctorSessions(gone.Id), "removed", removed);
            }

            IEnumerable<string> lists = [FeedNames.Sessions(session.OrganisationId), .. session.Proctors.Select(proctor => FeedNames.ProctorSessions(proctor.Id))];
            if (session.Deleted || session.Individual)
            {
                change.Announce(lists, kind, removed);
                continue;
            }

            var row = SessionListRow.Of(session, counts: null);
            rows.AddRange(lists.Select(list => (list, kind, row)));
        }

        foreach (var group in rows.GroupBy(item => (item.List, item.Kind), item => item.Row))
        {
            foreach (var some in group.Chunk(MostInEvent))
            {
                object data = some.Length == 1 ? new { session = some[0] } : new { sessions = some };
                change.Announce(group.Key.List, group.Key.Kind, data);
            }
        }
    }

    private static async Task FollowPhase(Change change, Session before, Session session)
    {
        if (ForEntries(change, before, session) is not { } follow)
        {
            return;
        }

        foreach (var entry in await EntryStore.LoadActive(change, session.Id))
        {
            if (follow(entry) is { } step)
            {
                await EntryChange.Write(change, session, entry, step);
            }
            else
            {
                // Who came while nobody was admitted.
                await EntryChange.AdmitWithoutProctor(change, session, entry);
            }
        }
    }

    private static EntryStep? CloseRuleStep(Entry entry, Session session, Change change) => session.ProfileFor(entry.Test).CloseRule switch
    {
        Profiles.CloseRule.Pause => Value(EntryRules.RequestPause(entry, CommandSource.Close, "The window has closed", Id.New(change.Now), change.Now)),
        Profiles.CloseRule.End => Value(EntryRules.Terminate(entry, CommandSource.Close, "The window has closed", Id.New(change.Now), change.Now)),
        _ => null,
    };

    private static async Task VoidTokens(Change change, Session session)
    {
        foreach (var entry in await EntryStore.LoadActive(change, session.Id))
        {
            if (Value(EntryRules.VoidToken(entry, change.Now)) is { } step)
            {
                await EntryChange.Write(change, session, entry, step);
            }
        }
    }

    // What a student may do rests on the profile too: it changes for them although their entry does not.
    private static async Task TellStudents(Change change, Session before, SessionStep step)
    {
        foreach (var entry in await EntryStore.LoadActive(change, step.Next.Id))
        {
            var me = MeView.Of(entry, step.Next);
            if (me != MeView.Of(entry, before))
            {
                change.Announce(FeedNames.Entry(entry.Id), step.Kind, new { me });
            }
        }
    }

    // What follows a session's step concerns each entry as far as its state allows.
    private static EntryStep? Value(Result<EntryStep> result) => result.Failed(out _) ? null : result.Value;
}
