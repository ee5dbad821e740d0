using Dapper;
using LiveProctor.Core.Profiles;
using LiveProctor.Core.Storage;

namespace LiveProctor.Core.Sessions;

/// <summary>Sessions that were changed, each over the version that was read, with when something is next due at them and what their lists show of them.</summary>
internal sealed class SessionSaves : IWriteTogether
{
    private readonly Dictionary<string, Saved> saves = new(StringComparer.Ordinal);

    /// <param name="byTime">True when nothing can have changed but the phase, and with it perhaps the tests.</param>
    public void Add(Session before, Session after, bool byTime)
    {
        var earlier = saves.GetValueOrDefault(after.Id);
        if (earlier is not null && earlier.After.Version != before.Version)
        {
            throw new InvalidOperationException($"Session {after.Id} was changed from version {before.Version}, but is at {earlier.After.Version}.");
        }

        saves[after.Id] = new Saved(earlier?.Before ?? before, after, byTime && earlier is not { ByTime: false });
    }

    public void Take(IWriteLater later)
    {
        foreach (var (before, after, byTime) in ((SessionSaves)later).saves.Values)
        {
            Add(before, after, byTime);
        }
    }

    public Task Write(Change change) => change.WriteAndCheck(this);

    public void Add(Statements statements, Dialect dialect)
    {
        Saved[] whole = [.. saves.Values.Where(save => !save.ByTime)];
        Saved[] phases = [.. saves.Values.Where(save => save.ByTime)];
        if (whole.Length > 0)
        {
            var rows = Phases(whole, "sessions").Text("name", save => save.After.Name).Text("name_key", save => SessionStore.NameKey(save.After.Name))
                .Text("mode", save => save.After.Mode.ToString()).Instant("opens_at", save => save.After.OpensAt).Instant("closes_at", save => save.After.ClosesAt)
                .Text("code_key", save => SessionStore.NameKey(save.After.Code ?? "")).Text("join_id", save => save.After.JoinId)
                .Text("link_secret", save => save.After.LinkSecret).Flag("deleted", save => save.After.Deleted);
            const string fields = """
                name = rows.name, name_key = rows.name_key, mode = rows.mode, opens_at = rows.opens_at, closes_at = rows.closes_at, code_key = rows.code_key,
                join_id = rows.join_id, link_secret = rows.link_secret, deleted = rows.deleted
                """;
            Update(statements, dialect, whole.Length, rows, "sessionsSaved", $"{fields}, ");
            SaveProctors(statements, dialect, [.. whole.Where(save => !save.Before.Proctors.SequenceEqual(save.After.Proctors)).Select(save => save.After)]);
        }

        if (phases.Length > 0)
        {
            Update(statements, dialect, phases.Length, Phases(phases, "phases"), "phasesSaved", "");
        }

        SessionStore.WriteDue(statements, dialect, [.. saves.Values.Select(save => save.After)]);
        SessionLists.Follow(statements, dialect, [.. whole.Select(save => (save.Before, save.After))]);
        SessionLists.FollowPhases(statements, dialect, [.. phases.Select(save => (save.Before, save.After))]);
    }

    public async Task Check(SqlMapper.GridReader answers)
    {
        foreach (var wanted in saves.Values.GroupBy(save => save.ByTime).OrderBy(group => group.Key).Select(group => group.Count()))
        {
            if (await answers.ReadSingleAsync<long>() != wanted)
            {
                throw new InvalidOperationException($"One of {wanted} sessions is no longer at its version, though it was locked: {saves.Keys.First()}.");
            }
        }
    }

    private static Rows<Saved> Phases(IReadOnlyCollection<Saved> saves, string name) => new Rows<Saved>(saves, name)
        .Text("saved", save => save.After.Id).Number("expected", save => save.Before.Version).Number("version", save => save.After.Version)
        .Text("phase", save => save.After.Phase.ToString()).Text("profile_id", save => ProfileStore.Beside(save.After).ProfileId)
        .Text("profile_mark", save => ProfileStore.Beside(save.After).Mark).Text("document", save => Json.Write(save.After));

    private static void Update(Statements statements, Dialect dialect, int count, Rows<Saved> rows, string wanted, string fields)
    {
        var sql = $"""
            UPDATE sessions SET {fields}phase = rows.phase, version = rows.version, profile_id = rows.profile_id, profile_mark = rows.profile_mark,
                                document = rows.document
            FROM {rows.Keyed(dialect)} WHERE sessions.id = rows.saved AND sessions.version = rows.expected
            """;
        var parameters = rows.Parameters(dialect);
        parameters.Add(wanted, count);
        statements.Add(dialect.Exactly(sql, $"@{wanted}"), parameters);
    }

    private static void SaveProctors(Statements statements, Dialect dialect, IReadOnlyCollection<Session> sessions)
    {
        if (sessions.Count == 0)
        {
            return;
        }

        var parameters = new DynamicParameters();
        parameters.Add("left", new Many(sessions.Select(session => session.Id)));
        statements.Add($"DELETE FROM session_proctors WHERE {dialect.Among("session_id", "@left")}", parameters);
        SessionStore.WriteProctors(statements, dialect, sessions);
    }

    private sealed record Saved(Session Before, Session After, bool ByTime);
}
